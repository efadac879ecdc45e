"""Cosines of all rows from their products with a query vector; rows too short to have one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.items._first_pass import divide

__all__ = ["any_short", "divide_by_norms"]


def divide_by_norms(products: NDArray[Any], norms: NDArray[np.float64], short: float) -> bool:
    """Divide products by the norms of the rows; those of rows of zeros become NaN.

    Returns
    -------
    bool
        Whether any row is no longer than ``short``.
    """
    found = divide(products, norms, short)
    if found:
        products[norms == 0.0] = np.nan
    return found


def any_short(norms: NDArray[np.float64], short: float) -> bool:
    """Return whether any row is no longer than ``short``."""
    return bool(norms.min(initial=np.inf) <= short)
