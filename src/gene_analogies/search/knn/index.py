"""The neighbour index: a few near pairs of every row, and a bound on all the others."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.search.knn import kernels as kernels
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["NEIGHBOURS", "NeighbourIndex", "build_index", "equal_rows", "read_only"]

logger = logging.getLogger(__name__)

#: Neighbours listed for each row, and principal axes kept; measured in docs/benchmarks.md.
NEIGHBOURS = 32
AXES = 32

#: Bytes of the block of inner products held at one time while building, and its most columns:
#: products of a few rows with very many would be slow.
_BLOCK_BYTES = 64 * 2**20
_BLOCK_WIDTH = 2**15


@dataclass(frozen=True, repr=False)
class NeighbourIndex:
    """What a pair search knows beforehand of the distances ``‖e_c ± e_d‖``.

    Attributes
    ----------
    sign
        −1: distances ``‖e_c − e_d‖``; +1: lengths of sums, ``‖e_c + e_d‖``.
    start
        int64 of shape (n + 1,): edges ``start[c]:start[c + 1]`` are those listed by row c. Every
        near pair is listed by one of its two rows; pairs that combine to zero are not listed.
    edge_d
        int32 of shape (edges,): the other row.
    edge_r
        float32 of shape (edges,): its distance, rounded down.
    knn_radius
        float32 of shape (n,): every pair that is no k-NN edge combines to at least this length, or
        to zero.
    axes
        float64 of shape (d, m): orthonormal, near the main principal axes.
    coordinates
        float32 of shape (n, m): the rows along these axes (centred for differences), with zeros
        up to a multiple of 16.
    nearest
        float32 of shape (n,): smallest distance that a row lists (infinite where it lists none).
    spread, longest
        Largest norm of a row, as in ``coordinates`` and as given.
    group, partner
        int32 of shape (n,): rows with the same vector share a group; ``partner`` is the group
        with which a row combines to zero, or −1.
    """

    sign: int
    start: NDArray[np.int64]
    edge_d: NDArray[np.int32]
    edge_r: NDArray[np.float32]
    knn_radius: NDArray[np.float32]
    axes: NDArray[np.float64]
    coordinates: NDArray[np.float32]
    nearest: NDArray[np.float32]
    spread: float
    longest: float
    group: NDArray[np.int32]
    partner: NDArray[np.int32]

    def __repr__(self) -> str:
        return f"NeighbourIndex({len(self.knn_radius):,} rows, {self.nbytes / 1e6:.1f} MB)"

    @cached_property
    def cancelling(self) -> NDArray[np.int64]:
        """Rows that combine to zero with another row."""
        size = np.bincount(self.group)
        others = np.where(self.partner >= 0, size[self.partner], 0) - (self.partner == self.group)
        return np.flatnonzero(others > 0)

    @property
    def nbytes(self) -> int:
        """Memory the index takes, in bytes."""
        arrays = (value for value in vars(self).values() if isinstance(value, np.ndarray))
        return sum(array.nbytes for array in arrays)


@retry_on_corrupt_cache
def build_index(
    vectors: NDArray[Any],
    sign: int = -1,
    *,
    neighbours: int = NEIGHBOURS,
    progress: Progress | None = None,
) -> NeighbourIndex:
    """Find the nearest neighbours of every row, in blocks of inner products.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, of a magnitude whose squares are finite.
    sign
        −1 for differences, +1 for sums (nearest to the negative of a row).
    neighbours
        How many to list for each row.
    progress
        Called with (rows done, n) after each block.

    Returns
    -------
    NeighbourIndex
        About 10 bytes for each k-NN edge, 64 for each row.
    """
    n, d = vectors.shape
    if n < 2 or neighbours < 1:
        raise GeneAnalogiesError(f"an index needs two rows and a neighbour, not {n}, {neighbours}")
    vectors = read_only(vectors)
    mean = vectors.mean(axis=0, dtype=np.float64)
    centre = mean if sign < 0 else np.zeros(d)
    X = np.empty((n, d), np.float32)
    for rows in row_blocks(n, 2**22 // d + 1):
        X[rows] = vectors[rows] - centre
    axes = _principal_axes(X)
    coordinates = np.zeros((n, -(-axes.shape[1] // 16) * 16), np.float32)
    squares = np.empty(n, np.float64)
    for rows in row_blocks(n, 2**22 // d + 1):
        centred = vectors[rows] - centre
        coordinates[rows, : axes.shape[1]] = centred @ axes
        squares[rows] = np.einsum("ij,ij->i", centred, centred)

    keep = min(neighbours, n - 1)
    ids = np.empty((n, keep), np.int32)
    cut = np.full(n, np.inf, np.float32)
    # Rounding of a float32 inner product of width d, of its operands and of the norms.
    error = (d + 16) * 2.0**-24
    squares32 = squares.astype(np.float32)
    width = min(n, _BLOCK_WIDTH)
    size = min(n, _BLOCK_BYTES // (4 * width))
    products = np.empty(size * width, np.float32)
    heaps, sizes = np.empty((size, keep), np.float32), np.empty(size, np.int64)
    nearest_rows = kernels.Nearest(heaps, sizes, ids, cut)
    started = time.monotonic()
    for rows in row_blocks(n, size):
        sizes[:] = 0
        for columns in row_blocks(n, width):
            shape = rows.stop - rows.start, columns.stop - columns.start
            values = products[: shape[0] * shape[1]].reshape(shape)
            np.matmul(X[rows], X[columns].T, out=values)
            block = kernels.Products(values, rows.start, columns.start, squares32)

            def select(part: int, parts: int, block: kernels.Products = block) -> None:
                lo, hi = _part(len(block.values), part, parts)
                kernels.select_nearest(block, nearest_rows, float(sign), error, lo, hi)

            run_parts(select)
        if rows.start == 0 and rows.stop < n:
            seconds = (time.monotonic() - started) * n / rows.stop
            logger.info("building the neighbour index of %d × %d: about %.0f s", n, d, seconds)
        if progress is not None:
            progress(rows.stop, n)
    del products, X

    knn_radius = _round_down(np.sqrt(np.maximum(cut, 0.0)))
    if keep == n - 1:
        knn_radius[:] = np.inf
    start, edge_d, edge_r = _edges(vectors, ids, sign)
    nearest = np.full(n, np.inf, np.float32)
    listing = np.flatnonzero(np.diff(start))
    nearest[listing] = np.minimum.reduceat(edge_r, start[listing]) if len(listing) else np.inf
    group, partner = equal_rows(vectors, sign)
    return NeighbourIndex(
        sign=sign,
        start=start,
        edge_d=edge_d,
        edge_r=edge_r,
        knn_radius=knn_radius,
        axes=axes,
        coordinates=coordinates,
        nearest=nearest,
        spread=float(np.sqrt(squares.max())),
        longest=float(np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64).max())),
        group=group,
        partner=partner,
    )


def _edges(
    vectors: NDArray[Any], ids: NDArray[np.int32], sign: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Turn neighbour lists into one list of pairs, each once, with exact distances."""
    n = len(ids)
    ids.sort(axis=1)
    squares = np.empty(ids.shape, np.float64)

    def measure(part: int, parts: int) -> None:
        kernels.edge_squares(vectors, float(sign), ids, *_part(n, part, parts), squares)

    run_parts(measure)
    real = squares > 0.0
    start = np.zeros(n + 1, np.int64)
    np.cumsum(np.count_nonzero(real, axis=1), out=start[1:])
    return start, ids[real], _round_down(np.sqrt(squares[real]))


