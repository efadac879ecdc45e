"""The figures of an answer of `pairs`."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.caption import number
from gene_analogies.plots.kinds import ONE_PAIR_KINDS, PAIR_KINDS
from gene_analogies.report.text import labels
from gene_analogies.util.arguments import check_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.plots.picture import Picture
    from gene_analogies.results.evidence import PairEvidence

__all__ = ["PairPictures"]

#: As many pairs are listed in families.
_LISTED = 50


@dataclass(frozen=True)
class PairPictures:
    """What figures of an answer need to know of it.

    Attributes
    ----------
    evidence
        The pairs and their vectors.
    query, title, metric, operation, similarity, pair_weight, score
        As in `gene_analogies.results.PairsResult`.
    random_best
        The highest cosines that random queries like this one find, where they are known.
    """

    evidence: PairEvidence | None
    query: str
    title: str
    metric: str
    operation: str
    similarity: NDArray[np.float64]
    pair_weight: float
    score: NDArray[np.float64] | None
    random_best: Sequence[float] = ()

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
        if random_best is not None and kind != "compass":
            raise GeneAnalogiesError(f"random_best is marked in a compass, not in a {kind}")
        if kind in ONE_PAIR_KINDS:
            return self._one_pair(known, kind, row)
        if kind == "compass":
            best = self.random_best if random_best is None else random_best
            return self._compass(known, known.direction, best, row)
        if row is not None:
            raise GeneAnalogiesError(f"kind={kind!r} shows all pairs: leave out row")
        if kind == "distribution":
            return self._distribution(known, known.direction)
        return self._families(known, kind)

    @property
    def _sign(self) -> int:
        return -1 if self.operation == "difference" else 1

    def _compass(
        self,
        known: PairEvidence,
        direction: NDArray[np.float64],
        random_best: ArrayLike,
        row: int | None,
    ) -> Picture:
        from gene_analogies.plots.compass import compass
        from gene_analogies.plots.compass_picture import compass_picture

        drawn = compass(
            known.prepared.vectors, direction, known.c_rows, known.d_rows, self._sign, random_best
        )
        marked = None if row is None else _index(row, len(known.c))
        pairs, more = self._pairs(known), self._order_in_words("angle")
        return compass_picture(drawn, self.query, self.title, pairs, more, marked=marked)

    def _distribution(self, known: PairEvidence, direction: NDArray[np.float64]) -> Picture:
        from gene_analogies.plots.angles import angles_of_pairs
        from gene_analogies.plots.distribution import distribution
        from gene_analogies.plots.distribution_picture import distribution_picture

        vectors = known.prepared.vectors
        angles = angles_of_pairs(vectors, direction, known.c_rows, known.d_rows, self._sign)
        drawn = distribution(vectors, direction, np.cos(np.radians(angles)), self._sign)
        if drawn is None:
            raise GeneAnalogiesError("no pair has a direction: there is no distribution")
        more = self._order_in_words("cosine")
        return distribution_picture(drawn, self.title, self._pairs(known), more)

    def _families(self, known: PairEvidence, kind: str) -> Picture:
        from gene_analogies.plots.families import pair_families
        from gene_analogies.plots.families_picture import heatmap_picture, list_picture

        if not len(known.c):
            raise GeneAnalogiesError("there are no pairs to draw")
        first = slice(_LISTED)
        pairs = self._pairs(known)
        drawn = pair_families(
            known.prepared.vectors, known.c_rows[first], known.d_rows[first], self._sign
        )
        more = []
        if len(pairs) > _LISTED:
            more.append(f"These are the first {_LISTED} of {len(pairs):,} pairs.")
        if kind == "heatmap":
            return heatmap_picture(drawn, self.title, pairs[first], more)
        called, values = "similarity", self.similarity
        if self.metric == "euclidean":
            called = "similarity, the negative distance of the offsets"
        if self.score is not None:
            called, values = f"score, similarity + {self.pair_weight:g} · cos(c, d)", self.score
        return list_picture(drawn, self.title, pairs[first], values[first], called, more)

    def _pairs(self, known: PairEvidence) -> list[str]:
        """Return what the pairs are called."""
        between = ":" if self.operation == "difference" else "+"
        names = labels([*known.c, *known.d])
        return [
            f"{names[c.name]} {between} {names[d.name]}"
            for c, d in zip(known.c, known.d, strict=True)
        ]

    def _order_in_words(self, of: str) -> list[str]:
        """Return what the pairs are ordered by, where it is not the angle or its cosine."""
        if self.metric == "euclidean":
            return [f"The pairs are the best by Euclidean distance, not by {of}."]
        if self.pair_weight:
            best = f"similarity + {self.pair_weight:g} · cos(c, d)"
            return [f"The pairs are the best by {best}, not by {of}."]
        return []

    def _one_pair(self, known: PairEvidence, kind: str, row: int | None) -> Picture:
        if len(known.example_rows) != 1:
            raise GeneAnalogiesError(
                f"a {kind} compares a pair with one example, not with "
                f"{len(known.example_rows) or 'an offset'}: choose kind='compass' "
                "(--figure compass)"
            )
        if kind == "quadrilateral" and self.operation == "sum":
            raise GeneAnalogiesError(
                "a quadrilateral shows differences, not sums: choose compass or receipt"
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
