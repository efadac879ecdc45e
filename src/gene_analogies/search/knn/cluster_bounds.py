"""What the search for analogies knows of an embedding beforehand, beside its neighbour index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import KERNELS, retry_on_corrupt_cache
from gene_analogies.search.engine.threads import multiply, run_parts
from gene_analogies.search.knn._cluster_bounds import Clusters, add_rows, bound_clusters
from gene_analogies.search.knn.index import NeighbourIndex, read_only
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["ClusterBounds", "build_cluster_bounds"]

#: Clusters at most; rows in one, at least on average; bytes of the table of bounds at most.
_CLUSTERS = 256
_ROWS_A_CLUSTER = 16
_TABLE_BYTES = 2**26

#: Bytes of a block of inner products.
_BLOCK_BYTES = 2**25

#: Rounds of k-means; any clusters are correct, rough ones are good enough.
_ROUNDS = 4


@dataclass(frozen=True, repr=False)
class ClusterBounds:
    """Rows in clusters, centred, with lower bounds of the distances from rows to clusters.

    All arrays but ``E`` are in the order of the clusters.

    Attributes
    ----------
    E
        The vectors, (n, d), in their own order.
    X
        float32 (n, d): the vectors less their mean.
    mean
        float64 (d,): that mean, of all rows but outliers.
    squares
        float32 (n,): squared norms of ``X``.
    error
        float32 (n,): bound of the error of a row's projection on a unit direction, and of what
        float32 makes of it.
    outliers
        int64 (few,): rows so much longer than all others that no scale fits both.
    order
        int64 (n,): the row in ``E`` of each row.
    position
        int64 (n,): the inverse of ``order``.
    start, edge_d, edge_r
        k-NN edges, each once, nearest first in every row, as in
        :class:`gene_analogies.search.knn.index.NeighbourIndex`.
    knn_radius
        float32 (n,): pairs that are no k-NN edge are at least so far apart, or equal.
    cluster_start
        int64 (g + 1,): cluster q holds rows ``cluster_start[q]:cluster_start[q + 1]``.
    table
        float32 (g, n): the other rows of cluster q are at least ``table[q, i]`` from row i, unless
        joined to it by a k-NN edge.
    remembered
        What other modules derive from these, and keep.
    """

    E: NDArray[Any]
    X: NDArray[np.float32]
    mean: NDArray[np.float64]
    squares: NDArray[np.float32]
    error: NDArray[np.float32]
    outliers: NDArray[np.int64]
    order: NDArray[np.int64]
    position: NDArray[np.int64]
    start: NDArray[np.int64]
    edge_d: NDArray[np.int32]
    edge_r: NDArray[np.float32]
    knn_radius: NDArray[np.float32]
    cluster_start: NDArray[np.int64]
    table: NDArray[np.float32]
    remembered: dict[Any, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.X)

    @property
    def rounding(self) -> float:
        """Bound of the relative rounding error of a float32 inner product."""
        return _rounding(self.X.shape[1])

    def digest(self) -> bytes:
        """Return a digest of the vectors, the order of the rows, and the kernels."""
        digest = hashlib.sha256(repr((KERNELS, self.E.shape, self.E.dtype.str)).encode())
        digest.update(np.ascontiguousarray(self.E).data)
        digest.update(self.order.data)
        return digest.digest()


@retry_on_corrupt_cache
def build_cluster_bounds(vectors: NDArray[Any], index: NeighbourIndex) -> ClusterBounds:
    """Cluster the rows and bound the distances from every row to every cluster.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    index
        Its neighbour index for differences.

    Returns
    -------
    ClusterBounds
        About 4 (d + g) bytes a row, for at most 256 clusters.
    """
    E = read_only(vectors)
    n, d = E.shape
    mean = _mean_without_outliers(E)
    count = max(1, min(_CLUSTERS, n // _ROWS_A_CLUSTER, _TABLE_BYTES // (4 * n)))
    labels = _cluster_labels(E, mean, count)
    order = np.argsort(labels, kind="stable").astype(np.int64)
    X = np.empty((n, d), np.float32)
    for rows in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        X[rows] = E[order[rows]] - mean
    squares = np.empty(n, np.float64)
    for rows in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        squares[rows] = np.einsum("ij,ij->i", X[rows], X[rows], dtype=np.float64)
    position = np.empty(n, np.int64)
    position[order] = np.arange(n)
    c = np.repeat(position.astype(np.int32), np.diff(index.start))
    by_distance = np.lexsort((index.edge_r, c))
    norms = np.sqrt(squares)
    found = ClusterBounds(
        E=E,
        X=X,
        mean=mean,
        squares=squares.astype(np.float32),
        error=(1.25 * _rounding(d) * norms + 2.0**-120).astype(np.float32),
        outliers=_outliers(norms),
        order=order,
        position=position,
        start=_starts(c, n),
        edge_d=position.astype(np.int32)[index.edge_d][by_distance],
        edge_r=index.edge_r[by_distance],
        knn_radius=index.knn_radius[order],
        cluster_start=_starts(labels, count),
        table=np.empty((count, n), np.float32),
    )
    del by_distance, c
    _fill_table(found)
    return found


def _rounding(d: int) -> float:
    """Bound the relative rounding error of a float32 inner product of ``d`` terms."""
    return (d + 16) * 2.0**-24


def _mean_without_outliers(E: NDArray[Any]) -> NDArray[np.float64]:
    """Return the mean of all rows but outliers, which would move it far from all others."""
    n, d = E.shape
    mean: NDArray[np.float64] = E.mean(axis=0, dtype=np.float64)
    norms = np.empty(n)
    for rows in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        norms[rows] = np.linalg.norm(E[rows] - mean, axis=1)
    kept = np.ones(n, np.bool_)
    kept[_outliers(norms)] = False
    if kept.all():
        return mean
    total = np.zeros(d)
    for rows in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        total += E[rows][kept[rows]].sum(axis=0, dtype=np.float64)
    total /= np.count_nonzero(kept)
    return total


def _outliers(norms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the few rows that are more than four times as long as nearly all others."""
    n = len(norms)
    few = max(2, n // 64)
    usual = np.partition(norms, n - 1 - few)[n - 1 - few] if n > few else np.inf
    return np.flatnonzero(norms > 4.0 * usual) if usual > 0.0 else np.empty(0, np.int64)


def _cluster_labels(E: NDArray[Any], mean: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return the cluster of every row: a few rounds of k-means from evenly spread rows."""
    n = len(E)
    labels = np.zeros(n, np.int64)
    if count == 1:
        return labels
    centroids = E[np.linspace(0, n - 1, count).astype(np.int64)] - mean
    for _ in range(_ROUNDS):
        half_squares = (0.5 * np.einsum("ij,ij->i", centroids, centroids)).astype(np.float32)
        transposed = centroids.T.astype(np.float32)
        sums = np.zeros_like(centroids)
        for rows in row_blocks(n, _BLOCK_BYTES // (16 * max(count, E.shape[1]))):
            X = (E[rows] - mean).astype(np.float32)
            affinity = multiply(X, transposed, np.empty((len(X), count), np.float32))
            affinity -= half_squares
            labels[rows] = affinity.argmax(axis=1)
            add_rows(X, labels[rows], sums)
        sizes = np.bincount(labels, minlength=count)
        filled = sizes > 0
        centroids[filled] = sums[filled] / sizes[filled, None]
    return labels


def _fill_table(found: ClusterBounds) -> None:
    """Fill the table of distance bounds, block by block of inner products."""
    n = len(found)
    squares, start = found.squares, found.cluster_start
    max_square = np.array([squares[a:b].max(initial=0.0) for a, b in pairwise(start)])
    clusters = Clusters(start, squares, max_square, *_both_ways(found), 8.0 * found.rounding)
    size = max(1, _BLOCK_BYTES // (4 * n))
    products = np.empty((min(size, n), n), np.float32)
    for rows in row_blocks(n, size):
        begin, end = rows.start, rows.stop
        multiply(found.X[begin:end], found.X.T, products[: end - begin])

        def bound(part: int, parts: int, begin: int = begin, end: int = end) -> None:
            first, last = (begin + (end - begin) * p // parts for p in (part, part + 1))
            bound_clusters(products, begin, clusters, first, last, found.table)

        run_parts(bound)


def _both_ways(found: ClusterBounds) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the k-NN edges of every row, listed by either end: where they start, other rows."""
    n = len(found)
    edge_c = np.repeat(np.arange(n, dtype=np.int32), np.diff(found.start))
    first = np.concatenate([edge_c, found.edge_d])
    order = np.argsort(first, kind="stable")
    return _starts(first, n), np.concatenate([found.edge_d, edge_c])[order]


def _starts(labels: NDArray[np.integer[Any]], count: int) -> NDArray[np.int64]:
    """Return where each label begins in a sorted list of them, and where the last one ends."""
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(labels, minlength=count), out=start[1:])
    return start
