"""Scan pairs of non-neighbours in bands: rows of similar k-NN radius, sorted by projection.

Such a pair is at least as long as the larger of its two radii. Between two bands that is nearly
one number, so that the pairs with a sufficient gap are the first ones of either band.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best
from gene_analogies.search.engine.jit import njit
from gene_analogies.search.pairs._non_neighbours import BATCH, Items, check_pairs
from gene_analogies.search.pairs.score import Query

__all__ = ["Bands", "count_non_neighbours", "make_bands", "scan_bands"]

#: Rows in a band, about, and bands at most: their pairs should be fewer than the rows.
_BAND = 1_024
_MOST_BANDS = 48


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
    least
        float64 (bands,): the smallest need in a band.
    """

    rows: NDArray[np.int64]
    ends: NDArray[np.float64]
    need: NDArray[np.float64]
    start: NDArray[np.int64]
    least: NDArray[np.float64]


def make_bands(
    rows: NDArray[np.int64], ends: NDArray[np.float64], need: NDArray[np.float64]
) -> Bands:
    """Group rows by the gap they need.

    Parameters
    ----------
    rows, ends, need
        Of shape (N,), N > 0: as in `Bands`.
    """
    count = min(_MOST_BANDS, -(-len(rows) // _BAND))
    start = np.arange(count + 1) * len(rows) // count
    rank = np.empty(len(rows), np.int64)
    rank[np.argsort(need)] = np.arange(len(rows))
    order = np.lexsort((ends, np.searchsorted(start, rank, side="right")))
    need = need[order]
    return Bands(rows[order], ends[order], need, start, np.minimum.reduceat(need, start[:-1]))


@njit()
def count_non_neighbours(first: Bands, second: Bands, stride: int) -> int:
    """Estimate from every ``stride``-th row how many pairs :func:`scan_bands` looks at."""
    total = 0
    ends = second.ends
    for a in range(len(first.least)):
        for b in range(len(second.least)):
            least = max(first.least[a], second.least[b])
            low, high = second.start[b], second.start[b + 1]
            stop = high
            # The projections of c fall, and with them the number of partners.
            for i in range(first.start[a], first.start[a + 1], stride):
                limit = -first.ends[i] - least
                while stop > low and ends[stop - 1] > limit:
                    stop -= 1
                if stop == low:
                    break
                total += stop - low
    return total * stride


@njit()
def scan_bands(
    items: Items,
    query: Query,
    first: Bands,
    second: Bands,
    part: int,
    parts: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Check each pair (c in ``first``, d in ``second``) whose gap is what both rows need."""
    group, partner, sign = items.group, items.partner, query.sign
    rows_c, ends_c, need_c, start_c = first.rows, first.ends, first.need, first.start
    rows_d, ends_d, need_d, start_d = second.rows, second.ends, second.need, second.start
    least_c, least_d = first.least, second.least
    cs, ds = np.empty(BATCH, np.int64), np.empty(BATCH, np.int64)
    waiting = 0
    for a in range(len(least_c)):
        for b in range(len(least_d)):
            low, high = start_d[b], start_d[b + 1]
            least = max(least_c[a], least_d[b])
            for i in range(start_c[a] + part, start_c[a + 1], parts):
                own = -ends_c[i]
                if ends_d[low] > own - least:
                    break
                c = rows_c[i]
                opposite = partner[c]
                limit = own - max(need_c[i], least_d[b])
                for j in range(low, high):
                    if ends_d[j] > limit:
                        break
                    d = rows_d[j]
                    # A difference with itself is zero, too.
                    if (
                        ends_d[j] + need_d[j] > own
                        or group[d] == opposite
                        or (sign > 0.0 and c >= d)
                    ):
                        continue
                    cs[waiting] = c
                    ds[waiting] = d
                    waiting += 1
                    if waiting == BATCH:
                        check_pairs(items, query, cs, ds, best, tau)
                        waiting = 0
    check_pairs(items, query, cs[:waiting], ds[:waiting], best, tau)
