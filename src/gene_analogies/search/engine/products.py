"""Products of all rows with a few vectors, and of all rows with all, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.util.row_blocks import row_blocks

__all__ = ["ProductBlock", "product_blocks", "products_of"]

#: Bytes of rows that stay in the processor's cache while they are multiplied with one vector after
#: another; fewer would not be worth a second thread to BLAS.
_CACHED = 5 << 19
#: Bytes of the block of inner products held at one time, and its most columns: products of a few
#: rows with very many would be slow.
_BLOCK_BYTES = 64 * 2**20
_BLOCK_WIDTH = 2**15
#: Beside so many vectors, one product of matrices is faster.
_SEVERAL = 4


def products_of(vectors: NDArray[Any], queries: NDArray[Any]) -> NDArray[Any]:
    """Return ``queries @ vectors.T``, of shape (m, n).

    Parameters
    ----------
    vectors, queries
        Shapes (n, d) and (m, d), both float32 or both float64.
    """
    n, d = vectors.shape
    m = len(queries)
    if m == 1:
        return np.asarray((vectors @ queries[0])[None])
    if m > _SEVERAL:
        return np.ascontiguousarray((vectors @ queries.T).T)
    found = np.empty((m, n), vectors.dtype)
    parts = max(1, n * d * vectors.itemsize // _CACHED)
    ends = [n * part // parts for part in range(parts + 1)]
    for begin, end in pairwise(ends):
        rows = vectors[begin:end]
        for query, row in zip(queries, found, strict=True):
            np.dot(rows, query, out=row[begin:end])
    return found


class ProductBlock(NamedTuple):
    """Inner products of some rows with some rows.

    Attributes
    ----------
    values
        float32 (rows, columns): of row ``row + i`` with row ``column + j``.
    row, column
        The first of either.
    """

    values: NDArray[np.float32]
    row: int
    column: int


def product_blocks(X: NDArray[np.float32], *, upper: bool = False) -> Iterator[ProductBlock]:
    """Yield the products of all rows with all, block by block; each overwrites the one before.

    Parameters
    ----------
    X
        float32 of shape (n, d).
    upper
        Leave out most of those below the diagonal, which are those above it.
    """
    n = len(X)
    width = min(n, _BLOCK_WIDTH)
    size = min(n, _BLOCK_BYTES // (4 * width))
    products = np.empty(size * width, np.float32)
    for rows in row_blocks(n, size):
        for columns in row_blocks(n, width):
            first = max(columns.start, rows.start) if upper else columns.start
            if first >= columns.stop:
                continue
            shape = rows.stop - rows.start, columns.stop - first
            values = products[: shape[0] * shape[1]].reshape(shape)
            np.matmul(X[rows], X[first : columns.stop].T, out=values)
            yield ProductBlock(values, rows.start, first)
