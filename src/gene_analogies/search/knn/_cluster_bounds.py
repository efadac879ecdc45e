"""Kernels behind :mod:`gene_analogies.search.knn.cluster_bounds`."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sort_keys import HIGHEST_KEY, key, value_of

__all__ = ["Clusters", "add_rows", "bound_clusters"]


class Clusters(NamedTuple):
    """Rows in clusters, with their neighbours.

    Attributes
    ----------
    start
        int64 (g + 1,): cluster q holds rows ``start[q]:start[q + 1]``.
    squares
        float32 (n,): squared norms of the rows.
    max_square
        float32 (g,): the largest of them in each cluster.
    neighbour_start, neighbours
        int64 (n + 1,) and int32: the k-NN edges of each row, listed by either end.
    rounding
        A squared distance is off by this times the larger square.
    """

    start: NDArray[np.int64]
    squares: NDArray[np.float32]
    max_square: NDArray[np.float32]
    neighbour_start: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    rounding: float


@njit()
def add_rows(X: NDArray[np.float32], labels: NDArray[np.int64], sums: NDArray[np.float64]) -> None:
    """Add every row to the sum of its cluster."""
    for row in range(len(X)):
        label = labels[row]
        for i in range(X.shape[1]):
            sums[label, i] += X[row, i]


@njit()
def bound_clusters(
    products: NDArray[np.float32],
    begin: int,
    clusters: Clusters,
    first: int,
    last: int,
    table: NDArray[np.float32],
) -> None:
    """Bound the distances from rows ``first`` to ``last`` to each cluster, neighbours left out.

    Row ``begin`` has the first row of ``products``, which is overwritten.
    """
    start, squares, max_square, neighbour_start, neighbours, rounding = clusters
    for row in range(first, last):
        of_row = products[row - begin]
        of_row[row] = -np.inf
        for e in range(neighbour_start[row], neighbour_start[row + 1]):
            of_row[neighbours[e]] = -np.inf
        for cluster in range(len(start) - 1):
            min_key = HIGHEST_KEY
            for other in range(np.uint64(start[cluster]), np.uint64(start[cluster + 1])):
                other_key = key(squares[other] - np.float32(2.0) * of_row[other])
                min_key = other_key if other_key < min_key else min_key
            larger = np.float64(max(squares[row], max_square[cluster]))
            error_bound = rounding * larger + 2.0**-120
            square = np.float64(value_of(min_key)) + np.float64(squares[row]) - error_bound
            # The factor is above the rounding of the root and of its float32.
            table[cluster, row] = np.float32(math.sqrt(max(square, 0.0)) * (1.0 - 2.0**-20))
