"""The pairs of every row and its nearest neighbours."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.search.knn._nearest_pairs import Products, keep_nearest, square_distances
from gene_analogies.search.knn.cluster_bounds import ClusterBounds

__all__ = ["nearest_pairs"]

#: k-NN edges that are sorted at a time.
_PAIRS = 1 << 18
#: Bytes of a block of inner products.
_BLOCK_BYTES = 2**26


@retry_on_corrupt_cache
def nearest_pairs(field: ClusterBounds, count: int) -> NDArray[np.int64]:
    """Return the pairs of every row and its ``count`` nearest neighbours, exact.

    Equal vectors are no neighbours: they have no direction. Of neighbours at one distance, the
    earlier rows come first.

    Parameters
    ----------
    field
        The rows.
    count
        Neighbours of each row.

    Returns
    -------
    numpy.ndarray
        int64 of shape (m, 2): rows of ``field.E``; a pair of mutual neighbours comes twice.
    """
    n = len(field)
    found = []
    unsure = []
    step = max(1, _PAIRS * n // max(1, len(field.edge_d)))
    for first in range(0, n, step):
        pairs, sure = _listed(field, count, first, min(first + step, n))
        found.append(pairs)
        unsure.append(first + np.flatnonzero(~sure))
    found += _by_comparing_all(field, np.concatenate(unsure), count)
    return np.concatenate(found)


def _listed(
    field: ClusterBounds, count: int, first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the pairs of some rows, in the order of the groups, that the field lists enough of.

    Returns
    -------
    pairs, sure
        int64 of shape (m, 2), and bool of shape (rows,): for which rows.
    """
    forth = slice(field.start[first], field.start[last])
    back = np.flatnonzero((field.edge_d >= first) & (field.edge_d < last))
    listing = np.repeat(np.arange(first, last), np.diff(field.start[first : last + 1]))
    own = np.concatenate([listing, field.edge_d[back]])
    other = np.concatenate(
        [field.edge_d[forth], np.searchsorted(field.start, back, side="right") - 1]
    )
    squares = np.empty(len(own))
    rows, others = field.order[own], field.order[other]

    def measure(part: int, parts: int) -> None:
        m = len(own)
        square_distances(field.E, rows, others, m * part // parts, m * (part + 1) // parts, squares)

    run_parts(measure)
    order = np.lexsort((others, squares, own))
    own, squares = own[order] - first, squares[order]
    begin = np.searchsorted(own, np.arange(last - first + 1))
    rank = np.arange(len(own)) - begin[own]
    # What is not listed is at least as far as the knn_radius, or equal.
    knn_radius = field.knn_radius[first:last].astype(np.float64)
    sure = np.isinf(knn_radius)
    sure[own[(rank == count - 1) & (squares < knn_radius[own] ** 2)]] = True
    near = (rank < count) & sure[own]
    return np.stack([rows[order[near]], others[order[near]]], axis=1), sure


def _by_comparing_all(
    field: ClusterBounds, rows: NDArray[np.int64], count: int
) -> list[NDArray[np.int64]]:
    """Return the pairs of some rows, in the order of the groups, from products with all rows.

    Equal rows are compared once.
    """
    n = len(field)
    if not len(rows):
        return []
    kinds = _kinds(field)
    _, firsts, which = np.unique(kinds[rows], return_index=True, return_inverse=True)
    asked = rows[firsts]
    near = np.empty((len(asked), min(count, n)), np.int64)
    counts = np.empty(len(asked), np.int64)
    error = 2.0 * field.rounding
    size = max(1, _BLOCK_BYTES // (4 * n))
    products = np.empty((min(size, len(asked)), n), np.float32)
    for first in range(0, len(asked), size):
        some = asked[first : first + size]
        block = products[: len(some)]
        np.matmul(field.X[some], field.X.T, out=block)

        def keep(
            part: int,
            parts: int,
            first: int = first,
            some: NDArray[np.int64] = some,
            block: NDArray[np.float32] = block,
        ) -> None:
            m = len(some)
            keep_nearest(
                Products(field.E, field.order, kinds, some, block, field.squares, error),
                m * part // parts, m * (part + 1) // parts,
                near[first : first + m], counts[first : first + m],
            )  # fmt: skip

        run_parts(keep)
    del products
    told = np.arange(near.shape[1]) < counts[which][:, None]
    again = np.repeat(field.order[rows], counts[which])
    return [np.stack([again, near[which][told]], axis=1)]


def _kinds(field: ClusterBounds) -> NDArray[np.int64]:
    """Give every row, in the order of the groups, a number that only equal rows share."""
    numbers: dict[bytes, int] = {}
    kinds = np.empty(len(field), np.int64)
    for place, row in enumerate(field.order.tolist()):
        # +0.0 and −0.0 are equal.
        digest = hashlib.blake2b((field.E[row] + 0.0).tobytes(), digest_size=16).digest()
        kinds[place] = numbers.setdefault(digest, len(numbers))
    return kinds
