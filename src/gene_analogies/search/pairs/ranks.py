"""Listed pairs by score, with the exact rank of each among all pairs.

One pass over all pairs counts for all listed ones at once: the squared length of every difference
(or sum) comes from a product of the rows, its score and a bound of the error from that, and only
pairs whose estimate does not tell on which side of a listed score they lie are scored in float64.
"""

from __future__ import annotations

import math
import threading
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
from gene_analogies.search.knn.index import equal_rows, read_only
from gene_analogies.search.pairs import _ranks
from gene_analogies.search.pairs.score import COSINE, EUCLIDEAN, Query, WeightedQuery
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["RankedPairs", "rank_pairs"]

#: Rows and columns of a block of products: it stays in the processor's cache.
_ROWS, _COLUMNS = 256, 1024
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
    counts = _count(vectors, query, c, d, scores, allowed_c, allowed_d, progress)
    # A pair that passes i of the listed ones, worst first, comes before just these.
    before = np.cumsum(counts[::-1])
    return RankedPairs(
        c,
        d,
        scores,
        similarity[order],
        ranks=1 + before[:-1],
        pairs=int(before[-1]),
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
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    progress: Progress | None,
) -> NDArray[np.int64]:
    """Return how many pairs pass just i of the listed ones, worst first: int64, (m + 1,)."""
    if len(c) == 0:
        return np.zeros(1, np.int64)
    plain_cosines = query.plain.metric == COSINE and query.weight == 0.0
    few = len(c) <= (_MANY_COSINES if plain_cosines else _MANY)
    dtype = np.float32 if few and vectors.dtype == np.float32 else np.float64
    levels = _levels(c, d, scores, _MARGINS[dtype])
    X, rows = _rows(vectors, query, np.flatnonzero(allowed_c | allowed_d), dtype)
    rows = rows._replace(allowed_c=allowed_c[rows.number], allowed_d=allowed_d[rows.number])
    parts = thread_count() if len(X) > _FEW_ROWS else 1
    counts = np.zeros((parts, len(c) + 1), np.int64)
    blocks = list(row_blocks(len(X), _ROWS))
    done, stop = [0] * parts, threading.Event()

    def count_part(part: int, parts: int) -> None:
        room = np.empty(_ROWS * _COLUMNS, X.dtype)
        cs, ds = np.empty((2, 2 * len(room)), np.int64)
        for some in blocks[part::parts]:
            if stop.is_set():
                return
            check_stop()
            for first in range(some.start, len(X), _COLUMNS):
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

    def count(part: int, parts: int) -> None:
        try:
            count_part(part, parts)
        except BaseException:  # Ctrl-C reaches one thread; the others need not go on
            stop.set()
            raise

    with one_blas_thread():
        run_parts(count, parts)
    if progress is not None:
        progress(len(X), len(X))
    return np.asarray(counts.sum(axis=0))


def _rows(
    vectors: NDArray[Any], query: WeightedQuery, number: NDArray[np.int64], dtype: type
) -> tuple[NDArray[Any], _ranks.Rows]:
    """Return the rows that products are made of, and what is known of them."""
    plain, (n, d) = query.plain, (len(number), vectors.shape[1])
    # A difference has no origin, and small numbers lose fewer digits; a sum has one.
    centre = vectors.mean(axis=0, dtype=np.float64) if plain.sign < 0.0 else np.zeros(d)
    direction = plain.offset / plain.length
    X: NDArray[Any] = np.empty((n, d), dtype)
    squares, s = np.empty(n), np.empty(n)
    for some in row_blocks(n, 2**22 // d + 1):
        centred = vectors[number[some]] - centre
        X[some] = centred
        squares[some] = np.einsum("ij,ij->i", centred, centred)
        s[some] = centred @ direction
    group, partner = equal_rows(vectors, int(plain.sign))
    norms = row_norms(vectors)[number]
    unit = 2.0**-24 if dtype == np.float32 else 2.0**-53
    rounding = (d + 64) * 2.0**-52
    longest = math.sqrt(float(squares.max()))
    everything = np.ones(n, np.bool_)
    return X, _ranks.Rows(
        number=number,
        s=s,
        squares=squares,
        norms=norms,
        inverse=np.divide(1.0, norms, where=norms > 0.0, out=np.zeros(n)),
        group=group[number],
        partner=partner[number],
        allowed_c=everything,
        allowed_d=everything,
        error=(d + 16) * unit + rounding,
        gap_error=rounding * longest,
        score_error=rounding + 2.0**-38 * max(1.0, query.weight),
    )
