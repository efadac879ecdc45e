"""Many directions at once: what `find` and `weighted` find for each, in less time.

One product of matrices projects the rows on all of them, every k-NN edge is compared with all of
them while it is at hand, and each is then searched for in one thread, which wakes no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import one_blas_thread, run_parts, thread_count
from gene_analogies.search.knn.cosines import Cosines
from gene_analogies.search.knn.index import NeighbourIndex, read_only
from gene_analogies.search.pairs import _edges_of_many as kernels
from gene_analogies.search.pairs import find as plain
from gene_analogies.search.pairs.project import Items, make_items, residual_weights
from gene_analogies.search.pairs.score import EUCLIDEAN, Query
from gene_analogies.search.pairs.weighted import WeightedPairs, find_weighted_pairs
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["directions_at_once", "find_many_pairs", "find_many_weighted_pairs"]

T = TypeVar("T")
Mask = NDArray[np.bool_]

#: Bytes of projections held at one time; and no more directions than these, so that progress shows.
_BLOCK_BYTES = 96 * 2**20
_MOST = 128
#: Numbers of the rows that are turned into float64 at a time: they stay in the processor's cache.
_AT_ONCE = 1 << 17
#: Errors below this share of the distance of near neighbours are little.
_SMALL = 1e-3
#: Room for edges of one direction; where more pass, they are looked for as if it were alone.
_ROOM = 1 << 10


def directions_at_once(n: int) -> int:
    """Return how many directions are well searched for together among ``n`` rows."""
    return max(1, min(_MOST, _BLOCK_BYTES // (24 * max(1, n))))


@retry_on_corrupt_cache
def find_many_pairs(
    vectors: NDArray[Any],
    index: NeighbourIndex,
    offsets: NDArray[np.float64],
    *,
    k: int,
    euclidean: bool,
    allowed_c: Sequence[Mask],
    allowed_d: Sequence[Mask],
) -> list[plain.FoundPairs]:
    """Return what `find_pairs` finds for each offset.

    Parameters
    ----------
    vectors, index, k, euclidean
        As for `find_pairs`.
    offsets
        float64 of shape (m, d), one or more; `directions_at_once` says how many are well taken.
    allowed_c, allowed_d
        m masks each.
    """
    vectors = read_only(vectors)
    queries = [plain.make_query(offset, euclidean, index) for offset in offsets]
    error = 0.0 if euclidean else _single_error(vectors, index)
    queries = [query._replace(gap_error=query.gap_error + error) for query in queries]
    parts = 1 if vectors.size <= plain.ONE_THREAD else thread_count()
    with one_blas_thread():
        projected = _project(vectors, index, [q.offset / q.length for q in queries], parts, error)

        def threshold(i: int) -> NDArray[np.float64]:
            tau = np.array([-np.inf])
            if plain.needs_index(plain.count_pairs(index, allowed_c[i], allowed_d[i]), k):
                items = projected.items[i]
                plain.raise_threshold(items, queries[i], allowed_c[i], allowed_d[i], k, tau)
            return tau

        taus = _each(len(queries), threshold, parts)
        edges = _edges(projected.S, index, queries, taus, parts)

        def search(i: int) -> plain.FoundPairs:
            return plain.find_pairs(
                vectors, index, offsets[i], k=k, euclidean=euclidean,
                allowed_c=allowed_c[i], allowed_d=allowed_d[i],
                known=plain.Known(queries[i], projected.items[i], taus[i], edges[i]),
            )  # fmt: skip

        return _each(len(queries), search, parts)


@retry_on_corrupt_cache
def find_many_weighted_pairs(
    vectors: NDArray[Any],
    index: NeighbourIndex,
    cosines: Cosines,
    directions: NDArray[np.float64],
    *,
    weight: float,
    k: int,
    allowed_c: Sequence[Mask],
    allowed_d: Sequence[Mask],
) -> list[WeightedPairs]:
    """Return what `find_weighted_pairs` finds for each direction.

    Parameters
    ----------
    vectors, index, cosines, weight, k
        As for `find_weighted_pairs`.
    directions, allowed_c, allowed_d
        As for `find_many_pairs`.
    """
    vectors = read_only(vectors)
    parts = 1 if vectors.size <= plain.ONE_THREAD else thread_count()
    with one_blas_thread():
        projected = _project(vectors, index, list(directions), parts)

        def search(i: int) -> WeightedPairs:
            return find_weighted_pairs(
                vectors, index, cosines, directions[i], weight=weight, k=k,
                allowed_c=allowed_c[i], allowed_d=allowed_d[i], items=projected.items[i],
            )  # fmt: skip

        return _each(len(directions), search, parts)


class _Projected(NamedTuple):
    """Projections of n rows on m directions: (n, m), and what kernels take for each direction."""

    S: NDArray[Any]
    items: list[Items]


def _single_error(vectors: NDArray[Any], index: NeighbourIndex) -> float:
    """Return by how much float32 products put a gap of two rows wrong; 0 where they will not do.

    They will where that is little beside the distances of nearest neighbours, but for one row in a
    hundred: a pair is then rarely looked at in vain.
    """
    if vectors.dtype != np.float32:
        return 0.0
    error = (vectors.shape[1] + 32) * 2.0**-23 * index.longest
    few = len(index.nearest) // 100
    return error if error < _SMALL * float(np.partition(index.nearest, few)[few]) else 0.0


def _project(
    vectors: NDArray[Any],
    index: NeighbourIndex,
    directions: Sequence[NDArray[np.float64]],
    parts: int,
    error: float = 0.0,
) -> _Projected:
    """Project all rows: in float64, or in float32 where ``error`` says what that may cost."""
    kind: Any = np.float32 if error > 0.0 else np.float64
    n, m = len(vectors), len(directions)
    along = np.array(directions).astype(kind)
    weights, scales = map(
        np.array, zip(*(residual_weights(one, index) for one in directions), strict=True)
    )
    S, s, residual = np.empty((n, m), kind), np.empty((m, n)), np.empty((m, n))

    def project(part: int, parts: int) -> None:
        first, last = n * part // parts, n * (part + 1) // parts
        for some in row_blocks(last - first, _AT_ONCE // vectors.shape[1] + 1):
            rows = slice(first + some.start, first + some.stop)
            products = along @ vectors[rows].astype(kind, copy=False).T
            s[:, rows] = products
            S[rows] = products.T
            known = weights @ index.coordinates[rows].astype(np.float64).T
            residual[:, rows] = scales[:, None] * (s[:, rows] - known)

    run_parts(project, parts)
    items = [
        make_items(vectors, index, *one, error * one[2])
        for one in zip(s, residual, scales.tolist(), strict=True)
    ]
    return _Projected(S, items)


def _edges(
    S: NDArray[Any],
    index: NeighbourIndex,
    queries: Sequence[Query],
    taus: Sequence[NDArray[np.float64]],
    parts: int,
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]] | None]:
    """Return the k-NN edges that may reach the threshold of each direction, where they are few."""
    m, euclidean = len(queries), queries[0].metric == EUCLIDEAN
    floors = np.array([tau[0] - q.relaxation for q, tau in zip(queries, taus, strict=True)])
    errors = np.array([query.gap_error for query in queries])
    lengths = np.array([query.length for query in queries])
    # With lower thresholds most edges would pass.
    able = floors > (-np.inf if euclidean else 0.0)
    floors[~able] = 0.0
    if euclidean:
        slope, constant = 0.5 / lengths, 0.5 * (lengths - floors**2 / lengths) - errors
    else:
        slope, constant = floors, -errors
    constant = np.where(able, constant, np.inf)
    needs = kernels.Needs(slope, constant, euclidean, queries[0].sign)
    found = [
        kernels.Found(
            np.empty((m, _ROOM), np.int64), np.empty((m, _ROOM), np.int64), np.zeros(m, np.int64)
        )
        for _ in range(parts)
    ]

    def collect(part: int, parts: int) -> None:
        first, last = len(S) * part // parts, len(S) * (part + 1) // parts
        kernels.collect_edges(
            S, index.start, index.edge_d, index.edge_r, needs, first, last, found[part]
        )

    run_parts(collect, parts)

    def of(i: int) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        if not able[i] or any(one.passed[i] > _ROOM for one in found):
            return None
        counts = [int(one.passed[i]) for one in found]
        c, d = (
            np.concatenate([one[side][i, :count] for one, count in zip(found, counts, strict=True)])
            for side in (0, 1)
        )
        return c, d

    return [of(i) for i in range(m)]


def _each(count: int, work: Callable[[int], T], parts: int) -> list[T]:
    """Return ``work(i)`` for each i; a thread takes the next one when it is free."""
    found: dict[int, T] = {}
    waiting = iter(range(count))

    def some(part: int, parts: int) -> None:
        del part, parts
        for i in waiting:
            found[i] = work(i)

    run_parts(some, parts)
    return [found[i] for i in range(count)]
