"""Offer pairs to the best ones: one, all there are, or the k-NN edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best, push
from gene_analogies.search.engine.jit import njit
from gene_analogies.search.pairs.score import (
    EUCLIDEAN,
    Query,
    exact_score,
    needed_gap,
)

__all__ = ["offer", "scan_all", "scan_edges"]


@njit()
def offer(
    E: NDArray[Any], query: Query, best: Best, tau: NDArray[np.float64], c: int, d: int
) -> None:
    """Score a pair in float64 and keep it if it is among the best."""
    if query.sign > 0.0 and c > d:
        c, d = d, c
    score = exact_score(E, query, c, d)
    if not np.isnan(score):
        push(best, tau, score, (c, d))


@njit()
def scan_all(
    E: NDArray[Any],
    query: Query,
    rows_c: NDArray[np.int64],
    rows_d: NDArray[np.int64],
    group: NDArray[np.int32],
    partner: NDArray[np.int32],
    part: int,
    parts: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every pair that does not combine to zero."""
    for i in range(part, len(rows_c), parts):
        c = rows_c[i]
        for d in rows_d:
            if partner[c] != group[d] and (query.sign < 0.0 or c < d):
                offer(E, query, best, tau, c, d)


@njit()
def scan_edges(
    E: NDArray[Any],
    query: Query,
    s: NDArray[np.float64],
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    edge_start: NDArray[np.int64],
    edge_d: NDArray[np.int32],
    edge_r: NDArray[np.float32],
    nearest: NDArray[np.float32],
    first: int,
    last: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every k-NN edge of rows ``first`` to ``last``, in either order, that may reach τ.

    ``nearest[c]`` is the smallest distance that row c lists: with it most rows are skipped.
    """
    sign, metric, length = query.sign, query.metric, query.length
    relaxation, gap_error = query.relaxation, query.gap_error
    euclidean = metric == EUCLIDEAN
    top, bottom = -np.inf, np.inf
    for value in s:
        top = max(top, value)
        bottom = min(bottom, value)
    for c in range(first, last):
        floor = tau[0] - relaxation
        own = s[c]
        widest = max(top - own, own - bottom) if sign < 0.0 else top + own
        if widest + gap_error < needed_gap(metric, length, floor, np.float64(nearest[c])):
            continue
        start, stop = edge_start[c], edge_start[c + 1]
        passing = 0
        if floor == -np.inf or (not euclidean and floor <= 0.0):
            passing = 1
        elif euclidean:
            constant = 0.5 * (length - floor * floor / length) - gap_error
            scale = 0.5 / length
            for e in range(start, stop):
                r = np.float64(edge_r[e])
                passing += abs(own + sign * s[edge_d[e]]) >= r * r * scale + constant
        else:
            for e in range(start, stop):
                passing += abs(own + sign * s[edge_d[e]]) + gap_error >= floor * np.float64(
                    edge_r[e]
                )
        if passing == 0:
            continue
        for e in range(start, stop):
            d = int(np.int64(edge_d[e]))  # of one type, for one `offer`
            need = (
                needed_gap(metric, length, tau[0] - relaxation, np.float64(edge_r[e])) - gap_error
            )
            gap = own + sign * s[d]
            if gap >= need and allowed_c[c] and allowed_d[d]:
                offer(E, query, best, tau, c, d)
            if sign < 0.0 and -gap >= need and allowed_c[d] and allowed_d[c]:
                offer(E, query, best, tau, d, c)
