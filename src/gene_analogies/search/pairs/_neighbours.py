"""Offer pairs to the best ones: one, all there are, or the k-NN edges."""

from __future__ import annotations

from typing import Any, NamedTuple

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

__all__ = ["Candidates", "Edges", "offer", "offer_pairs", "scan_all", "scan_edges"]


class Candidates(NamedTuple):
    """Rows that may form a pair.

    Attributes
    ----------
    rows_c, rows_d
        int64: the rows that may be c, and d.
    group, partner
        Which rows combine to zero, as in
        :class:`gene_analogies.search.knn.index.NeighbourIndex`.
    """

    rows_c: NDArray[np.int64]
    rows_d: NDArray[np.int64]
    group: NDArray[np.int32]
    partner: NDArray[np.int32]


class Edges(NamedTuple):
    """The k-NN edges, and what a query knows of their rows.

    Attributes
    ----------
    start, edge_d, edge_r, nearest
        As in :class:`gene_analogies.search.knn.index.NeighbourIndex`.
    s
        float64 (n,): projections on the query direction.
    allowed_c, allowed_d
        bool (n,): which rows may be c, and d.
    """

    start: NDArray[np.int64]
    edge_d: NDArray[np.int32]
    edge_r: NDArray[np.float32]
    nearest: NDArray[np.float32]
    s: NDArray[np.float64]
    allowed_c: NDArray[np.bool_]
    allowed_d: NDArray[np.bool_]


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
def offer_pairs(
    E: NDArray[Any],
    query: Query,
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer some pairs."""
    for i in range(len(c)):
        offer(E, query, best, tau, c[i], d[i])


@njit()
def scan_all(
    E: NDArray[Any],
    query: Query,
    candidates: Candidates,
    part: int,
    parts: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every pair that does not combine to zero."""
    rows_c, rows_d = candidates.rows_c, candidates.rows_d
    group, partner = candidates.group, candidates.partner
    for i in range(part, len(rows_c), parts):
        c = rows_c[i]
        for d in rows_d:
            if partner[c] != group[d] and (query.sign < 0.0 or c < d):
                offer(E, query, best, tau, c, d)


@njit()
def scan_edges(
    E: NDArray[Any],
    query: Query,
    edges: Edges,
    first: int,
    last: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every k-NN edge of rows ``first`` to ``last``, in either order, that may reach τ.

    Most rows are skipped by the distance of their nearest neighbour alone.
    """
    start, edge_d, edge_r, nearest = edges.start, edges.edge_d, edges.edge_r, edges.nearest
    s, allowed_c, allowed_d = edges.s, edges.allowed_c, edges.allowed_d
    sign, metric, length = query.sign, query.metric, query.length
    relaxation, gap_error = query.relaxation, query.gap_error
    euclidean = metric == EUCLIDEAN
    top, bottom = -np.inf, np.inf
    for value in s:
        top = max(top, value)
        bottom = min(bottom, value)
    for c in range(first, last):
        floor = tau[0] - relaxation
        s_c = s[c]
        widest = max(top - s_c, s_c - bottom) if sign < 0.0 else top + s_c
        if widest + gap_error < needed_gap(metric, length, floor, np.float64(nearest[c])):
            continue
        begin, end = start[c], start[c + 1]
        passing = 0
        if floor == -np.inf or (not euclidean and floor <= 0.0):
            passing = 1
        elif euclidean:
            constant = 0.5 * (length - floor * floor / length) - gap_error
            scale = 0.5 / length
            for e in range(begin, end):
                r = np.float64(edge_r[e])
                passing += abs(s_c + sign * s[edge_d[e]]) >= r * r * scale + constant
        else:
            for e in range(begin, end):
                passing += abs(s_c + sign * s[edge_d[e]]) + gap_error >= floor * np.float64(
                    edge_r[e]
                )
        if passing == 0:
            continue
        for e in range(begin, end):
            d = int(np.int64(edge_d[e]))  # of one type, for one `offer`
            need = (
                needed_gap(metric, length, tau[0] - relaxation, np.float64(edge_r[e])) - gap_error
            )
            gap = s_c + sign * s[d]
            if gap >= need and allowed_c[c] and allowed_d[d]:
                offer(E, query, best, tau, c, d)
            if sign < 0.0 and -gap >= need and allowed_c[d] and allowed_d[c]:
                offer(E, query, best, tau, d, c)
