"""Lengths of rows, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.util.row_blocks import row_blocks

__all__ = ["row_norms"]

#: Numbers converted to float64 at a time: 4 MiB of them.
_AT_ONCE = 1 << 19


def row_norms(vectors: NDArray[Any]) -> NDArray[np.float64]:
    """Return the Euclidean length of every row, read-only float64 of shape (n,).

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, whose squares are finite.
    """
    n, d = vectors.shape
    norms = np.empty(n)
    for rows in row_blocks(n, _AT_ONCE // d):
        block = vectors[rows].astype(np.float64, copy=False)
        norms[rows] = np.sqrt(np.einsum("ij,ij->i", block, block))
    norms.flags.writeable = False
    return norms
