"""Listed pairs by score, with the exact rank of each among all pairs.

One pass over all pairs counts for all listed ones at once: the squared length of every difference
(or sum) comes from a product of the rows, its score and a bound of the error from that, and only
pairs whose estimate does not tell on which side of a listed score they lie are scored in float64.

With a neighbour index, rows are taken in the order of their projections, and most blocks of rows
and columns are left out: no pair of non-neighbours in them scores as much as the worst listed one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.engine.threads import (
    check_stop,
    one_blas_thread,
    run_parts,
    thread_count,
)
from gene_analogies.search.knn.index import NeighbourIndex, equal_rows, read_only
from gene_analogies.search.pairs import _rank_edges, _ranks
from gene_analogies.search.pairs.find import make_query
from gene_analogies.search.pairs.score import COSINE, EUCLIDEAN, Query, WeightedQuery
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["RankedPairs", "rank_pairs"]

#: Rows and columns of a block of products: it stays in the processor's cache.
_ROWS, _COLUMNS = 256, 512
#: Edges that are scored without a look at whether to stop.
_AT_ONCE = 100_000
#: Beside so many listed pairs too many estimates in float32 would not tell; those of plain cosines
#: are the better the nearer to zero.
_MANY, _MANY_COSINES = 64, 512
#: Cells that listed scores are sorted into, at most.
_CELLS = 2**20
#: How near to a cell a listed score may be, in cells, for estimates in that cell to be looked at:
#: the errors of estimates are below half of it, but for close pairs.
_MARGINS = {np.float32: 0.5, np.float64: 2.0**-5}
#: Up to so many rows, a second thread costs more than it saves.
_FEW_ROWS = 256


@dataclass(frozen=True)
class RankedPairs:
    """Listed pairs, best first.

    Attributes
    ----------
    c, d
        int64 of shape (m,): row numbers.
    scores
        float64 of shape (m,): by what they are ordered.
    similarity
        float64 of shape (m,): cosine, or negative Euclidean distance, of the two offsets.
    ranks
        int64 of shape (m,): the place of each among all allowed pairs, from 1.
    pairs
        How many pairs are allowed and have a direction.
    without_direction
        Number of listed pairs left out because they combine to the zero vector.
    """

    c: NDArray[np.int64]
    d: NDArray[np.int64]
    scores: NDArray[np.float64]
    similarity: NDArray[np.float64]
    ranks: NDArray[np.int64]
    pairs: int
    without_direction: int


@retry_on_corrupt_cache
def rank_pairs(
    vectors: NDArray[Any],
    offset: NDArray[np.float64],
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    *,
    sign: int,
    euclidean: bool,
    weight: float,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    index: NeighbourIndex | None = None,
    progress: Progress | None = None,
) -> RankedPairs:
    """Order listed pairs as `find_pairs` would, and count the pairs that come before each.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    offset
        float64 of shape (d,), not zero; a unit vector unless ``euclidean``.
    c, d
        int64 of shape (m,): the rows of the listed pairs, each pair once and allowed; for sums
        c < d.
    sign
        −1 for differences, +1 for sums.
    euclidean
        Score by the negative Euclidean distance of the offsets, not by their cosine.
    weight
        How much the cosine of c and d counts beside; 0 but for the cosine of differences.
    allowed_c, allowed_d
        bool of shape (n,): which rows may be c and d (the same for sums).
    index
        The neighbour index of ``vectors``, for this sign, where there is one.
    progress
        Called with (rows done, n).
    """
    vectors = read_only(vectors)
    query = _query(offset, sign, euclidean, weight)
    scores, similarity = np.empty(len(c)), np.empty(len(c))
    _ranks.score_pairs(vectors, query, c, d, scores, similarity)
    kept = np.flatnonzero(~np.isnan(scores))
    order = kept[np.lexsort((d[kept], c[kept], -scores[kept]))]
    c, d, scores = c[order], d[order], scores[order]
    masks = allowed_c, allowed_d
    counts, pairs = _count(vectors, query, c, d, scores, masks, index, progress)
    # A pair that passes i of the listed ones, worst first, comes before just these.
    before = np.cumsum(counts[::-1])
    return RankedPairs(
        c,
        d,
        scores,
        similarity[order],
        ranks=1 + before[:-1],
        pairs=pairs,
        without_direction=len(similarity) - len(kept),
    )


def _query(offset: NDArray[np.float64], sign: int, euclidean: bool, weight: float) -> WeightedQuery:
    length = float(np.linalg.norm(offset)) if euclidean else 1.0
    plain = Query(
        offset=offset,
        length=length,
        metric=EUCLIDEAN if euclidean else COSINE,
        sign=float(sign),
        quantum=2.0 ** (np.ceil(np.log2(length)) - 40),
        relaxation=0.0,
        gap_error=0.0,
    )
    return WeightedQuery(plain, weight, 2.0 ** (math.ceil(math.log2(max(1.0, weight))) - 40), 0.0)


def _levels(
    c: NDArray[np.int64], d: NDArray[np.int64], scores: NDArray[np.float64], margin: float
) -> _ranks.Levels:
    """Return listed pairs, given best first, as the count takes them."""
    worst = np.ascontiguousarray(scores[::-1])
    cells = min(_CELLS, max(2**12, 1 << (64 * len(worst)).bit_length()))
    width = max(float(worst[-1] - worst[0]), 1e-6 * max(abs(worst[0]), abs(worst[-1])), 1e-300)
    # Two cells at either end are left for scores below and above all of these.
    scale = (cells - 4) / width
    low = float(worst[0]) - 2.0 / scale
    found = np.empty(len(worst), np.int64)
    _ranks.cells_of(worst, low, scale, cells, found)
    start = np.searchsorted(found, np.arange(cells + 1)).astype(np.int32)
    passed = start[:-1].copy()
    last = np.empty_like(found)
    _ranks.cells_of(worst - margin / scale, low, scale, cells, found)
    _ranks.cells_of(worst + margin / scale, low, scale, cells, last)
    # From one to three cells, since the margin is at most half a cell.
    passed[found] = passed[(found + last) // 2] = passed[last] = -1
    c, d = np.flip(c).copy(), np.flip(d).copy()
    return _ranks.Levels(worst, c, d, start, passed, low, scale, margin)


def _count(
    vectors: NDArray[Any],
    query: WeightedQuery,
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    scores: NDArray[np.float64],
    masks: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    index: NeighbourIndex | None,
    progress: Progress | None,
) -> tuple[NDArray[np.int64], int]:
    """Return how many pairs pass just i of the listed ones, and how many pairs there are.

    The counts are int64 of shape (m + 1,), by the listed ones, worst first; not all of those that
    pass none are counted.
    """
    if len(c) == 0:
        return np.zeros(1, np.int64), 0
    plain_cosines = query.plain.metric == COSINE and query.weight == 0.0
    few = len(c) <= (_MANY_COSINES if plain_cosines else _MANY)
    dtype = np.float32 if few and vectors.dtype == np.float32 else np.float64
    levels = _levels(c, d, scores, _MARGINS[dtype])
    X, rows = _rows(vectors, query, masks, index, dtype)
    parts = thread_count() if len(X) > _FEW_ROWS else 1
    counts = np.zeros((parts, len(c) + 1), np.int64)
    needed = np.ones((-(-len(X) // _ROWS), -(-len(X) // _COLUMNS)), np.bool_)
    # A weight makes up for a gap that is missing: then all blocks are needed.
    if index is not None and query.weight == 0.0:
        _leave_out(vectors, query, rows, levels, index, needed, counts[0])
    blocks = list(enumerate(row_blocks(len(X), _ROWS)))
    done = [0] * parts

    def count(part: int, parts: int) -> None:
        room = np.empty(_ROWS * _COLUMNS, X.dtype)
        cs, ds = np.empty((2, 2 * len(room)), np.int64)
        for i, some in blocks[part::parts]:
            for j in range(some.start // _COLUMNS, needed.shape[1]):
                if not needed[i, j]:
                    continue
                check_stop()
                first = j * _COLUMNS
                others = X[first : first + _COLUMNS]
                values = room[: (some.stop - some.start) * len(others)]
                values = values.reshape(some.stop - some.start, len(others))
                np.matmul(X[some], others.T, out=values)
                unsure = _ranks.count_block(
                    query, rows, levels, values, some.start, first, counts[part], cs, ds
                )
                _ranks.count_exactly(vectors, query, levels, cs[:unsure], ds[:unsure], counts[part])
            done[part] += some.stop - some.start
            if progress is not None and part == parts - 1:
                progress(sum(done), len(X))

    with one_blas_thread():
        run_parts(count, parts)
    if progress is not None:
        progress(len(X), len(X))
    return np.asarray(counts.sum(axis=0)), _pairs_with_direction(rows, int(query.plain.sign))


def _leave_out(
    vectors: NDArray[Any],
    query: WeightedQuery,
    rows: _ranks.Rows,
    levels: _ranks.Levels,
    index: NeighbourIndex,
    needed: NDArray[np.bool_],
    counts: NDArray[np.int64],
) -> None:
    """Write which blocks are needed, and count the k-NN edges that are in none of them."""
    plain = make_query(query.plain.offset, query.plain.metric == EUCLIDEAN, index)
    sizes = _ROWS, _COLUMNS
    floor = float(levels.scores[0]) - plain.relaxation
    _rank_edges.needed_blocks(plain, rows.s, index.knn_radius[rows.number], sizes, floor, needed)
    place = np.full(len(vectors), -1)
    place[rows.number] = np.arange(len(rows.number))
    edges = _rank_edges.Edges(index.start, index.edge_d, index.edge_r, place)
    cs, ds = np.empty((2, 2 * len(index.edge_d)), np.int64)
    found = _rank_edges.edges_between(plain, rows, edges, needed, sizes, floor, cs, ds)
    for some in row_blocks(found, _AT_ONCE):
        check_stop()
        _ranks.count_exactly(vectors, query, levels, cs[some], ds[some], counts)


def _pairs_with_direction(rows: _ranks.Rows, sign: int) -> int:
    """Count the allowed pairs that do not combine to zero."""
    c, d = rows.allowed_c, rows.allowed_d
    pairs = int(np.count_nonzero(c)) * int(np.count_nonzero(d)) - int(np.count_nonzero(c & d))
    sizes = np.bincount(rows.group[d], minlength=int(max(rows.group.max(), rows.partner.max())) + 1)
    partner = rows.partner[c]
    zero = int(sizes[partner[partner >= 0]].sum())
    zero -= int(np.count_nonzero(c & d & (rows.partner == rows.group)))
    return pairs - zero if sign < 0 else (pairs - zero) // 2


def _rows(
    vectors: NDArray[Any],
    query: WeightedQuery,
    masks: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    index: NeighbourIndex | None,
    dtype: type,
) -> tuple[NDArray[Any], _ranks.Rows]:
    """Return the rows that products are made of, and what is known of them."""
    plain, number = query.plain, np.flatnonzero(masks[0] | masks[1])
    n, d = len(number), vectors.shape[1]
    # A difference has no origin, and small numbers lose fewer digits; a sum has one.
    centre = vectors.mean(axis=0, dtype=np.float64) if plain.sign < 0.0 else np.zeros(d)
    direction, at_once = plain.offset / plain.length, 2**22 // d + 1
    s = np.concatenate(
        [(vectors[number[some]] - centre) @ direction for some in row_blocks(n, at_once)]
    )
    order = np.argsort(-s, kind="stable")
    number, s = number[order], s[order]
    X: NDArray[Any] = np.empty((n, d), dtype)
    squares = np.empty(n)
    for some in row_blocks(n, at_once):
        centred = vectors[number[some]] - centre
        X[some] = centred
        squares[some] = np.einsum("ij,ij->i", centred, centred)
    known = None if index is None else (index.group, index.partner)
    group, partner = known or equal_rows(vectors, int(plain.sign))
    norms = row_norms(vectors)[number]
    unit = 2.0**-24 if dtype == np.float32 else 2.0**-53
    rounding = (d + 64) * 2.0**-52
    longest = math.sqrt(float(squares.max()))
    return X, _ranks.Rows(
        number=number,
        s=s,
        squares=squares,
        norms=norms,
        inverse=np.divide(1.0, norms, where=norms > 0.0, out=np.zeros(n)),
        group=group[number],
        partner=partner[number],
        allowed_c=masks[0][number],
        allowed_d=masks[1][number],
        error=(d + 16) * unit + rounding,
        gap_error=rounding * longest,
        score_error=rounding + 2.0**-38 * max(1.0, query.weight),
    )
