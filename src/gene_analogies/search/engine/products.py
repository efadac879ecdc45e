"""Products of all rows with a few vectors, at the speed at which the rows can be read."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["products_of"]

#: Bytes of rows that stay in the processor's cache while they are multiplied with one vector after
#: another; fewer would not be worth a second thread to BLAS.
_CACHED = 5 << 19
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
