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

#: Groups of rows, at most; rows in one, at least on average; bytes of their table, at most.
_GROUPS = 256
_ROWS_A_GROUP = 16
_TABLE_BYTES = 2**26

#: Bytes of a block of inner products.
_BLOCK_BYTES = 2**25

#: Rounds of k-means; any grouping is correct, a rough one is good enough.
_ROUNDS = 4


@dataclass(frozen=True, repr=False)
class ClusterBounds:
    """Rows in groups of near ones, centred, with lower bounds of their distances.

    All arrays but ``E`` are in the order of the groups.

    Attributes
    ----------
    E
        The vectors, (n, d), in their own order.
    X
        float32 (n, d): the vectors less their mean.
    mean
        float64 (d,): that mean, of all rows but those far out.
    squares
        float32 (n,): squared norms of ``X``.
    error
        float32 (n,): bound of the error of a row's projection on a unit direction, and of what
        float32 makes of it.
    outliers
        int64 (few,): rows so much longer than all others that no scale fits both.
    order
        int64 (n,): the row in ``E`` of each row.
    place
        int64 (n,): its inverse.
    start, edge_d, edge_r
        k-NN edges, each once, nearest first in every row, as in
        :class:`gene_analogies.search.knn.index.NeighbourIndex`.
    knn_radius
        float32 (n,): pairs that are not listed are at least so far apart, or equal.
    groups
        int64 (g + 1,): group q holds rows ``groups[q]:groups[q + 1]``.
    table
        float32 (g, n): no row of group q that row i does not list is nearer to it than
        ``table[q, i]``, but itself.
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
    place: NDArray[np.int64]
    start: NDArray[np.int64]
    edge_d: NDArray[np.int32]
    edge_r: NDArray[np.float32]
    knn_radius: NDArray[np.float32]
    groups: NDArray[np.int64]
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
    """Group the rows and bound the distances from every row to every group.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    index
        Its neighbour index for differences.

    Returns
    -------
    ClusterBounds
        About 4 (d + g) bytes a row, for at most 256 groups.
    """
    E = read_only(vectors)
    n, d = E.shape
    mean = _middle(E)
    count = max(1, min(_GROUPS, n // _ROWS_A_GROUP, _TABLE_BYTES // (4 * n)))
    labels = _group(E, mean, count)
    order = np.argsort(labels, kind="stable").astype(np.int64)
    X = np.empty((n, d), np.float32)
    for some in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        X[some] = E[order[some]] - mean
    squares = np.empty(n, np.float64)
    for some in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        squares[some] = np.einsum("ij,ij->i", X[some], X[some], dtype=np.float64)
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    c = np.repeat(place.astype(np.int32), np.diff(index.start))
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
        place=place,
        start=_starts(c, n),
        edge_d=place.astype(np.int32)[index.edge_d][by_distance],
        edge_r=index.edge_r[by_distance],
        knn_radius=index.knn_radius[order],
        groups=_starts(labels, count),
        table=np.empty((count, n), np.float32),
    )
    del by_distance, c
    _fill_table(found)
    return found


def _rounding(d: int) -> float:
    """Bound the relative rounding error of a float32 inner product of ``d`` terms."""
    return (d + 16) * 2.0**-24


def _middle(E: NDArray[Any]) -> NDArray[np.float64]:
    """Return the mean of all rows but those far out, which would move it far from all others."""
    n, d = E.shape
    mean: NDArray[np.float64] = E.mean(axis=0, dtype=np.float64)
    norms = np.empty(n)
    for some in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        norms[some] = np.linalg.norm(E[some] - mean, axis=1)
    usual = np.ones(n, np.bool_)
    usual[_outliers(norms)] = False
    if usual.all():
        return mean
    total = np.zeros(d)
    for some in row_blocks(n, _BLOCK_BYTES // (16 * d)):
        total += E[some][usual[some]].sum(axis=0, dtype=np.float64)
    total /= np.count_nonzero(usual)
    return total


def _outliers(norms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the few rows that are more than four times as long as nearly all others."""
    n = len(norms)
    few = max(2, n // 64)
    usual = np.partition(norms, n - 1 - few)[n - 1 - few] if n > few else np.inf
    return np.flatnonzero(norms > 4.0 * usual) if usual > 0.0 else np.empty(0, np.int64)


def _group(E: NDArray[Any], mean: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return the group of every row: a few rounds of k-means from evenly spread rows."""
    n = len(E)
    labels = np.zeros(n, np.int64)
    if count == 1:
        return labels
    middles = E[np.linspace(0, n - 1, count).astype(np.int64)] - mean
    for _ in range(_ROUNDS):
        halves = (0.5 * np.einsum("ij,ij->i", middles, middles)).astype(np.float32)
        turned = middles.T.astype(np.float32)
        sums = np.zeros_like(middles)
        for some in row_blocks(n, _BLOCK_BYTES // (16 * max(count, E.shape[1]))):
            rows = (E[some] - mean).astype(np.float32)
            nearness = multiply(rows, turned, np.empty((len(rows), count), np.float32))
            nearness -= halves
            labels[some] = nearness.argmax(axis=1)
            add_rows(rows, labels[some], sums)
        sizes = np.bincount(labels, minlength=count)
        filled = sizes > 0
        middles[filled] = sums[filled] / sizes[filled, None]
    return labels


def _fill_table(found: ClusterBounds) -> None:
    """Fill the table of distance bounds, block by block of inner products."""
    n = len(found)
    squares, start = found.squares, found.groups
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
    """Return the listed neighbours of every row, whichever of the two lists the other."""
    n = len(found)
    own = np.repeat(np.arange(n, dtype=np.int32), np.diff(found.start))
    first = np.concatenate([own, found.edge_d])
    order = np.argsort(first, kind="stable")
    return _starts(first, n), np.concatenate([found.edge_d, own])[order]


def _starts(labels: NDArray[np.integer[Any]], count: int) -> NDArray[np.int64]:
    """Return where each label begins in a sorted list of them, and where the last one ends."""
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(labels, minlength=count), out=start[1:])
    return start
