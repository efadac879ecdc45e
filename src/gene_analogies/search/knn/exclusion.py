"""Which rows are too similar to stand in for one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.engine.threads import multiply, run_parts
from gene_analogies.search.knn import _exclusion
from gene_analogies.search.knn.cluster_bounds import ClusterBounds

__all__ = ["ExclusionMask", "exclusion_mask"]

#: Values of max_similarity for which the rows that are too similar are remembered.
_LIMITS = 4

#: Rows that tell how many pairs are too similar.
_SAMPLE = 64


def exclusion_mask(field: ClusterBounds, max_similarity: float) -> ExclusionMask:
    """Return which rows are too similar to stand in for one another."""
    known: dict[float, ExclusionMask] = field.remembered.setdefault(ExclusionMask, {})
    if max_similarity not in known:
        if len(known) >= _LIMITS:
            known.clear()
        known[max_similarity] = ExclusionMask(field, max_similarity)
    return known[max_similarity]


class ExclusionMask:
    """Rows with a cosine above ``max_similarity``, to be left out before anything is scored.

    It may miss some, since the rule itself is kept where an analogy is scored; it never names a
    pair that is allowed. Those of the neighbour index are known by their exact cosine. Where a
    sample says that many others are too similar as well (embeddings with a common direction, or a
    low ``max_similarity``), all cosines are worked out in float32, block by block.

    Parameters
    ----------
    field
        The rows.
    max_similarity
        Highest cosine that is allowed.

    Attributes
    ----------
    start, row
        int64 of shape (n + 1,) and int32 (count,): ``row[start[i]:start[i + 1]]`` are the listed
        rows that are too similar to row i.
    dense
        Whether all cosines are worked out.
    """

    def __init__(self, field: ClusterBounds, max_similarity: float) -> None:
        self._field = field
        self._max_similarity = max_similarity
        self.start, self.row = self._listed()
        size = float(np.sqrt(field.mean @ field.mean))
        # E_i · E_j = x_i · x_j + half_i + half_j, with x_i = E_i − mean.
        half = field.X @ field.mean.astype(np.float32)
        norms = row_norms(field.E)[field.order]
        self._zero = norms == 0.0
        self._cosine_bounds = _exclusion.CosineBounds(
            half=(half + size * size / 2.0).astype(np.float32),
            norms=norms.astype(np.float32),
            max_norms=np.sqrt(field.squares) + np.float32(size),
            max_similarity=max_similarity,
            rounding=2.0 * field.rounding + 2.0**-20,
        )
        self.dense = self._is_crowded()

    def mask(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which rows are too similar to each of ``rows``, or it itself, (len(rows), n)."""
        if self.dense:
            masked = self._by_cosine(rows)
        else:
            masked = np.zeros((len(rows), len(self._field)), np.bool_)
        counts = self.start[rows + 1] - self.start[rows]
        which = np.repeat(np.arange(len(rows)), counts)
        place = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        masked[which, self.row[self.start[rows][which] + place]] = True
        masked[np.arange(len(rows)), rows] = True
        return masked

    def _listed(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        field = self._field
        n = len(field)
        edge_c = np.repeat(np.arange(n, dtype=np.int32), np.diff(field.start))
        alike = np.empty(len(edge_c), np.bool_)

        def compare(part: int, parts: int) -> None:
            m = len(edge_c)
            _exclusion.too_similar(
                field.E, field.order, edge_c, field.edge_d, self._max_similarity,
                m * part // parts, m * (part + 1) // parts, alike,
            )  # fmt: skip

        run_parts(compare)
        c, d = edge_c[alike], field.edge_d[alike]
        first, second = np.concatenate([c, d]), np.concatenate([d, c])
        start = np.zeros(n + 1, np.int64)
        np.cumsum(np.bincount(first, minlength=n), out=start[1:])
        return start, second[np.argsort(first, kind="stable")]

    def _is_crowded(self) -> bool:
        n = len(self._field)
        sample = np.unique(np.linspace(0, n - 1, _SAMPLE).astype(np.int64))
        listed = self.start[sample + 1] - self.start[sample]
        # Each of them is too similar to itself.
        return bool(self._by_cosine(sample).sum() > listed.sum() + 2 * len(sample))

    def _by_cosine(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        field = self._field
        products = np.empty((len(rows), len(field)), np.float32)
        multiply(field.X[rows], field.X.T, products)
        masked = np.empty(products.shape, np.bool_)

        def compare(part: int, parts: int) -> None:
            first, last = (len(rows) * p // parts for p in (part, part + 1))
            _exclusion.mark_similar(products, rows, self._cosine_bounds, first, last, masked)

        run_parts(compare)
        if self._max_similarity < 0.0:  # the cosine of a zero row counts as 0
            masked[:, self._zero] = True
            masked[self._zero[rows]] = True
        return masked
