"""A batch of directions: which k-NN edges may reach the threshold.

The projections of all rows on a batch of directions stand row by row, ``S[row, direction]``, as
whole numbers of 8 bits: two rows are compared in all directions by a few vector instructions, since
the largest of whole numbers, unlike that of floats, needs no care for NaN. In each direction the
numbers span what is between the highest row that may be c and the lowest that may be d.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies._offer import Answer, offer, relaxed_threshold
from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sort_keys import highest, lowest

__all__ = [
    "BATCH",
    "EXCLUDED",
    "Directions",
    "Edges",
    "Masks",
    "Quantized",
    "bound_projections",
    "quantize",
    "scan_edges",
    "scan_pairs",
]

#: Directions that two rows are compared in at once; a fixed number makes better vector code.
BATCH = 64

#: Rows that are transposed at once.
_TILE = 64

#: The projection of a row that is excluded: beyond every other.
EXCLUDED = np.float32(3e37)


class Directions(NamedTuple):
    """Directions, and bounds of the projections of all rows on them.

    Attributes
    ----------
    a, b
        int64 of shape (m,): a direction is from b to a.
    high, low
        float32 of shape (m, n): the highest projection that a row may have as c, the lowest as d;
        −`EXCLUDED` and `EXCLUDED`, or about that, where it may not be c or d.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    high: NDArray[np.float32]
    low: NDArray[np.float32]


class Masks(NamedTuple):
    """Which rows are excluded.

    Attributes
    ----------
    not_c, c_mask
        bool (u, n), int64 (m,): rows ``not_c[c_mask[i]]`` may not be c in direction i.
    not_d
        bool (m, n): those that may not be d.
    outliers
        int64: rows that are kept apart, since no scale fits them and the others.
    """

    not_c: NDArray[np.bool_]
    c_mask: NDArray[np.int64]
    not_d: NDArray[np.bool_]
    outliers: NDArray[np.int64]


class Edges(NamedTuple):
    """Pairs of rows, by c, nearest first: edges of the k-NN graph, or given ones.

    Attributes
    ----------
    start
        int64 of shape (n + 1,): where the edges of each c begin.
    d, length
        int32 and float32: the other row, and how far it is at least.
    """

    start: NDArray[np.int64]
    d: NDArray[np.int32]
    length: NDArray[np.float32]


class Quantized(NamedTuple):
    """`Directions` of a batch as whole numbers.

    Attributes
    ----------
    high, low
        uint8 of shape (n, BATCH); one array where ``separate`` is false: then a row has the same
        number as c and as d.
    top
        uint8 of shape (1, BATCH): the highest number in each direction.
    scale
        What a projection is multiplied by.
    error
        A difference of two numbers is off by less.
    """

    high: NDArray[np.uint8]
    low: NDArray[np.uint8]
    separate: bool
    top: NDArray[np.uint8]
    scale: float
    error: float


@njit()
def bound_projections(
    directions: Directions,
    masks: Masks,
    error: NDArray[np.float32],
    first: int,
    last: int,
    ends: NDArray[np.float32],
) -> None:
    """Bound the projections of all rows on directions ``first`` to ``last``.

    ``high`` holds the projections, which are off by at most ``error``. Writes the highest and the
    lowest bound of each direction, without outliers, into ``ends``, float32 of shape (2, m).
    """
    outliers = masks.outliers
    for i in range(first, last):
        high, low = directions.high[i], directions.low[i]
        not_c, not_d = masks.not_c[masks.c_mask[i]], masks.not_d[i]
        for row in range(len(high)):
            value, margin = high[row], error[row]
            high[row] = -EXCLUDED if not_c[row] else value + margin
            low[row] = EXCLUDED if not_d[row] else value - margin
        for row in (directions.a[i], directions.b[i]):
            high[row], low[row] = -EXCLUDED, EXCLUDED
        kept = np.empty((2, len(outliers)), np.float32)
        for k in range(len(outliers)):
            row = outliers[k]
            kept[0, k], kept[1, k] = high[row], low[row]
            high[row], low[row] = -EXCLUDED, EXCLUDED
        ends[0, i] = highest(high, 0, len(high))
        ends[1, i] = lowest(low, 0, len(low))
        for k in range(len(outliers)):
            row = outliers[k]
            high[row], low[row] = kept[0, k], kept[1, k]


