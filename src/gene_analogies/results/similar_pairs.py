"""The answer of `similar --overall`: the most similar pairs of all, and the distribution."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from gene_analogies.report.table import Column, Item
from gene_analogies.results.answer import Answer
from gene_analogies.results.similar import about_one, kind_of, left_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Distribution", "SimilarPair", "SimilarPairsResult"]


class Distribution(NamedTuple):
    """How the similarities of all pairs are distributed.

    Attributes
    ----------
    pairs
        How many there are.
    mean, deviation
        Their mean and standard deviation, summed in float64 over float32 values.
    min, max
        The lowest similarity, and the highest.
    levels, quantiles
        Shares of the pairs, and the similarities that they are at or below, from a histogram.
    resolution
        How far a quantile, or the lowest similarity, may be off: for cosines, this much; for
        distances, about this part of themselves.
    """

    pairs: int
    mean: float
    deviation: float
    min: float
    max: float
    levels: tuple[float, ...]
    quantiles: tuple[float, ...]
    resolution: float


class SimilarPair(NamedTuple):
    """One pair of an answer, and the similarity of its items."""

    a: str
    b: str
    similarity: float


@dataclass(frozen=True, repr=False, eq=False)
class SimilarPairsResult(Answer):
    """The most similar pairs of items, and how the similarities of all pairs are distributed.

    Attributes
    ----------
    a, b
        The items of the k pairs, the earlier row as a; best first.
    a_rows, b_rows
        int64 of shape (k,): their rows in the embedding.
    similarity
        float64 of shape (k,): cosines, or negative distances in units of the embedding.
    distribution
        Of the similarities of all pairs.
    metric
        ``"cosine"`` or ``"euclidean"``.
    copies
        Number of pairs of two exact copies, whose similarity is 1, or their distance 0.
    notes
        What a reader should know: names that were rewritten, or left out.
    without_direction
        Number of items left out because their vector is zero.
    """

    question: ClassVar[str] = "similar"
    rows_name: ClassVar[str] = "pairs"

    a: tuple[Item, ...]
    b: tuple[Item, ...]
    a_rows: NDArray[np.int64]
    b_rows: NDArray[np.int64]
    similarity: NDArray[np.float64]
    distribution: Distribution
    metric: str
    copies: int
    notes: tuple[str, ...] = ()
    without_direction: int = 0

    def __len__(self) -> int:
        return len(self.a)

    def __iter__(self) -> Iterator[SimilarPair]:
        for a, b, similarity in zip(self.a, self.b, self.similarity.tolist(), strict=True):
            yield SimilarPair(a.name, b.name, similarity)

    @property
    def query(self) -> str:
        """The question in words."""
        return "the most similar pairs"

    @property
    def explanation(self) -> tuple[str, ...]:
        """What the similarities of all pairs are like."""
        about = self.distribution
        mean, deviation, lowest, highest, *quantiles = _texts(
            (about.mean, about.deviation, about.min, about.max, *about.quantiles),
            self.metric,
        )
        power = 10.0 ** math.floor(math.log10(about.resolution))
        exact = f"{math.ceil(about.resolution / power) * power:.0e}"
        if self.metric != "cosine":
            exact = f"about {100 * about.resolution:.1g} %"
        shares = (
            f"{100 * level:g} %{' have at most' if index == 0 else ''} {text}"
            for index, (level, text) in enumerate(zip(about.levels, quantiles, strict=True))
        )
        return (
            about_one(self.metric),
            f"all {about.pairs:,} pairs: similarities from {lowest} to {highest}, mean {mean}, "
            f"standard deviation {deviation}",
            f"of these pairs, {', '.join(shares)} (± {exact}): only "
            f"{100 * (1 - about.levels[-1]):.3g} % are more similar than {quantiles[-1]}",
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many pairs are copies, and how many items were left out without a direction."""
        if not self.copies:
            return left_out(self.without_direction)
        single = self.copies == 1
        copies = (
            f"{self.copies:,} of the pairs {'is' if single else 'are'} copies: two items with the "
            "same vector"
        )
        return (copies, *left_out(self.without_direction))

    @property
    def columns(self) -> tuple[Column, ...]:
        """``a``, ``b`` and ``similarity``."""
        return (
            Column("a", self.a, "item"),
            Column("b", self.b, "item"),
            Column("similarity", self.similarity, kind_of(self.metric)),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The metric."""
        return {"metric": self.metric}

    @property
    def totals(self) -> dict[str, Any]:
        """The distribution, how many pairs are copies, and how many items have no direction."""
        about = self.distribution
        return {
            "distribution": {
                **about._asdict(),
                "levels": list(about.levels),
                "quantiles": list(about.quantiles),
            },
            "copies": self.copies,
            "without_direction": self.without_direction,
        }


def _texts(values: Sequence[float], metric: str) -> list[str]:
    """Return similarities with as many digits as a reader needs."""
    digits = ".4f" if metric == "cosine" else ".5g"
    return [
        f"{round(value, 4) + 0.0 if metric == 'cosine' else value:{digits}}" for value in values
    ]
