"""Kernels of the search for pairs whose score counts cos(c, d), too."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best, cannot_enter, push
from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.knn.cosines import Cosines
from gene_analogies.search.pairs._neighbours import Candidates, Edges
from gene_analogies.search.pairs._non_neighbours import Items, _lists
from gene_analogies.search.pairs._weighted_bounds import cubic, falls_short, row_need
from gene_analogies.search.pairs.score import WeightedQuery, weighted_score

__all__ = ["check_pairs", "estimate_scores", "offer_pairs", "row_needs", "scan_all", "scan_edges"]

#: Beyond the rounding of a float32 distance, relative to it.
_SINGLE = 2.0**-22
#: Taken off squares that float32 may have rounded up to its smallest numbers.
_TINY = 2.0**-120
#: Coordinates between two looks at a distance.
_PIECE = 64


@njit()
def _offer(
    E: NDArray[Any], query: WeightedQuery, best: Best, tau: NDArray[np.float64], c: int, d: int
) -> None:
    """Score a pair in float64 and keep it if it is among the best."""
    score = weighted_score(E, query, c, d)
    if not np.isnan(score):
        push(best, tau, score, (c, d))


@njit(fastmath=REASSOCIATE)
def estimate_scores(
    items: Items,
    weight: float,
    cosines: Cosines,
    high: NDArray[np.int64],
    low: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> None:
    """Write about what each pair (c in ``high``, d in ``low``) scores; −∞ for equal vectors.

    A product of matrices would leave BLAS's threads spinning.
    """
    E, s, group, inverse = items.E, items.s, items.group, cosines.inverse
    for i in range(len(high)):
        c = high[i]
        for j in range(len(low)):
            d = low[j]
            square = product = E.dtype.type(0.0)
            for column in range(E.shape[1]):
                x = E[c, column] - E[d, column]
                square += x * x
                product += E[c, column] * E[d, column]
            if group[c] == group[d] or square == 0.0:
                scores[i, j] = -np.inf
            else:
                cosine = np.float64(product) * inverse[c] * inverse[d]
                scores[i, j] = (s[c] - s[d]) / np.sqrt(np.float64(square)) + weight * cosine


@njit()
def offer_pairs(
    E: NDArray[Any],
    query: WeightedQuery,
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
    group: NDArray[np.int32],
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer those of some pairs that have a direction."""
    for i in range(len(cs)):
        if group[cs[i]] != group[ds[i]]:
            _offer(E, query, best, tau, cs[i], ds[i])


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
    cosines: Cosines,
    radius: NDArray[np.float32],
    gap_error: float,
    needs: NDArray[np.float64],
) -> None:
    """Write the gap that each row needs in a pair of non-neighbours, less its error."""
    far, low, high = cosines.far, cosines.low, cosines.high
    for row in range(len(far)):
        cosine, rho = np.float64(far[row]), np.float64(radius[row])
        needs[row] = row_need(floor, weight, low, high, cosine, rho) - gap_error


@njit(fastmath=REASSOCIATE)
def scan_edges(
    E: NDArray[Any],
    query: WeightedQuery,
    edges: Edges,
    cosines: Cosines,
    first: int,
    last: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every k-NN edge of rows ``first`` to ``last``, in either order, that may reach τ."""
    start, edge_d, edge_r, nearest = edges.start, edges.edge_d, edges.edge_r, edges.nearest
    s, allowed_c, allowed_d = edges.s, edges.allowed_c, edges.allowed_d
    edge_cosine, near = cosines.edge, cosines.near
    relaxation, gap_error, weight = query.relaxation, query.plain.gap_error, query.weight
    top, bottom = -np.inf, np.inf
    for value in s:
        top = max(top, value)
        bottom = min(bottom, value)
    for c in range(first, last):
        floor = tau[0] - relaxation
        s_c = s[c]
        level = floor - weight * np.float64(near[c])
        widest = max(top - s_c, s_c - bottom) + gap_error
        if level > 0.0 and widest < level * np.float64(nearest[c]):
            continue
        begin, end = start[c], start[c + 1]
        passing = int(floor == -np.inf)
        for e in range(begin, end):
            need = np.float64(edge_r[e]) * (floor - weight * np.float64(edge_cosine[e]))
            # Where the need is below 0, the distance should have been rounded up.
            passing += abs(s_c - s[edge_d[e]]) + gap_error >= need - abs(need) * _SINGLE
        if passing == 0:
            continue
        for e in range(begin, end):
            d = int(np.int64(edge_d[e]))  # of one type, for one `_offer`
            level = tau[0] - relaxation - weight * np.float64(edge_cosine[e])
            need = np.float64(edge_r[e]) * level
            need -= abs(need) * _SINGLE + gap_error
            gap = s_c - s[d]
            if (gap >= need or level == -np.inf) and allowed_c[c] and allowed_d[d]:
                _offer(E, query, best, tau, c, d)
            if (-gap >= need or level == -np.inf) and allowed_c[d] and allowed_d[c]:
                _offer(E, query, best, tau, d, c)


@njit(fastmath=REASSOCIATE, inline=True)
def _coarse_square(Y: NDArray[np.float32], residual: NDArray[np.float64], c: int, d: int) -> float:
    """Squared distance along the axes of the index, in float32."""
    rest = residual[c] - residual[d]
    part = np.float32(0.0)
    for i in range(Y.shape[1]):
        x = Y[c, i] - Y[d, i]
        part += x * x
    square: float = rest * rest + np.float64(part)
    return square


@njit(fastmath=REASSOCIATE)
def check_pairs(
    items: Items,
    query: WeightedQuery,
    cosines: Cosines,
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer those pairs that are no k-NN edge and whose gap allows their distance; τ is above 0."""
    E, s, Y, residual = items.E, items.s, items.coordinates, items.residual
    start, edge_d, norms, inverse = items.start, items.edge_d, cosines.norms, cosines.inverse
    knn_radius, relaxation, weight = items.knn_radius, query.relaxation, query.weight
    gap_error, coarse = query.plain.gap_error, items.coarse
    shrink = 1.0 / (1.0 + items.fine)
    max_score = np.rint((1.0 + weight) / query.quantum) * query.quantum
    width = E.shape[1]
    for i in range(len(cs)):
        c, d = cs[i], ds[i]
        if tau[0] >= max_score and cannot_enter(best, max_score, (c, d)):
            continue
        gap = s[c] - s[d] + gap_error
        p, r = norms[c], norms[d]
        a, b = cubic(tau[0] - relaxation, weight, p, r, inverse[c], inverse[d])
        radius = np.float64(max(knn_radius[c], knn_radius[d]))
        # Two rows are at least as far apart as their lengths.
        apart = max(radius, abs(p - r) - 1e-9 * (p + r))
        if falls_short(a, b, apart * apart, gap) or falls_short(
            a, b, _coarse_square(Y, residual, c, d) * 0.9999 - coarse, gap
        ):
            continue
        square, short = 0.0, False
        for first in range(0, width, _PIECE):
            part = E.dtype.type(0.0)
            for j in range(first, min(first + _PIECE, width)):
                x = E[c, j] - E[d, j]
                part += x * x
            square += np.float64(part)
            short = falls_short(a, b, square * shrink - _TINY, gap)
            if short:
                break
        if not (short or _lists(start, edge_d, c, d) or _lists(start, edge_d, d, c)):
            _offer(E, query, best, tau, c, d)
