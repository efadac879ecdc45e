"""Random queries, and which of them are like a given one: the null of an answer's best score.

Pairs drawn evenly are seldom close or well known, as those that people ask about are. So a pool is
drawn to hold some of every kind, and a query is compared with those of its own kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.search.significance import pair_cosines

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MATCHED", "QueryPool", "draw_queries"]

#: So many queries of a pool are compared with one.
MATCHED = 400
#: Pairs from which queries are drawn.
_PAIRS = 1 << 20
#: Each feature is cut into so many cells of equal width.
_CELLS = 10
#: Queries differ too much from one if their mean does by more than this, in standard deviations.
_FAR = 0.75


def draw_queries(
    vectors: NDArray[Any],
    popularity: NDArray[np.float64] | None,
    count: int,
    *,
    pairs: int,
    seed: int,
    sign: int,
) -> NDArray[np.int64]:
    """Draw pairs of rows, or lists of pairs of a kind, as many of every kind that there is.

    Kinds are cells of a grid: popularity of a, popularity of b, and cos(a, b). For each query one
    of the cells that hold enough pairs is drawn, and then pairs of it.

    Parameters
    ----------
    vectors
        Array of shape (n, d).
    popularity
        How well known the rows are, float64 of shape (n,); None where it is not known.
    count
        How many queries.
    pairs
        How many pairs each has.
    seed
        The random seed: the same seed draws the same pairs.
    sign
        −1 for differences, +1 for sums: pairs without an offset are left out.

    Returns
    -------
    NDArray[np.int64]
        Array of shape (count, pairs, 2); of shape (0, pairs, 2) where no cell holds enough.
    """
    random = np.random.default_rng(seed)
    a, b = _random_rows(len(vectors), popularity, random)
    cosines = pair_cosines(vectors, a, b)
    kept = (a != b) & ~_without_offset(vectors, a, b, cosines, sign)
    a, b = a[kept], b[kept]
    known = [cosines[kept]]
    if popularity is not None:
        known += [popularity[a], popularity[b]]
    cell = np.zeros(len(a), np.int64)
    for feature in known:
        cell = cell * _CELLS + _cell_numbers(feature)
    order = np.argsort(cell, kind="stable")
    _, starts, sizes = np.unique(cell[order], return_index=True, return_counts=True)
    usable = np.flatnonzero(sizes >= pairs)
    if not len(usable):
        return np.empty((0, pairs, 2), np.int64)
    chosen = usable[random.integers(len(usable), size=count)]
    # In a cell, pairs stand in the order in which they were drawn: those that follow one another
    # are as random as any.
    first = random.integers(sizes[chosen] - pairs + 1) + starts[chosen]
    places = order[first[:, None] + np.arange(pairs)]
    return np.stack([a[places], b[places]], axis=2)


def _random_rows(
    n: int, popularity: NDArray[np.float64] | None, random: np.random.Generator
) -> NDArray[np.int64]:
    """Draw pairs of rows, shape (2, `_PAIRS`); half of the rows log-uniformly by popularity."""
    evenly = random.integers(n, size=(2, _PAIRS))
    if popularity is None:
        return evenly
    ranks = np.exp(random.uniform(0.0, np.log(n), evenly.shape)).astype(np.int64) - 1
    order = np.argsort(-popularity, kind="stable")
    return np.where(random.random(evenly.shape) < 0.5, evenly, order[ranks])


def _without_offset(
    vectors: NDArray[Any],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    cosines: NDArray[np.float64],
    sign: int,
) -> NDArray[np.bool_]:
    """Whether pairs combine to the zero vector."""
    zero = ~vectors.any(axis=1)
    without = zero[a] & zero[b]
    near = np.flatnonzero(-sign * cosines > 1.0 - 2.0**-20)
    without[near] = (vectors[a[near]] == -sign * vectors[b[near]]).all(axis=1)
    return without


def _cell_numbers(feature: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return in which of the cells between the least and the greatest value each one is."""
    low, high = feature.min(initial=np.inf), feature.max(initial=-np.inf)
    if not high > low:
        return np.zeros(len(feature), np.int64)
    return np.minimum((feature - low) / (high - low) * _CELLS, _CELLS - 1).astype(np.int64)


@dataclass(frozen=True)
class QueryPool:
    """Random queries and their answers.

    Attributes
    ----------
    features
        float64 of shape (m, f): what queries are matched by.
    scores
        float64 of shape (m, r): of the r best pairs of each, best first; −∞ where there are fewer.
    p
        float64 of shape (m, r): `mutual_rank_p` of these pairs; NaN where there are fewer.
    """

    features: NDArray[np.float64]
    scores: NDArray[np.float64]
    p: NDArray[np.float64]

    def like(self, features: NDArray[np.float64]) -> NDArray[np.int64] | None:
        """Return the queries that are most like one, or None where they are not like it.

        The distance is Euclidean, with each feature in standard deviations over the pool.

        Parameters
        ----------
        features
            float64 of shape (f,): those of the query.

        Returns
        -------
        NDArray[np.int64] or None
            The `MATCHED` nearest, increasing; the earlier of equally near ones. None if their mean
            differs from the query by more than ¾ of a standard deviation in any feature, or there
            are fewer.
        """
        if len(self.features) < MATCHED:
            return None
        spread = self.features.std(axis=0)
        away = (self.features - features) / np.where(spread > 0.0, spread, 1.0)
        order = np.argsort(np.square(away).sum(axis=1), kind="stable")[:MATCHED]
        if (np.abs(away[order].mean(axis=0)) > _FAR).any():
            return None
        return np.sort(order)
