"""Which rows exclude one another: those with a cosine above ``max_similarity``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.engine.rounding import round_limit
from gene_analogies.search.engine.threads import multiply, run_parts
from gene_analogies.search.knn import _exclusion
from gene_analogies.search.knn.cluster_bounds import ClusterBounds

__all__ = ["ExclusionMask", "exclusion_mask"]

#: Values of max_similarity whose masks are remembered.
_LIMITS = 4

#: Rows from which the number of excluded pairs is estimated.
_SAMPLE = 64


def exclusion_mask(clusters: ClusterBounds, max_similarity: float) -> ExclusionMask:
    """Return which rows exclude one another, being too similar."""
    max_similarity = round_limit(max_similarity)
    known: dict[float, ExclusionMask] = clusters.remembered.setdefault(ExclusionMask, {})
    mask = known.get(max_similarity)
    if mask is None:
        mask = ExclusionMask(clusters, max_similarity)
        if len(known) >= _LIMITS:
            known.clear()
        known[max_similarity] = mask
    return mask  # not from the dictionary, which another thread may have cleared


class ExclusionMask:
    """Rows with a cosine above ``max_similarity``, excluded before anything is scored.

    It may miss some, since the rule itself is applied where an analogy is scored; it never excludes
    a pair that is allowed. k-NN edges are compared by their exact cosine. Where a sample says that
    many other pairs are excluded as well (embeddings with a common direction, or a
    low ``max_similarity``), all cosines are worked out in float32, block by block.

    Parameters
    ----------
    clusters
        The rows.
    max_similarity
        Highest cosine that is allowed, rounded as cosines are.

    Attributes
    ----------
    start, row
        int64 of shape (n + 1,) and int32 (count,): ``row[start[i]:start[i + 1]]`` are the rows
        excluded by row i to which a k-NN edge joins it.
    dense
        Whether all cosines are worked out.
    """

    def __init__(self, clusters: ClusterBounds, max_similarity: float) -> None:
        self._clusters = clusters
        self._max_similarity = max_similarity
        self.start, self.row = self._excluded_edges()
        mean_norm = float(np.sqrt(clusters.mean @ clusters.mean))
        # E_i · E_j = x_i · x_j + half_i + half_j, with x_i = E_i − mean.
        half = clusters.X @ clusters.mean.astype(np.float32)
        norms = row_norms(clusters.E)[clusters.order]
        self._zero = norms == 0.0
        self._cosine_bounds = _exclusion.CosineBounds(
            half=(half + mean_norm * mean_norm / 2.0).astype(np.float32),
            norms=norms.astype(np.float32),
            max_norms=np.sqrt(clusters.squares) + np.float32(mean_norm),
            max_similarity=max_similarity,
            rounding=2.0 * clusters.rounding + 2.0**-20,
        )
        self.dense = self._is_dense()

    def mask(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which rows each of ``rows`` excludes, itself among them: (len(rows), n)."""
        if self.dense:
            masked = self._by_cosine(rows)
        else:
            masked = np.zeros((len(rows), len(self._clusters)), np.bool_)
        counts = self.start[rows + 1] - self.start[rows]
        which = np.repeat(np.arange(len(rows)), counts)
        offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        masked[which, self.row[self.start[rows][which] + offset]] = True
        masked[np.arange(len(rows)), rows] = True
        return masked

    def _excluded_edges(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        clusters = self._clusters
        n = len(clusters)
        edge_c = np.repeat(np.arange(n, dtype=np.int32), np.diff(clusters.start))
        excluded = np.empty(len(edge_c), np.bool_)

        def compare(part: int, parts: int) -> None:
            m = len(edge_c)
            _exclusion.compare_edges(
                clusters.E, clusters.order, edge_c, clusters.edge_d, self._max_similarity,
                m * part // parts, m * (part + 1) // parts, excluded,
            )  # fmt: skip

        run_parts(compare)
        c, d = edge_c[excluded], clusters.edge_d[excluded]
        first, second = np.concatenate([c, d]), np.concatenate([d, c])
        start = np.zeros(n + 1, np.int64)
        np.cumsum(np.bincount(first, minlength=n), out=start[1:])
        return start, second[np.argsort(first, kind="stable")]

    def _is_dense(self) -> bool:
        n = len(self._clusters)
        sample = np.unique(np.linspace(0, n - 1, _SAMPLE).astype(np.int64))
        edges = self.start[sample + 1] - self.start[sample]
        # Each of them excludes itself.
        return bool(self._by_cosine(sample).sum() > edges.sum() + 2 * len(sample))

    def _by_cosine(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        clusters = self._clusters
        products = np.empty((len(rows), len(clusters)), np.float32)
        multiply(clusters.X[rows], clusters.X.T, products)
        masked = np.empty(products.shape, np.bool_)

        def compare(part: int, parts: int) -> None:
            first, last = (len(rows) * p // parts for p in (part, part + 1))
            _exclusion.mark_similar(products, rows, self._cosine_bounds, first, last, masked)

        run_parts(compare)
        if self._max_similarity < 0.0:  # the cosine of a zero row counts as 0
            masked[:, self._zero] = True
            masked[self._zero[rows]] = True
        return masked
