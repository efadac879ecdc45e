"""Blocks of directions over a field: what `analogies` and `top` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies import _branch_and_bound, batch
from gene_analogies.search.analogies.quads import Quads, new_quads
from gene_analogies.search.engine.threads import multiply, run_parts, thread_count
from gene_analogies.search.knn.cluster_bounds import ClusterBounds
from gene_analogies.search.knn.exclusion import exclusion_mask

__all__ = ["Arrays", "Directions", "Found", "ListedPairs", "Search", "best_of", "lanes_of"]

#: The answer of a block of a job, by name.
Arrays = dict[str, NDArray[Any]]

#: Listed or given pairs of rows, by c, nearest first: start, d and distance.
ListedPairs = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]

#: Bytes of the projections of one block of directions, and its most directions.
_BLOCK_BYTES = 2**24
_WIDEST = 256

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


def lanes_of(count: int) -> int:
    """Return how many directions make a block: fewer where there are very many rows."""
    return max(16, min(_WIDEST, _BLOCK_BYTES // (4 * count) // 16 * 16))


@dataclass(frozen=True)
class Directions:
    """A block of directions and where every row may stand in them.

    Attributes
    ----------
    a, b
        int64 of shape (lanes,): the direction of a lane is from b to a.
    high, low
        float32 of shape (lanes, n): the highest projection that a row may have as c, the lowest
        as d; beyond all others where it may not be c or d.
    top, bottom
        float32 of shape (lanes,): their ends over all rows that are not far out.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    high: NDArray[np.float32]
    low: NDArray[np.float32]
    top: NDArray[np.float32]
    bottom: NDArray[np.float32]

    def part(self, first: int, last: int) -> Directions:
        """Return some of the lanes."""
        some = slice(first, last)
        return Directions(
            self.a[some], self.b[some], self.high[some], self.low[some], self.top[some],
            self.bottom[some],
        )  # fmt: skip


