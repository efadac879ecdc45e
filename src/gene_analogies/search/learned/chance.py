"""How often chance makes a relation's offsets agree, or its pairs be close, as much as they do.

Offsets of pairs that share items agree by themselves, and a test that takes them for independent
finds relations in any graph with hubs. So roles are swapped and partners exchanged within a
matching: pairs of the relation in which every item occurs once, drawn without a look at vectors.
"""

from __future__ import annotations

import itertools
import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.threads import check_stop
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.learned.relation import offsets_of, unit_or_zero
from gene_analogies.util.row_blocks import row_blocks

__all__ = [
    "DRAWS",
    "PERMUTED",
    "Closeness",
    "direction_p",
    "draw_matching",
    "measure_closeness",
    "pairing_p",
]

#: So many draws, unless there are no more to enumerate.
DRAWS = 9_999
#: Partners of at most so many pairs are exchanged. The tails of the sum are heavier than a normal
#: distribution's: with 40 pairs, 2 of 100 of its p are below 0.01, with 200 still 1.4.
PERMUTED = 300
#: Sums of k² cosines that differ by less than k² times this are equal.
_NOISE = 1e-14
#: Draws whose sums are held at a time.
_AT_ONCE = 1_000


class Closeness(NamedTuple):
    """The sum of the cosines of a relation's pairs, and what relabelled partners would give.

    Attributes
    ----------
    total
        The sum of cos(a, b) over the m pairs.
    mean, variance
        Of the same sum with the b's in random order (Hoeffding 1951).
    """

    total: float
    mean: float
    variance: float

    @property
    def p(self) -> float:
        """How often the sum would be as large, by the normal distribution; 1 where all are one.

        At least 0.0001, the least of `DRAWS` draws: farther out it is not normal enough.
        """
        if not self.variance > 0.0:
            return 1.0
        score = (self.total - self.mean) / math.sqrt(2.0 * self.variance)
        return max(math.erfc(score) / 2.0, 1.0 / (1 + DRAWS))


def draw_matching(pairs: NDArray[np.int64], seed: int = 0) -> NDArray[np.int64]:
    """Return pairs in which no item occurs twice, to which none can be added; shape (k, 2).

    They are taken in random order, each if both of its items are free.
    """
    order = np.random.default_rng(seed).permutation(len(pairs))
    free = np.ones(int(pairs.max(initial=0)) + 1, np.bool_)
    found = []
    for place in order.tolist():
        if free[pairs[place]].all():
            free[pairs[place]] = False
            found.append(place)
    return pairs[found]


def direction_p(vectors: NDArray[Any], matching: NDArray[np.int64], seed: int = 0) -> float:
    """Return how often offsets agree as much as they do when roles are swapped at random.

    What is compared is the sum of the cosines of all two offsets. Of up to 14 pairs every swap is
    tried: p is the share of them that reaches the sum. Of more, 9,999 draws are, and p is
    (1 + those that reach it) / 10,000.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    matching
        Pairs (a, b) of rows in which no item occurs twice, int64 of shape (k, 2).
    seed
        Of the draws.

    Returns
    -------
    float
        NaN for fewer than two pairs.
    """
    k = len(matching)
    if k < 2:
        return math.nan
    units = offsets_of(vectors, matching)
    every = 2 ** (k - 1) <= DRAWS
    gram = None
    if every or k <= units.shape[1]:
        # Multiples of 2⁻⁴⁰ add up exactly, so that equal sums are equal.
        gram = np.rint(units @ units.T / QUANTUM) * QUANTUM

    def sums(signs: NDArray[Any]) -> NDArray[np.float64]:
        moved = signs @ (units if gram is None else gram)
        return np.asarray(np.einsum("ij,ij->i", moved, moved if gram is None else signs))

    reached = float(sums(np.ones((1, k)))[0]) - _NOISE * k * k
    if every:
        swaps = np.array(list(itertools.product((1.0, -1.0), repeat=k - 1)))
        return float(np.mean(sums(np.hstack([np.ones((len(swaps), 1)), swaps])) >= reached))
    random = np.random.default_rng(seed)
    count = 0
    for part in row_blocks(DRAWS, _AT_ONCE):
        check_stop()
        signs = random.integers(0, 2, (part.stop - part.start, k), np.int8) * 2.0 - 1.0
        count += int(np.count_nonzero(sums(signs) >= reached))
    return (1 + count) / (1 + DRAWS)


def pairing_p(vectors: NDArray[Any], matching: NDArray[np.int64], seed: int = 0) -> float:
    """Return how often pairs are as close as they are when the b's are relabelled.

    What is compared is the sum of cos(a, b). Every order of up to 7 b's is tried, and 9,999 random
    ones of up to 300; of more, p comes from `measure_closeness`.

    Parameters
    ----------
    vectors, matching, seed
        As for `direction_p`.

    Returns
    -------
    float
        NaN for fewer than two pairs.
    """
    k = len(matching)
    if k < 2:
        return math.nan
    if k > PERMUTED:
        return measure_closeness(vectors, matching).p
    a, b = (unit_or_zero(vectors, side) for side in matching.T)
    cosines = np.rint(a @ b.T / QUANTUM) * QUANTUM
    each, reached = np.arange(k), np.trace(cosines)
    if math.factorial(k) <= DRAWS:
        orders = np.array(list(itertools.permutations(range(k))))
        return float(np.mean(cosines[each, orders].sum(axis=1) >= reached))
    random = np.random.default_rng(seed)
    count = 0
    for part in row_blocks(DRAWS, _AT_ONCE):
        check_stop()
        orders = random.permuted(np.tile(each, (part.stop - part.start, 1)), axis=1)
        count += int(np.count_nonzero(cosines[each, orders].sum(axis=1) >= reached))
    return (1 + count) / (1 + DRAWS)


def measure_closeness(vectors: NDArray[Any], pairs: NDArray[np.int64]) -> Closeness:
    """Return the sum of cos(a, b) over pairs, with its moments over all orders of the b's.

    Parameters
    ----------
    vectors
        As for `direction_p`.
    pairs
        int64 of shape (m, 2), m at least 2.
    """
    m = len(pairs)
    a, b = (unit_or_zero(vectors, side) for side in pairs.T)
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    a_around, b_around = a - mean_a, b - mean_b
    scatter = float(np.sum((a_around.T @ a_around) * (b_around.T @ b_around)))
    return Closeness(
        total=float(np.einsum("ij,ij->", a, b)),
        mean=m * float(mean_a @ mean_b),
        # What is less is rounding noise.
        variance=scatter / (m - 1) if scatter > (m * QUANTUM) ** 2 else 0.0,
    )
