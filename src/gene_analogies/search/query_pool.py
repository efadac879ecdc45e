"""Random queries, and which of them are like a given one: the null of an answer's best score.

Pairs drawn evenly are seldom close or well known, as those that people ask about are. So a pool is
drawn to hold some of every kind, and a query is compared with those of its own kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.search.significance import pair_cosines
from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MATCHED", "QueryPool", "draw_queries"]

#: So many queries of a pool are compared with one; by the answers of so many, p is calibrated.
MATCHED = 400
_CALIBRATING = 1_000
#: Pairs from which queries are drawn.
_PAIRS = 1 << 20
#: Coordinates that are compared at a time.
_AT_ONCE = 1 << 22
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
    closeness: bool,
    seed: int,
    sign: int,
) -> NDArray[np.int64]:
    """Draw pairs of rows, or lists of pairs of a kind, as many of every kind that there is.

    Kinds are cells of a grid: popularity of a, popularity of b, and perhaps cos(a, b). For each
    query one of the cells that hold enough pairs is drawn, and then pairs of it.

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
    closeness
        Whether cos(a, b) is one of the features; else pairs are as close as they happen to be.
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
    known = [cosines[kept]] if closeness else []
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
    evenly: NDArray[np.int64] = random.integers(n, size=(2, _PAIRS))
    if popularity is None:
        return evenly
    ranks = np.exp(random.uniform(0.0, np.log(n), evenly.shape)).astype(np.int64) - 1
    order = np.argsort(-popularity, kind="stable")
    some = random.random(evenly.shape) < 0.5
    evenly[some] = order[ranks[some]]
    return evenly


def _without_offset(
    vectors: NDArray[Any],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    cosines: NDArray[np.float64],
    sign: int,
) -> NDArray[np.bool_]:
    """Whether pairs combine to the zero vector."""
    zero = np.logical_not(vectors.any(axis=1))
    without: NDArray[np.bool_] = zero[a] & zero[b]
    near = np.flatnonzero(-sign * cosines > 1.0 - 2.0**-20)
    for block in row_blocks(len(near), _AT_ONCE // vectors.shape[1] + 1):
        some = near[block]
        without[some] = (vectors[a[some]] == -sign * vectors[b[some]]).all(axis=1)
    return without


def _cell_numbers(feature: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return in which of the cells between the least and the greatest value each one is."""
    low, high = feature.min(initial=np.inf), feature.max(initial=-np.inf)
    if not high > low:
        return np.zeros(len(feature), np.int64)
    cells = np.minimum((feature - low) / (high - low) * _CELLS, _CELLS - 1)
    return np.asarray(cells.astype(np.int64))


@dataclass(frozen=True)
class QueryPool:
    """Random queries and what they find.

    Attributes
    ----------
    features
        float64 of shape (m, f): what queries of every kind are matched by, the cosine of a and b
        last.
    best
        float64 of shape (m,): the score of the best pair of each; −∞ where there is none.
    evenly_features
        float64 of shape (e, f): those of other queries, which are as close as they happen to be.
    p
        float64 of shape (e, r): `mutual_rank_p` of the r best pairs of these; NaN where there are
        fewer.
    """

    features: NDArray[np.float64]
    best: NDArray[np.float64]
    evenly_features: NDArray[np.float64]
    p: NDArray[np.float64]

    def best_like(self, features: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return the best scores of the queries that are most like one.

        Parameters
        ----------
        features
            float64 of shape (f,): those of the query.

        Returns
        -------
        NDArray[np.float64] or None
            Those of the `MATCHED` nearest. None if their mean differs from the query by more than
            ¾ of a standard deviation of the pool in any feature, or there are fewer.
        """
        if len(self.features) < MATCHED:
            return None
        nearest, away = _nearest(self.features, features, MATCHED)
        return None if (away > _FAR).any() else self.best[nearest]

    def p_like(self, features: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        """Return p of the k best pairs, or r, of the queries that are as popular as one.

        Closeness does not count: queries of close items find close items, whose p is small.

        Parameters
        ----------
        features
            float64 of shape (f,): those of the query.
        k
            How many pairs.

        Returns
        -------
        NDArray[np.float64]
            Those of the 1,000 nearest, increasing.
        """
        nearest, _ = _nearest(self.evenly_features[:, :-1], features[:-1], _CALIBRATING)
        p = self.p[nearest, :k]
        return np.sort(p[~np.isnan(p)])


def _nearest(
    features: NDArray[np.float64], wanted: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the rows nearest to one, the earlier of equally near ones, and how their mean differs.

    Distance and difference are in standard deviations of each feature over all rows.
    """
    spread = features.std(axis=0)
    away = (features - wanted) / np.where(spread > 0.0, spread, 1.0)
    nearest = np.argsort(np.square(away).sum(axis=1), kind="stable")[:count]
    return nearest, np.abs(away[nearest].mean(axis=0))
