"""Kernels behind :mod:`gene_analogies.search.knn.exclusion`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sums import row_cosine

__all__ = ["CosineBounds", "compare_edges", "mark_similar"]


class CosineBounds(NamedTuple):
    """What turns products of centred rows into bounds of the cosines of the rows themselves.

    Attributes
    ----------
    half
        float32 (n,): those of both rows are added to their product.
    norms
        float32 (n,): norms of the rows.
    max_norms
        float32 (n,): upper bounds of the norms, centred or not.
    max_similarity
        Highest cosine that is allowed.
    rounding
        A product is off by this times both of ``max_norms``.
    """

    half: NDArray[np.float32]
    norms: NDArray[np.float32]
    max_norms: NDArray[np.float32]
    max_similarity: float
    rounding: float


@njit()
def compare_edges(
    E: NDArray[Any],
    order: NDArray[np.int64],
    c: NDArray[np.int32],
    d: NDArray[np.int32],
    max_similarity: float,
    first: int,
    last: int,
    excluded: NDArray[np.bool_],
) -> None:
    """Write of edges ``first`` to ``last`` whether their cosine is above ``max_similarity``."""
    for e in range(first, last):
        excluded[e] = row_cosine(E, order[c[e]], order[d[e]]) > max_similarity


@njit()
def mark_similar(
    products: NDArray[np.float32],
    rows: NDArray[np.int64],
    bounds: CosineBounds,
    first: int,
    last: int,
    masked: NDArray[np.bool_],
) -> None:
    """Mark the cosines that are above the limit whatever the rounding errors.

    ``products[i]`` are those of row ``rows[i]`` with all rows, centred.
    """
    half, norms, max_norms = bounds.half, bounds.norms, bounds.max_norms
    for i in range(first, last):
        row = rows[i]
        half_row = half[row]
        limit = np.float32(bounds.max_similarity) * norms[row]
        error = np.float32(bounds.rounding) * max_norms[row]
        for j in range(products.shape[1]):
            above = limit * norms[j] + error * max_norms[j] + np.float32(2.0**-120)
            masked[i, j] = products[i, j] + (half_row + half[j]) > above
