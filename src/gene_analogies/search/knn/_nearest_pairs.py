"""The exact nearest neighbours of rows, from their products with all rows in float32."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sums import square_length

__all__ = ["Products", "keep_nearest", "square_distances"]

#: Rows that are compared before one of them is looked at.
_STRIDE = 256
#: Added to squares that may have been lost to underflow.
_TINY = 2.0**-110


class Products(NamedTuple):
    """Inner products of some rows with all, and which rows these are.

    Attributes
    ----------
    E
        The vectors, (n, d).
    order, kinds
        int64 (n,): the row in ``E`` of each row; rows of one kind are equal.
    rows
        int64 (m,): which rows, numbered in this order.
    values
        float32 (m, n): their products with all rows.
    squares
        float32 (n,): squared norms of all rows.
    error
        A squared distance made of these is off by at most ``error`` times the sum of both squares.
    """

    E: NDArray[Any]
    order: NDArray[np.int64]
    kinds: NDArray[np.int64]
    rows: NDArray[np.int64]
    values: NDArray[np.float32]
    squares: NDArray[np.float32]
    error: float


@njit()
def square_distances(
    E: NDArray[Any],
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    start: int,
    stop: int,
    squares: NDArray[np.float64],
) -> None:
    """Write the squared distances of pairs of rows ``start`` to ``stop``."""
    for pair in range(start, stop):
        squares[pair] = square_length(E, c[pair], d[pair], -1.0)


@njit()
def _bounds(
    products: NDArray[np.float32],
    squares: NDArray[np.float32],
    share: np.float32,
    bounds: NDArray[np.float32],
    limit: np.float32,
) -> bool:
    """Write ``share · squares − 2 products``; return whether any is at most ``limit``."""
    found = False
    for t in range(len(products)):
        bound = share * squares[t] - (products[t] + products[t])
        bounds[t] = bound
        found |= bound <= limit
    return found


@njit()
def _replace_greatest(heap: NDArray[np.float32], value: np.float32) -> None:
    i = 0
    while True:
        child = 2 * i + 1
        if child >= len(heap):
            break
        if child + 1 < len(heap) and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= value:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = value


@njit()
def _insert(
    near: NDArray[np.int64], far: NDArray[np.float64], size: int, row: int, square: float
) -> int:
    """Insert a row into a sorted list, where it belongs there; return the list's length."""
    if size == len(near):
        if square > far[-1] or (square == far[-1] and row > near[-1]):
            return size
        size -= 1
    i = size
    while i > 0 and (far[i - 1] > square or (far[i - 1] == square and near[i - 1] > row)):
        far[i], near[i] = far[i - 1], near[i - 1]
        i -= 1
    far[i], near[i] = square, row
    return size + 1


@njit()
def keep_nearest(
    products: Products,
    start: int,
    stop: int,
    near: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Write the nearest rows of ``products.rows[start:stop]``, by distance, then by number.

    Rows in ``E`` go to ``near``, (m, count), and how many there are to ``counts``; equal rows are
    no neighbours.
    """
    E, order, kinds, rows = products.E, products.order, products.kinds, products.rows
    values, squares, error = products.values, products.squares, products.error
    n, width = len(squares), near.shape[1]
    less, more = np.float32(1.0 - error), np.float32(1.0 + error)
    heap, bounds = np.empty(width, np.float32), np.empty(_STRIDE, np.float32)
    far = np.empty(width)
    for i in range(start, stop):
        c, kind = order[rows[i]], kinds[rows[i]]
        error_bound = 2.0 * error * np.float64(squares[rows[i]]) + _TINY
        heap[:] = np.inf
        for first in range(0, n, _STRIDE):
            part = values[i, first : first + _STRIDE]
            if not _bounds(part, squares[first : first + _STRIDE], more, bounds, heap[0]):
                continue
            for t in range(len(part)):
                if bounds[t] < heap[0] and kinds[first + t] != kind:
                    _replace_greatest(heap, bounds[t])
        limit = np.nextafter(np.float32(np.float64(heap[0]) + error_bound), np.float32(np.inf))
        size, lost = 0, True
        while lost:
            size, lost = 0, False
            for first in range(0, n, _STRIDE):
                part = values[i, first : first + _STRIDE]
                if not _bounds(part, squares[first : first + _STRIDE], less, bounds, limit):
                    continue
                for t in range(len(part)):
                    if bounds[t] > limit or kinds[first + t] == kind:
                        continue
                    square = square_length(E, c, order[first + t], -1.0)
                    if square > 0.0:
                        size = _insert(near[i], far, size, order[first + t], square)
                    else:
                        lost = True
            # Squares so small that they vanish made the limit too low: look at all rows.
            lost = lost and size < width and limit < np.inf
            limit = np.float32(np.inf)
        counts[i] = size