class Search:
    """The best ``k`` analogies so far, and the threshold they set.

    Parameters
    ----------
    field
        The rows.
    pairs
        Listed or given pairs that :meth:`scan` compares.
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
        field: ClusterBounds,
        pairs: ListedPairs,
        k: int,
        max_similarity: float,
        *,
        fixed: bool,
        threshold: float = 0.0,
    ) -> None:
        self.field = field
        self.pairs = pairs
        self.max_similarity = max_similarity
        self.fixed = fixed
        self.tau = np.array([max(0.0, threshold)])
        self.k = k
        self.heaps: list[Quads] = [new_quads(k) for _ in range(thread_count())]
        between = np.ascontiguousarray(_least(field.table, field.groups).T)
        self.rows = _branch_and_bound.Rows(
            field.E, field.X, field.squares, field.error, field.order, field.knn_radius,
            field.groups, field.table, _least(field.knn_radius, field.groups), between,
        )  # fmt: skip
        n = len(field)
        self._alike = exclusion_mask(field, max_similarity)
        self._error = float(np.delete(field.error, field.outliers).max(initial=0.0))
        self._outliers = _pairs_with(field.outliers, pairs)
        self._turned = np.empty((2, n, batch.LANES), np.uint8)
        self._projected = np.empty((2, n * lanes_of(n)), np.float32)

    def directions(
        self, a: NDArray[np.int64], b: NDArray[np.int64], not_c: NDArray[np.int64] | None = None
    ) -> Directions:
        """Project all rows on the unit directions from ``b`` to ``a``.

        Parameters
        ----------
        a, b
            Rows, int64 of shape (lanes,), whose vectors differ.
        not_c
            Rows that may not be c, besides those that are too similar to a.

        Returns
        -------
        Directions
            Overwritten by the next call.
        """
        field = self.field
        offsets = field.E[field.order[a]].astype(np.float64) - field.E[field.order[b]]
        offsets /= np.sqrt(np.einsum("ij,ij->i", offsets, offsets))[:, None]
        lanes, n = len(a), len(field)
        high, low = (part[: lanes * n].reshape(lanes, n) for part in self._projected)
        multiply(offsets.astype(np.float32), field.X.T, high)
        of_a, c_mask = np.unique(a, return_inverse=True)
        masked_c, masked_d = self._alike.mask(of_a), self._alike.mask(b)
        if not_c is not None:
            masked_c[:, not_c] = True
        top, bottom = np.empty(lanes, np.float32), np.empty(lanes, np.float32)

        def stand(part: int, parts: int) -> None:
            batch.stand(
                high, field.error, a, b, masked_c, c_mask, masked_d, field.outliers,
                lanes * part // parts, lanes * (part + 1) // parts, low, top, bottom,
            )  # fmt: skip

        run_parts(stand)
        return Directions(a, b, high, low, top, bottom)

    def scan(self, found: Directions) -> None:
        """Offer the listed pairs that may reach the threshold."""
        for first in range(0, len(found.a), batch.LANES):
            self._scan(found.part(first, first + batch.LANES))
        if len(self._outliers[0]) > 0:
            self._scan_far_out(found)

    def _scan(self, found: Directions) -> None:
        field = self.field
        n = len(field)
        alive = found.top > found.bottom
        if not alive.any():
            return
        widths = np.where(alive, found.top - found.bottom, 0.0)
        scale = _LARGEST / max(float(widths.max()), 1e-30)
        bottom = np.where(alive, found.bottom, batch.NOWHERE).astype(np.float32)
        ends = np.zeros((1, batch.LANES), np.uint8)
        ends[0, : len(widths)] = np.ceil(widths * scale)
        S, S_low = self._turned
        both = self._alike.dense
        unsure = 1.02 + 2.0 * self._error * scale

        def write(part: int, parts: int) -> None:
            first, last = n * part // parts, n * (part + 1) // parts
            batch.turn(found.high, bottom, scale, first, last, S)
            if both:
                batch.turn(found.low, bottom, scale, first, last, S_low)

        def scan(part: int, parts: int) -> None:
            batch.scan_listed(
                field.E, field.order, found.high, found.low, S, S_low if both else S, both, ends,
                scale, unsure, found.a, found.b, *self.pairs, self.max_similarity, self.fixed,
                n * part // parts, n * (part + 1) // parts, self.heaps[part], self.tau,
            )  # fmt: skip

        run_parts(write)
        run_parts(scan)

    def _scan_far_out(self, found: Directions) -> None:
        c, d, r = self._outliers
        field = self.field

        def scan(part: int, parts: int) -> None:
            batch.scan_pairs(
                field.E, field.order, found.high, found.low, found.a, found.b, c, d, r,
                self.max_similarity, self.fixed, len(c) * part // parts,
                len(c) * (part + 1) // parts, self.heaps[part], self.tau,
            )  # fmt: skip

        run_parts(scan)

    def look(self, found: Directions) -> None:
        """Offer the pairs that are not listed and may reach the threshold."""

        def part_of(part: int, parts: int) -> None:
            _branch_and_bound.look_lanes(
                self.rows, found.high, found.low, found.a, found.b, self.max_similarity,
                self.fixed, part, parts, self.heaps[part], self.tau,
            )  # fmt: skip

        run_parts(part_of)

    def found(self) -> Found:
        """Return the best analogies of all threads, ties by row numbers."""
        rows = np.concatenate([heap.rows[: heap.size[0]] for heap in self.heaps])
        scores = np.concatenate([heap.scores[: heap.size[0]] for heap in self.heaps])
        return best_of(rows, scores, self.k)


def _least(values: NDArray[np.float32], groups: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the least of the last axis over the rows of each group; infinity for an empty one."""
    filled = np.flatnonzero(np.diff(groups))
    least = np.full((*values.shape[:-1], len(groups) - 1), np.inf, np.float32)
    least[..., filled] = np.minimum.reduceat(values, groups[filled], axis=-1)
    return least


def _pairs_with(
    rows: NDArray[np.int64], pairs: ListedPairs
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
