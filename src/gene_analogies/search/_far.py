"""Find the pairs that are not listed and may still be among the best."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._heap import Best
from gene_analogies.search._near import offer
from gene_analogies.search._numba import REASSOCIATE, njit
from gene_analogies.search._score import Query, largest_square, loosened, needed_gap

__all__ = ["Items", "check_far", "scan_extremes", "scan_sorted"]


class Items(NamedTuple):
    """What the far scans know of the rows.

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
    reach
        float32 (n,): pairs that are not listed combine to at least this length, or to zero.
    start, edge_d
        The listed pairs, as in :class:`gene_analogies.search.index.NeighbourIndex`.
    coarse
        Bound on the squared error of a distance along ``coordinates`` and ``residual``.
    fine
        Bound on the relative error of a squared distance in the dtype of ``E``.
    """

    E: NDArray[Any]
    s: NDArray[np.float64]
    residual: NDArray[np.float64]
    coordinates: NDArray[np.float32]
    reach: NDArray[np.float32]
    start: NDArray[np.int64]
    edge_d: NDArray[np.int32]
    coarse: float
    fine: float


@njit()
def _listed(start: NDArray[np.int64], edge_d: NDArray[np.int32], c: int, d: int) -> bool:
    """Whether the index lists the pair (then it has been offered before)."""
    found = False
    for e in range(start[c], start[c + 1]):
        found |= edge_d[e] == d
    for e in range(start[d], start[d + 1]):
        found |= edge_d[e] == c
    return found


@njit(fastmath=REASSOCIATE)
def _coarse_exceeds(
    Y: NDArray[np.float32],
    residual: NDArray[np.float64],
    sign: float,
    c: int,
    d: int,
    limit: float,
) -> bool:
    """Whether the squared distance along the axes of the index alone is above a limit."""
    total: float = (residual[c] + sign * residual[d]) ** 2
    one = np.float32(sign)
    for first in range(0, Y.shape[1], 16):
        if total > limit:
            return True
        part = np.float32(0.0)
        for i in range(16):
            x = Y[c, first + i] + one * Y[d, first + i]
            part += x * x
        total += np.float64(part)
    return total > limit


@njit(fastmath=REASSOCIATE)
def _fine_exceeds(E: NDArray[Any], sign: float, c: int, d: int, limit: float) -> bool:
    """Whether ``‖e_c ± e_d‖²``, summed in the vectors' own dtype, is above a limit."""
    width = E.shape[1]
    one = E.dtype.type(sign)
    total = 0.0
    for first in range(0, width, 128):
        part = E.dtype.type(0.0)
        for i in range(first, min(first + 128, width)):
            x = E[c, i] + one * E[d, i]
            part += x * x
        total += np.float64(part)
        if total > limit:
            return True
    return False


@njit()
def check_far(
    E: NDArray[Any],
    query: Query,
    s: NDArray[np.float64],
    Y: NDArray[np.float32],
    residual: NDArray[np.float64],
    reach: NDArray[np.float32],
    start: NDArray[np.int64],
    edge_d: NDArray[np.int32],
    coarse: float,
    fine: float,
    c: int,
    d: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer a pair that is not listed if its gap allows its distance, measured as far as needed.

    Arrays come one by one: taking them out of a tuple here would count references in the
    innermost loop, which two threads then fight over.
    """
    sign = query.sign
    floor = loosened(query, tau[0])
    gap = s[c] + sign * s[d] + query.slack
    if gap < needed_gap(query, floor, np.float64(max(reach[c], reach[d]))):
        return
    limit = largest_square(query, floor, gap)
    if _coarse_exceeds(Y, residual, sign, c, d, limit * 1.0001 + coarse):
        return
    if _fine_exceeds(E, sign, c, d, limit * (1.0 + fine)):
        return
    if not _listed(start, edge_d, c, d):
        offer(E, query, best, tau, c, d)


@njit()
def _extremes(
    values: NDArray[np.float64], sign: float, allowed: NDArray[np.bool_], count: int
) -> NDArray[np.int64]:
    """Rows with the ``count`` largest ``sign · values`` among those allowed, largest first."""
    rows = np.empty(count, np.int64)
    top = np.full(count, -np.inf)
    size = 0
    limit = -np.inf
    for row in range(len(values)):
        value = sign * values[row]
        if (size == count and value <= limit) or not allowed[row]:
            continue
        j = min(size, count - 1)
        while j > 0 and top[j - 1] < value:
            top[j] = top[j - 1]
            rows[j] = rows[j - 1]
            j -= 1
        top[j] = value
        rows[j] = row
        size = min(size + 1, count)
        limit = top[count - 1]
    return rows[:size]


@njit()
def scan_extremes(
    items: Items,
    query: Query,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    count: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Consider the pairs of the rows with the highest and the lowest projections."""
    s, Y, residual = items.s, items.coordinates, items.residual
    high = _extremes(s, 1.0, allowed_c, count)
    low = _extremes(s, query.sign, allowed_d, count)
    for c in high:
        for d in low:
            if c != d and (query.sign < 0.0 or c < d):
                gap = s[c] + query.sign * s[d] + query.slack
                limit = largest_square(query, loosened(query, tau[0]), gap)
                if _coarse_exceeds(Y, residual, query.sign, c, d, limit * 1.0001 + items.coarse):
                    continue
                offer(items.E, query, best, tau, c, d)


@njit()
def scan_sorted(
    items: Items,
    query: Query,
    rows_c: NDArray[np.int64],
    lowest: NDArray[np.float64],
    rows_d: NDArray[np.int64],
    ends: NDArray[np.float64],
    highest: NDArray[np.float64],
    part: int,
    parts: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Consider each pair that two one-row bounds leave, row by row.

    A pair has the gap ``s_c − t_d`` (``t_d = s_d`` for differences, ``−s_d`` for sums). Row c
    needs ``t_d ≤ lowest[c]``, and row d needs ``s_c ≥ highest[d]``; ``rows_d`` is sorted by
    ``t_d``, which is in ``ends``.
    """
    E, s, Y, residual = items.E, items.s, items.coordinates, items.residual
    reach, start, edge_d = items.reach, items.start, items.edge_d
    for i in range(part, len(rows_c), parts):
        c = rows_c[i]
        own = s[c]
        count = np.searchsorted(ends, lowest[i], side="right")
        for j in range(count):
            if highest[j] > own:
                continue
            d = rows_d[j]
            if c == d or (query.sign > 0.0 and c > d):
                continue
            check_far(
                E,
                query,
                s,
                Y,
                residual,
                reach,
                start,
                edge_d,
                items.coarse,
                items.fine,
                c,
                d,
                best,
                tau,
            )
