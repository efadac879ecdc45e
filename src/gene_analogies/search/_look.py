"""One direction: the pairs that are not listed and may reach the threshold."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._lanes import NOWHERE, Lanes, highest, lowest, stand
from gene_analogies.search._numba import REASSOCIATE, njit
from gene_analogies.search._quads import Quads, offer_quad

__all__ = ["Rows", "look", "look_lanes"]


class Rows(NamedTuple):
    """The arrays of a :class:`gene_analogies.search.field.Field` that a look needs."""

    E: NDArray[Any]
    X: NDArray[np.float32]
    order: NDArray[np.int64]
    reach: NDArray[np.float32]
    groups: NDArray[np.int64]
    table: NDArray[np.float32]
    slack: float


@njit(fastmath=REASSOCIATE)
def _nearer(X: NDArray[np.float32], c: int, d: int, limit: float) -> bool:
    """Whether the squared distance of two rows, summed in float32, is at most ``limit``."""
    width = X.shape[1]
    total = 0.0
    for first in range(0, width, 32):
        part = np.float32(0.0)
        for i in range(first, min(first + 32, width)):
            x = X[c, i] - X[d, i]
            part += x * x
        total += np.float64(part)
        if total > limit:
            return False
    return True


@njit()
def _groups_in_reach(
    table: NDArray[np.float32], c: int, lows: NDArray[np.float32], own: float, floor: float
) -> int:
    """Count the groups whose lowest row may be near enough to row ``c``."""
    count = np.int32(0)
    high, factor = np.float32(own), np.float32(floor)
    for group in range(len(lows)):
        count += np.int32(high - lows[group] >= factor * table[c, group])
    return np.int64(count)


@njit()
def look(
    rows: Rows,
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    lows: NDArray[np.float32],
    slack: float,
    least: float,
    max_similarity: float,
    fixed: bool,
    a: int,
    b: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Offer the unlisted pairs, at least ``least`` apart, that may reach τ with a, b.

    ``high`` and ``low`` are the projections of the rows that may be c and d (−``NOWHERE`` and
    ``NOWHERE`` for those that may not), ``slack`` bounds the error of a gap between two of them;
    ``lows`` is room for a number a group.
    """
    E, X, order, reach = rows.E, rows.X, rows.order, rows.reach
    groups, table = rows.groups, rows.table
    floor = max(0.0, (tau[0] - 2.0**-38) * (1.0 - 1e-6))
    bottom = NOWHERE
    for group in range(len(groups) - 1):
        lows[group] = lowest(low[groups[group] : groups[group + 1]])
        bottom = min(bottom, lows[group])
    top = highest(high)
    if top == -NOWHERE or bottom == NOWHERE:
        return
    if np.float64(top) - np.float64(bottom) + slack < floor * least:
        return
    for c in range(len(high)):
        own = np.float64(high[c]) + slack
        if own - np.float64(bottom) < floor * max(np.float64(reach[c]), least):
            continue
        if high[c] == -NOWHERE:
            continue
        # float32 sums below: a little more slack.
        wide = own + abs(own) * 1e-6 + abs(np.float64(bottom)) * 1e-6
        if _groups_in_reach(table, c, lows, wide, floor * (1.0 - 1e-6)) == 0:
            continue
        for group in range(len(lows)):
            need = floor * max(np.float64(table[c, group]), least)
            if own - np.float64(lows[group]) < need:
                continue
            for d in range(groups[group], groups[group + 1]):
                gap = own - np.float64(low[d])
                if gap < max(need, floor * np.float64(reach[d])) or d == c:
                    continue
                if floor > 0.0:
                    limit = (gap / floor) ** 2
                    if limit < least * least or not _nearer(X, c, d, limit * (1.0 + 1e-4)):
                        continue
                offer_quad(
                    E, max_similarity, fixed, best, tau, order[a], order[b], order[c], order[d]
                )
            floor = max(0.0, (tau[0] - 2.0**-38) * (1.0 - 1e-6))


@njit()
def look_lanes(
    rows: Rows,
    P: NDArray[np.float32],
    lanes: Lanes,
    max_similarity: float,
    fixed: bool,
    part: int,
    parts: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Look at every lane for pairs that are not listed, whatever their distance."""
    n = P.shape[1]
    high, low = np.empty(n, np.float32), np.empty(n, np.float32)
    lows = np.empty(len(rows.groups) - 1, np.float32)
    for lane in range(part, len(lanes.a), parts):
        a, b = lanes.a[lane], lanes.b[lane]
        stand(P[lane], a, b, lanes.not_c, lanes.c_first[lane], lanes.c_last[lane], -NOWHERE, high)
        stand(P[lane], a, b, lanes.not_d, lanes.d_first[lane], lanes.d_last[lane], NOWHERE, low)
        look(rows, high, low, lows, rows.slack, 0.0, max_similarity, fixed, a, b, best, tau)
