"""float32 numbers as whole numbers of the same order: their largest needs no care for NaN."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["HIGHEST_KEY", "LOWEST_KEY", "highest", "key", "lowest", "value_of"]

#: The whole numbers of −∞ and ∞.
LOWEST_KEY = np.int32(-2139095041)
HIGHEST_KEY = np.int32(2139095040)


@njit(inline=True)
def key(value: float) -> np.int32:
    """Turn a float32 into a whole number of the same order."""
    bits = np.float32(value).view(np.int32)
    return np.int32(bits ^ np.int32(np.int32(bits >> np.int32(31)) & np.int32(0x7FFFFFFF)))


@njit(inline=True)
def value_of(ordered: np.int32) -> np.float32:
    """Turn it back."""
    bits = np.int32(ordered ^ np.int32(np.int32(ordered >> np.int32(31)) & np.int32(0x7FFFFFFF)))
    value: np.float32 = bits.view(np.float32)
    return value


@njit()
def highest(row: NDArray[np.float32], first: int, last: int) -> np.float32:
    """Return the largest number of a part of a row; −∞ or less where it is empty."""
    max_key = LOWEST_KEY
    for i in range(np.uint64(first), np.uint64(last)):
        row_key = key(row[i])
        max_key = row_key if row_key > max_key else max_key
    return value_of(max_key)


@njit()
def lowest(row: NDArray[np.float32], first: int, last: int) -> np.float32:
    """Return the smallest number of a part of a row; ∞ or more where it is empty."""
    min_key = HIGHEST_KEY
    for i in range(np.uint64(first), np.uint64(last)):
        row_key = key(row[i])
        min_key = row_key if row_key < min_key else min_key
    return value_of(min_key)
