"""A few directions: the pairs that are not listed and may reach the threshold."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies.batch import lowered
from gene_analogies.search.analogies.quads import Quads, beyond, offer_quad
from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.engine.sort_keys import highest, lowest

__all__ = ["TOGETHER", "Rows", "look", "look_lanes"]


#: Directions that are looked at together.
TOGETHER = 8

#: Groups that are asked at once.
_PART = 32


class Rows(NamedTuple):
    """What a look needs of a :class:`gene_analogies.search.knn.cluster_bounds.ClusterBounds`.

    ``least_reach`` is the least of ``reach`` in every group, float32 of shape (g,), and
    ``between[q, r]`` the least of ``table[r]`` over group q, float32 of shape (g, g).
    """

    E: NDArray[Any]
    X: NDArray[np.float32]
    squares: NDArray[np.float32]
    error: NDArray[np.float32]
    order: NDArray[np.int64]
    reach: NDArray[np.float32]
    groups: NDArray[np.int64]
    table: NDArray[np.float32]
    least_reach: NDArray[np.float32]
    between: NDArray[np.float32]


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
    between: NDArray[np.float32],
    group: int,
    lows: NDArray[np.float32],
    lane: int,
    own: np.float32,
    factor: np.float32,
    first: int,
    last: int,
) -> int:
    """Count the groups ``first`` to ``last`` whose lowest row may be near enough to ``own``."""
    count = np.int32(0)
    for other in range(np.uint64(first), np.uint64(last)):
        count += np.int32(own - lows[lane, other] >= factor * between[group, other])
    return int(count)


@njit()
def _high_rows(
    high: NDArray[np.float32],
    lane: int,
    table: NDArray[np.float32],
    other: int,
    low: np.float32,
    factor: np.float32,
    first: int,
    last: int,
) -> int:
    """Count the rows ``first`` to ``last`` that may be near enough to the lowest of a group."""
    count = np.int32(0)
    for c in range(np.uint64(first), np.uint64(last)):
        count += np.int32(high[lane, c] - low >= factor * table[other, c])
    return int(count)


@njit()
def _rows_in_reach(
    low: NDArray[np.float32],
    lane: int,
    reach: NDArray[np.float32],
    own: np.float32,
    factor: np.float32,
    need: np.float32,
    first: int,
    last: int,
) -> int:
    """Count the rows ``first`` to ``last`` that are low enough for ``need`` and for their own."""
    count = np.int32(0)
    for d in range(np.uint64(first), np.uint64(last)):
        gap = own - low[lane, d]
        count += np.int32((gap >= need) & (gap >= factor * reach[d]))
    return int(count)


@njit()
def look(
    rows: Rows,
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    least: NDArray[np.float64],
    max_similarity: float,
    fixed: bool,
    lane_a: NDArray[np.int64],
    lane_b: NDArray[np.int64],
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Offer the unlisted pairs, at least ``least`` apart in each lane, that may reach τ.

    ``high`` and ``low``, float32 of shape (lanes, n), are the highest projections that the rows
    may have as c and the lowest as d, whatever the rounding errors (about −``NOWHERE`` and
    ``NOWHERE`` for those that may not). Lanes are taken together, so that what is known of a group
    is read from memory once for all of them.

    What many rows or groups are asked at once, in float32, allows for its rounding. Unsigned
    numbers count them: only then numba makes vector code of a loop that does not begin at zero.
    """
    # Taking an array out of a tuple counts references, which threads fight over: once for all.
    E, X, order, reach = rows.E, rows.X, rows.order, rows.reach
    groups, table = rows.groups, rows.table
    least_reach, between = rows.least_reach, rows.between
    lanes, count = len(high), len(groups) - 1
    lows, highs = np.empty((lanes, count), np.float32), np.empty((lanes, count), np.float32)
    bottoms = np.empty(lanes, np.float64)
    for lane in range(lanes):
        top, bottom = -np.inf, np.inf
        own_high, own_low = high[lane], low[lane]
        for group in range(count):
            first, last = groups[group], groups[group + 1]
            lows[lane, group] = lowest(own_low, first, last)
            highs[lane, group] = highest(own_high, first, last)
            top = max(top, np.float64(highs[lane, group]))
            bottom = min(bottom, np.float64(lows[lane, group]))
        # A lane in which nothing is far enough from anything ends here.
        bottoms[lane] = bottom if top - bottom >= lowered(tau) * least[lane] else np.inf
    for group in range(count):
        for lane in range(lanes):
            if fixed and tau[0] >= 1.0 and beyond(best, order[lane_b[lane]], -1):
                continue
            ahead, bottom = highs[lane, group], bottoms[lane]
            floor = lowered(tau)
            apart = floor * max(least[lane], np.float64(least_reach[group]))
            if not np.float64(ahead) - bottom >= apart:
                continue
            factor = np.float32(floor * (1.0 - 1e-6))
            for part in range(0, count, _PART):
                stop = min(part + _PART, count)
                if _groups_in_reach(between, group, lows, lane, ahead, factor, part, stop) == 0:
                    continue
                for other in range(part, stop):
                    apart = floor * max(least[lane], np.float64(between[group, other]))
                    there = lows[lane, other]
                    if np.float64(ahead) - np.float64(there) < apart:
                        continue
                    first, last = groups[group], groups[group + 1]
                    if _high_rows(high, lane, table, other, there, factor, first, last) == 0:
                        continue
                    _look_groups(
                        E, X, order, reach, groups, table, group, other, high, low, lane, there,
                        least[lane], max_similarity, fixed, lane_a[lane], lane_b[lane], best, tau,
                    )  # fmt: skip


