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
#: Items are drawn among so many best-known ones, at least.
_FEWEST = 50
#: An item is the closest of at most so many drawn ones.
_CLOSEST_OF = 4096
#: Queries differ too much from one if their mean does by more than this, in standard deviations.
_FAR = 0.5
#: Pairs that are drawn at a time: each may be the closest of thousands.
_AT_ONCE = 2_000
#: Times that lists with a pair without an offset are drawn again.
_ATTEMPTS = 20


def draw_queries(
    vectors: NDArray[Any],
    order: NDArray[np.int64] | None,
    count: int,
    *,
    pairs: int,
    seed: int,
    sign: int,
) -> NDArray[np.int64]:
    """Draw lists of pairs of rows, from far apart to close, from obscure to well known.

    For each list A, B and m are drawn log-uniformly. In each of its pairs a is one of the A
    best-known items, and b the closest to a of m drawn among the B best-known.

    Parameters
    ----------
    vectors
        Array of shape (n, d).
    order
        The rows by popularity, best known first, int64 of shape (n,); None where it is not known,
        and A and B are n.
    count
        How many lists.
    pairs
        How many pairs each has.
    seed
        The random seed: the same seed draws the same pairs.
    sign
        −1 for differences, +1 for sums: lists with a pair without an offset are drawn again.

    Returns
    -------
    NDArray[np.int64]
        Array of shape (count, pairs, 2); shorter where nearly all pairs have no offset.
    """
    random = np.random.default_rng(seed)
    at_once = max(1, _AT_ONCE // pairs)
    found, missing = [], count
    for _ in range(_ATTEMPTS * -(-count // at_once)):
        if missing <= 0:
            break
        found.append(_draw(vectors, order, min(at_once, missing), pairs, sign, random))
        missing -= len(found[-1])
    return np.concatenate(found)


def _draw(
    vectors: NDArray[Any],
    order: NDArray[np.int64] | None,
    count: int,
    pairs: int,
    sign: int,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw up to so many lists."""
    n = len(vectors)
    if order is None:
        order = np.arange(n)
        first = np.full((2, count), n)
    else:
        first = _log_uniform(random, min(_FEWEST, n), n, (2, count))
    sizes = np.repeat(_log_uniform(random, 1, min(_CLOSEST_OF, n), count), pairs)
    first = np.repeat(first, pairs, axis=1)
    a = order[random.integers(first[0])]
    others = order[random.integers(np.repeat(first[1], sizes))]
    beside = np.repeat(a, sizes)
    cosines = pair_cosines(vectors, beside, others)
    cosines[others == beside] = -2.0
    starts = np.cumsum(sizes) - sizes
    best = np.maximum.reduceat(cosines, starts)
    # The first of equal ones.
    reached = np.flatnonzero(cosines == np.repeat(best, sizes))
    b = others[reached[np.searchsorted(reached, starts)]]
    usable = (a != b) & (vectors[a] != -sign * vectors[b]).any(axis=1)
    lists = np.stack([a, b], axis=1).reshape(count, pairs, 2)
    return lists[usable.reshape(count, pairs).all(axis=1)]


def _log_uniform(
    random: np.random.Generator, low: int, high: int, shape: int | tuple[int, ...]
) -> NDArray[np.int64]:
    """Draw whole numbers from ``low`` to ``high``."""
    return np.exp(random.uniform(np.log(low), np.log(high + 1), shape)).astype(np.int64)


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
            differs from the query by more than half a standard deviation in any feature, or there
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
