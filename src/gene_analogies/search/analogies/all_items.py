"""The best analogies of all, exact over all pairs of pairs, or over given pairs.

Each of the two pairs of an analogy is an edge of the k-NN graph, or a pair of non-neighbours:

1. *Both are edges*, or given: every edge is a direction, and is compared with all others.
2. *One is an edge*: it is the direction; branch and bound finds the non-neighbours that may reach
   τ.
3. *None is*: the shorter one is the direction. Its partner is at least as long, so that the
   highest and the lowest projection must be at least τ ‖a − b‖ apart, which few directions allow;
   branch and bound finds their partners.

The work falls into blocks, so that it can be stopped, go on, and be spread over many machines
(:mod:`gene_analogies.runs`): first those of edges, which raise the threshold, then those of rows a
with all later rows b.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies._edges import Edges
from gene_analogies.search.analogies._long_partners import (
    Products,
    bound_products,
    mark_directions,
)
from gene_analogies.search.analogies._offer import relaxed_threshold
from gene_analogies.search.analogies.blocks import (
    Arrays,
    Search,
    best_of,
    directions_at_once,
)
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import multiply, run_parts
from gene_analogies.search.knn.cluster_bounds import ClusterBounds
from gene_analogies.search.knn.exclusion import exclusion_mask
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["TopJob", "pairs_of_rows"]

#: Edges in a block, and rows a in a block of all other directions.
_EDGES = 4096
_ROWS = 128

#: Rows b that are taken at once.
_PARTNERS = 64

#: Bytes of the inner products of rows a; there are fewer rows in a block of very many items.
_ROWS_BYTES = 2**26

#: An edge costs about so many times as much as a direction between non-neighbours.
_EDGE_COST = 40.0

#: Changes with the method, so that blocks of an earlier one are not taken for its own.
_VERSION = b"top 3"


class TopJob:
    """The ``k`` best analogies, block by block.

    Parameters
    ----------
    clusters
        The rows.
    k
        How many to keep.
    max_similarity
        Highest cosine of a and c, and of b and d.
    pairs
        As `pairs_of_rows` returns them: both pairs of an analogy are among these. All pairs
        without it.
    """

    name = "top"

    def __init__(
        self, clusters: ClusterBounds, k: int, max_similarity: float, pairs: Edges | None = None
    ) -> None:
        self._clusters = clusters
        self._k = k
        self._max_similarity = max_similarity
        self._everything = pairs is None
        self._edges = (
            Edges(clusters.start, clusters.edge_d, clusters.edge_r) if pairs is None else pairs
        )
        start, edge_d, _ = self._edges
        self._a = np.repeat(np.arange(len(clusters)), np.diff(start))
        self._b = edge_d.astype(np.int64)
        self._edge_blocks = -(-len(self._a) // _EDGES)
        self._rows = max(4, min(_ROWS, _ROWS_BYTES // (8 * len(clusters))))
        self._partners = max(2, min(_PARTNERS, self._rows))

    def key(self) -> str:
        """Return a digest of the vectors, the options and the method."""
        digest = hashlib.sha256(_VERSION)
        digest.update(self._clusters.digest())
        digest.update(repr((self._k, self._max_similarity, self._everything)).encode())
        for array in self._edges:
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()[:32]

    def costs(self) -> NDArray[np.float64]:
        """Return the relative cost of every block."""
        edges = np.full(self._edge_blocks, _EDGES * _EDGE_COST)
        if not self._everything:
            return edges
        n = len(self._clusters)
        firsts = np.arange(0, n, self._rows)
        counts = np.minimum(self._rows, n - firsts)
        return np.concatenate([edges, counts * (n - firsts - counts / 2.0)])

    def solve(self, block: int, threshold: float) -> Arrays:
        """Return the best analogies whose direction is in a block: ``rows`` and ``scores``."""
        search = Search(
            self._clusters, self._edges, self._k, self._max_similarity, fixed=False,
            threshold=threshold,
        )  # fmt: skip
        if block < self._edge_blocks:
            self._solve_edges(search, block)
        else:
            self._solve_rows(search, (block - self._edge_blocks) * self._rows)
        found = search.found()
        return {"rows": found.rows, "scores": found.scores}

    def merge(self, parts: Sequence[Arrays]) -> Arrays:
        """Return the best analogies of several blocks."""
        found = best_of(
            np.concatenate([np.empty((0, 4), np.int64), *(part["rows"] for part in parts)]),
            np.concatenate([np.empty(0), *(part["scores"] for part in parts)]),
            self._k,
        )
        return {"rows": found.rows, "scores": found.scores}

    def threshold(self, merged: Arrays) -> float:
        """Return the k-th best score so far."""
        scores = merged["scores"]
        return float(scores[-1]) if len(scores) == self._k else -np.inf

    @retry_on_corrupt_cache
    def _solve_edges(self, search: Search, block: int) -> None:
        size = directions_at_once(len(self._clusters))
        stop = min((block + 1) * _EDGES, len(self._a))
        for first in range(block * _EDGES, stop, size):
            some = slice(first, min(first + size, stop))
            directions, ends = search.project(self._a[some], self._b[some])
            search.scan_edges(directions, ends)
            if self._everything:
                search.scan_non_neighbours(directions)

    @retry_on_corrupt_cache
    def _solve_rows(self, search: Search, row: int) -> None:
        clusters = self._clusters
        n = len(clusters)
        end = min(row + self._rows, n)
        of_a = self._products(row, end, np.empty((2, end - row, n), np.float32))
        room = np.empty((2, self._partners, n), np.float32)
        for other in range(row, n, self._partners):
            of_b = self._products(other, min(other + self._partners, n), room)
            marked = np.zeros((end - row, len(of_b.squares)), np.bool_)

            def mark(
                part: int, parts: int, of_b: Products = of_b, marked: NDArray[np.bool_] = marked
            ) -> None:
                threshold = relaxed_threshold(search.tau)
                mark_directions(of_a, of_b, 6.0 * clusters.rounding, threshold, part, parts, marked)

            run_parts(mark)
            search.scan_long_partners(of_a, of_b, marked)

    def _products(self, first: int, end: int, room: NDArray[np.float32]) -> Products:
        """Bound the inner products of rows ``first`` to ``end`` with all, written into ``room``."""
        clusters = self._clusters
        count = end - first
        products = Products(first, clusters.squares[first:end], *room[:, :count])
        multiply(clusters.X[first:end], clusters.X.T, products.low)
        excluded = exclusion_mask(clusters, self._max_similarity).mask(np.arange(first, end))

        def bound(part: int, parts: int) -> None:
            some = count * part // parts, count * (part + 1) // parts
            bound_products(products, clusters.error, excluded, *some)

        run_parts(bound)
        return products


def pairs_of_rows(clusters: ClusterBounds, pairs: NDArray[np.int64]) -> Edges:
    """Return given pairs as a job wants them: each once, without those of equal vectors.

    Parameters
    ----------
    clusters
        The rows.
    pairs
        int64 of shape (m, 2): rows of ``clusters.E``.
    """
    rows = np.sort(clusters.position[pairs], axis=1)
    rows = np.unique(rows[rows[:, 0] != rows[:, 1]], axis=0)
    lengths = np.empty(len(rows))
    for part in row_blocks(len(rows), 4096):
        c, d = clusters.order[rows[part]].T
        offsets = clusters.E[c].astype(np.float64) - clusters.E[d]
        lengths[part] = np.sqrt(np.einsum("ij,ij->i", offsets, offsets))
    rows, lengths = rows[lengths > 0.0], lengths[lengths > 0.0]
    # Rounded down, as those of the index.
    single = np.nextafter(lengths.astype(np.float32), np.float32(0.0))
    order = np.lexsort((single, rows[:, 0]))
    start = np.zeros(len(clusters) + 1, np.int64)
    np.cumsum(np.bincount(rows[:, 0], minlength=len(clusters)), out=start[1:])
    return Edges(start, rows[order, 1].astype(np.int32), single[order])