@njit()
def _look_groups(
    E: NDArray[Any],
    X: NDArray[np.float32],
    order: NDArray[np.int64],
    reach: NDArray[np.float32],
    groups: NDArray[np.int64],
    table: NDArray[np.float32],
    group: int,
    other: int,
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    lane: int,
    bottom: np.float32,
    least: float,
    max_similarity: float,
    fixed: bool,
    a: int,
    b: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Offer the unlisted pairs from one group to another whose lowest row is at ``bottom``."""
    floor = lowered(tau)
    factor = np.float32(floor * (1.0 - 1e-6))
    first, last = groups[other], groups[other + 1]
    for c in range(groups[group], groups[group + 1]):
        own = np.float64(high[lane, c])
        need = floor * max(np.float64(table[other, c]), np.float64(reach[c]), least)
        if own - np.float64(bottom) < need:
            continue
        if fixed and tau[0] >= 1.0 and beyond(best, order[b], order[c]):
            continue
        single = np.float32(need * (1.0 - 1e-6))
        if _rows_in_reach(low, lane, reach, high[lane, c], factor, single, first, last) == 0:
            continue
        for d in range(first, last):
            gap = own - np.float64(low[lane, d])
            if gap < max(need, floor * np.float64(reach[d])) or d == c:
                continue
            if floor > 0.0:
                limit = (gap / floor) ** 2 * (1.0 + 1e-4)
                if not _nearer(X, c, d, limit):
                    continue
            offer_quad(E, max_similarity, fixed, best, tau, order[a], order[b], order[c], order[d])
            floor = lowered(tau)


@njit()
def look_lanes(
    rows: Rows,
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    lane_a: NDArray[np.int64],
    lane_b: NDArray[np.int64],
    max_similarity: float,
    fixed: bool,
    part: int,
    parts: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Look at every lane for pairs that are not listed, whatever their distance."""
    least = np.zeros(TOGETHER)
    for first in range(part * TOGETHER, len(high), parts * TOGETHER):
        last = min(first + TOGETHER, len(high))
        look(
            rows, high[first:last], low[first:last], least, max_similarity, fixed,
            lane_a[first:last], lane_b[first:last], best, tau,
        )  # fmt: skip
