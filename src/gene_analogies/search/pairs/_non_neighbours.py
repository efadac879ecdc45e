"""Find the pairs of non-neighbours that may be among the best."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best, cannot_enter
from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.pairs._neighbours import offer
from gene_analogies.search.pairs.score import COSINE, Query, largest_square, needed_gap

__all__ = ["BATCH", "Items", "check_pairs", "extreme_rows", "select_rows"]

#: Pairs that are checked together.
BATCH = 2048


class Items(NamedTuple):
    """What the scans of non-neighbours know of the rows.

    Attributes
    ----------
    E
        The vectors, (n, d).
    s
        float64 (n,): projections on the query direction.
    residual
        float64 (n,): the part of ``s`` outside the axes, as a coordinate of its own.
    coordinates
        float32 (n, m), m a multiple of 16: the rows along the axes of the index.
    knn_radius
        float32 (n,): pairs that are no k-NN edge combine to at least this length, or to zero.
    start, edge_d, group, partner
        The k-NN edges, and which rows combine to zero, as in
        :class:`gene_analogies.search.knn.index.NeighbourIndex`.
    coarse
        Bound on the squared error of a distance along ``coordinates`` and ``residual``.
    fine
        Bound on the relative error of a squared distance in the dtype of ``E``.
    """

    E: NDArray[Any]
    s: NDArray[np.float64]
    residual: NDArray[np.float64]
    coordinates: NDArray[np.float32]
    knn_radius: NDArray[np.float32]
    start: NDArray[np.int64]
    edge_d: NDArray[np.int32]
    group: NDArray[np.int32]
    partner: NDArray[np.int32]
    coarse: float
    fine: float


@njit()
def _lists(start: NDArray[np.int64], edge_d: NDArray[np.int32], c: int, d: int) -> bool:
    """Whether row c lists the pair (then it has been offered before)."""
    found = False
    for e in range(start[c], start[c + 1]):
        found |= edge_d[e] == d
    return found


@njit(fastmath=REASSOCIATE, inline=True)
def _coarse_exceeds(
    Y: NDArray[np.float32],
    residual: NDArray[np.float64],
    sign: float,
    c: int,
    d: int,
    limit: float,
) -> bool:
    """Whether the squared distance along the axes of the index alone is above a limit."""
    rest = residual[c] + sign * residual[d]
    total: float = rest * rest
    factor = np.float32(sign)
    first = 0
    while first < Y.shape[1] and total <= limit:
        part = np.float32(0.0)
        for i in range(16):
            x = Y[c, first + i] + factor * Y[d, first + i]
            part += x * x
        total += np.float64(part)
        first += 16
    return total > limit


@njit(fastmath=REASSOCIATE)
def _fine_exceeds(E: NDArray[Any], sign: float, c: int, d: int, limit: float) -> bool:
    """Whether ``‖e_c ± e_d‖²``, summed in the vectors' own dtype, is above a limit."""
    width = E.shape[1]
    factor = E.dtype.type(sign)
    total = 0.0
    for first in range(0, width, 128):
        part = E.dtype.type(0.0)
        for i in range(first, min(first + 128, width)):
            x = E[c, i] + factor * E[d, i]
            part += x * x
        total += np.float64(part)
        if total > limit:
            return True
    return False