@njit()
def quantize(
    bounds: NDArray[np.float32],
    bottom: NDArray[np.float32],
    scale: float,
    first: int,
    last: int,
    S: NDArray[np.uint8],
) -> None:
    """Write rows ``first`` to ``last`` of the transpose of ``bounds`` as whole numbers into ``S``.

    They count from ``bottom``, within 0 to 255. Where there are fewer directions than ``BATCH``,
    the others are 0.
    """
    count = len(bounds)
    factor = np.float32(scale)
    tile = np.zeros((BATCH, _TILE), np.uint8)
    for start in range(first, last, _TILE):
        rows = min(_TILE, last - start)
        for i in range(count):
            values, origin = bounds[i, start : start + rows], bottom[i]
            for row in range(rows):
                value = (values[row] - origin) * factor + np.float32(0.5)
                value = value if value > np.float32(0.0) else np.float32(0.0)
                value = value if value < np.float32(255.0) else np.float32(255.0)
                tile[i, row] = np.uint8(np.int32(value))
        for row in range(rows):
            for i in range(BATCH):
                S[start + row, i] = tile[i, row]


@njit()
def _largest_gap(S: NDArray[np.uint8], c: int, d: int) -> int:
    """Largest difference of two rows, either way, in any direction."""
    x_row, y_row = S[c], S[d]
    largest = np.uint8(0)
    for i in range(BATCH):
        x, y = x_row[i], y_row[i]
        above, below = x if x > y else y, y if x > y else x
        gap = np.uint8(above - below)
        largest = gap if gap > largest else largest
    return int(largest)


@njit()
def _largest_drop(high: NDArray[np.uint8], c: int, low: NDArray[np.uint8], d: int) -> int:
    """Largest difference from one row down to another in any direction."""
    x_row, y_row = high[c], low[d]
    largest = np.uint8(0)
    for i in range(BATCH):
        x, y = x_row[i], y_row[i]
        above = x if x > y else y
        gap = np.uint8(above - y)
        largest = gap if gap > largest else largest
    return int(largest)


@njit()
def scan_edges(
    edges: Edges,
    directions: Directions,
    quantized: Quantized,
    first: int,
    last: int,
    answer: Answer,
) -> None:
    """Offer the edges of rows ``first`` to ``last`` that may reach τ in any direction.

    The edges of a row stand by their length, so that a row is left at the first that is too long.
    """
    start, edge_d, length = edges.start, edges.d, edges.length
    high, low, separate = quantized.high, quantized.low, quantized.separate
    top, scale, error = quantized.top, quantized.scale, quantized.error
    exact_high, exact_low, tau = directions.high, directions.low, answer.tau
    zeros = np.zeros((1, BATCH), np.uint8)
    zero: Any = np.int64(0)  # no literal, for which a kernel would be compiled anew
    for c in range(first, last):
        begin, end = start[c], start[c + 1]
        if begin == end:
            continue
        largest = max(_largest_drop(high, c, zeros, zero), _largest_drop(top, zero, low, c))
        reach = np.float64(largest) + error
        threshold = relaxed_threshold(tau) * scale
        for e in range(begin, end):
            need = threshold * np.float64(length[e])
            if reach < need:
                break
            d: Any = np.int64(edge_d[e])
            if separate:
                gap = max(_largest_drop(high, c, low, d), _largest_drop(high, d, low, c))
            else:
                gap = _largest_gap(high, c, d)
            if np.float64(gap) + error < need:
                continue
            exact_need = relaxed_threshold(tau) * np.float64(length[e])
            for i in range(len(exact_high)):
                down = np.int64(high[c, i]) - np.int64(low[d, i])
                up = np.int64(high[d, i]) - np.int64(low[c, i])
                if np.float64(max(down, up)) + error >= need:
                    _offer_pair(exact_high, exact_low, directions, i, c, d, exact_need, answer)
            threshold = relaxed_threshold(tau) * scale


@njit()
def scan_pairs(
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    length: NDArray[np.float32],
    directions: Directions,
    first: int,
    last: int,
    answer: Answer,
) -> None:
    """Offer the pairs ``first`` to ``last`` of some that may reach τ in any direction."""
    high, low = directions.high, directions.low
    for e in range(first, last):
        need = relaxed_threshold(answer.tau) * np.float64(length[e])
        for i in range(len(high)):
            _offer_pair(high, low, directions, i, c[e], d[e], need, answer)


@njit()
def _offer_pair(
    high: NDArray[np.float32],
    low: NDArray[np.float32],
    directions: Directions,
    i: int,
    c: int,
    d: int,
    need: float,
    answer: Answer,
) -> None:
    """Offer a pair in one direction, either way round, where it is at least ``need`` apart."""
    if np.float64(high[i, c]) - np.float64(low[i, d]) >= need:
        offer(answer, directions.a[i], directions.b[i], c, d)
    if np.float64(high[i, d]) - np.float64(low[i, c]) >= need:
        offer(answer, directions.a[i], directions.b[i], d, c)
