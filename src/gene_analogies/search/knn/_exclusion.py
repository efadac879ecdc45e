"""Kernels behind :mod:`gene_analogies.search.knn.exclusion`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sums import row_cosine

__all__ = ["mark_similar", "too_similar"]


@njit()
def too_similar(
    E: NDArray[Any],
    order: NDArray[np.int64],
    c: NDArray[np.int32],
    d: NDArray[np.int32],
    max_similarity: float,
    first: int,
    last: int,
    alike: NDArray[np.bool_],
) -> None:
    """Tell of pairs ``first`` to ``last`` whether their cosine is above ``max_similarity``."""
    for e in range(first, last):
        alike[e] = row_cosine(E, order[c[e]], order[d[e]]) > max_similarity


@njit()
def mark_similar(
    products: NDArray[np.float32],
    rows: NDArray[np.int64],
    half: NDArray[np.float32],
    own: NDArray[np.float32],
    size: NDArray[np.float32],
    max_similarity: float,
    rounding: float,
    first: int,
    last: int,
    masked: NDArray[np.bool_],
) -> None:
    """Mark the cosines that are above ``max_similarity`` whatever the rounding errors.

    ``products`` are those of centred rows; adding ``half`` of both makes those of the rows
    themselves, whose norms are ``own`` and at most ``size``.
    """
    for i in range(first, last):
        row = rows[i]
        plus = half[row]
        limit = np.float32(max_similarity) * own[row]
        unsure = np.float32(rounding) * size[row]
        for j in range(products.shape[1]):
            least = limit * own[j] + unsure * size[j] + np.float32(2.0**-120)
            masked[i, j] = products[i, j] + (plus + half[j]) > least