def equal_rows(vectors: NDArray[Any], sign: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the number of each distinct row, and of the one with which it makes zero.

    Both are int32 of shape (n,); the second is −1 where no row combines with it to zero.
    """
    d = vectors.shape[1]
    rows = np.ascontiguousarray(vectors + 0.0)  # −0 becomes 0
    key = np.dtype((np.void, rows.dtype.itemsize * d))
    distinct, group = np.unique(rows.view(key).ravel(), return_inverse=True)
    numbers: NDArray[np.int32] = group.astype(np.int32)
    if sign < 0:
        return numbers, numbers
    opposite = np.ascontiguousarray(0.0 - rows).view(key).ravel()
    index = np.minimum(np.searchsorted(distinct, opposite), len(distinct) - 1)
    partner: NDArray[np.int32] = np.where(distinct[index] == opposite, index, -1).astype(np.int32)
    return numbers, partner


def _principal_axes(X: NDArray[np.float32], iterations: int = 4) -> NDArray[np.float64]:
    """Orthonormal axes close to the main principal ones (any orthonormal axes are correct).

    Randomised subspace iteration (Halko, Martinsson & Tropp 2011), with a fixed seed.
    """
    width = min(AXES, X.shape[1])
    axes = np.random.default_rng(0).standard_normal((X.shape[1], width))
    for _ in range(iterations):
        axes, _ = np.linalg.qr((X.T @ (X @ axes.astype(np.float32))).astype(np.float64))
    return np.ascontiguousarray(axes)


def _part(count: int, part: int, parts: int) -> tuple[int, int]:
    return count * part // parts, count * (part + 1) // parts


def _round_down(values: NDArray[Any]) -> NDArray[np.float32]:
    """Round to float32, never upwards."""
    single = values.astype(np.float32)
    return np.where(single > values, np.nextafter(single, np.float32(0)), single)


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view, so that kernels are compiled for one kind of array only."""
    view = array.view()
    view.flags.writeable = False
    return view
