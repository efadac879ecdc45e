"""The best analogies that one item takes part in, exact over all b, c, d.

For a fixed a, every b gives a direction. The projections of all rows on a block of directions
are one product of matrices; all directions share the threshold of the k-th best analogy so far.
Edges of the k-NN graph are compared in all directions at once; for non-neighbours, the distances
from a row to each cluster of rows are bounds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies._edges import Edges
from gene_analogies.search.analogies.blocks import Arrays, Found, Search, directions_at_once
from gene_analogies.search.direction import cosines
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.knn.cluster_bounds import ClusterBounds
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["AnalogiesJob", "find_analogies"]


#: Items in a block of a job.
_ITEMS = 8

#: Changes with the method, so that blocks of an earlier one are not taken for its own.
_VERSION = b"analogies 2"


@retry_on_corrupt_cache
def find_analogies(
    clusters: ClusterBounds,
    a: int,
    *,
    k: int,
    max_similarity: float,
    progress: Progress | None = None,
) -> Found:
    """Find the ``k`` best analogies ``a : b :: c : d`` of four different rows.

    Parameters
    ----------
    clusters
        The rows.
    a
        The row of ``clusters.E`` that all of them begin with.
    k
        How many; fewer come back where there are fewer with a positive score.
    max_similarity
        Highest cosine of a and c, and of b and d.
    progress
        Called with (directions done, all of them).

    Returns
    -------
    Found
        Ordered by score, then by row numbers.
    """
    row = int(clusters.position[a])
    search = Search(
        clusters,
        Edges(clusters.start, clusters.edge_d, clusters.edge_r),
        k,
        max_similarity,
        fixed=True,
    )
    # The exact rule is kept where an analogy is scored; this only prunes.
    not_c = clusters.position[cosines(clusters.E, a) > max_similarity + 1e-9]
    if len(not_c) == len(clusters):
        return search.found()
    others = _both_ends(clusters, row)
    size = directions_at_once(len(clusters))
    for part in row_blocks(len(others), size):
        b = others[part]
        directions, ends = search.project(np.full(len(b), row), b, not_c)
        search.scan_edges(directions, ends)
        search.scan_non_neighbours(directions)
        if progress is not None:
            progress(part.stop, len(others))
    return search.found()


def _both_ends(clusters: ClusterBounds, row: int) -> NDArray[np.int64]:
    """Return all rows that differ from one, the nearest and the farthest in turn.

    The best analogies are at either end, and the sooner they are found the more is left out.
    """
    vector = clusters.E[clusters.order[row]].astype(np.float64)
    squares = np.empty(len(clusters))
    for part in row_blocks(len(clusters), 4096):
        offsets = clusters.E[clusters.order[part]] - vector
        squares[part] = np.einsum("ij,ij->i", offsets, offsets)
    order = np.argsort(squares, kind="stable")
    order = order[squares[order] > 0.0]
    alternating = np.empty_like(order)
    alternating[::2] = order[: len(order) - len(order) // 2]
    alternating[1::2] = order[::-1][: len(order) // 2]
    return alternating


class AnalogiesJob:
    """The ``k`` best analogies of every row, block by block of rows.

    Parameters
    ----------
    clusters
        The rows.
    k
        How many for each.
    max_similarity
        Highest cosine of a and c, and of b and d.
    """

    name = "analogies"

    def __init__(self, clusters: ClusterBounds, k: int, max_similarity: float) -> None:
        self._clusters = clusters
        self._k = k
        self._max_similarity = max_similarity

    def key(self) -> str:
        """Return a digest of the vectors, the options and the method."""
        digest = hashlib.sha256(_VERSION)
        digest.update(self._clusters.digest())
        digest.update(repr((self._k, self._max_similarity)).encode())
        return digest.hexdigest()[:32]

    def costs(self) -> NDArray[np.float64]:
        """Return the number of rows in every block."""
        n = len(self._clusters)
        return np.array([min(_ITEMS, n - first) for first in range(0, n, _ITEMS)], np.float64)

    def solve(self, block: int, threshold: float) -> Arrays:  # noqa: ARG002 - each has its own
        """Return the analogies of the rows of a block, by row, then best first."""
        n = len(self._clusters)
        found = [
            find_analogies(self._clusters, a, k=self._k, max_similarity=self._max_similarity)
            for a in range(block * _ITEMS, min((block + 1) * _ITEMS, n))
        ]
        return {
            "rows": np.concatenate([one.rows for one in found]),
            "scores": np.concatenate([one.scores for one in found]),
        }

    def merge(self, parts: Sequence[Arrays]) -> Arrays:
        """Return the analogies of several blocks, by row, then best first."""
        rows = np.concatenate([np.empty((0, 4), np.int64), *(part["rows"] for part in parts)])
        scores = np.concatenate([np.empty(0), *(part["scores"] for part in parts)])
        order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], -scores, rows[:, 0]))
        return {"rows": rows[order], "scores": scores[order]}

    def threshold(self, merged: Arrays) -> float:  # noqa: ARG002 - each row has its own
        """Return −∞: no row's analogies tell of another's."""
        return -np.inf
