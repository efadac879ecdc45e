"""How often chance makes a relation's offsets agree, or its pairs be close, as much as they do.

Offsets of pairs that share items agree by themselves, and a test that takes them for independent
finds relations in any graph with hubs. So roles are swapped, and few partners exchanged, within a
matching: pairs of the relation in which every item occurs once, drawn without a look at vectors.
"""

from __future__ import annotations

import itertools
import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
#: With a matching of at most so many pairs partners are exchanged within it; the sum over more
#: pairs is normal enough.
PERMUTED = 30
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
    # Multiples of 2⁻⁴⁰ add up exactly, so that equal sums are equal.
    gram = np.rint(units @ units.T / QUANTUM) * QUANTUM if k <= units.shape[1] else None
    if gram is not None:
        np.fill_diagonal(gram, 0.0)

    def sums(signs: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = signs @ (units if gram is None else gram)
        return np.asarray(np.einsum("ij,ij->i", moved, moved if gram is None else signs))

    reached = float(sums(np.ones((1, k)))[0])
    if 2 ** (k - 1) <= DRAWS:
        swaps = np.array(list(itertools.product((1.0, -1.0), repeat=k - 1)))
        return float(np.mean(sums(np.hstack([np.ones((len(swaps), 1)), swaps])) >= reached))
    random = np.random.default_rng(seed)
    count = 0
    for part in row_blocks(DRAWS, _AT_ONCE):
        signs = random.integers(0, 2, (part.stop - part.start, k)) * 2.0 - 1.0
        count += int(np.count_nonzero(sums(signs) >= reached))
    return (1 + count) / (1 + DRAWS)


def pairing_p(
    vectors: NDArray[Any],
    pairs: NDArray[np.int64],
    matching: NDArray[np.int64],
    seed: int = 0,
) -> float:
    """Return how often pairs are as close as they are when the b's are relabelled.

    What is compared is the sum of cos(a, b). With a matching of at most 30 pairs the b's in it
    change places: every order of up to 7 is tried, of more 9,999. Otherwise p comes from
    `measure_closeness`, of all pairs.

    Parameters
    ----------
    vectors
        As for `direction_p`.
    pairs
        All pairs, int64 of shape (m, 2).
    matching
        Some of them, in which no item occurs twice, int64 of shape (k, 2).
    seed
        Of the draws.

    Returns
    -------
    float
        NaN for fewer than two pairs in the matching.
    """
    k = len(matching)
    if k < 2:
        return math.nan
    if k > PERMUTED:
        return measure_closeness(vectors, pairs).p
    a, b = (unit_or_zero(vectors, side) for side in matching.T)
    cosines = np.rint(a @ b.T / QUANTUM) * QUANTUM
    every = math.factorial(k) <= DRAWS
    if every:
        orders = np.array(list(itertools.permutations(range(k))))
    else:
        random = np.random.default_rng(seed)
        orders = random.permuted(np.tile(np.arange(k), (DRAWS, 1)), axis=1)
    reached = cosines[np.arange(k), orders].sum(axis=1) >= np.trace(cosines)
    return float(reached.mean()) if every else float((1 + np.count_nonzero(reached)) / (1 + DRAWS))


def measure_closeness(vectors: NDArray[Any], pairs: NDArray[np.int64]) -> Closeness:
    """Return the sum of cos(a, b) over pairs, with its moments when the b's are relabelled.

    Where a relabelled b would be a itself, the mean of the other cosines is in its place.

    Parameters
    ----------
    vectors
        As for `direction_p`.
    pairs
        int64 of shape (m, 2), m at least 2, not all of the same two items.
    """
    m = len(pairs)
    a, b = (unit_or_zero(vectors, side) for side in pairs.T)
    sum_a, sum_b = a.sum(axis=0), b.sum(axis=0)
    # Items that are an a, `lefts` times, and a b, `rights` times.
    items, (lefts, rights) = _both_sides(pairs)
    units = unit_or_zero(vectors, items)
    squares = np.einsum("ij,ij->i", units, units)
    same = lefts * rights
    mean = float(sum_a @ sum_b - same @ squares) / (m * m - int(same.sum()))
    change = mean - squares
    centred_a, centred_b = a - sum_a / m, b - sum_b / m
    scatter = float(np.sum((centred_a.T @ centred_a) * (centred_b.T @ centred_b)))
    # What replacing the cosines of items with themselves adds to the sum of squares.
    cross = np.einsum("ij,ij->i", units - sum_a / m, units - sum_b / m)
    scatter += 2.0 * float((same * change) @ cross) + float(same @ change**2)
    scatter -= float((lefts * (rights * change) ** 2 + rights * (lefts * change) ** 2).sum()) / m
    scatter += float(same @ change) ** 2 / m**2
    total = float(np.einsum("ij,ij->", a, b))
    # What is less is rounding noise.
    variance = scatter / (m - 1) if scatter > (m * QUANTUM) ** 2 else 0.0
    return Closeness(total, m * mean, variance)


def _both_sides(
    pairs: NDArray[np.int64],
) -> tuple[NDArray[np.int64], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the items that are both an a and a b, and how often they are either."""
    (a, lefts), (b, rights) = (np.unique(side, return_counts=True) for side in pairs.T)
    items, in_a, in_b = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    return items, (lefts[in_a], rights[in_b])
