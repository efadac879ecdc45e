"""One pass over the scores of all rows each, while they are in the processor's cache."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["best_of_classes", "divide_by_norms", "rows_reaching"]

#: Rows that are compared before one of them is looked at.
_STRIDE = 256


@njit()
def divide_by_norms(products: NDArray[Any], norms: NDArray[np.float64], short: float) -> bool:
    """Divide products by the norms of the rows; those of rows of zeros become NaN.

    Returns
    -------
    bool
        Whether any row is no longer than ``short``.
    """
    kind = products.dtype.type
    found = False
    for i in range(len(products)):
        products[i] /= kind(norms[i])
        found |= norms[i] <= short
    if found:
        for i in range(len(products)):
            if norms[i] == 0.0:
                products[i] = np.nan
    return found


@njit()
def best_of_classes(
    values: NDArray[Any], allowed: NDArray[np.bool_], width: int
) -> NDArray[np.float64]:
    """Return the highest allowed value of rows i, i + width, i + 2 width …, float64 (width,)."""
    best = np.full(width, -np.inf)
    for first in range(0, len(values), width):
        part, usable = values[first : first + width], allowed[first : first + width]
        for i in range(len(part)):
            value = np.float64(part[i])
            best[i] = value if (value > best[i]) & usable[i] else best[i]
    return best


@njit()
def rows_reaching(
    values: NDArray[Any], allowed: NDArray[np.bool_], floor: float
) -> NDArray[np.int64]:
    """Return the allowed rows whose value is at least ``floor``, and finite or ∞, increasing."""
    rows = np.empty(len(values), np.int64)
    size = 0
    for first in range(0, len(values), _STRIDE):
        part = values[first : first + _STRIDE]
        # A loop over all of an array, without a branch, is vector code.
        some: Any = np.False_
        for i in range(len(part)):
            some |= np.float64(part[i]) >= floor
        if not some:
            continue
        for i in range(len(part)):
            value = np.float64(part[i])
            if value >= floor and value > -np.inf and allowed[first + i]:
                rows[size] = first + i
                size += 1
    return rows[:size].copy()