@njit(fastmath=REASSOCIATE)
def check_pairs(
    items: Items,
    query: Query,
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer those pairs that are no k-NN edge and whose gap allows their distance.

    A distance is measured only as far as needed. Pairs come in batches, since taking an array
    out of a tuple counts references, which threads fight over.
    """
    E, s, Y, residual = items.E, items.s, items.coordinates, items.residual
    knn_radius, start, edge_d = items.knn_radius, items.start, items.edge_d
    sign, metric, length = query.sign, query.metric, query.length
    relaxation, gap_error = query.relaxation, query.gap_error
    coarse, fine = items.coarse, 1.0 + items.fine
    max_score = 1.0 if metric == COSINE else 0.0
    for i in range(len(cs)):
        c, d = cs[i], ds[i]
        if tau[0] >= max_score and cannot_enter(best, max_score, (c, d)):
            continue
        floor = tau[0] - relaxation
        gap = s[c] + sign * s[d] + gap_error
        if gap < needed_gap(metric, length, floor, np.float64(max(knn_radius[c], knn_radius[d]))):
            continue
        limit = largest_square(metric, length, floor, gap)
        if _coarse_exceeds(Y, residual, sign, c, d, limit * 1.0001 + coarse):
            continue
        if _fine_exceeds(E, sign, c, d, limit * fine):
            continue
        if not (_lists(start, edge_d, c, d) or _lists(start, edge_d, d, c)):
            offer(E, query, best, tau, c, d)


def extreme_rows(
    values: NDArray[np.float64], sign: float, allowed: NDArray[np.bool_], count: int
) -> NDArray[np.int64]:
    """Rows with the ``count`` largest ``sign · values`` among those allowed, largest first."""
    rows, top = np.empty(count, np.int64), np.empty(count)
    return rows[: _find_extreme_rows(values, sign, allowed, rows, top)]


@njit()
def _find_extreme_rows(
    values: NDArray[np.float64],
    sign: float,
    allowed: NDArray[np.bool_],
    rows: NDArray[np.int64],
    top: NDArray[np.float64],
) -> int:
    """Write the rows and their values, as many as there is room for; return how many."""
    count, size = len(rows), 0
    limit = -np.inf
    for row in range(len(values)):
        value = sign * values[row]
        if value <= limit or not allowed[row]:
            continue
        j = min(size, count - 1)
        while j > 0 and top[j - 1] < value:
            top[j] = top[j - 1]
            rows[j] = rows[j - 1]
            j -= 1
        top[j] = value
        rows[j] = row
        size = min(size + 1, count)
        if size == count:
            limit = top[count - 1]
    return size


def select_rows(
    items: Items,
    query: Query,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    tau: float,
) -> tuple[
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
]:
    """Find the rows that may be in a pair of non-neighbours.

    A pair has the gap ``s_c − t_d`` (``t_d = s_d`` for differences, ``−s_d`` for sums), and one of
    non-neighbours with row i needs a gap of at least ``need_i`` to reach ``tau``. Returns the rows
    that may be c, their ``−s_c`` and ``need``; the rows that may be d, their ``t_d`` and ``need``.
    """
    n = len(items.s)
    c, d = np.empty(n, np.int64), np.empty(n, np.int64)
    ends_c, ends_d, need_c, need_d = np.empty((4, n))
    count_c, count_d = _write_rows(
        items.s, items.knn_radius, query, tau - query.relaxation, allowed_c, allowed_d,
        c, ends_c, need_c, d, ends_d, need_d,
    )  # fmt: skip
    some_c, some_d = slice(count_c), slice(count_d)
    return c[some_c], ends_c[some_c], need_c[some_c], d[some_d], ends_d[some_d], need_d[some_d]


@njit()
def _write_rows(
    s: NDArray[np.float64],
    knn_radius: NDArray[np.float32],
    query: Query,
    floor: float,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    c: NDArray[np.int64],
    ends_c: NDArray[np.float64],
    need_c: NDArray[np.float64],
    d: NDArray[np.int64],
    ends_d: NDArray[np.float64],
    need_d: NDArray[np.float64],
) -> tuple[int, int]:
    """Write what `select_rows` returns into arrays; return how many rows may be c, and d."""
    sign, metric, length, gap_error = query.sign, query.metric, query.length, query.gap_error
    top, bottom = -np.inf, np.inf
    for row in range(len(s)):
        if allowed_c[row]:
            top = max(top, s[row])
        if allowed_d[row]:
            bottom = min(bottom, -sign * s[row])
    count_c = count_d = 0
    for row in range(len(s)):
        need = needed_gap(metric, length, floor, np.float64(knn_radius[row])) - gap_error
        if allowed_c[row] and s[row] - need >= bottom:
            c[count_c], ends_c[count_c], need_c[count_c] = row, -s[row], need
            count_c += 1
        if allowed_d[row] and -sign * s[row] + need <= top:
            d[count_d], ends_d[count_d], need_d[count_d] = row, -sign * s[row], need
            count_d += 1
    return count_c, count_d
