"""Does the offset of a relation find partners that simpler rules do not.

A partner is asked for by the mean offset of other pairs (3CosAvg), and by rules that need no
offset: what is near to the given item, what is near to the class of the other pairs' partners, and
what is near to both (Linzen 2016; Rogers, Drozd & Li 2017; Schluter 2018). Every pair is asked
both ways, for b from a and for a from b: a relation is one, in whichever order it is written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.engine.threads import check_stop, one_blas_thread, run_parts
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.learned.dyads import dyadic_error
from gene_analogies.search.learned.prediction import Estimate
from gene_analogies.search.learned.relation import CANCELLED, check_pairs, unit_or_zero
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["ANALOGY", "ASKED", "RULES", "Gain", "measure_gain"]

ANALOGY = "3CosAvg"
#: What needs no offset, by what it uses.
RULES = ("only a", "only class", "a + class")
#: So many pairs are asked for, at most.
ASKED = 300

#: Pairs, and candidates, whose scores are held at a time, in each thread.
_AT_ONCE = 64
_ROWS = 1 << 12


@dataclass(frozen=True)
class Gain:
    """At which ranks the true partners of some pairs are found.

    Attributes
    ----------
    pairs
        The asked pairs, int64 of shape (q, 2).
    ranks
        For `ANALOGY` and each of `RULES` the rank of b, asked for from a, and of a, asked for from
        b: float64 of shape (q, 2), from 1, the mean rank where scores are equal.
    """

    pairs: NDArray[np.int64]
    ranks: Mapping[str, NDArray[np.float64]]

    def hits(self, method: str, k: int = 10) -> float:
        """Return how often the partner is among the first ``k``; NaN where none is asked for."""
        return float(np.mean(self.ranks[method] <= k)) if len(self.pairs) else math.nan

    def mean_reciprocal_rank(self, method: str) -> float:
        """Return the mean of 1/rank; NaN where none is asked for."""
        return float(np.mean(1.0 / self.ranks[method])) if len(self.pairs) else math.nan

    @property
    def best_rule(self) -> str:
        """That of `RULES` with the highest mean of 1/rank; the first of equal ones."""
        return max(RULES, key=self.mean_reciprocal_rank)

    @property
    def estimate(self) -> Estimate:
        """By how much the mean of 1/rank is higher with the analogy than with the best rule.

        The error is that of the paired differences; see `gene_analogies.search.learned.dyads`.
        """
        if not len(self.pairs):
            return Estimate(math.nan, math.nan)
        won = np.mean(1.0 / self.ranks[ANALOGY] - 1.0 / self.ranks[self.best_rule], axis=1)
        value = float(won.mean())
        return Estimate(value, dyadic_error(self.pairs, (won - value) / len(won)))


def measure_gain(
    vectors: NDArray[Any], pairs: NDArray[np.int64], *, most: int = ASKED, seed: int = 0
) -> Gain:
    """Ask for the partner of either item of some pairs; those that share no item are examples.

    Candidates are all items but the given one and its other partners. With u for unit vectors,
    3CosAvg is the cosine with u(a) plus the mean of the examples' u(b) − u(a); the class is the
    mean of their u(b), and *a + class* the sum of the cosines with either.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow. A zero vector
        has the cosine 0 with every other.
    pairs
        Rows of pairs (a, b), int64 of shape (m, 2).
    most
        How many of them to ask for.
    seed
        Of which these are.

    Raises
    ------
    GeneAnalogiesError
        As `check_pairs`.
    """
    pairs = check_pairs(pairs, len(vectors))
    drawn = pairs[np.random.default_rng(seed).permutation(len(pairs))[:most]]
    apart = np.ones((len(drawn), len(pairs)), np.bool_)
    for end in drawn.T:
        apart &= (end[:, None] != pairs[:, 0]) & (end[:, None] != pairs[:, 1])
    kept = apart.any(axis=1)
    drawn, apart = drawn[kept], apart[kept]
    weights = apart / np.maximum(apart.sum(axis=1, keepdims=True), 1)
    given = [unit_or_zero(vectors, side) for side in drawn.T]
    means = [weights @ unit_or_zero(vectors, side) for side in pairs.T]
    ways = [_Way(way, drawn, pairs, given, means) for way in (0, 1)]
    blocks = list(row_blocks(len(drawn), _AT_ONCE))
    for rows in row_blocks(len(vectors), _ROWS):
        units = unit_or_zero(vectors[rows])

        def count(
            part: int, parts: int, units: NDArray[np.float64] = units, first: int = rows.start
        ) -> None:
            for block in blocks[part::parts]:
                check_stop()
                near = [side[block] @ units.T for side in given]
                alike = [side[block] @ units.T for side in means]
                for way in ways:
                    way.count(block, near, alike, first)

        with one_blas_thread():
            run_parts(count)
    ranks = [way.ranks() for way in ways]
    return Gain(
        drawn, {name: np.stack([one[name] for one in ranks], axis=1) for name in (ANALOGY, *RULES)}
    )


class _Way:
    """Counts, for the pairs asked one way, the candidates that score above the partner, or as it.

    Parameters
    ----------
    way
        0 to ask for b from a, 1 for a from b.
    drawn, pairs
        The asked pairs, int64 of shape (q, 2), and all, of shape (m, 2).
    given, means
        For each side the unit vectors of the asked pairs, and the means of those of their
        examples: float64 of shape (q, d).
    """

    def __init__(
        self,
        way: int,
        drawn: NDArray[np.int64],
        pairs: NDArray[np.int64],
        given: list[NDArray[np.float64]],
        means: list[NDArray[np.float64]],
    ) -> None:
        self._way, self._other = way, 1 - way
        wanted = given[self._other]
        self._lengths = [
            _inverse_lengths(given[way] + means[self._other] - means[way]),
            _inverse_lengths(means[self._other]),
        ]
        near, alike = (
            [np.einsum("ij,ij->i", side, wanted)[:, None] for side in sides]
            for sides in (given, means)
        )
        reached = self._scores(slice(None), near, alike)
        self._reached = {name: np.rint(one / QUANTUM) for name, one in reached.items()}
        self._above, self._level = (
            {name: np.zeros(len(drawn), np.int64) for name in reached} for _ in range(2)
        )
        # The given item and its partners are no candidates; the one that is wanted has its rank.
        question, place = np.nonzero(drawn[:, [way]] == pairs[:, way])
        each = np.arange(len(drawn))
        question = np.append(each, question)
        order = np.argsort(question, kind="stable")
        self._questions = question[order]
        self._left_out = np.append(drawn[:, way], pairs[place, self._other])[order]

    def count(
        self,
        block: slice,
        near: list[NDArray[np.float64]],
        alike: list[NDArray[np.float64]],
        first: int,
    ) -> None:
        """Count some candidates of a block of pairs.

        Parameters
        ----------
        near, alike
            For each side the products of candidates with what is given, and with the means:
            float64 of shape (rows of the block, candidates).
        first
            Row of the first candidate.
        """
        begin, end = np.searchsorted(self._questions, [block.start, block.stop])
        row = self._left_out[begin:end] - first
        here = (row >= 0) & (row < near[0].shape[1])
        question, row = self._questions[begin:end][here] - block.start, row[here]
        for name, scores in self._scores(block, near, alike).items():
            scores[question, row] = -np.inf
            reached = self._reached[name][block]
            self._above[name][block] += _count(scores > (reached + 0.5) * QUANTUM)
            self._level[name][block] += _count(scores >= (reached - 0.5) * QUANTUM)

    def ranks(self) -> dict[str, NDArray[np.float64]]:
        """Return the rank of each partner by every rule, float64 of shape (q,)."""
        # Those at the partner's level but it stand above it half of the time.
        return {
            name: 1.0 + (above + self._level[name]) / 2.0 for name, above in self._above.items()
        }

    def _scores(
        self, block: slice, near: list[NDArray[np.float64]], alike: list[NDArray[np.float64]]
    ) -> dict[str, NDArray[np.float64]]:
        """Return the scores of candidates by every rule."""
        to_target, to_class = (lengths[block] for lengths in self._lengths)
        own, other = near[self._way], alike[self._other] * to_class
        return {
            ANALOGY: (own + alike[self._other] - alike[self._way]) * to_target,
            "only a": own.copy(),
            "only class": other,
            "a + class": own + other,
        }


def _count(which: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.asarray(np.count_nonzero(which, axis=1))


def _inverse_lengths(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1/length of means of unit vectors, shape (q, 1); 0 where they cancel out."""
    lengths = row_norms(sums)[:, None]
    return np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > CANCELLED)
