"""Blocks of directions over rows in clusters: what `analogies` and `top` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies._edges import (
    BATCH,
    EXCLUDED,
    Directions,
    Edges,
    Masks,
    Quantized,
    bound_projections,
    quantize,
    scan_edges,
    scan_pairs,
)
from gene_analogies.search.analogies._long_partners import Products
from gene_analogies.search.analogies._non_neighbours import Bounds, scan_non_neighbours
from gene_analogies.search.analogies._offer import Answer
from gene_analogies.search.engine.heap import merge, new_best
from gene_analogies.search.engine.rounding import round_limit
from gene_analogies.search.engine.threads import multiply, run_parts, thread_count
from gene_analogies.search.knn.cluster_bounds import ClusterBounds
from gene_analogies.search.knn.exclusion import exclusion_mask
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["Arrays", "Found", "Search", "best_of", "directions_at_once"]

#: The answer of a block of a job, by name.
Arrays = dict[str, NDArray[Any]]

#: Bytes of the projections of one block of directions, and its most directions.
_BLOCK_BYTES = 2**24
_WIDEST = 256

#: Squared distances below this part of the squared norms need projections of their own.
_NEAR = 2.0**-16

#: The largest whole number of a projection; it, and a rounding of it, fit into eight bits.
_LARGEST = 254.0


@dataclass(frozen=True)
class Found:
    """Analogies, best first.

    Attributes
    ----------
    rows
        int64 of shape (k, 4): a, b, c, d.
    scores
        float64 of shape (k,): cosines of the two offsets, all positive.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]


