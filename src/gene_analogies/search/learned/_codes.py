"""Kernel of sparse non-negative codes: the lasso of every row, by coordinate descent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["descend"]

#: Sweeps over all weights at most; a row ends after one in which no weight moves by more.
_SWEEPS = 1000
_SETTLED = 1e-7


@njit()
def descend(
    products: NDArray[np.float64],
    gram: NDArray[np.float64],
    sparsity: float,
    codes: NDArray[np.float64],
) -> None:
    """Write the w ≥ 0 that minimise ½ ‖u − w A‖² + sparsity · Σ w, for each row u.

    One weight after the other takes its best value (Friedman, Hastie & Tibshirani 2010).

    Parameters
    ----------
    products
        U Aᵀ, shape (rows, m).
    gram
        A Aᵀ, shape (m, m), C-ordered.
    codes
        Written; shape (rows, m).
    """
    m = len(gram)
    gain = np.empty(m)
    for i in range(len(products)):
        w = codes[i]
        for j in range(m):
            w[j] = 0.0
            gain[j] = products[i, j] - sparsity
        for _ in range(_SWEEPS):
            furthest = 0.0
            for j in range(m):
                square = gram[j, j]
                if square == 0.0 or (w[j] == 0.0 and gain[j] <= 0.0):
                    continue
                step = max(w[j] + gain[j] / square, 0.0) - w[j]
                w[j] += step
                row = gram[j]
                for k in range(m):
                    gain[k] -= step * row[k]
                furthest = max(furthest, abs(step))
            if furthest <= _SETTLED:
                break
