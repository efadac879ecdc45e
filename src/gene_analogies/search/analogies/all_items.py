"""The best analogies of all, exact over all pairs of pairs, or over given pairs.

Of the two pairs of an analogy, either is listed by the neighbour index or not:

1. *Both are listed*, or given: every one of them is a direction, and is compared with all others.
2. *One is listed*: it is the direction, and a look finds the unlisted pairs that may reach τ.
3. *None is*: the shorter one is the direction. Its partner is at least as long, so that the
   highest and the lowest projection must be at least τ ‖a − b‖ apart, which few directions allow;
   those are looked at.

The work falls into blocks, so that it can be stopped, go on, and be spread over many machines
(:mod:`gene_analogies.runs`): first those of listed directions, which raise the threshold, then
those of rows a with all later rows b.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies import _distant_pairs
from gene_analogies.search.analogies.batch import lowered
from gene_analogies.search.analogies.blocks import (
    Arrays,
    Found,
    ListedPairs,
    Search,
    best_of,
    lanes_of,
)
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import multiply, run_parts
from gene_analogies.search.knn.cluster_bounds import ClusterBounds
from gene_analogies.search.knn.exclusion import exclusion_mask

__all__ = ["TopJob", "find_top", "pairs_of_rows"]

#: Directions in a block of listed ones, and rows a in a block of all others.
_LISTED = 4096
_ROWS = 128

#: Rows b that are taken at once.
_PARTNERS = 64

#: Bytes of the inner products of rows a; there are fewer rows in a block of very many items.
_FAR_BYTES = 2**26

#: A listed direction costs about so many times as much as one between far rows.
_LISTED_COST = 40.0

#: Changes with the method, so that blocks of an earlier one are not taken for its own.
_VERSION = b"top 2"


class TopJob:
    """The ``k`` best analogies, block by block.

    Parameters
    ----------
    field
        The rows.
    k
        How many to keep.
    max_similarity
        Highest cosine of a and c, and of b and d.
    pairs
        (start, edge_d, edge_r) as in `ClusterBounds`: both pairs of an analogy are among these.
        All pairs without it.
    """

    name = "top"

    def __init__(
        self, field: ClusterBounds, k: int, max_similarity: float, pairs: ListedPairs | None = None
    ) -> None:
        self._field = field
        self._k = k
        self._max_similarity = max_similarity
        self._everything = pairs is None
        self._pairs = (field.start, field.edge_d, field.edge_r) if pairs is None else pairs
        start, edge_d, _ = self._pairs
        self._a = np.repeat(np.arange(len(field)), np.diff(start))
        self._b = edge_d.astype(np.int64)
        self._listed_blocks = -(-len(self._a) // _LISTED)
        self._rows = max(4, min(_ROWS, _FAR_BYTES // (8 * len(field))))
        self._partners = max(2, min(_PARTNERS, self._rows))

    def key(self) -> str:
        """Return a digest of the vectors, the options and the method."""
        digest = hashlib.sha256(_VERSION)
        digest.update(self._field.digest())
        digest.update(repr((self._k, self._max_similarity, self._everything)).encode())
        for array in self._pairs:
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()[:32]

    def costs(self) -> NDArray[np.float64]:
        """Return the relative cost of every block."""
        listed = np.full(self._listed_blocks, _LISTED * _LISTED_COST)
        if not self._everything:
            return listed
        n = len(self._field)
        firsts = np.arange(0, n, self._rows)
        counts = np.minimum(self._rows, n - firsts)
        return np.concatenate([listed, counts * (n - firsts - counts / 2.0)])

    def solve(self, block: int, threshold: float) -> Arrays:
        """Return the best analogies whose direction is in a block: ``rows`` and ``scores``."""
        search = Search(
            self._field, self._pairs, self._k, self._max_similarity, fixed=False,
            threshold=threshold,
        )  # fmt: skip
        if block < self._listed_blocks:
            self._solve_listed(search, block)
        else:
            self._solve_far(search, (block - self._listed_blocks) * self._rows)
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
    def _solve_listed(self, search: Search, block: int) -> None:
        size = lanes_of(len(self._field))
        stop = min((block + 1) * _LISTED, len(self._a))
        for first in range(block * _LISTED, stop, size):
            some = slice(first, min(first + size, stop))
            found = search.directions(self._a[some], self._b[some])
            search.scan(found)
            if self._everything:
                search.look(found)

    @retry_on_corrupt_cache
    def _solve_far(self, search: Search, row: int) -> None:
        field = self._field
        n = len(field)
        squares = field.squares
        end = min(row + self._rows, n)
        first, first_c = np.empty((2, end - row, n), np.float32)
        self._products(row, end, first, first_c)
        second, second_d = np.empty((2, self._partners, n), np.float32)
        for other in range(row, n, self._partners):
            last = min(other + self._partners, n)
            self._products(other, last, second, second_d)
            marked = np.zeros((end - row, last - other), np.bool_)

            def mark(
                part: int, parts: int, other: int = other, last: int = last,
                marked: NDArray[np.bool_] = marked,
            ) -> None:  # fmt: skip
                of_b, of_b_d = second[: last - other], second_d[: last - other]
                _distant_pairs.mark_far(
                    first_c, first, of_b, of_b_d, squares[row:end], squares[other:last], row,
                    other, 6.0 * field.rounding, lowered(search.tau), part, parts, marked,
                )  # fmt: skip
                _distant_pairs.look_pairs(
                    search.rows, first_c, first, of_b, of_b_d, row, other, marked,
                    self._max_similarity, part, parts, search.heaps[part], search.tau,
                )  # fmt: skip

            run_parts(mark)

    def _products(
        self, row: int, end: int, plain: NDArray[np.float32], allowed: NDArray[np.float32]
    ) -> None:
        """Bound the inner products of rows ``row`` to ``end`` with all, and with allowed ones."""
        field = self._field
        count = end - row
        multiply(field.X[row:end], field.X.T, plain[:count])
        masked = exclusion_mask(field, self._max_similarity).mask(np.arange(row, end))

        def widen(part: int, parts: int) -> None:
            _distant_pairs.widen(
                plain, field.squares[row:end], field.error, masked, count * part // parts,
                count * (part + 1) // parts, plain, allowed,
            )  # fmt: skip

        run_parts(widen)


def find_top(job: TopJob) -> Found:
    """Do all blocks of a job here and now.

    Parameters
    ----------
    job
        What to do.
    """
    merged = job.merge([])
    for block in range(len(job.costs())):
        merged = job.merge([merged, job.solve(block, job.threshold(merged))])
    return Found(merged["rows"], merged["scores"])


def pairs_of_rows(field: ClusterBounds, pairs: NDArray[np.int64]) -> ListedPairs:
    """Return given pairs as a job wants them: each once, without those of equal vectors.

    Parameters
    ----------
    field
        The rows.
    pairs
        int64 of shape (m, 2): rows of ``field.E``.
    """
    places = np.sort(field.place[pairs], axis=1)
    places = np.unique(places[places[:, 0] != places[:, 1]], axis=0)
    lengths = np.empty(len(places))
    for first in range(0, len(places), 4096):
        c, d = field.order[places[first : first + 4096]].T
        offsets = field.E[c].astype(np.float64) - field.E[d]
        lengths[first : first + 4096] = np.sqrt(np.einsum("ij,ij->i", offsets, offsets))
    places, lengths = places[lengths > 0.0], lengths[lengths > 0.0]
    # Rounded down, as those of the index.
    single = np.nextafter(lengths.astype(np.float32), np.float32(0.0))
    order = np.lexsort((single, places[:, 0]))
    start = np.zeros(len(field) + 1, np.int64)
    np.cumsum(np.bincount(places[:, 0], minlength=len(field)), out=start[1:])
    return start, places[order, 1].astype(np.int32), single[order]
