"""Kernels of the search for pairs whose score counts cos(c, d), too."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best, cannot_enter, push
from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.pairs._neighbours import Candidates, Edges
from gene_analogies.search.pairs._non_neighbours import (
    Items,
    _coarse_exceeds,
    _fine_exceeds,
    _lists,
)
from gene_analogies.search.pairs._weighted_bounds import cubic, largest_square, lowest, row_need
from gene_analogies.search.pairs.score import WeightedQuery, weighted_score

__all__ = ["Lengths", "check_pairs", "row_needs", "scan_all", "scan_edges"]

#: Beyond the rounding of a float32 distance, relative to it.
_SINGLE = 2.0**-22
#: Added to squares that float32 may have rounded up to its smallest numbers.
_TINY = 2.0**-120


class Lengths(NamedTuple):
    """Lengths of the rows.

    Attributes
    ----------
    norms, inverse
        float64 (n,): the lengths, and one over them, 0 for zero vectors.
    low, high
        The smallest and the largest that is not 0.
    """

    norms: NDArray[np.float64]
    inverse: NDArray[np.float64]
    low: float
    high: float


@njit()
def _offer(
    E: NDArray[Any], query: WeightedQuery, best: Best, tau: NDArray[np.float64], c: int, d: int
) -> None:
    """Score a pair in float64 and keep it if it is among the best."""
    score = weighted_score(E, query, c, d)
    if not np.isnan(score):
        push(best, tau, score, (c, d))


@njit()
def scan_all(
    E: NDArray[Any],
    query: WeightedQuery,
    candidates: Candidates,
    part: int,
    parts: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every pair that has a direction."""
    rows_c, rows_d = candidates.rows_c, candidates.rows_d
    group = candidates.group
    for i in range(part, len(rows_c), parts):
        c = rows_c[i]
        for d in rows_d:
            if group[c] != group[d]:
                _offer(E, query, best, tau, c, d)


@njit()
def row_needs(
    floor: float,
    weight: float,
    lengths: Lengths,
    radius: NDArray[np.float32],
    gap_error: float,
    needs: NDArray[np.float64],
) -> None:
    """Write the gap that each row needs with any row at least its radius away."""
    norms, low, high = lengths.norms, lengths.low, lengths.high
    for row in range(len(norms)):
        needs[row] = (
            row_need(floor, weight, norms[row], low, high, np.float64(radius[row])) - gap_error
        )


@njit(fastmath=REASSOCIATE)
def scan_edges(
    E: NDArray[Any],
    query: WeightedQuery,
    edges: Edges,
    lengths: Lengths,
    first: int,
    last: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every k-NN edge of rows ``first`` to ``last``, in either order, that may reach τ."""
    start, edge_d, edge_r, nearest = edges.start, edges.edge_d, edges.edge_r, edges.nearest
    s, allowed_c, allowed_d = edges.s, edges.allowed_c, edges.allowed_d
    norms, inverse, low, high = lengths.norms, lengths.inverse, lengths.low, lengths.high
    relaxation, gap_error, weight = query.relaxation, query.plain.gap_error, query.weight
    half = 0.5 * weight
    needs = np.empty(np.diff(start).max())
    top, bottom = -np.inf, np.inf
    for value in s:
        top = max(top, value)
        bottom = min(bottom, value)
    for c in range(first, last):
        floor = tau[0] - relaxation
        s_c, p = s[c], norms[c]
        begin, end = start[c], start[c + 1]
        # Below 0, τ says little: there are fewer than k pairs yet, or all are to be kept.
        passing = int(floor <= 0.0)
        if passing:
            needs[: end - begin] = -np.inf
        else:
            widest = max(top - s_c, s_c - bottom)
            if widest + gap_error < row_need(
                floor, weight, p, low, high, np.float64(nearest[c])
            ):
                continue
            inverse_p = inverse[c]
            for e in range(begin, end):
                r, d = np.float64(edge_r[e]), edge_d[e]
                a = floor - half * (p * inverse[d] + norms[d] * inverse_p)
                b = half * inverse_p * inverse[d] * r * r
                need = r * (a + b - _SINGLE * (abs(a) + 3.0 * b)) - gap_error
                needs[e - begin] = need
                passing += abs(s_c - s[d]) >= need
        if passing == 0:
            continue
        for e in range(begin, end):
            d = int(np.int64(edge_d[e]))  # of one type, for one `_offer`
            gap, need = s_c - s[d], needs[e - begin]
            if gap >= need and allowed_c[c] and allowed_d[d]:
                _offer(E, query, best, tau, c, d)
            if -gap >= need and allowed_c[d] and allowed_d[c]:
                _offer(E, query, best, tau, d, c)


@njit(fastmath=REASSOCIATE)
def check_pairs(
    items: Items,
    query: WeightedQuery,
    norms: NDArray[np.float64],
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer those pairs that are no k-NN edge and whose gap allows their distance; τ is above 0."""
    E, s, Y, residual = items.E, items.s, items.coordinates, items.residual
    knn_radius, start, edge_d = items.knn_radius, items.start, items.edge_d
    relaxation, gap_error, weight = query.relaxation, query.plain.gap_error, query.weight
    coarse, fine = items.coarse, 1.0 + items.fine
    max_score = np.rint((1.0 + weight) / query.quantum) * query.quantum
    for i in range(len(cs)):
        c, d = cs[i], ds[i]
        if tau[0] >= max_score and cannot_enter(best, max_score, (c, d)):
            continue
        gap = s[c] - s[d] + gap_error
        p, r = norms[c], norms[d]
        a, b = cubic(tau[0] - relaxation, weight, p, r)
        # Two rows are at least as far apart as their lengths.
        rho = max(np.float64(max(knn_radius[c], knn_radius[d])), abs(p - r) - 1e-9 * (p + r))
        if gap < lowest(a, b, rho):
            continue
        limit = largest_square(a, b, gap, (p + r) * (1.0 + 1e-9))
        if _coarse_exceeds(Y, residual, -1.0, c, d, limit * 1.0001 + coarse):
            continue
        if _fine_exceeds(E, -1.0, c, d, limit * fine + _TINY):
            continue
        if not (_lists(start, edge_d, c, d) or _lists(start, edge_d, d, c)):
            _offer(E, query, best, tau, c, d)
