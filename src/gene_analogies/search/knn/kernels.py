"""Kernels that find and refine the nearest neighbours of every row."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sums import square_length

__all__ = ["Nearest", "Products", "edge_squares", "select_nearest"]


class Products(NamedTuple):
    """A block of inner products of rows.

    Attributes
    ----------
    values
        float32 (rows, columns): of row ``row + i`` with row ``column + j``.
    row, column
        The first of either.
    squares
        float32 (n,): the squared norms of all rows.
    """

    values: NDArray[np.float32]
    row: int
    column: int
    squares: NDArray[np.float32]


class Nearest(NamedTuple):
    """The nearest rows so far, of every row of a block.

    Attributes
    ----------
    heaps
        float32 (rows, k): lower bounds of their squared distances, the largest first.
    sizes
        int64 (rows,): how many are kept.
    ids
        int32 (n, k), by row of all: which rows they are.
    cut
        float32 (n,), likewise: the largest kept bound, a lower bound for all other rows.
    """

    heaps: NDArray[np.float32]
    sizes: NDArray[np.int64]
    ids: NDArray[np.int32]
    cut: NDArray[np.float32]


@njit()
def select_nearest(
    products: Products, nearest: Nearest, sign: float, error: float, start: int, stop: int
) -> None:
    """Keep the rows with the smallest lower bounds of ``‖e_c ± e_d‖²``.

    Of rows ``start`` to ``stop`` of the block. The bound is
    ``(‖c‖² + ‖d‖²)(1 − error) ± 2⟨c, d⟩``, below the true value whatever the rounding.
    """
    values, column, squares = products.values, products.column, products.squares
    heaps, sizes, ids, cut = nearest.heaps, nearest.sizes, nearest.ids, nearest.cut
    count, keep = values.shape[1], ids.shape[1]
    twice = np.float32(2.0 * sign)
    shrink = np.float32(1.0 - error)
    bounds = np.empty(64, np.float32)
    for i in range(start, stop):
        c = products.row + i
        square = squares[c]
        row, heap = ids[c], heaps[i]
        size = sizes[i]
        limit = heap[0] if size == keep else np.float32(np.inf)
        for begin in range(0, count, 64):
            end = min(begin + 64, count)
            near = 0
            for d in range(begin, end):
                bound = (square + squares[column + d]) * shrink + twice * values[i, d]
                bounds[d - begin] = bound
                near += bound < limit
            if near == 0:
                continue
            for d in range(begin, end):
                bound = bounds[d - begin]
                if bound >= limit or column + d == c:
                    continue
                if size < keep:
                    j = size
                    size += 1
                    while j > 0 and heap[(j - 1) >> 1] < bound:
                        heap[j] = heap[(j - 1) >> 1]
                        row[j] = row[(j - 1) >> 1]
                        j = (j - 1) >> 1
                else:
                    j = 0
                    while True:
                        child = 2 * j + 1
                        if child >= keep:
                            break
                        if child + 1 < keep and heap[child + 1] > heap[child]:
                            child += 1
                        if heap[child] <= bound:
                            break
                        heap[j] = heap[child]
                        row[j] = row[child]
                        j = child
                heap[j] = bound
                row[j] = column + d
                if size == keep:
                    limit = heap[0]
        sizes[i] = size
        cut[c] = heap[0]


@njit()
def edge_squares(
    E: NDArray[Any],
    sign: float,
    ids: NDArray[np.int32],
    start: int,
    stop: int,
    squares: NDArray[np.float64],
) -> None:
    """Write ``‖e_c ± e_d‖²`` of rows ``start`` to ``stop`` and their neighbours, in float64.

    Of two rows that list each other the first keeps the edge; the other has 0 there.
    """
    keep = ids.shape[1]
    for c in range(start, stop):
        for j in range(keep):
            d = int(np.int64(ids[c, j]))  # of one type, for one `square_length`
            listed = False
            if d < c:
                for other in range(keep):
                    listed |= ids[d, other] == c
            squares[c, j] = 0.0 if listed else square_length(E, c, d, sign)
