"""Blocks of directions over a field: what `analogies` and `top` have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search import _lanes, _look
from gene_analogies.search._quads import Quads, new_quads
from gene_analogies.search._threads import run_parts, thread_count
from gene_analogies.search.field import Field

__all__ = ["Arrays", "Found", "Search", "best_of", "lanes_of"]

#: The answer of a block of a job, by name.
Arrays = dict[str, NDArray[Any]]

#: Bytes of the projections of one block of directions, and its most directions.
_BLOCK_BYTES = 2**25
_WIDEST = 512

#: Directions that two rows are compared in at once.
_LANES = 64


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


class Search:
    """The best ``k`` analogies so far, and the threshold they set.

    Parameters
    ----------
    field
        The rows.
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
        self, field: Field, k: int, max_similarity: float, *, fixed: bool, threshold: float = 0.0
    ) -> None:
        self.field = field
        self.max_similarity = max_similarity
        self.fixed = fixed
        self.tau = np.array([max(0.0, threshold)])
        self.k = k
        self.heaps: list[Quads] = [new_quads(k) for _ in range(thread_count())]
        self.rows = _look.Rows(
            field.E, field.X, field.order, field.reach, field.groups, field.table,
            _least(field.reach, field.groups), _least(field.table, field.groups), field.slack,
        )  # fmt: skip
        n = len(field)
        self._turned = np.empty(n * min(_LANES, lanes_of(n)), np.int16)
        self._projected = np.empty(n * lanes_of(n), np.float32)

    def project(self, lanes: _lanes.Lanes) -> NDArray[np.float32]:
        """Project all rows on the unit directions of lanes.

        Returns float32 of shape (lanes, n), overwritten by the next call.
        """
        field = self.field
        first, second = field.order[lanes.a], field.order[lanes.b]
        offsets = field.E[first].astype(np.float64) - field.E[second]
        offsets /= np.sqrt(np.einsum("ij,ij->i", offsets, offsets))[:, None]
        P = self._projected[: len(offsets) * len(field)].reshape(len(offsets), len(field))
        return np.matmul(offsets.astype(np.float32), field.X.T, out=P)

    def bounds(
        self, P: NDArray[np.float32], lanes: _lanes.Lanes
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the highest projection of a possible c, and the lowest of a d, in each lane."""
        count = len(P)
        top, bottom = np.empty(count, np.float32), np.empty(count, np.float32)

        def bound(part: int, parts: int) -> None:
            _lanes.bound_lanes(
                P, lanes, count * part // parts, count * (part + 1) // parts, top, bottom
            )

        run_parts(bound)
        return top, bottom

    def scan_listed(
        self,
        P: NDArray[np.float32],
        lanes: _lanes.Lanes,
        pairs: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]],
    ) -> None:
        """Offer the listed ``pairs`` (start, edge_d, edge_r) that may reach the threshold."""
        top, bottom = self.bounds(P, lanes)
        for first in range(0, len(P), _LANES):
            some = slice(first, first + _LANES)
            self._scan(P[some], lanes.a[some], lanes.b[some], top[some], bottom[some], pairs)

    def _scan(
        self,
        P: NDArray[np.float32],
        a: NDArray[np.int64],
        b: NDArray[np.int64],
        top: NDArray[np.float32],
        bottom: NDArray[np.float32],
        pairs: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]],
    ) -> None:
        field = self.field
        n = len(field)
        largest = max(float(P.max()), -float(P.min()), 1e-30)
        scale = _lanes.LARGEST / largest
        S = self._turned[: P.size].reshape(n, len(P))
        # float64: what is nowhere must not overflow.
        ends = np.stack([top, bottom]).astype(np.float64) * scale
        high, low = np.clip(ends, -_lanes.LARGEST, _lanes.LARGEST).astype(np.int16)

        def write(part: int, parts: int) -> None:
            _lanes.turn(P, scale, n * part // parts, n * (part + 1) // parts, S)

        def scan(part: int, parts: int) -> None:
            _lanes.scan_listed(
                field.E, field.order, S, scale, field.slack, high, low, a, b, *pairs,
                self.max_similarity, self.fixed, n * part // parts, n * (part + 1) // parts,
                self.heaps[part], self.tau,
            )  # fmt: skip

        run_parts(write)
        run_parts(scan)

    def look(self, P: NDArray[np.float32], lanes: _lanes.Lanes) -> None:
        """Offer the pairs that are not listed and may reach the threshold."""

        def part_of(part: int, parts: int) -> None:
            _look.look_lanes(
                self.rows, P, lanes, self.max_similarity, self.fixed, part, parts,
                self.heaps[part], self.tau,
            )  # fmt: skip

        run_parts(part_of)

    def found(self) -> Found:
        """Return the best analogies of all threads, ties by row numbers."""
        rows = np.concatenate([heap.rows[: heap.size[0]] for heap in self.heaps])
        scores = np.concatenate([heap.scores[: heap.size[0]] for heap in self.heaps])
        return best_of(rows, scores, self.k)


def _least(values: NDArray[np.float32], groups: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the least of the values of the rows of each group; infinity for an empty one."""
    filled = np.flatnonzero(np.diff(groups))
    least = np.full((len(groups) - 1, *values.shape[1:]), np.inf, np.float32)
    least[filled] = np.minimum.reduceat(values, groups[filled], axis=0)
    return least


def best_of(rows: NDArray[np.int64], scores: NDArray[np.float64], k: int) -> Found:
    """Return the best ``k`` of analogies, each once, ties by row numbers."""
    order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0], -scores))
    rows, scores = rows[order], scores[order]
    new = np.ones(len(rows), np.bool_)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return Found(rows[new][:k], scores[new][:k])
