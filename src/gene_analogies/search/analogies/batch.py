"""Many directions at once: which listed pairs may reach the threshold.

The projections of all rows on a block of directions stand row by row, ``S[row, lane]``, as whole
numbers of 8 bits: two rows are compared in all lanes by a few vector instructions, since the
largest of whole numbers, unlike that of floats, needs no care for NaN. In each lane the numbers
span what is between the highest row that may be c and the lowest that may be d.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies.quads import Quads, offer_quad
from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sort_keys import highest, lowest

__all__ = [
    "LANES",
    "NOWHERE",
    "lowered",
    "scan_listed",
    "scan_pairs",
    "stand",
    "turn",
]

#: Directions that two rows are compared in at once; a fixed number makes better vector code.
LANES = 64

#: Rows that are turned at once.
_TILE = 64

#: What a row gets in a lane where it may not stand: beyond every projection.
NOWHERE = np.float32(3e37)


@njit()
def stand(
    P: NDArray[np.float32],
    error: NDArray[np.float32],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    not_c: NDArray[np.bool_],
    c_mask: NDArray[np.int64],
    not_d: NDArray[np.bool_],
    outliers: NDArray[np.int64],
    first: int,
    last: int,
    low: NDArray[np.float32],
    top: NDArray[np.float32],
    bottom: NDArray[np.float32],
) -> None:
    """Say in lanes ``first`` to ``last`` how high every row may stand as c, how low as d.

    Parameters
    ----------
    P
        float32 (lanes, n): the projections; becomes the highest that each row may have as c.
    a, b
        Rows of each lane.
    not_c, c_mask
        bool (m, n), int64 (lanes,): rows ``not_c[c_mask[lane]]`` may not be c in a lane.
    not_d
        bool (lanes, n): those that may not be d.
    low
        float32 (lanes, n): the lowest projection that each row may have as d.
    top, bottom
        float32 (lanes,): the ends of ``P`` and ``low`` without rows ``outliers``.
    """
    for lane in range(first, last):
        high_row, low_row = P[lane], low[lane]
        no_c, no_d = not_c[c_mask[lane]], not_d[lane]
        for row in range(len(high_row)):
            one, unsure = high_row[row], error[row]
            high_row[row] = -NOWHERE if no_c[row] else one + unsure
            low_row[row] = NOWHERE if no_d[row] else one - unsure
        for row in (a[lane], b[lane]):
            high_row[row], low_row[row] = -NOWHERE, NOWHERE
        kept = np.empty((2, len(outliers)), np.float32)
        for i in range(len(outliers)):
            row = outliers[i]
            kept[0, i], kept[1, i] = high_row[row], low_row[row]
            high_row[row], low_row[row] = -NOWHERE, NOWHERE
        top[lane], bottom[lane] = (
            highest(high_row, 0, len(high_row)),
            lowest(low_row, 0, len(low_row)),
        )
        for i in range(len(outliers)):
            row = outliers[i]
            high_row[row], low_row[row] = kept[0, i], kept[1, i]


@njit()
def turn(
    P: NDArray[np.float32],
    bottom: NDArray[np.float32],
    scale: float,
    first: int,
    last: int,
    S: NDArray[np.uint8],
) -> None:
    """Write rows ``first`` to ``last`` of the transpose of ``P`` as whole numbers into ``S``.

    They count from ``bottom``; what is beyond 0 to 255 stands at the end of it. ``S`` has more
    lanes where ``P`` has fewer than ``LANES``; they stay 0.
    """
    lanes = P.shape[0]
    factor = np.float32(scale)
    part = np.zeros((LANES, _TILE), np.uint8)
    for start in range(first, last, _TILE):
        count = min(_TILE, last - start)
        for lane in range(lanes):
            row, least = P[lane, start : start + count], bottom[lane]
            for i in range(count):
                one = (row[i] - least) * factor + np.float32(0.5)
                one = one if one > np.float32(0.0) else np.float32(0.0)
                one = one if one < np.float32(255.0) else np.float32(255.0)
                part[lane, i] = np.uint8(np.int32(one))
        for i in range(count):
            for lane in range(LANES):
                S[start + i, lane] = part[lane, i]


@njit()
def _widest(S: NDArray[np.uint8], c: int, d: int) -> int:
    """Largest gap between two rows over all lanes."""
    one, other = S[c], S[d]
    widest = np.uint8(0)
    for lane in range(LANES):
        x, y = one[lane], other[lane]
        above, below = x if x > y else y, y if x > y else x
        gap = np.uint8(above - below)
        widest = gap if gap > widest else widest
    return int(widest)


@njit()
def _widest_down(high: NDArray[np.uint8], c: int, low: NDArray[np.uint8], d: int) -> int:
    """Largest gap from one row down to another over all lanes."""
    one, other = high[c], low[d]
    widest = np.uint8(0)
    for lane in range(LANES):
        x, y = one[lane], other[lane]
        above = x if x > y else y
        gap = np.uint8(above - y)
        widest = gap if gap > widest else widest
    return int(widest)


@njit()
def scan_listed(
    E: NDArray[Any],
    order: NDArray[np.int64],
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    S: NDArray[np.uint8],
    S_low: NDArray[np.uint8],
    both: bool,
    ends: NDArray[np.uint8],
    scale: float,
    unsure: float,
    lane_a: NDArray[np.int64],
    lane_b: NDArray[np.int64],
    start: NDArray[np.int64],
    edge_d: NDArray[np.int32],
    edge_r: NDArray[np.float32],
    max_similarity: float,
    fixed: bool,
    first: int,
    last: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Offer the listed pairs of rows ``first`` to ``last`` that may reach τ in any lane.

    The pairs of a row stand by their distance, so that a row is left at the first that is too far.
    A gap of whole numbers is off by less than ``unsure``. ``S_low`` is looked at only if ``both``:
    otherwise a row stands in ``S`` as c and as d. ``ends`` is the highest number in each lane.
    """
    nothing = np.zeros((1, LANES), np.uint8)
    for c in range(first, last):
        begin, end = start[c], start[c + 1]
        if begin == end:
            continue
        widest = max(_widest_down(S, c, nothing, 0), _widest_down(ends, 0, S_low, c))
        reach = np.float64(widest) + unsure
        floor = lowered(tau) * scale
        for e in range(begin, end):
            apart = floor * np.float64(edge_r[e])
            if reach < apart:
                break
            d = int(edge_d[e])
            if both:
                gap = max(_widest_down(S, c, S_low, d), _widest_down(S, d, S_low, c))
            else:
                gap = _widest(S, c, d)
            if np.float64(gap) + unsure < apart:
                continue
            need = lowered(tau) * np.float64(edge_r[e])
            for lane in range(len(lane_a)):
                down = np.int64(S[c, lane]) - np.int64(S_low[d, lane])
                up = np.int64(S[d, lane]) - np.int64(S_low[c, lane])
                if np.float64(max(down, up)) + unsure < apart:
                    continue
                _offer_pair(
                    E, order, high, low, lane, c, d, need, lane_a[lane], lane_b[lane],
                    max_similarity, fixed, best, tau,
                )  # fmt: skip
            floor = lowered(tau) * scale


