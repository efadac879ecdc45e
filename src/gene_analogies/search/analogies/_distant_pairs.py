"""Directions between far rows: which of them may have a partner, and a look at those."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies._branch_and_bound import TOGETHER, Rows, look
from gene_analogies.search.analogies.batch import NOWHERE
from gene_analogies.search.analogies.quads import Quads
from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sort_keys import HIGHEST_KEY, LOWEST_KEY, highest, key, value_of

__all__ = ["look_pairs", "mark_far", "widen"]

#: Inner products of one row that stay in the processor's cache.
_CHUNK = 512

#: Squared distances below this part of the squared norms are worked out in float64.
_NEAR = 2.0**-16


@njit()
def widen(
    products: NDArray[np.float32],
    squares: NDArray[np.float32],
    error: NDArray[np.float32],
    masked: NDArray[np.bool_],
    first: int,
    last: int,
    plain: NDArray[np.float32],
    allowed: NDArray[np.float32],
) -> None:
    """Make bounds of inner products of rows ``first`` to ``last`` with all others.

    Parameters
    ----------
    products
        float32 (m, n): inner products, which may be ``plain`` itself.
    squares
        float32 (m,): squared norms of the rows.
    masked
        bool (m, n): which others may not stand beside a row.
    plain, allowed
        float32 (m, n): at most the product, and at least it; −``NOWHERE`` where masked.
    """
    for i in range(first, last):
        length = np.float32(np.sqrt(squares[i]) * (1.0 + 2.0**-20))
        for row in range(products.shape[1]):
            one = products[i, row]
            unsure = error[row] * length + np.float32(2.0**-120)
            plain[i, row] = one - unsure
            allowed[i, row] = -NOWHERE if masked[i, row] else one + unsure


@njit()
def mark_far(
    first_c: NDArray[np.float32],
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    second_d: NDArray[np.float32],
    squares_a: NDArray[np.float32],
    squares_b: NDArray[np.float32],
    row_a: int,
    row_b: int,
    rounding: float,
    threshold: float,
    part: int,
    parts: int,
    marked: NDArray[np.bool_],
) -> None:
    """Mark the directions in which two allowed rows are far enough apart.

    The partner of a direction is at least as long as the direction itself: with the inner
    products ``G``, it needs ``max_c (G_ac − G_bc) − min_d (G_ad − G_bd) ≥ τ ‖a − b‖²``.

    Parameters
    ----------
    first_c, first
        float32 (A, n): inner products of rows ``row_a …`` as :func:`widen` leaves them, with
        −``NOWHERE`` for those that may not be c, and at least.
    second, second_d
        float32 (B, n): the same of rows ``row_b …``, at least, and with −``NOWHERE`` for those
        that may not be d.
    """
    n = first.shape[1]
    high = np.empty(len(second), np.int32)
    low = np.empty(len(second), np.int32)
    for i in range(part, len(first), parts):
        if highest(first_c[i], 0, n) <= -NOWHERE:
            marked[i, :] = False
            continue
        high[:] = LOWEST_KEY
        low[:] = HIGHEST_KEY
        for begin in range(0, n, _CHUNK):
            end = min(begin + _CHUNK, n)
            for j in range(len(second)):
                most, least = high[j], low[j]
                for row in range(np.uint64(begin), np.uint64(end)):
                    up = key(first_c[i, row] - second[j, row])
                    most = up if up > most else most
                    down = key(first[i, row] - second_d[j, row])
                    least = down if down < least else least
                high[j], low[j] = most, least
        for j in range(len(second)):
            a, b = row_a + i, row_b + j
            if a >= b:
                marked[i, j] = False
                continue
            both = np.float64(squares_a[i]) + np.float64(squares_b[j])
            square = both - 2.0 * np.float64(first[i, b]) - rounding * both
            gap = np.float64(value_of(high[j])) - np.float64(value_of(low[j]))
            marked[i, j] = gap >= threshold * max(square, 0.0)


@njit()
def _project(
    E: NDArray[Any],
    X: NDArray[np.float32],
    order: NDArray[np.int64],
    error: NDArray[np.float32],
    a: int,
    b: int,
    factor: float,
    high: NDArray[np.float32],
    low: NDArray[np.float32],
) -> None:
    """Project all rows on an offset of length ``1 / factor``, in float64."""
    width = X.shape[1]
    offset = np.empty(width)
    for k in range(width):
        offset[k] = (np.float64(E[order[a], k]) - np.float64(E[order[b], k])) * factor
    for row in range(len(X)):
        total = 0.0
        for k in range(width):
            total += offset[k] * np.float64(X[row, k])
        high[row], low[row] = total + error[row], total - error[row]


@njit()
def look_pairs(
    rows: Rows,
    first_c: NDArray[np.float32],
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    second_d: NDArray[np.float32],
    row_a: int,
    row_b: int,
    marked: NDArray[np.bool_],
    max_similarity: float,
    part: int,
    parts: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Look at the marked directions for longer partners that are not listed."""
    n = first.shape[1]
    E, order = rows.E, rows.order
    high, low = np.empty((TOGETHER, n), np.float32), np.empty((TOGETHER, n), np.float32)
    lane_a, lane_b = np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int64)
    least = np.empty(TOGETHER)
    lanes = 0
    for i in range(part, len(first), parts):
        for j in range(len(second)):
            if not marked[i, j]:
                continue
            a, b = row_a + i, row_b + j
            square = 0.0
            for k in range(E.shape[1]):
                x = np.float64(E[order[a], k]) - np.float64(E[order[b], k])
                square += x * x
            if square == 0.0:
                continue
            _stand(
                rows, first_c, first, second, second_d, i, j, a, b, np.sqrt(square),
                high[lanes], low[lanes],
            )  # fmt: skip
            lane_a[lanes], lane_b[lanes] = a, b
            least[lanes] = np.sqrt(square) * (1.0 - 2.0**-18)
            lanes += 1
            if lanes == TOGETHER:
                look(rows, high, low, least, max_similarity, False, lane_a, lane_b, best, tau)
                lanes = 0
    if lanes > 0:
        look(
            rows, high[:lanes], low[:lanes], least, max_similarity, False, lane_a, lane_b, best,
            tau,
        )  # fmt: skip


@njit()
def _stand(
    rows: Rows,
    first_c: NDArray[np.float32],
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    second_d: NDArray[np.float32],
    i: int,
    j: int,
    a: int,
    b: int,
    length: float,
    high: NDArray[np.float32],
    low: NDArray[np.float32],
) -> None:
    """Say how high every row may stand as c, how low as d, in the direction from b to a."""
    squares = rows.squares
    if length * length < _NEAR * (np.float64(squares[a]) + np.float64(squares[b])):
        # The difference of two inner products says little of so short an offset.
        _project(rows.E, rows.X, rows.order, rows.error, a, b, 1.0 / length, high, low)
        for row in range(len(high)):
            if first_c[i, row] <= -NOWHERE:
                high[row] = -NOWHERE
            if second_d[j, row] <= -NOWHERE:
                low[row] = NOWHERE
    else:
        single = np.float32(1.0 / length)
        for row in range(len(high)):
            high[row] = (first_c[i, row] - second[j, row]) * single
            low[row] = (first[i, row] - second_d[j, row]) * single
    high[a] = high[b] = -NOWHERE
    low[a] = low[b] = NOWHERE