def directions_at_once(count: int) -> int:
    """Return how many directions make a block: fewer where there are very many rows."""
    return max(16, min(_WIDEST, _BLOCK_BYTES // (4 * count) // 16 * 16))


class Search:
    """The best ``k`` analogies so far, and the threshold they set.

    Parameters
    ----------
    clusters
        The rows.
    edges
        The k-NN edges, or given pairs, that `scan_edges` compares.
    k
        How many to keep.
    max_similarity
        Highest cosine of a and c, and of b and d.
    fixed
        Whether a stands first in every answer; otherwise the lowest row does.
    threshold
        Analogies below this score may be left out.
    """

    def __init__(
        self,
        clusters: ClusterBounds,
        edges: Edges,
        k: int,
        max_similarity: float,
        *,
        fixed: bool,
        threshold: float = 0.0,
    ) -> None:
        n = len(clusters)
        self.clusters = clusters
        self.k = k
        self.tau = np.array([max(0.0, threshold)])
        self._edges = edges
        self._answers = [
            Answer(
                clusters.E,
                clusters.order,
                round_limit(max_similarity),
                fixed,
                new_best(k, 4),
                self.tau,
            )
            for _ in range(thread_count())
        ]
        between = np.ascontiguousarray(_min_of_clusters(clusters.table, clusters.cluster_start).T)
        self._bounds = Bounds(
            clusters.X, clusters.knn_radius, clusters.cluster_start, clusters.table,
            _min_of_clusters(clusters.knn_radius, clusters.cluster_start), between,
        )  # fmt: skip
        self._exclusion = exclusion_mask(clusters, max_similarity)
        self._error = float(np.delete(clusters.error, clusters.outliers).max(initial=0.0))
        self._outlier_pairs = _pairs_with(clusters.outliers, edges)
        self._quantized = np.empty((2, n, BATCH), np.uint8)
        self._projected = np.empty((2, n * directions_at_once(n)), np.float32)

    def _directions(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> Directions:
        """Return directions whose projections are still to be written."""
        m, n = len(a), len(self.clusters)
        high, low = (part[: m * n].reshape(m, n) for part in self._projected)
        return Directions(a, b, high, low)

    def project(
        self, a: NDArray[np.int64], b: NDArray[np.int64], not_c: NDArray[np.int64] | None = None
    ) -> tuple[Directions, NDArray[np.float32]]:
        """Project all rows on the unit directions from ``b`` to ``a``.

        Parameters
        ----------
        a, b
            Rows, int64 of shape (m,), whose vectors differ.
        not_c
            Rows that may not be c, besides those that are too similar to a.

        Returns
        -------
        directions
            Overwritten by the next call.
        ends
            float32 of shape (2, m): the highest and the lowest bound without outliers.
        """
        clusters = self.clusters
        offsets = clusters.E[clusters.order[a]].astype(np.float64) - clusters.E[clusters.order[b]]
        offsets /= np.sqrt(np.einsum("ij,ij->i", offsets, offsets))[:, None]
        directions = self._directions(a, b)
        multiply(offsets.astype(np.float32), clusters.X.T, directions.high)
        distinct, index = np.unique(a, return_inverse=True)
        masks = Masks(
            self._exclusion.mask(distinct), index, self._exclusion.mask(b), clusters.outliers
        )
        if not_c is not None:
            masks.not_c[:, not_c] = True
        ends = np.empty((2, len(a)), np.float32)

        def bound(part: int, parts: int) -> None:
            first, last = len(a) * part // parts, len(a) * (part + 1) // parts
            bound_projections(directions, masks, clusters.error, first, last, ends)

        run_parts(bound)
        return directions, ends

    def scan_edges(self, directions: Directions, ends: NDArray[np.float32]) -> None:
        """Offer the edges that may reach the threshold; arguments as `project` returns them."""
        for batch in row_blocks(len(directions.a), BATCH):
            a, b, high, low = directions
            self._scan_batch(
                Directions(a[batch], b[batch], high[batch], low[batch]), ends[:, batch]
            )
        c, d, length = self._outlier_pairs

        def scan(part: int, parts: int) -> None:
            first, last = len(c) * part // parts, len(c) * (part + 1) // parts
            scan_pairs(c, d, length, directions, first, last, self._answers[part])

        if len(c) > 0:
            run_parts(scan)

    def _scan_batch(self, directions: Directions, ends: NDArray[np.float32]) -> None:
        n = len(self.clusters)
        alive = ends[0] > ends[1]
        if not alive.any():
            return
        widths = np.where(alive, ends[0] - ends[1], 0.0)
        scale = _LARGEST / max(float(widths.max()), 1e-30)
        bottom = np.where(alive, ends[1], EXCLUDED).astype(np.float32)
        top = np.zeros((1, BATCH), np.uint8)
        top[0, : len(widths)] = np.ceil(widths * scale)
        separate = self._exclusion.dense
        high, low = self._quantized if separate else (self._quantized[0],) * 2
        error = 1.02 + 2.0 * self._error * scale
        quantized = Quantized(high, low, separate, top, scale, error)

        def write(part: int, parts: int) -> None:
            first, last = n * part // parts, n * (part + 1) // parts
            quantize(directions.high, bottom, scale, first, last, high)
            if separate:
                quantize(directions.low, bottom, scale, first, last, low)

        def scan(part: int, parts: int) -> None:
            first, last = n * part // parts, n * (part + 1) // parts
            scan_edges(self._edges, directions, quantized, first, last, self._answers[part])

        run_parts(write)
        run_parts(scan)

    def scan_non_neighbours(
        self, directions: Directions, min_length: NDArray[np.float64] | None = None
    ) -> None:
        """Offer the pairs of non-neighbours that may reach the threshold.

        With ``min_length``, float64 of shape (m,), those at least as long in each direction.
        """
        lengths = np.zeros(len(directions.a)) if min_length is None else min_length

        def scan(part: int, parts: int) -> None:
            scan_non_neighbours(self._bounds, directions, lengths, part, parts, self._answers[part])

        run_parts(scan)

    def scan_long_partners(self, of_a: Products, of_b: Products, marked: NDArray[np.bool_]) -> None:
        """Offer the non-neighbours at least as long as the marked directions."""
        clusters = self.clusters
        i, j = np.nonzero(marked)
        step = directions_at_once(len(clusters))
        for first in range(0, len(i), step):
            some_i, some_j = i[first : first + step], j[first : first + step]
            a, b = of_a.first + some_i, of_b.first + some_j
            offsets = (
                clusters.E[clusters.order[a]].astype(np.float64) - clusters.E[clusters.order[b]]
            )
            squares = np.einsum("ij,ij->i", offsets, offsets)
            # The difference of two inner products says little of so short an offset.
            near = squares < _NEAR * (clusters.squares[a].astype(np.float64) + clusters.squares[b])
            near, others = (which & (squares > 0.0) for which in (near, ~near))
            lengths = np.sqrt(squares) * (1.0 - 2.0**-18)
            if near.any():
                self.scan_non_neighbours(self.project(a[near], b[near])[0], lengths[near])
            if others.any():
                directions = self._directions(a[others], b[others])
                which = some_i[others], some_j[others]
                _project_products(of_a, of_b, *which, squares[others], directions)
                self.scan_non_neighbours(directions, lengths[others])

    def found(self) -> Found:
        """Return the best analogies of all threads, ties by row numbers."""
        scores, rows = merge([answer.best for answer in self._answers], self.k * len(self._answers))
        return best_of(rows, scores, self.k)


def _project_products(
    of_a: Products,
    of_b: Products,
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    squares: NDArray[np.float64],
    directions: Directions,
) -> None:
    """Bound the projections on the directions between some rows, from their inner products."""
    with np.errstate(over="ignore", invalid="ignore"):  # of what is excluded, or tiny
        scale = (1.0 / np.sqrt(squares)).astype(np.float32)[:, None]
        np.multiply(of_a.high[i] - of_b.low[j], scale, out=directions.high)
        np.multiply(of_a.low[i] - of_b.high[j], scale, out=directions.low)
    each = np.arange(len(i))
    for rows in (directions.a, directions.b):
        directions.high[each, rows] = -EXCLUDED
        directions.low[each, rows] = EXCLUDED


def _min_of_clusters(values: NDArray[np.float32], start: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the minimum of the last axis over each cluster; infinity for an empty one."""
    filled = np.flatnonzero(np.diff(start))
    minimum = np.full((*values.shape[:-1], len(start) - 1), np.inf, np.float32)
    minimum[..., filled] = np.minimum.reduceat(values, start[filled], axis=-1)
    return minimum


def _pairs_with(
    rows: NDArray[np.int64], pairs: Edges
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return c, d and distance of the pairs that some of ``rows`` take part in."""
    start, d, r = pairs
    if len(rows) == 0:
        nothing = np.empty(0, np.int64)
        return nothing, nothing, np.empty(0, np.float32)
    c = np.repeat(np.arange(len(start) - 1), np.diff(start))
    chosen = np.isin(c, rows) | np.isin(d, rows)
    return c[chosen], d[chosen].astype(np.int64), r[chosen]


def best_of(rows: NDArray[np.int64], scores: NDArray[np.float64], k: int) -> Found:
    """Return the best ``k`` of analogies, each once, ties by row numbers."""
    order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0], -scores))
    rows, scores = rows[order], scores[order]
    new = np.ones(len(rows), np.bool_)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return Found(rows[new][:k], scores[new][:k])