@njit()
def scan_pairs(
    E: NDArray[Any],
    order: NDArray[np.int64],
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    lane_a: NDArray[np.int64],
    lane_b: NDArray[np.int64],
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    r: NDArray[np.float32],
    max_similarity: float,
    fixed: bool,
    first: int,
    last: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Offer the pairs ``first`` to ``last`` of some that may reach τ in any lane."""
    for e in range(first, last):
        need = lowered(tau) * np.float64(r[e])
        for lane in range(len(lane_a)):
            _offer_pair(
                E, order, high, low, lane, c[e], d[e], need, lane_a[lane], lane_b[lane],
                max_similarity, fixed, best, tau,
            )  # fmt: skip


@njit()
def _offer_pair(
    E: NDArray[Any],
    order: NDArray[np.int64],
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    lane: int,
    c: int,
    d: int,
    need: float,
    lane_a: int,
    lane_b: int,
    max_similarity: float,
    fixed: bool,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Offer a pair in one lane, either way round, where it is at least ``need`` apart."""
    a, b = order[lane_a], order[lane_b]
    if np.float64(high[lane, c]) - np.float64(low[lane, d]) >= need:
        offer_quad(E, max_similarity, fixed, best, tau, a, b, order[c], order[d])
    if np.float64(high[lane, d]) - np.float64(low[lane, c]) >= need:
        offer_quad(E, max_similarity, fixed, best, tau, a, b, order[d], order[c])


@njit(inline=True)
def lowered(tau: NDArray[np.float64]) -> float:
    """Return a threshold low enough that rounding never costs an analogy that reaches τ."""
    floor: float = max(0.0, (tau[0] - 2.0**-38) * (1.0 - 1e-6))
    return floor
