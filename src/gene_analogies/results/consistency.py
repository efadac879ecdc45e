"""How far several examples of a relation agree with each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gene_analogies.report.table import Item

if TYPE_CHECKING:
    from gene_analogies.search.prepared import PreparedVectors

__all__ = ["Consistency", "ExampleFit"]

#: An example is an outlier below this share of the median of all.
_OUTLYING = 0.5
#: Fewer examples have no outliers.
_FEWEST = 3


class ExampleFit(NamedTuple):
    """An example, and how well it fits the others.

    ``cosine`` is that of its offset with the mean of those that share no item with it; None where
    there are none. An outlier has less than half of the median of these cosines.
    """

    a: str
    b: str
    cosine: float | None
    outlier: bool


@dataclass(frozen=True, eq=False, repr=False)
class Consistency:
    """How far the offsets of examples agree; worked out when it is asked for.

    Attributes
    ----------
    prepared
        The vectors.
    examples, rows
        The example pairs, and their rows.
    """

    prepared: PreparedVectors
    examples: tuple[tuple[Item, Item], ...]
    rows: tuple[tuple[int, int], ...]

    def __getstate__(self) -> dict[str, Any]:
        # A copy has the figures, and needs no vectors for them.
        return {**vars(self), "_measured": self._measured, "p": self.p, "prepared": None}

    @property
    def mean_cosine(self) -> float | None:
        """The mean cosine of the offsets of two examples that share no item; None without any."""
        return self._measured[0]

    @cached_property
    def p(self) -> float | None:
        """How often it is as high when roles are swapped at random; None without two such pairs.

        See `gene_analogies.search.learned.chance.direction_p`: it is asked of a matching, in which
        each item occurs once, and with fewer than six pairs it cannot be below 0.05.
        """
        from gene_analogies.search.learned.chance import direction_p, draw_matching

        p = direction_p(self.prepared.vectors, draw_matching(np.array(self.rows, np.int64)))
        return None if math.isnan(p) else p

    @property
    def fits(self) -> tuple[ExampleFit, ...]:
        """How each example fits the others, in their order."""
        cosines = self._measured[1]
        known = [one for one in cosines if one is not None]
        limit = _OUTLYING * float(np.median(known)) if len(known) >= _FEWEST else 0.0
        out = [limit > 0.0 and one is not None and one < limit for one in cosines]
        return tuple(
            ExampleFit(a.name, b.name, cosine, outlier)
            for (a, b), cosine, outlier in zip(self.examples, cosines, out, strict=True)
        )

    @property
    def sentence(self) -> str:
        """What a reader should know, in one line."""
        if self.mean_cosine is None:
            return "all examples share items: how far they agree is not known"
        p = "" if self.p is None else f" (p {self.p:.2g} against roles swapped at random)"
        line = f"the examples' offsets have a mean cosine of {self.mean_cosine:.2f}{p}"
        out = [
            f"{a.symbol} : {b.symbol} ({fit.cosine:.2f})"
            for (a, b), fit in zip(self.examples, self.fits, strict=True)
            if fit.outlier
        ]
        return f"{line}; outliers, below half the median: {', '.join(out)}" if out else line

    @property
    def facts(self) -> dict[str, Any]:
        """The same for JSON, with an object for each example."""
        return {
            "mean_cosine": self.mean_cosine,
            "p": self.p,
            "examples": [fit._asdict() for fit in self.fits],
        }

    @cached_property
    def _measured(self) -> tuple[float | None, list[float | None]]:
        """The mean cosine, and that of each example with the mean of the others."""
        from gene_analogies.search.learned.relation import measure_direction

        found = measure_direction(self.prepared.vectors, np.array(self.rows, np.int64))
        cosines = dict(zip(map(tuple, found.pairs.tolist()), found.cosines.tolist(), strict=True))
        mean = found.mean_cosine
        return None if math.isnan(mean) else mean, [
            None if math.isnan(cosines[pair]) else cosines[pair] for pair in self.rows
        ]
