"""Pairs with the same relation: the exact best pairs for one direction, without a pair index.

For the unit direction q of the query, ``s = E @ q``. The pair (c, d) has the similarity
``(s_c − s_d) / ‖e_c − e_d‖``: PairDirection of Levy & Goldberg (2014). With the k-th best
similarity so far, τ, a pair is of interest only if its gap ``s_c − s_d`` is above
``τ ‖e_c − e_d‖``. The k-NN edges are looked up; any other pair is at least
``max(radius_c, radius_d)`` apart, which leaves few. The Euclidean metric and sums of vectors need
other thresholds and signs, and are the same search.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best, merge, new_best
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import run_parts, thread_count
from gene_analogies.search.knn.index import NeighbourIndex, read_only
from gene_analogies.search.pairs import _bands, _leaves, _neighbours, _non_neighbours, score
from gene_analogies.search.pairs.project import project_rows
from gene_analogies.util.row_blocks import row_blocks

__all__ = [
    "FEW_PAIRS",
    "ONE_THREAD",
    "FoundPairs",
    "Known",
    "are_many",
    "candidate_blocks",
    "count_pairs",
    "count_without_direction",
    "find_pairs",
    "make_query",
    "needs_index",
    "raise_threshold",
]

#: Extreme rows that set the first threshold, at least.
_EXTREMES = 20

#: Up to this many numbers, waking a second thread costs more than it saves.
ONE_THREAD = 1_000_000

#: Up to this many pairs, all are scored; above it, the index pays.
FEW_PAIRS = 4_000

#: From this many pairs of non-neighbours on, and so many for each row, leaves pay.
_MANY_PAIRS = 20_000_000
_PAIRS_A_ROW = 700

#: Pairs that are scored without a look at what else is to be done.
_AT_ONCE = 2_000_000

#: About so many rows are enough to estimate the number of pairs of non-neighbours.
_SAMPLE = 4_096


@dataclass(frozen=True)
class FoundPairs:
    """The best pairs, best first.

    Attributes
    ----------
    c, d
        int64 of shape (k,): row numbers.
    scores
        float64 of shape (k,): cosine, or negative Euclidean distance, of the two offsets.
    without_direction
        Number of allowed pairs left out because they combine to the zero vector.
    """

    c: NDArray[np.int64]
    d: NDArray[np.int64]
    scores: NDArray[np.float64]
    without_direction: int


class Known(NamedTuple):
    """What is known of a query before it is searched for.

    Attributes
    ----------
    query
        What `make_query` returns; its bound of errors may be higher.
    items
        What `project_rows` returns.
    tau
        float64 of shape (1,): what `raise_threshold` made of it.
    edges
        The rows c and d of all k-NN edges that may reach it, in either order; None if they are
        to be looked for.
    """

    query: score.Query
    items: _non_neighbours.Items
    tau: NDArray[np.float64]
    edges: tuple[NDArray[np.int64], NDArray[np.int64]] | None


@retry_on_corrupt_cache
def find_pairs(
    vectors: NDArray[Any],
    index: NeighbourIndex,
    offset: NDArray[np.float64],
    *,
    k: int,
    euclidean: bool,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    known: Known | None = None,
) -> FoundPairs:
    """Find the ``k`` pairs whose difference (or sum) is most like ``offset``.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    index
        Its neighbour index; ``index.sign`` says whether pairs are differences or sums.
    offset
        float64 of shape (d,), not zero; a unit vector unless ``euclidean``.
    k
        How many pairs; fewer come back where there are fewer.
    euclidean
        Score by the negative Euclidean distance of the offsets, not by their cosine.
    allowed_c, allowed_d
        bool of shape (n,): which rows may be c and d (the same for sums).
    known
        Where other threads search for other queries: what is known of this one, which is then
        searched for in one thread.

    Returns
    -------
    FoundPairs
        Ordered by score, then by row numbers. A sum has c < d.
    """
    n = len(vectors)
    vectors = read_only(vectors)
    pairs = count_pairs(index, allowed_c, allowed_d)
    k = min(k, pairs)
    if k == 0:
        return _collect([new_best(0)], 0, count_without_direction(index, allowed_c, allowed_d))
    query = make_query(offset, euclidean, index) if known is None else known.query
    tau = np.array([-np.inf])
    parts = 1 if known is not None or vectors.size <= ONE_THREAD else thread_count()
    heaps = [new_best(k) for _ in range(parts)]
    if needs_index(pairs, k):
        if known is None:
            known = Known(query, project_rows(vectors, query, index, parts), tau, None)
            raise_threshold(known.items, query, allowed_c, allowed_d, k, tau)
        items, tau = known.items, known.tau
        if known.edges is not None:
            c, d = known.edges
            usable = allowed_c[c] & allowed_d[d]
            _neighbours.offer_pairs(vectors, query, c[usable], d[usable], heaps[0], tau)
        else:
            edges = _neighbours.Edges(
                index.start, index.edge_d, index.edge_r, index.nearest, items.s,
                allowed_c, allowed_d,
            )  # fmt: skip

            def scan_edges(part: int, parts: int) -> None:
                first, last = n * part // parts, n * (part + 1) // parts
                _neighbours.scan_edges(vectors, query, edges, first, last, heaps[part], tau)

            run_parts(scan_edges, parts)
        # Bounds by distance hold for a threshold above zero only.
        if tau[0] > (-np.inf if euclidean else 4.0 * query.quantum):
            _scan_non_neighbours(items, query, index, allowed_c, allowed_d, heaps, tau)
            return _collect(heaps, k, count_without_direction(index, allowed_c, allowed_d))
        heaps = [new_best(k) for _ in range(parts)]
    for candidates in candidate_blocks(index, allowed_c, allowed_d):

        def scan_all(
            part: int, parts: int, candidates: _neighbours.Candidates = candidates
        ) -> None:
            _neighbours.scan_all(vectors, query, candidates, part, parts, heaps[part], tau)

        run_parts(scan_all, parts if pairs > FEW_PAIRS else 1)
    return _collect(heaps, k, count_without_direction(index, allowed_c, allowed_d))


def count_pairs(
    index: NeighbourIndex, allowed_c: NDArray[np.bool_], allowed_d: NDArray[np.bool_]
) -> int:
    """Count the pairs that masks leave, those without a direction included."""
    pairs = int(np.count_nonzero(allowed_c)) * int(np.count_nonzero(allowed_d))
    pairs -= int(np.count_nonzero(allowed_c & allowed_d))
    return pairs if index.sign < 0 else pairs // 2


def needs_index(pairs: int, k: int) -> bool:
    """Whether there are more pairs than are scored one by one."""
    return pairs > max(FEW_PAIRS, 4 * k)


def candidate_blocks(
    index: NeighbourIndex, allowed_c: NDArray[np.bool_], allowed_d: NDArray[np.bool_]
) -> Iterator[_neighbours.Candidates]:
    """Yield all candidates in blocks of less than a second each: Ctrl-C is heard between two."""
    rows_c, rows_d = np.flatnonzero(allowed_c), np.flatnonzero(allowed_d)
    for block in row_blocks(len(rows_c), _AT_ONCE // max(1, len(rows_d)) + 1):
        yield _neighbours.Candidates(rows_c[block], rows_d, index.group, index.partner)


def make_query(offset: NDArray[np.float64], euclidean: bool, index: NeighbourIndex) -> score.Query:
    """Return the direction as kernels take it, with bounds of its rounding errors."""
    length = float(np.linalg.norm(offset)) if euclidean else 1.0
    size, gap_error = index.longest, 0.0
    if euclidean:
        size += length
        # Thresholds subtract squares of distances and lengths, and divide by the length.
        gap_error = 2.0**-48 * (4.0 * index.spread**2 + length**2) / length
    quantum = 2.0 ** (np.ceil(np.log2(length)) - 40)
    return score.Query(
        offset=offset,
        length=length,
        metric=score.EUCLIDEAN if euclidean else score.COSINE,
        sign=float(index.sign),
        quantum=quantum,
        relaxation=2.0 * quantum,
        gap_error=(len(offset) + 64) * 2.0**-50 * size + gap_error,
    )


def raise_threshold(
    items: _non_neighbours.Items,
    query: score.Query,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    k: int,
    tau: NDArray[np.float64],
) -> None:
    """Set a first threshold by the pairs of the rows with the highest and lowest projections."""
    count = min(len(items.s), max(_EXTREMES, math.isqrt(2 * k) + 1))
    high = _non_neighbours.extreme_rows(items.s, 1.0, allowed_c, count)
    low = _non_neighbours.extreme_rows(items.s, query.sign, allowed_d, count)
    c, d = np.repeat(high, len(low)), np.tile(low, len(high))
    pairs = items.partner[c] != items.group[d]
    if query.sign > 0.0:
        pairs &= c < d
    _non_neighbours.check_pairs(items, query, c[pairs], d[pairs], new_best(k), tau)


def _scan_non_neighbours(
    items: _non_neighbours.Items,
    query: score.Query,
    index: NeighbourIndex,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    heaps: list[Best],
    tau: NDArray[np.float64],
) -> None:
    """Offer the non-neighbours that bounds of single rows leave, by k-d tree leaves if many."""
    rows_c, ends_c, need_c, rows_d, ends_d, need_d = _non_neighbours.select_rows(
        items, query, allowed_c, allowed_d, float(tau[0])
    )
    if len(rows_c) == 0 or len(rows_d) == 0:
        return
    first = _bands.make_bands(rows_c, ends_c, need_c)
    second = _bands.make_bands(rows_d, ends_d, need_d)
    if are_many(first, second):
        _scan_leaves(items, query, index, rows_c, rows_d, heaps, tau)
        return
    excluded = _bands.ExcludedPairs(items.group, items.partner, query.sign > 0.0)

    def scan(part: int, parts: int) -> None:
        def check(cs: NDArray[np.int64], ds: NDArray[np.int64]) -> None:
            _non_neighbours.check_pairs(items, query, cs, ds, heaps[part], tau)

        _bands.scan_bands(check, first, second, excluded, part, parts)

    run_parts(scan, len(heaps))


def are_many(first: _bands.Bands, second: _bands.Bands) -> bool:
    """Whether bands leave more pairs of non-neighbours than are worth checking one by one."""
    counts = len(first.rows), len(second.rows)
    many = max(_MANY_PAIRS, _PAIRS_A_ROW * sum(counts))
    # Most queries leave so few rows that nothing needs to be counted, nor the counter compiled.
    if counts[0] * counts[1] <= many:
        return False
    return bool(_bands.count_non_neighbours(first, second, max(1, counts[0] // _SAMPLE)) > many)


def _scan_leaves(
    items: _non_neighbours.Items,
    query: score.Query,
    index: NeighbourIndex,
    rows_c: NDArray[np.int64],
    rows_d: NDArray[np.int64],
    heaps: list[Best],
    tau: NDArray[np.float64],
) -> None:
    """Offer pairs of non-neighbours leaf by leaf."""
    direction = query.offset / query.length
    known = np.zeros(items.coordinates.shape[1])
    known[: index.axes.shape[1]] = direction @ index.axes
    middle = 0.0 if query.sign > 0 else float(np.median(items.s))
    along = items.s - middle
    # Along an orthonormal basis, the part of a row that is across the direction.
    across = items.coordinates - np.outer(along, known)
    _, basis = np.linalg.eigh(across.T @ across)
    width = min(_leaves.AXES_ACROSS, basis.shape[1])
    across = np.pad(across @ basis[:, ::-1][:, :width], ((0, 0), (0, _leaves.AXES_ACROSS - width)))
    floor = float(tau[0])
    weight = float(np.sqrt(max(0.0, 1.0 / floor**2 - 1.0))) if query.metric == score.COSINE else 1.0
    first = _leaves.make_leaves(
        rows_c, along[rows_c], across[rows_c], items.knn_radius[rows_c], weight
    )
    second = _leaves.make_leaves(
        rows_d,
        -query.sign * along[rows_d],
        -query.sign * across[rows_d],
        items.knn_radius[rows_d],
        weight,
    )
    coordinate_error = 2.0**-22 * index.spread

    def scan(part: int, parts: int) -> None:
        _leaves.scan_leaves(
            items, query, first, second, coordinate_error, part, parts, heaps[part], tau
        )

    run_parts(scan, len(heaps))


def count_without_direction(
    index: NeighbourIndex, allowed_c: NDArray[np.bool_], allowed_d: NDArray[np.bool_]
) -> int:
    """Count the allowed pairs that combine to the zero vector."""
    rows = index.cancelling
    if len(rows) == 0:
        return 0
    c, d = rows[allowed_c[rows]], rows[allowed_d[rows]]
    groups, partners = np.sort(index.group[d]), index.partner[c]
    total = int(np.searchsorted(groups, partners, side="right").sum())
    total -= int(np.searchsorted(groups, partners).sum())
    total -= int(np.count_nonzero(allowed_d[c] & (index.partner[c] == index.group[c])))
    return total // 2 if index.sign > 0 else total


def _collect(heaps: list[Best], k: int, without_direction: int) -> FoundPairs:
    """Merge the heaps of the threads."""
    scores, rows = merge(heaps, k)
    c, d = np.ascontiguousarray(rows.T)
    return FoundPairs(c, d, scores, without_direction)
