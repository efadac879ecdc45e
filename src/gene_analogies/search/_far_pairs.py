"""Directions between far rows: which of them may have a partner, and a look at those."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._lanes import HIGHEST_KEY, LOWEST_KEY, NOWHERE, key, value_of
from gene_analogies.search._look import Rows, look, new_room
from gene_analogies.search._numba import njit
from gene_analogies.search._quads import Quads

__all__ = ["look_pairs", "mark_far"]

#: Inner products of one row that stay in the processor's cache.
_CHUNK = 512


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
    slack: float,
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
        float32 (A, n): inner products of rows ``row_a …``, without and with those that may not
        be c.
    second, second_d
        float32 (B, n): the same of rows ``row_b …`` and d.
    """
    n = first.shape[1]
    high = np.empty(len(second), np.int32)
    low = np.empty(len(second), np.int32)
    for i in range(part, len(first), parts):
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
            square = np.float64(squares_a[i]) + np.float64(squares_b[j])
            square -= 2.0 * np.float64(first[i, b]) + slack
            gap = np.float64(value_of(high[j])) - np.float64(value_of(low[j])) + slack
            marked[i, j] = gap >= threshold * max(square, 0.0)


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
    slack: float,
    max_similarity: float,
    part: int,
    parts: int,
    best: Quads,
    tau: NDArray[np.float64],
) -> None:
    """Look at the marked directions for longer partners that are not listed."""
    n = first.shape[1]
    X = rows.X
    high, low = np.empty(n, np.float32), np.empty(n, np.float32)
    room = new_room(len(rows.groups) - 1, n)
    for i in range(part, len(first), parts):
        for j in range(len(second)):
            if not marked[i, j]:
                continue
            a, b = row_a + i, row_b + j
            square = 0.0
            for k in range(X.shape[1]):
                x = np.float64(X[a, k]) - np.float64(X[b, k])
                square += x * x
            if square == 0.0:
                continue
            length = np.sqrt(square)
            factor = np.float32(1.0 / length)
            for row in range(n):
                high[row] = (first_c[i, row] - second[j, row]) * factor
                low[row] = (first[i, row] - second_d[j, row]) * factor
            high[a] = high[b] = -NOWHERE
            low[a] = low[b] = NOWHERE
            unsure = slack / length + rows.slack
            look(
                rows, high, low, room, unsure, length * (1.0 - 2.0**-18), max_similarity, False,
                a, b, best, tau,
            )  # fmt: skip
