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

from gene_analogies.search.engine.threads import one_blas_thread, run_parts
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.learned.dyads import dyadic_error
from gene_analogies.search.learned.prediction import Estimate, unit_sums
from gene_analogies.search.learned.relation import check_pairs, unit_or_zero
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["ANALOGY", "ASKED", "RULES", "Gain", "measure_gain"]

ANALOGY = "3CosAvg"
#: What needs no offset, by what it uses.
RULES = ("only a", "only class", "a + class")
#: So many pairs are asked for, at most.
ASKED = 300

#: Pairs whose scores are held at a time, in each thread.
_AT_ONCE = 64


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
    units = unit_or_zero(vectors)
    examples = units[pairs.T]
    ranks = {name: np.empty((len(drawn), 2)) for name in (ANALOGY, *RULES)}
    blocks = list(row_blocks(len(drawn), _AT_ONCE))

    def ask(part: int, parts: int) -> None:
        for block in blocks[part::parts]:
            asked = drawn[block]
            weights = apart[block] / apart[block].sum(axis=1, keepdims=True)
            means = [weights @ side for side in examples]
            for way in (0, 1):
                given, wanted = asked[:, way], asked[:, 1 - way]
                listed = pairs if way == 0 else pairs[:, ::-1]
                left_out = _left_out(listed, given, wanted)
                target = units[given] + means[1 - way] - means[way]
                scores = unit_sums(target) @ units.T
                ranks[ANALOGY][block, way] = _ranks(scores, wanted, left_out)
                near = units[given] @ units.T
                ranks["only a"][block, way] = _ranks(near, wanted, left_out)
                alike = unit_sums(means[1 - way]) @ units.T
                ranks["only class"][block, way] = _ranks(alike, wanted, left_out)
                near += alike
                ranks["a + class"][block, way] = _ranks(near, wanted, left_out)

    with one_blas_thread():
        run_parts(ask)
    return Gain(drawn, ranks)


def _left_out(
    listed: NDArray[np.int64], given: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of questions, and rows that are no candidates for them."""
    question, place = np.nonzero(given[:, None] == listed[:, 0])
    partners = listed[place, 1]
    others = partners != wanted[question]
    each = np.arange(len(given))
    return np.append(each, question[others]), np.append(given, partners[others])


def _ranks(
    scores: NDArray[np.float64],
    wanted: NDArray[np.int64],
    left_out: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.float64]:
    """Return the rank of each wanted row, float64 of shape (q,); equal after rounding is equal."""
    reached = np.rint(scores[np.arange(len(wanted)), wanted] / QUANTUM)[:, None]
    limits = (reached + 0.5) * QUANTUM, (reached - 0.5) * QUANTUM
    above, level = (np.count_nonzero(scores > limit, axis=1) for limit in limits)
    question, row = left_out
    for count, limit in zip((above, level), limits, strict=True):
        count -= np.bincount(
            question, scores[question, row] > limit[question, 0], minlength=len(wanted)
        ).astype(np.int64)
    return np.asarray(above + (level - above + 1.0) / 2.0)
