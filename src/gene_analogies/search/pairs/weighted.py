"""The exact best pairs where cos(c, d) counts beside the cosine of the offsets.

The score of a pair is ``(s_c − s_d) / ‖e_c − e_d‖ + w · cos(c, d)``, with w > 0. A pair is of
interest only if its gap ``s_c − s_d`` is at least ``‖e_c − e_d‖ (τ − w cos(c, d))``: another
function of the distance, and of the two lengths, so the search is that of
:mod:`gene_analogies.search.pairs.find` with other bounds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best, merge, new_best
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import run_parts, thread_count
from gene_analogies.search.knn.cosines import Cosines
from gene_analogies.search.knn.index import NeighbourIndex, read_only
from gene_analogies.search.pairs import _bands, _neighbours, _non_neighbours, _products, _weighted
from gene_analogies.search.pairs import find as plain
from gene_analogies.search.pairs.project import project_rows
from gene_analogies.search.pairs.score import WeightedQuery, write_parts

__all__ = ["WeightedPairs", "find_weighted_pairs"]

#: Extreme rows that set the first threshold, at least.
_EXTREMES = 64

#: From so many pairs of rows on, a second threshold pays.
_MANY = 50_000_000


@dataclass(frozen=True)
class WeightedPairs(plain.FoundPairs):
    """The best pairs by the weighted score, best first.

    Attributes
    ----------
    similarity
        float64 of shape (k,): cosine of the two offsets.
    cos_cd
        float64 of shape (k,): cosine of c and d, 0 where one is zero.
    """

    similarity: NDArray[np.float64]
    cos_cd: NDArray[np.float64]


@retry_on_corrupt_cache
def find_weighted_pairs(
    vectors: NDArray[Any],
    index: NeighbourIndex,
    cosines: Cosines,
    direction: NDArray[np.float64],
    *,
    weight: float,
    k: int,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    items: _non_neighbours.Items | None = None,
) -> WeightedPairs:
    """Find the ``k`` pairs with the highest cos(direction, c − d) + ``weight`` · cos(c, d).

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    index, cosines
        Their neighbour index, for differences, and what is known of their cosines.
    direction
        float64 of shape (d,), a unit vector.
    weight
        Above 0.
    k
        How many pairs; fewer come back where there are fewer.
    allowed_c, allowed_d
        bool of shape (n,): which rows may be c and d.
    items
        Where other threads search for other directions: what `project_rows` returns for this one,
        which is then searched for in one thread.

    Returns
    -------
    WeightedPairs
        Ordered by score, then by row numbers.
    """
    vectors = read_only(vectors)
    pairs = int(np.count_nonzero(allowed_c)) * int(np.count_nonzero(allowed_d))
    pairs -= int(np.count_nonzero(allowed_c & allowed_d))
    k = min(k, pairs)
    query = _query(direction, weight, index)
    parts = 1 if items is not None or vectors.size <= plain.ONE_THREAD else thread_count()
    heaps = [new_best(k) for _ in range(parts)]
    tau = np.array([-np.inf])
    if pairs > max(plain.FEW_PAIRS, 4 * k):
        if items is None:
            items = project_rows(vectors, query.plain, index, parts)
        count = min(len(vectors), max(_EXTREMES, math.isqrt(2 * k) + 1))
        high = _non_neighbours.extreme_rows(items.s, 1.0, allowed_c, count)
        low = _non_neighbours.extreme_rows(items.s, -1.0, allowed_d, count)
        _raise_threshold(items, query, cosines, high, low, k, tau)
        edges = _neighbours.Edges(
            index.start, index.edge_d, index.edge_r, index.nearest, items.s, allowed_c, allowed_d
        )

        def scan_edges(part: int, parts: int) -> None:
            first, last = len(vectors) * part // parts, len(vectors) * (part + 1) // parts
            _weighted.scan_edges(vectors, query, edges, cosines, first, last, heaps[part], tau)

        run_parts(scan_edges, parts)
        # Bounds by distance hold for a threshold above zero only.
        if tau[0] > 2.0 * query.relaxation:
            _scan_non_neighbours(items, query, cosines, allowed_c, allowed_d, k, heaps, tau)
            return _collect(vectors, query, index, heaps, k, allowed_c, allowed_d)
        heaps = [new_best(k) for _ in range(parts)]
    for candidates in plain.candidate_blocks(index, allowed_c, allowed_d) if k > 0 else ():

        def scan_all(
            part: int, parts: int, candidates: _neighbours.Candidates = candidates
        ) -> None:
            _weighted.scan_all(vectors, query, candidates, part, parts, heaps[part], tau)

        run_parts(scan_all, parts if pairs > plain.FEW_PAIRS else 1)
    return _collect(vectors, query, index, heaps, k, allowed_c, allowed_d)


def _query(direction: NDArray[np.float64], weight: float, index: NeighbourIndex) -> WeightedQuery:
    quantum = 2.0 ** (math.ceil(math.log2(max(1.0, weight))) - 40)
    # The scores' rounding, and that of lengths whose ratio is at most `MAX_RATIO`.
    rounding = (1.0 + weight) * (len(direction) + 64) * 2.0**-45
    return WeightedQuery(
        plain=plain.make_query(direction, False, index),
        weight=weight,
        quantum=quantum,
        relaxation=2.0 * quantum + rounding,
    )


def _raise_threshold(
    items: _non_neighbours.Items,
    query: WeightedQuery,
    cosines: Cosines,
    high: NDArray[np.int64],
    low: NDArray[np.int64],
    k: int,
    tau: NDArray[np.float64],
) -> None:
    """Raise the threshold by the best pairs (c in ``high``, d in ``low``).

    Which of these are the best is estimated in the precision of the vectors.
    """
    scores = np.empty((len(high), len(low)))
    _weighted.estimate_scores(items, query.weight, cosines, high, low, scores)
    best = np.argpartition(scores.ravel(), -min(k, scores.size))[-k:]
    c, d = high[best // len(low)], low[best % len(low)]
    _weighted.offer_pairs(items.E, query, c, d, items.group, new_best(k), tau)


class _Selected(NamedTuple):
    """Rows that may be c, and d, in a pair of non-neighbours, and the gap that each row needs."""

    c: NDArray[np.int64]
    d: NDArray[np.int64]
    need: NDArray[np.float64]


def _select_rows(
    items: _non_neighbours.Items,
    query: WeightedQuery,
    cosines: Cosines,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    tau: float,
) -> _Selected:
    s, need = items.s, np.empty(len(items.s))
    floor, gap_error = tau - query.relaxation, query.plain.gap_error
    _weighted.row_needs(floor, query.weight, cosines, items.knn_radius, gap_error, need)
    top = s.max(where=allowed_c, initial=-np.inf)
    bottom = s.min(where=allowed_d, initial=np.inf)
    c = np.flatnonzero(allowed_c & (s - need >= bottom))
    return _Selected(c, np.flatnonzero(allowed_d & (s + need <= top)), need)


def _scan_non_neighbours(
    items: _non_neighbours.Items,
    query: WeightedQuery,
    cosines: Cosines,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    k: int,
    heaps: list[Best],
    tau: NDArray[np.float64],
) -> None:
    """Offer the non-neighbours that bounds of single rows leave, by inner products if many."""
    s = items.s
    c, d, need = _select_rows(items, query, cosines, allowed_c, allowed_d, float(tau[0]))
    if len(c) * len(d) > _MANY:
        # The threshold is low: those with most to spare are likely to be in the answer.
        count = max(2 * _EXTREMES, math.isqrt(2 * k) + 1)
        high, low = c[_lowest(need[c] - s[c], count)], d[_lowest(need[d] + s[d], count)]
        _raise_threshold(items, query, cosines, high, low, k, tau)
        c, d, need = _select_rows(items, query, cosines, allowed_c, allowed_d, float(tau[0]))
    if len(c) == 0 or len(d) == 0:
        return

    def check(part: int) -> _products.Check:
        def check_pairs(cs: NDArray[np.int64], ds: NDArray[np.int64]) -> None:
            _weighted.check_pairs(items, query, cosines, cs, ds, heaps[part], tau)

        return check_pairs

    first = _bands.make_bands(c, -s[c], need[c])
    second = _bands.make_bands(d, s[d], need[d])
    if plain.are_many(first, second):
        checks = [check(part) for part in range(len(heaps))]
        _products.scan_products(items, query, cosines, allowed_c, allowed_d, tau, checks)
        return
    excluded = _bands.ExcludedPairs(items.group, items.partner, False)

    def scan(part: int, parts: int) -> None:
        _bands.scan_bands(check(part), first, second, excluded, part, parts)

    run_parts(scan, len(heaps))


def _lowest(values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Places of the ``count`` lowest values, in any order."""
    if count >= len(values):
        return np.arange(len(values))
    return np.argpartition(values, count)[:count]


def _collect(
    vectors: NDArray[Any],
    query: WeightedQuery,
    index: NeighbourIndex,
    heaps: list[Best],
    k: int,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
) -> WeightedPairs:
    """Merge the heaps of the threads, and tell what the scores are made of."""
    scores, rows = merge(heaps, k)
    c, d = np.ascontiguousarray(rows.T)
    similarity, cos_cd = np.empty(len(c)), np.empty(len(c))
    write_parts(vectors, query.plain, c, d, similarity, cos_cd)
    without = plain.count_without_direction(index, allowed_c, allowed_d)
    return WeightedPairs(c, d, scores, without, similarity, cos_cd)
