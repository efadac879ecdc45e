"""Do the two members of a pair belong together? The mutual rank of each among all candidates.

The cosine of two offsets does not say: it is as high for the best answers of random queries. That
d is among the few candidates that are closest to c, and c among those closest to d, is evidence.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit, retry_on_corrupt_cache
from gene_analogies.search.engine.sums import row_cosine
from gene_analogies.search.engine.threads import check_stop, multiply, run_parts, thread_count
from gene_analogies.search.knn.index import read_only
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["Excluded", "benjamini_hochberg", "mutual_rank_p", "pair_cosines"]

#: Bytes of products that are held at a time.
_BLOCK_BYTES = 64 * 2**20
#: Pairs whose cosines are computed without a look at whether to stop.
_AT_ONCE = 1 << 17
#: Comparisons that are not worth a second thread.
_FEW = 1 << 20
#: Products with rows shorter than this may have lost digits; their cosines are computed one by one.
_SHORT = 2.0**-80
#: Columns that are compared before any of them is looked at again.
_STRIDE = 512


@retry_on_corrupt_cache
def pair_cosines(
    vectors: NDArray[Any], c: NDArray[np.int64], d: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the cosines of pairs of rows in float64, rounded to 2⁻⁴⁰; 0 where a row is zero.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, whose squares are finite.
    c, d
        int64 of shape (k,): the rows.
    """
    vectors, found = read_only(vectors), np.empty(len(c))
    # In one layout, or the kernel is compiled for each.
    c, d = np.ascontiguousarray(c), np.ascontiguousarray(d)
    for some in row_blocks(len(c), _AT_ONCE):
        check_stop()
        _write_cosines(vectors, c[some], d[some], found[some])
    return found


class Excluded(NamedTuple):
    """Rows that are no candidates for some pairs: those that a question was asked with.

    Attributes
    ----------
    question
        int64 of shape (k,): that of each pair.
    start
        int64 of shape (questions + 1,): ``rows[start[i]:start[i + 1]]`` are those of question i.
    rows
        int64, each once in a question.
    """

    question: NDArray[np.int64]
    start: NDArray[np.int64]
    rows: NDArray[np.int64]


class _Columns(NamedTuple):
    """The rows that products are computed with: candidates for either place.

    Attributes
    ----------
    rows
        int64 of shape (w,): their numbers, increasing.
    lengths
        float64 of shape (w,).
    usable
        bool of shape (2, w): which may be d, which may be c, but for those that are too short.
    short
        int64: the rows, among all, that are too short; which of them may be d, which c.
    short_usable
        bool of shape (2, len(short)).
    """

    rows: NDArray[np.int64]
    lengths: NDArray[np.float64]
    usable: NDArray[np.bool_]
    short: NDArray[np.int64]
    short_usable: NDArray[np.bool_]


