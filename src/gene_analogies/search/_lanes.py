"""Many directions at once: which listed pairs may reach the threshold.

The projections of all rows on a block of directions stand row by row, ``S[row, lane]``, as whole
numbers of 16 bits: two rows are compared in all lanes by a few vector instructions, since the
largest of whole numbers, unlike that of floats, needs no care for NaN.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._numba import njit
from gene_analogies.search._quads import Quads, offer_quad

__all__ = [
    "LARGEST",
    "NOWHERE",
    "Lanes",
    "bound_lanes",
    "highest",
    "key",
    "lowest",
    "scan_listed",
    "stand",
    "turn",
    "value_of",
]

#: The largest projection as a whole number, so that differences fit into 16 bits.
LARGEST = 16_383.0

#: What a row gets in a lane where it may not stand: beyond every projection.
NOWHERE = np.float32(3e37)


#: The whole numbers of −∞ and ∞.
LOWEST_KEY = np.int32(-2139095041)
HIGHEST_KEY = np.int32(2139095040)


class Lanes(NamedTuple):
    """A block of directions.

    Attributes
    ----------
    a, b
        int64 of shape (lanes,): the direction of a lane is from b to a.
    not_c, c_first, c_last
        Rows ``not_c[c_first[lane]:c_last[lane]]`` are too similar to a to be c.
    not_d, d_first, d_last
        The same for b and d.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    not_c: NDArray[np.int64]
    c_first: NDArray[np.int64]
    c_last: NDArray[np.int64]
    not_d: NDArray[np.int64]
    d_first: NDArray[np.int64]
    d_last: NDArray[np.int64]


@njit(inline=True)
def key(value: float) -> np.int32:
    """Turn a float32 into a whole number of the same order."""
    bits = np.float32(value).view(np.int32)
    return np.int32(bits ^ np.int32(np.int32(bits >> np.int32(31)) & np.int32(0x7FFFFFFF)))


@njit(inline=True)
def value_of(ordered: np.int32) -> np.float32:
    """Turn it back."""
    bits = np.int32(ordered ^ np.int32(np.int32(ordered >> np.int32(31)) & np.int32(0x7FFFFFFF)))
    value: np.float32 = bits.view(np.float32)
    return value


@njit()
def highest(row: NDArray[np.float32], first: int, last: int) -> np.float32:
    """Return the largest number of a part of a row; −∞ or less where it is empty."""
    most = LOWEST_KEY
    for i in range(np.uint64(first), np.uint64(last)):
        one = key(row[i])
        most = one if one > most else most
    return value_of(most)


@njit()
def lowest(row: NDArray[np.float32], first: int, last: int) -> np.float32:
    """Return the smallest number of a part of a row; ∞ or more where it is empty."""
    least = HIGHEST_KEY
    for i in range(np.uint64(first), np.uint64(last)):
        one = key(row[i])
        least = one if one < least else least
    return value_of(least)


@njit()
def stand(
    projections: NDArray[np.float32],
    a: int,
    b: int,
    excluded: NDArray[np.int64],
    first: int,
    last: int,
    nowhere: np.float32,
    row: NDArray[np.float32],
) -> None:
    """Copy projections, with ``nowhere`` for a, b and rows ``excluded[first:last]``."""
    row[:] = projections
    row[a] = row[b] = nowhere
    for e in range(first, last):
        row[excluded[e]] = nowhere


@njit()
def bound_lanes(
    P: NDArray[np.float32],
    lanes: Lanes,
    first: int,
    last: int,
    top: NDArray[np.float32],
    bottom: NDArray[np.float32],
) -> None:
    """Find the highest projection of a row that may be c, the lowest of one that may be d."""
    row = np.empty(P.shape[1], np.float32)
    for lane in range(first, last):
        a, b = lanes.a[lane], lanes.b[lane]
        stand(P[lane], a, b, lanes.not_c, lanes.c_first[lane], lanes.c_last[lane], -NOWHERE, row)
        top[lane] = highest(row, 0, len(row))
        stand(P[lane], a, b, lanes.not_d, lanes.d_first[lane], lanes.d_last[lane], NOWHERE, row)
        bottom[lane] = lowest(row, 0, len(row))


@njit()
def turn(P: NDArray[np.float32], scale: float, first: int, last: int, S: NDArray[np.int16]) -> None:
    """Write rows ``first`` to ``last`` of the transpose of ``P`` as whole numbers into ``S``."""
    lanes = P.shape[0]
    factor = np.float32(scale)
    for start in range(first, last, 32):
        stop = min(start + 32, last)
        for lane in range(lanes):
            for row in range(start, stop):
                S[row, lane] = np.int16(P[lane, row] * factor)


@njit()
def _widest(S: NDArray[np.int16], c: int, d: int, lanes: int) -> int:
    """Largest gap between two rows over all lanes."""
    widest = np.int16(0)
    for lane in range(lanes):
        gap = np.int16(abs(np.int16(S[c, lane] - S[d, lane])))
        widest = gap if gap > widest else widest
    return int(widest)


@njit()
def _widest_of_row(
    S: NDArray[np.int16], c: int, top: NDArray[np.int16], bottom: NDArray[np.int16], lanes: int
) -> int:
    """Largest gap that a row can have with any row that may stand beside it."""
    widest = np.int16(0)
    for lane in range(lanes):
        down = np.int16(S[c, lane] - bottom[lane])
        up = np.int16(top[lane] - S[c, lane])
        gap = down if down > up else up
        widest = gap if gap > widest else widest
    return int(widest)


@njit()
def scan_listed(
    E: NDArray[Any],
    order: NDArray[np.int64],
    S: NDArray[np.int16],
    scale: float,
    slack: float,
    top: NDArray[np.int16],
    bottom: NDArray[np.int16],
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
    A gap of whole numbers is off by less than two, and by the rounding of the projections.
    """
    lanes = S.shape[1]
    unsure = slack * scale + 2.0
    for c in range(first, last):
        begin, end = start[c], start[c + 1]
        if begin == end:
            continue
        floor = (tau[0] - 2.0**-38) * (1.0 - 1e-6) * scale
        widest = np.float64(_widest_of_row(S, c, top, bottom, lanes)) + unsure
        for e in range(begin, end):
            need = floor * np.float64(edge_r[e]) - unsure
            if widest < need + unsure:
                break
            d = int(edge_d[e])
            if np.float64(_widest(S, c, d, lanes)) < need:
                continue
            for lane in range(lanes):
                gap = np.int64(S[c, lane]) - np.int64(S[d, lane])
                if np.float64(abs(gap)) < need:
                    continue
                a, b = order[lane_a[lane]], order[lane_b[lane]]
                if gap > -unsure:
                    offer_quad(E, max_similarity, fixed, best, tau, a, b, order[c], order[d])
                if gap < unsure:
                    offer_quad(E, max_similarity, fixed, best, tau, a, b, order[d], order[c])
            floor = (tau[0] - 2.0**-38) * (1.0 - 1e-6) * scale
