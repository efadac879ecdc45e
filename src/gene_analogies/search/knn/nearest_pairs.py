"""The pairs of every row and its nearest neighbours."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.search.knn._nearest_pairs import Products, keep_nearest, square_distances
from gene_analogies.search.knn.cluster_bounds import ClusterBounds
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["nearest_pairs"]

#: k-NN edges that are sorted at a time.
_PAIRS = 1 << 18
#: Bytes of a block of inner products.
_BLOCK_BYTES = 2**26


@retry_on_corrupt_cache
def nearest_pairs(clusters: ClusterBounds, count: int) -> NDArray[np.int64]:
    """Return the pairs of every row and its ``count`` nearest neighbours, exact.

    Equal vectors are no neighbours: they have no direction. Of neighbours at one distance, the
    earlier rows come first.

    Parameters
    ----------
    clusters
        The rows.
    count
        Neighbours of each row.

    Returns
    -------
    numpy.ndarray
        int64 of shape (m, 2): rows of ``clusters.E``; a pair of mutual neighbours comes twice.
    """
    n = len(clusters)
    found = []
    undecided = []
    step = max(1, _PAIRS * n // max(1, len(clusters.edge_d)))
    for part in row_blocks(n, step):
        pairs, decided = _from_edges(clusters, count, part.start, part.stop)
        found.append(pairs)
        undecided.append(part.start + np.flatnonzero(~decided))
    found += _by_comparing_all(clusters, np.concatenate(undecided), count)
    return np.concatenate(found)


def _from_edges(
    clusters: ClusterBounds, count: int, first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the pairs of those rows, in the order of the clusters, whose k-NN edges decide.

    Returns
    -------
    pairs, decided
        int64 of shape (m, 2), and bool of shape (rows,): for which rows.
    """
    listed = slice(clusters.start[first], clusters.start[last])
    back = np.flatnonzero((clusters.edge_d >= first) & (clusters.edge_d < last))
    edge_c = np.repeat(np.arange(first, last), np.diff(clusters.start[first : last + 1]))
    row = np.concatenate([edge_c, clusters.edge_d[back]])
    other = np.concatenate(
        [clusters.edge_d[listed], np.searchsorted(clusters.start, back, side="right") - 1]
    )
    squares = np.empty(len(row))
    rows, others = clusters.order[row], clusters.order[other]

    def measure(part: int, parts: int) -> None:
        m = len(row)
        square_distances(
            clusters.E, rows, others, m * part // parts, m * (part + 1) // parts, squares
        )

    run_parts(measure)
    order = np.lexsort((others, squares, row))
    row, squares = row[order] - first, squares[order]
    begin = np.searchsorted(row, np.arange(last - first + 1))
    rank = np.arange(len(row)) - begin[row]
    # What is no k-NN edge is at least as long as the k-NN radius, or zero.
    knn_radius = clusters.knn_radius[first:last].astype(np.float64)
    decided = np.isinf(knn_radius)
    decided[row[(rank == count - 1) & (squares < knn_radius[row] ** 2)]] = True
    near = (rank < count) & decided[row]
    return np.stack([rows[order[near]], others[order[near]]], axis=1), decided


def _by_comparing_all(
    clusters: ClusterBounds, rows: NDArray[np.int64], count: int
) -> list[NDArray[np.int64]]:
    """Return the pairs of some rows, in the order of the clusters, from products with all rows.

    Equal rows are compared once.
    """
    n = len(clusters)
    if not len(rows):
        return []
    kinds = _kinds(clusters)
    _, firsts, which = np.unique(kinds[rows], return_index=True, return_inverse=True)
    asked = rows[firsts]
    near = np.empty((len(asked), min(count, n)), np.int64)
    counts = np.empty(len(asked), np.int64)
    error = 2.0 * clusters.rounding
    size = max(1, _BLOCK_BYTES // (4 * n))
    products = np.empty((min(size, len(asked)), n), np.float32)
    for those in row_blocks(len(asked), size):
        some = asked[those]
        block = products[: len(some)]
        np.matmul(clusters.X[some], clusters.X.T, out=block)

        def keep(
            part: int,
            parts: int,
            those: slice = those,
            some: NDArray[np.int64] = some,
            block: NDArray[np.float32] = block,
        ) -> None:
            m = len(some)
            keep_nearest(
                Products(clusters.E, clusters.order, kinds, some, block, clusters.squares, error),
                m * part // parts, m * (part + 1) // parts,
                near[those], counts[those],
            )  # fmt: skip

        run_parts(keep)
    del products
    filled = np.arange(near.shape[1]) < counts[which][:, None]
    first_of_pair = np.repeat(clusters.order[rows], counts[which])
    return [np.stack([first_of_pair, near[which][filled]], axis=1)]


def _kinds(clusters: ClusterBounds) -> NDArray[np.int64]:
    """Give every row, in the order of the clusters, a number that only equal rows share."""
    numbers: dict[bytes, int] = {}
    kinds = np.empty(len(clusters), np.int64)
    for position, row in enumerate(clusters.order.tolist()):
        # +0.0 and −0.0 are equal.
        digest = hashlib.blake2b((clusters.E[row] + 0.0).tobytes(), digest_size=16).digest()
        kinds[position] = numbers.setdefault(digest, len(numbers))
    return kinds
