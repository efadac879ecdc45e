"""The figures of an answer of `pairs`."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.caption import number
from gene_analogies.plots.kinds import PAIR_KINDS
from gene_analogies.report.text import labels
from gene_analogies.util.arguments import check_choice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.plots.picture import Picture
    from gene_analogies.results.evidence import PairEvidence

__all__ = ["PairPictures"]


@dataclass(frozen=True)
class PairPictures:
    """What figures of an answer need to know of it.

    Attributes
    ----------
    evidence
        The pairs and their vectors.
    query, title, metric, operation, similarity, pair_weight, score
        As in `gene_analogies.results.PairsResult`.
    """

    evidence: PairEvidence | None
    query: str
    title: str
    metric: str
    operation: str
    similarity: NDArray[np.float64]
    pair_weight: float
    score: NDArray[np.float64] | None

    def picture(self, kind: str | None, row: int | None, random_best: ArrayLike | None) -> Picture:
        """Return a figure; the arguments are those of `PairsResult.plot`.

        Raises
        ------
        GeneAnalogiesError
            If there is no such figure of this answer, or it is a copy, which has no vectors.
        """
        if kind is None:
            kind = "compass" if row is None else "quadrilateral"
        check_choice("kind", kind, PAIR_KINDS)
        known = self.evidence
        if known is None or known.prepared is None or known.direction is None:
            raise GeneAnalogiesError(
                "this answer has no vectors to draw, for it is a copy (from a pickle, say): ask "
                "again"
            )
        if kind == "compass":
            if row is not None:
                raise GeneAnalogiesError("a compass shows all pairs: leave out row")
            return self._compass(known, known.direction, random_best)
        if random_best is not None:
            raise GeneAnalogiesError(f"random_best is marked in a compass, not in a {kind}")
        return self._one_pair(known, kind, row)

    @property
    def _sign(self) -> int:
        return -1 if self.operation == "difference" else 1

    def _compass(
        self,
        known: PairEvidence,
        direction: NDArray[np.float64],
        random_best: ArrayLike | None,
    ) -> Picture:
        from gene_analogies.plots.compass import compass
        from gene_analogies.plots.compass_picture import compass_picture

        drawn = compass(
            known.prepared.vectors, direction, known.c_rows, known.d_rows, self._sign, random_best
        )
        between = ":" if self.operation == "difference" else "+"
        names = labels([*known.c, *known.d])
        pairs = [
            f"{names[c.name]} {between} {names[d.name]}"
            for c, d in zip(known.c, known.d, strict=True)
        ]
        more = []
        if self.metric == "euclidean":
            more.append("The pairs are the best by Euclidean distance, not by angle.")
        if self.pair_weight:
            best = f"similarity + {self.pair_weight:g} · cos(c, d)"
            more.append(f"The pairs are the best by {best}, not by angle.")
        return compass_picture(drawn, self.query, self.title, pairs, more)

    def _one_pair(self, known: PairEvidence, kind: str, row: int | None) -> Picture:
        if len(known.example_rows) != 1:
            raise GeneAnalogiesError(
                f"a {kind} compares a pair with one example, not with "
                f"{len(known.example_rows) or 'an offset'}: choose kind='compass'"
            )
        if kind == "quadrilateral" and self.operation == "sum":
            raise GeneAnalogiesError(
                "a quadrilateral shows differences, not sums: choose kind='compass' or 'receipt'"
            )
        index = _index(row, len(known.c))
        rows = [*known.example_rows[0], int(known.c_rows[index]), int(known.d_rows[index])]
        # In units of the embedding, as lengths are told.
        a, b, c, d = np.ldexp(
            known.prepared.vectors[rows].astype(np.float64), -known.prepared.exponent
        )
        items = [*known.examples[0], known.c[index], known.d[index]]
        symbols = labels(items)
        names = [symbols[item.name] for item in items]
        called = "similarity" if self.metric == "cosine" else "cosine"
        more = self._score_in_words(index)
        if kind == "quadrilateral":
            from gene_analogies.plots.quadrilateral import quadrilateral
            from gene_analogies.plots.quadrilateral_picture import quadrilateral_picture

            return quadrilateral_picture(quadrilateral(a, b, c, d), names, called, more)
        from gene_analogies.plots.receipt import receipt
        from gene_analogies.plots.receipt_picture import receipt_picture

        drawn = receipt(a, b, c, d, self._sign)
        return receipt_picture(drawn, names, self.operation, called, more)

    def _score_in_words(self, index: int) -> list[str]:
        """Return what the score is, where it is not the cosine alone."""
        similarity = number(float(self.similarity[index]))
        if self.metric == "euclidean":
            return [f"Similarity: {similarity}, the negative distance of the {self.operation}s."]
        if self.score is None:
            return []
        score = number(float(self.score[index]))
        return [f"Score: {score}, similarity + {self.pair_weight:g} · cos(c, d)."]


def _index(row: int | None, count: int) -> int:
    """Return the number of a row, counted from the first."""
    if not count:
        raise GeneAnalogiesError("there are no pairs to draw")
    try:
        index = operator.index(0 if row is None else row)
    except TypeError:
        index = count
    if not -count <= index < count:
        raise GeneAnalogiesError(f"row must be a whole number in 0..{count - 1}, not {row!r}")
    return index % count
