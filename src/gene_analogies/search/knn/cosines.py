"""What a search knows beforehand of the cosines of rows: those of k-NN edges, and a bound."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit, retry_on_corrupt_cache
from gene_analogies.search.engine.products import ProductBlock, product_blocks
from gene_analogies.search.engine.sums import row_cosine
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.search.knn.index import NeighbourIndex, read_only
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["Cosines", "build_cosines"]

#: Where lengths differ by less than this factor, distances say enough of cosines.
_ONE_LENGTH = 1.02

#: Columns that are compared before one of them is looked at.
_STRIDE = 64


class Cosines(NamedTuple):
    """Lengths of the rows, and cosines between them; that with a zero vector is 0.

    Attributes
    ----------
    norms, inverse
        float64 (n,): the lengths, and one over them, 0 for zero vectors.
    low, high
        The smallest length that is not 0, and the largest.
    edge
        float32 (edges,): cosine of each k-NN edge, rounded up.
    near
        float32 (n,): the greatest of those that a row lists; −1 where it lists none.
    far
        float32 (n,): no cosine of a row with one to which it has no k-NN edge, and which is not
        equal, is greater; 0 or more.
    """

    norms: NDArray[np.float64]
    inverse: NDArray[np.float64]
    low: float
    high: float
    edge: NDArray[np.float32]
    near: NDArray[np.float32]
    far: NDArray[np.float32]


@retry_on_corrupt_cache
def build_cosines(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    index: NeighbourIndex,
    progress: Progress | None = None,
) -> Cosines:
    """Compute the cosines of k-NN edges, and bound all the others.

    For rows of one length the bound follows from the k-NN radius; else all inner products are
    computed.

    Parameters
    ----------
    vectors, norms
        Arrays of shape (n, d) and (n,): the rows and their lengths.
    index
        Their neighbour index, for differences.
    progress
        Called with (rows done, n) after each block of inner products.
    """
    vectors = read_only(vectors)
    n = len(vectors)
    inverse = np.divide(1.0, norms, where=norms > 0.0, out=np.zeros(n))
    low, high = float(norms.min(where=norms > 0.0, initial=np.inf)), float(norms.max())
    edge, near = np.empty(len(index.edge_d), np.float32), np.full(n, -1.0, np.float32)

    def of_edges(part: int, parts: int) -> None:
        first, last = n * part // parts, n * (part + 1) // parts
        _edge_cosines(vectors, index.start, index.edge_d, first, last, edge, near)

    run_parts(of_edges)
    if high <= _ONE_LENGTH * low:
        far = _from_radii(index.knn_radius, low, high)
    else:
        far = _from_products(vectors, inverse, index, progress)
    return Cosines(norms, inverse, low, high, edge, near, far)


def _from_radii(radius: NDArray[np.float32], low: float, high: float) -> NDArray[np.float32]:
    """Greatest (p² + r² − radius²) / 2pr for lengths p, r from ``low`` to ``high``."""
    squares = radius.astype(np.float64) ** 2
    # At a given distance it is greatest at ends of the range.
    ends = ((low, low), (low, high), (high, high))
    far = np.maximum.reduce([0.5 * (p / r + r / p - squares / (p * r)) for p, r in ends])
    return _rounded_up(far, 2.0**-40)


def _from_products(
    vectors: NDArray[Any],
    inverse: NDArray[np.float64],
    index: NeighbourIndex,
    progress: Progress | None,
) -> NDArray[np.float32]:
    n, d = vectors.shape
    units = np.empty((n, d), np.float32)
    for rows in row_blocks(n, 2**22 // d + 1):
        units[rows] = vectors[rows] * inverse[rows, None]
    far = np.zeros(n, np.float32)
    for block in product_blocks(units):

        def raise_far(part: int, parts: int, block: ProductBlock = block) -> None:
            count = len(block.values)
            first, last = count * part // parts, count * (part + 1) // parts
            _raise_far(block, index.group, index.start, index.edge_d, first, last, far)

        run_parts(raise_far)
        if progress is not None:
            progress(block.row + len(block.values), n)
    # Rounding of a float32 inner product of width d, and of its operands.
    return _rounded_up(far, (d + 16) * 2.0**-24)


def _rounded_up(cosines: NDArray[Any], error: float) -> NDArray[np.float32]:
    """Add an error and that of float32; keep to 0..1."""
    return np.clip(cosines.astype(np.float64) + error + 2.0**-23, 0.0, 1.0).astype(np.float32)


@njit()
def _edge_cosines(
    E: NDArray[Any],
    start: NDArray[np.int64],
    edge_d: NDArray[np.int32],
    first: int,
    last: int,
    edge: NDArray[np.float32],
    near: NDArray[np.float32],
) -> None:
    """Write the cosines of the edges of rows ``first`` to ``last``, and the greatest of each."""
    for c in range(first, last):
        for e in range(start[c], start[c + 1]):
            edge[e] = row_cosine(E, c, int(np.int64(edge_d[e]))) + 2.0**-23
            near[c] = max(near[c], edge[e])


@njit()
def _raise_far(
    block: ProductBlock,
    group: NDArray[np.int32],
    start: NDArray[np.int64],
    edge_d: NDArray[np.int32],
    first: int,
    last: int,
    far: NDArray[np.float32],
) -> None:
    """Raise the greatest products of rows ``first`` to ``last`` of a block with non-neighbours."""
    values, column = block.values, block.column
    width = values.shape[1]
    for i in range(first, last):
        c = block.row + i
        best = far[c]
        for begin in range(0, width, _STRIDE):
            end = min(begin + _STRIDE, width)
            above = 0
            for j in range(begin, end):
                above += values[i, j] > best
            if above == 0:
                continue
            for j in range(begin, end):
                d = column + j
                if values[i, j] <= best or group[c] == group[d]:
                    continue
                listed = False
                for e in range(start[c], start[c + 1]):
                    listed |= edge_d[e] == d
                for e in range(start[d], start[d + 1]):
                    listed |= edge_d[e] == c
                if not listed:
                    best = values[i, j]
        far[c] = best
