"""What the search for analogies knows of an embedding beforehand, beside its neighbour index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search import _field
from gene_analogies.search._numba import KERNELS, with_sound_kernels
from gene_analogies.search._threads import run_parts
from gene_analogies.search.index import NeighbourIndex, read_only

__all__ = ["Field", "Twins", "build_field"]

#: Groups of rows, at most; rows in one, at least on average; bytes of their table, at most.
_GROUPS = 256
_ROWS_A_GROUP = 16
_TABLE_BYTES = 2**26

#: Bytes of a block of inner products.
_BLOCK_BYTES = 2**25

#: Rounds of k-means; any grouping is correct, a rough one is good enough.
_ROUNDS = 4


@dataclass(frozen=True)
class Twins:
    """For every row, listed neighbours that are too similar to stand in for it.

    Attributes
    ----------
    start, row
        int64 of shape (n + 1,) and (count,): those of row i are ``row[start[i]:start[i + 1]]``.
    """

    start: NDArray[np.int64]
    row: NDArray[np.int64]


@dataclass(frozen=True, repr=False)
class Field:
    """Rows in groups of near ones, centred, with lower bounds of their distances.

    All arrays but ``E`` are in the order of the groups.

    Attributes
    ----------
    E
        The vectors, (n, d), in their own order.
    X
        float32 (n, d): the vectors less their mean.
    squares
        float32 (n,): squared norms of ``X``.
    order
        int64 (n,): the row in ``E`` of each row.
    place
        int64 (n,): its inverse.
    start, edge_d, edge_r
        Listed pairs, each once, nearest first in every row, as in
        :class:`gene_analogies.search.index.NeighbourIndex`.
    reach
        float32 (n,): pairs that are not listed are at least so far apart, or equal.
    groups
        int64 (g + 1,): group q holds rows ``groups[q]:groups[q + 1]``.
    table
        float32 (n, g): no row of group q that row i does not list is nearer to it, but itself.
    spread
        Largest norm of a row of ``X``.
    """

    E: NDArray[Any]
    X: NDArray[np.float32]
    squares: NDArray[np.float32]
    order: NDArray[np.int64]
    place: NDArray[np.int64]
    start: NDArray[np.int64]
    edge_d: NDArray[np.int32]
    edge_r: NDArray[np.float32]
    reach: NDArray[np.float32]
    groups: NDArray[np.int64]
    table: NDArray[np.float32]
    spread: float
    _twins: dict[float, Twins] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.X)

    @property
    def rounding(self) -> float:
        """Bound of the relative rounding error of a float32 inner product."""
        return float(self.X.shape[1] + 16) * 2.0**-24

    @property
    def slack(self) -> float:
        """Bound of the error of a gap between two projections on a unit direction."""
        return 2.5 * self.rounding * self.spread

    @property
    def slack_square(self) -> float:
        """Bound of the error of a squared distance, or of a gap between two inner products."""
        return 8.0 * self.rounding * self.spread**2

    def digest(self) -> bytes:
        """Return a digest of the vectors, the order of the rows, and the kernels."""
        digest = hashlib.sha256(repr((KERNELS, self.E.shape, self.E.dtype.str)).encode())
        digest.update(np.ascontiguousarray(self.E).data)
        digest.update(self.order.data)
        return digest.digest()

    def twins(self, max_similarity: float) -> Twins:
        """Return, for every row, the listed neighbours with a cosine above ``max_similarity``."""
        if max_similarity not in self._twins:
            edge_c = np.repeat(np.arange(len(self)), np.diff(self.start))
            alike = np.empty(len(edge_c), np.bool_)

            def compare(part: int, parts: int) -> None:
                m = len(edge_c)
                _field.too_similar(
                    self.E, self.order[edge_c], self.order[self.edge_d], max_similarity,
                    m * part // parts, m * (part + 1) // parts, alike,
                )  # fmt: skip

            run_parts(compare)
            c, d = edge_c[alike], self.edge_d[alike].astype(np.int64)
            first, second = np.concatenate([c, d]), np.concatenate([d, c])
            by_first = np.argsort(first, kind="stable")
            self._twins[max_similarity] = Twins(_starts(first, len(self)), second[by_first])
        return self._twins[max_similarity]


@with_sound_kernels
def build_field(vectors: NDArray[Any], index: NeighbourIndex) -> Field:
    """Group the rows and bound the distances from every row to every group.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    index
        Its neighbour index for differences.

    Returns
    -------
    Field
        About 4 (d + g) bytes a row, for at most 256 groups.
    """
    E = read_only(vectors)
    n, d = E.shape
    X = np.empty((n, d), np.float32)
    mean = E.mean(axis=0, dtype=np.float64)
    size = 2**22 // d + 1
    for first in range(0, n, size):
        X[first : first + size] = E[first : first + size] - mean
    count = max(1, min(_GROUPS, n // _ROWS_A_GROUP, _TABLE_BYTES // (4 * n)))
    labels = _group(X, count)
    order = np.argsort(labels, kind="stable").astype(np.int64)
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    groups = _starts(labels, count)
    X = X[order]
    squares = np.einsum("ij,ij->i", X, X, dtype=np.float64)
    c = place[np.repeat(np.arange(n), np.diff(index.start))]
    by_distance = np.lexsort((index.edge_r, c))
    found = Field(
        E=E,
        X=X,
        squares=squares.astype(np.float32),
        order=order,
        place=place,
        start=_starts(c, n),
        edge_d=place[index.edge_d][by_distance].astype(np.int32),
        edge_r=index.edge_r[by_distance],
        reach=index.reach[order],
        groups=groups,
        table=np.empty((n, count), np.float32),
        spread=float(np.sqrt(squares.max())),
    )
    _fill(found)
    return found


def _group(X: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the group of every row: a few rounds of k-means from evenly spread rows."""
    n = len(X)
    if count == 1:
        return np.zeros(n, np.int64)
    middles = X[np.linspace(0, n - 1, count).astype(np.int64)].astype(np.float64)
    labels = np.zeros(n, np.int64)
    size = max(1, _BLOCK_BYTES // (4 * count))
    for _ in range(_ROUNDS):
        halves = (0.5 * np.einsum("ij,ij->i", middles, middles)).astype(np.float32)
        turned = middles.T.astype(np.float32)
        for first in range(0, n, size):
            nearness = X[first : first + size] @ turned
            nearness -= halves
            labels[first : first + size] = nearness.argmax(axis=1)
        sums = np.zeros_like(middles)
        _field.add_rows(X, labels, sums)
        sizes = np.bincount(labels, minlength=count)
        filled = sizes > 0
        middles[filled] = sums[filled] / sizes[filled, None]
    return labels


def _fill(found: Field) -> None:
    """Fill the table of distances, block by block of inner products."""
    n = len(found)
    listed = np.repeat(np.arange(n), np.diff(found.start))
    first = np.concatenate([listed, found.edge_d])
    second = np.concatenate([found.edge_d, listed])
    near = second[np.argsort(first, kind="stable")].astype(np.int64)
    near_start = _starts(first, n)
    size = max(1, _BLOCK_BYTES // (4 * n))
    products = np.empty((min(size, n), n), np.float32)
    for begin in range(0, n, size):
        end = min(begin + size, n)
        block = products[: end - begin]
        np.matmul(found.X[begin:end], found.X.T, out=block)

        def bound(part: int, parts: int, begin: int = begin, end: int = end) -> None:
            m = end - begin
            _field.bound_groups(
                products, found.squares, near_start, near, found.groups, found.slack_square,
                begin, begin + m * part // parts, begin + m * (part + 1) // parts, found.table,
            )  # fmt: skip

        run_parts(bound)


def _starts(labels: NDArray[np.integer[Any]], count: int) -> NDArray[np.int64]:
    """Return where each label begins in a sorted list of them, and where the last one ends."""
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(labels, minlength=count), out=start[1:])
    return start
