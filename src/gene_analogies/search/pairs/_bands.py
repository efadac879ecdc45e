"""Scan pairs of non-neighbours in bands: rows of similar k-NN radius, sorted by projection.

Such a pair is at least as long as the larger of its two radii. Between two bands that is nearly
one number, so that the pairs with a sufficient gap are the first ones of either band.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["Bands", "ExcludedPairs", "count_non_neighbours", "make_bands", "scan_bands"]

#: Rows in a band, about, and bands at most: their pairs should be fewer than the rows.
_BAND = 1_024
_MAX_BANDS = 48

#: Pairs that are checked together, about.
_PAIRS = 1 << 15


class ExcludedPairs(NamedTuple):
    """Which pairs are left out.

    Attributes
    ----------
    group, partner
        Which rows combine to zero, as in
        :class:`gene_analogies.search.knn.index.NeighbourIndex`.
    ordered
        Whether c < d in every pair.
    """

    group: NDArray[np.int32]
    partner: NDArray[np.int32]
    ordered: bool


class Bands(NamedTuple):
    """Rows in bands, sorted within each.

    Attributes
    ----------
    rows
        int64 (N,): row numbers.
    ends
        float64 (N,): minus the projection of a row that may be c, or, of one that may be d, what
        is subtracted from the projection of c to make the gap. Ascending in a band.
    need
        float64 (N,): the gap that a pair of non-neighbours of this row needs.
    start
        int64 (bands + 1,): band i is ``start[i]:start[i + 1]``.
    min_need
        float64 (bands,): the smallest need in a band.
    """

    rows: NDArray[np.int64]
    ends: NDArray[np.float64]
    need: NDArray[np.float64]
    start: NDArray[np.int64]
    min_need: NDArray[np.float64]


def make_bands(
    rows: NDArray[np.int64], ends: NDArray[np.float64], need: NDArray[np.float64]
) -> Bands:
    """Group rows by the gap they need.

    Parameters
    ----------
    rows, ends, need
        Of shape (N,), N > 0: as in `Bands`.
    """
    count = min(_MAX_BANDS, -(-len(rows) // _BAND))
    if count == 1:
        order = np.argsort(ends)
        whole = np.array([0, len(rows)])
        return Bands(rows[order], ends[order], need[order], whole, np.array([need.min()]))
    cuts = np.arange(1, count) * len(rows) // count
    band = np.searchsorted(np.partition(need, cuts)[cuts], need, side="right").astype(np.int8)
    order = np.argsort(ends)
    # A stable sort of small integers takes no comparisons.
    order = order[np.argsort(band[order], kind="stable")]
    need = need[order]
    start = np.unique(np.cumsum(np.bincount(band, minlength=count)))  # equal needs may empty one
    start = np.concatenate([[0], start[start > 0]])
    return Bands(rows[order], ends[order], need, start, np.minimum.reduceat(need, start[:-1]))


@njit()
def count_non_neighbours(first: Bands, second: Bands, stride: int) -> int:
    """Estimate from every ``stride``-th row how many pairs :func:`scan_bands` looks at."""
    total = 0
    ends = second.ends
    for a in range(len(first.min_need)):
        for b in range(len(second.min_need)):
            min_need = max(first.min_need[a], second.min_need[b])
            low, high = second.start[b], second.start[b + 1]
            stop = high
            # The projections of c fall, and with them the number of partners.
            for i in range(first.start[a], first.start[a + 1], stride):
                limit = -first.ends[i] - min_need
                while stop > low and ends[stop - 1] > limit:
                    stop -= 1
                if stop == low:
                    break
                total += stop - low
    return total * stride


@njit()
def _collect_pairs(
    first: Bands,
    second: Bands,
    excluded: ExcludedPairs,
    step: int,
    cursor: NDArray[np.int64],
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
) -> int:
    """Write pairs (c in ``first``, d in ``second``) whose gap is what both rows need.

    Goes on from ``cursor``, a pair of bands and a row in the first of them, in steps of ``step``
    rows, until the next row might not fit. Returns how many pairs there are.
    """
    rows_c, ends_c, need_c, start_c, min_need_c = first
    rows_d, ends_d, need_d, start_d, min_need_d = second
    group, partner, ordered = excluded
    bands = len(min_need_d)
    count = 0
    begin = cursor[1]
    for pair in range(cursor[0], len(min_need_c) * bands):
        a, b = pair // bands, pair % bands
        low, high = start_d[b], start_d[b + 1]
        min_need = max(min_need_c[a], min_need_d[b])
        for i in range(start_c[a] + begin, start_c[a + 1], step):
            s_c = -ends_c[i]
            if ends_d[low] > s_c - min_need:
                break
            if count + high - low > len(cs):
                cursor[0], cursor[1] = pair, i - start_c[a]
                return count
            c = rows_c[i]
            opposite = partner[c]
            limit = s_c - max(need_c[i], min_need_d[b])
            for j in range(low, high):
                if ends_d[j] > limit:
                    break
                d = rows_d[j]
                # A difference with itself is zero, too.
                if (
                    ends_d[j] + need_d[j] <= s_c
                    and group[d] != opposite
                    and not (ordered and c >= d)
                ):
                    cs[count], ds[count] = c, d
                    count += 1
        begin = cursor[2]
    cursor[0] = len(min_need_c) * bands
    return count


def scan_bands(
    check: Callable[[NDArray[np.int64], NDArray[np.int64]], None],
    first: Bands,
    second: Bands,
    excluded: ExcludedPairs,
    part: int,
    parts: int,
) -> None:
    """Check each pair (c in ``first``, d in ``second``) whose gap is what both rows need.

    ``check`` takes the rows c and d of some pairs.
    """
    room = _PAIRS + int(np.diff(second.start).max())
    cs, ds = np.empty(room, np.int64), np.empty(room, np.int64)
    # The kernels are apart, since each call of one in another is compiled once more.
    cursor = np.array([0, part, part])
    while count := _collect_pairs(first, second, excluded, parts, cursor, cs, ds):
        check(cs[:count], ds[:count])
