"""Kernels behind :mod:`gene_analogies.search.knn.cluster_bounds`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sort_keys import HIGHEST_KEY, key, value_of

__all__ = ["add_rows", "bound_groups"]


@njit()
def add_rows(X: NDArray[np.float32], labels: NDArray[np.int64], sums: NDArray[np.float64]) -> None:
    """Add every row to the sum of its group."""
    for row in range(len(X)):
        label = labels[row]
        for i in range(X.shape[1]):
            sums[label, i] += X[row, i]


@njit()
def bound_groups(
    products: NDArray[np.float32],
    squares: NDArray[np.float32],
    longest: NDArray[np.float32],
    near_start: NDArray[np.int64],
    near: NDArray[np.int32],
    groups: NDArray[np.int64],
    rounding: float,
    begin: int,
    first: int,
    last: int,
    table: NDArray[np.float32],
) -> None:
    """Bound the distances from rows ``first`` to ``last`` to each group, less what they list.

    Row ``begin`` has the first row of ``products``, which is spoiled. ``longest`` is the largest
    of ``squares`` in each group: a squared distance is off by ``rounding`` times the larger one.
    """
    for row in range(first, last):
        own = products[row - begin]
        own[row] = -np.inf
        for e in range(near_start[row], near_start[row + 1]):
            own[near[e]] = -np.inf
        for group in range(len(groups) - 1):
            least = HIGHEST_KEY
            for other in range(np.uint64(groups[group]), np.uint64(groups[group + 1])):
                one = key(squares[other] - np.float32(2.0) * own[other])
                least = one if one < least else least
            slack = rounding * np.float64(max(squares[row], longest[group])) + 2.0**-120
            square = np.float64(value_of(least)) + np.float64(squares[row]) - slack
            # The factor is above the rounding of the root and of its float32.
            table[group, row] = np.float32(math.sqrt(max(square, 0.0)) * (1.0 - 2.0**-20))
