"""One direction: the pairs that are not listed and may reach the threshold."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._lanes import NOWHERE, Lanes, highest, lowest, stand
from gene_analogies.search._numba import REASSOCIATE, njit
from gene_analogies.search._quads import Quads, offer_quad

__all__ = ["Rows", "look", "look_lanes", "new_room"]


class Rows(NamedTuple):
    """What a look needs of a :class:`gene_analogies.search.field.Field`.

    ``least_reach`` is the least of ``reach`` in every group, float32 of shape (g,), and
    ``between`` the least of ``table``, float32 of shape (g, g).
    """

    E: NDArray[Any]
    X: NDArray[np.float32]
    order: NDArray[np.int64]
    reach: NDArray[np.float32]
    groups: NDArray[np.int64]
    table: NDArray[np.float32]
    least_reach: NDArray[np.float32]
    between: NDArray[np.float32]
    slack: float


class Room(NamedTuple):
    """Room for what one look works out: for every group (two), and for every row."""

    lows: NDArray[np.float32]
    highs: NDArray[np.float32]
    others: NDArray[np.int64]
    needed: NDArray[np.float32]


@njit(fastmath=REASSOCIATE)
def _nearer(X: NDArray[np.float32], c: int, d: int, limit: float) -> bool:
    """Whether the squared distance of two rows, summed in float32, is at most ``limit``."""
    width = X.shape[1]
    total = 0.0
    for first in range(0, width, 32):
        part = np.float32(0.0)
        for i in range(np.uint64(first), np.uint64(min(first + 32, width))):
            x = X[c, i] - X[d, i]
            part += x * x
        total += np.float64(part)
        if total > limit:
            return False
    return True


@njit()
def _groups_in_reach(
    table: NDArray[np.float32],
    group: int,
    lows: NDArray[np.float32],
    own: np.float32,
    factor: np.float32,
) -> int:
    """Count the groups whose lowest row may be near enough to the highest one of a group."""
    count = np.int32(0)
    for other in range(len(lows)):
        count += np.int32(own - lows[other] >= factor * table[group, other])
    return int(count)


@njit()
def _rows_in_reach(
    low: NDArray[np.float32],
    needed: NDArray[np.float32],
    own: np.float32,
    need: np.float32,
    first: int,
    last: int,
) -> int:
    """Count the rows ``first`` to ``last`` that are low enough for ``need`` and for their own."""
    count = np.int32(0)
    for d in range(np.uint64(first), np.uint64(last)):
        count += np.int32((own - low[d] >= need) & (own >= needed[d]))
    return int(count)


@njit()
def look(
    rows: Rows,
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    room: Room,
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

    ``high`` and ``low`` are the projections of the rows that may be c and d (about −``NOWHERE``
    and ``NOWHERE`` for those that may not); ``slack`` bounds the error of a gap between two.

    What many rows or groups are asked at once, in float32, allows for its rounding. Unsigned
    numbers count them: only then numba makes vector code of a loop that does not begin at zero.
    """
    # Taking an array out of a tuple counts references, which threads fight over: once for all.
    E, X, order, reach = rows.E, rows.X, rows.order, rows.reach
    groups, table = rows.groups, rows.table
    least_reach, between = rows.least_reach, rows.between
    lows, highs, others, needed = room.lows, room.highs, room.others, room.needed
    top, bottom = -np.inf, np.inf
    for group in range(len(groups) - 1):
        first, last = groups[group], groups[group + 1]
        lows[group], highs[group] = lowest(low, first, last), highest(high, first, last)
        top, bottom = max(top, np.float64(highs[group])), min(bottom, np.float64(lows[group]))
    floor = _floor(tau)
    if not top - bottom + slack >= floor * least:
        return
    # Nothing is far beyond the two ends, as far as it may stand.
    slack += 4e-7 * (abs(top) + abs(bottom))
    factor = np.float32(floor * (1.0 - 1e-6))
    for d in range(len(low)):
        needed[d] = low[d] + factor * reach[d]
    count = len(groups) - 1
    for group in range(count):
        ahead = np.float64(highs[group]) + slack
        if not ahead - bottom >= floor * max(least, np.float64(least_reach[group])):
            continue
        factor = np.float32(floor * (1.0 - 1e-6))
        if _groups_in_reach(between, group, lows, np.float32(ahead), factor) == 0:
            continue
        near = 0
        for other in range(count):
            apart = max(least, np.float64(between[group, other]))
            if ahead - np.float64(lows[other]) >= floor * apart:
                others[near] = other
                near += 1
        for c in range(groups[group], groups[group + 1]):
            own = np.float64(high[c]) + slack
            if near == 0 or own - bottom < floor * max(least, np.float64(reach[c])):
                continue
            for k in range(near):
                other = others[k]
                need = floor * max(np.float64(table[c, other]), least)
                if own - np.float64(lows[other]) < need:
                    continue
                first, last = groups[other], groups[other + 1]
                need_single = np.float32(need * (1.0 - 1e-6))
                if _rows_in_reach(low, needed, np.float32(own), need_single, first, last) == 0:
                    continue
                for d in range(first, last):
                    gap = own - np.float64(low[d])
                    if gap < max(need, floor * np.float64(reach[d])) or d == c:
                        continue
                    if floor > 0.0:
                        limit = (gap / floor) ** 2
                        if not _nearer(X, c, d, limit * (1.0 + 1e-4)):
                            continue
                    offer_quad(
                        E, max_similarity, fixed, best, tau,
                        order[a], order[b], order[c], order[d],
                    )  # fmt: skip
                    floor = _floor(tau)


@njit(inline=True)
def _floor(tau: NDArray[np.float64]) -> float:
    """Return a threshold low enough that rounding never costs an analogy that reaches τ."""
    floor: float = max(0.0, (tau[0] - 2.0**-38) * (1.0 - 1e-6))
    return floor


@njit()
def new_room(groups: int, rows: int) -> Room:
    """Return room for looks over so many groups and rows."""
    lows, highs = np.empty(groups, np.float32), np.empty(groups, np.float32)
    return Room(lows, highs, np.empty(groups, np.int64), np.empty(rows, np.float32))


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
    room = new_room(len(rows.groups) - 1, n)
    for lane in range(part, len(lanes.a), parts):
        a, b = lanes.a[lane], lanes.b[lane]
        stand(P[lane], a, b, lanes.not_c, lanes.c_first[lane], lanes.c_last[lane], -NOWHERE, high)
        stand(P[lane], a, b, lanes.not_d, lanes.d_first[lane], lanes.d_last[lane], NOWHERE, low)
        look(rows, high, low, room, rows.slack, 0.0, max_similarity, fixed, a, b, best, tau)