@retry_on_corrupt_cache
def mutual_rank_p(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    *,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    excluded: Excluded | None = None,
) -> NDArray[np.float64]:
    """Return how often a candidate is as close to one member of a pair as the other member is.

    With m candidates for d, which are those of ``allowed_d`` but c itself, the share of them that
    are at least as close to c as d is; the same for c; the greater of both. If d were a candidate
    like any other, so that each is as likely to be among the r closest to c, this would be the
    p-value of a pair that was named beforehand.

    Parameters
    ----------
    vectors, norms
        Arrays of shape (n, d) and (n,): rows whose squares are finite, and their lengths.
    c, d
        int64 of shape (k,): the pairs.
    allowed_c, allowed_d
        bool of shape (n,): the candidates for either place.
    excluded
        Which of them are none for some of the pairs.

    Returns
    -------
    NDArray[np.float64]
        Array of shape (k,), from 1/m to 1. Cosines are compared as `pair_cosines` returns them.
    """
    vectors = read_only(vectors)
    together = pair_cosines(vectors, c, d)
    rows, slots = np.unique(np.concatenate([c, d]), return_inverse=True)
    place = np.repeat([0, 1], len(c))
    order = np.argsort(slots, kind="stable")
    starts = np.searchsorted(slots[order], np.arange(len(rows) + 1))
    limits = np.concatenate([together, together])
    counts = np.zeros(2 * len(c), np.int64)
    candidates = np.stack([allowed_d, allowed_c])
    columns = _columns(norms, candidates)
    with_rows = _rows_of(vectors, columns)
    rounding = 2.0**-52 if vectors.dtype == np.float64 else 2.0**-24
    error = (vectors.shape[1] + 16) * rounding + 2.0**-38
    width = vectors.itemsize * (len(columns.rows) + 1)
    for block in row_blocks(len(rows), _BLOCK_BYTES // width + 1):
        some = rows[block]
        sides = order[starts[block.start] : starts[block.stop]]
        products = np.empty((len(some), len(with_rows)), vectors.dtype)
        # The threads of BLAS would go on spinning where others need the cores.
        multiply(_unit_rows(vectors, norms, some), with_rows.T, products)
        # A row is no candidate beside itself.
        own = np.searchsorted(columns.rows, some)
        known = np.flatnonzero(own < len(columns.rows))
        known = known[columns.rows[own[known]] == some[known]]
        products[known, own[known]] = -np.inf

        def count(
            part: int,
            parts: int,
            sides: NDArray[np.int64] = sides,
            products: NDArray[Any] = products,
            first: int = block.start,
        ) -> None:
            mine = sides[len(sides) * part // parts : len(sides) * (part + 1) // parts]
            _count(
                vectors, columns, products, rows, first, slots, place, limits, error, mine, counts
            )

        run_parts(count, 1 if len(sides) * len(columns.rows) <= _FEW else thread_count())
    most_d = np.count_nonzero(allowed_d) - allowed_d[c]
    most_c = np.count_nonzero(allowed_c) - allowed_c[d]
    most = np.concatenate([most_d, most_c])
    if excluded is not None:
        own = np.concatenate([c, d])
        _take_off(vectors, candidates, place, own, limits, excluded, counts, most)
    closer = np.maximum(counts, 1) / np.maximum(most, 1)
    return np.asarray(np.maximum(closer[: len(c)], closer[len(c) :]))


def benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the false discovery rate at which each of some tests would be kept, q.

    Parameters
    ----------
    p
        float64 of shape (k,): p-values.

    Returns
    -------
    NDArray[np.float64]
        Array of shape (k,), at least ``p``: Benjamini & Hochberg 1995.
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(q, 1.0)


def _columns(norms: NDArray[np.float64], candidates: NDArray[np.bool_]) -> _Columns:
    used = np.flatnonzero(candidates.any(axis=0))
    first = int(used[-1]) + 1 if len(used) else 0
    # Nearly all of the first rows need no copy of their vectors.
    rows = np.arange(first) if 2 * len(used) > first else used
    short = rows[norms[rows] < _SHORT]
    return _Columns(
        rows,
        norms[rows],
        # Copied in rows, whatever their number: the kernel is compiled for one layout.
        candidates.take(rows, axis=1) & (norms[rows] >= _SHORT),
        short,
        candidates.take(short, axis=1),
    )


def _rows_of(vectors: NDArray[Any], columns: _Columns) -> NDArray[Any]:
    count = len(columns.rows)
    first_rows = count == 0 or columns.rows[-1] == count - 1
    return vectors[:count] if first_rows else vectors[columns.rows]


def _unit_rows(
    vectors: NDArray[Any], norms: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[Any]:
    lengths = norms[rows]
    units = vectors[rows] / np.where(lengths > 0.0, lengths, 1.0)[:, None]
    return np.asarray(units.astype(vectors.dtype))


@njit()
def _write_cosines(
    E: NDArray[Any], c: NDArray[np.int64], d: NDArray[np.int64], found: NDArray[np.float64]
) -> None:
    for i in range(len(c)):
        found[i] = row_cosine(E, c[i], d[i])


@njit()
def _take_off(
    E: NDArray[Any],
    candidates: NDArray[np.bool_],
    place: NDArray[np.int64],
    own: NDArray[np.int64],
    limits: NDArray[np.float64],
    excluded: Excluded,
    counts: NDArray[np.int64],
    most: NDArray[np.int64],
) -> None:
    """Take excluded rows off the counts of the sides of pairs, those that were counted."""
    question, start, rows = excluded.question, excluded.start, excluded.rows
    for side in range(len(own)):
        asked = question[side % len(question)]
        for e in range(start[asked], start[asked + 1]):
            row = rows[e]
            if candidates[place[side], row] and row != own[side]:
                most[side] -= 1
                counts[side] -= row_cosine(E, own[side], row) >= limits[side]


@njit()
def _count(
    E: NDArray[Any],
    columns: _Columns,
    products: NDArray[Any],
    rows: NDArray[np.int64],
    first: int,
    slots: NDArray[np.int64],
    place: NDArray[np.int64],
    limits: NDArray[np.float64],
    error: float,
    sides: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Count, for some sides of pairs, the candidates whose cosine is at least the pair's.

    A product tells for all but those within its error bound; of these the cosine is computed.
    """
    names, lengths, usable = columns.rows, columns.lengths, columns.usable
    short, short_usable = columns.short, columns.short_usable
    for side in sides:
        row, limit, one = rows[slots[side]], limits[side], place[side]
        own, allowed = products[slots[side] - first], usable[one]
        low, high = limit - error, limit + error
        count = 0
        for begin in range(0, len(names), _STRIDE):
            end = min(begin + _STRIDE, len(names))
            sure = near = 0
            for j in range(begin, end):
                sure += allowed[j] & (own[j] > high * lengths[j])
                near += allowed[j] & (own[j] >= low * lengths[j])
            count += sure
            if near == sure:
                continue
            for j in range(begin, end):
                length = lengths[j]
                if allowed[j] and low * length <= own[j] <= high * length:
                    count += row_cosine(E, row, names[j]) >= limit
        for j in range(len(short)):
            if short_usable[one, j] and short[j] != row:
                count += row_cosine(E, row, short[j]) >= limit
        counts[side] = count
