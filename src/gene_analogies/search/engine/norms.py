"""Lengths of rows, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    step = max(1, _AT_ONCE // d)
    for first in range(0, n, step):
        block = vectors[first : first + step].astype(np.float64, copy=False)
        norms[first : first + step] = np.sqrt(np.einsum("ij,ij->i", block, block))
    norms.flags.writeable = False
    return norms
