"""Kernels that count how many pairs score higher than listed ones."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.pairs._rank_estimates import (
    add_cosines,
    any_reaches,
    estimate_cosines,
    estimate_distances,
    place_in_cells,
)
from gene_analogies.search.pairs.score import (
    EUCLIDEAN,
    WeightedQuery,
    exact_score,
    weighted_score,
)

__all__ = [
    "Levels",
    "Rows",
    "cells_of",
    "count_block",
    "count_exactly",
    "in_order",
    "score_pairs",
]

#: Columns whose scores are estimated before any is looked at.
_STRIDE = 256


class Rows(NamedTuple):
    """What the count knows of the rows that may be in a pair; arrays are of shape (w,).

    Attributes
    ----------
    number
        int64: the row in all vectors.
    s
        float64: the projection on the query direction, decreasing.
    squares
        float64: squared length of the row as it is in the products (centred for differences).
    norms, inverse
        float64: length of the row as given, and one over it, 0 for a zero row.
    group, partner
        int32: rows with one vector share a group; with which group a row combines to zero.
    allowed_c, allowed_d
        bool: which rows may be c, and d.
    error
        A squared length made of a product is off by at most this times the sum of both squares.
    gap_error
        Bound on the error of the gap of two projections.
    score_error
        Bound on the rounding of a score itself; relative to the lengths of Euclidean offsets.
    """

    number: NDArray[np.int64]
    s: NDArray[np.float64]
    squares: NDArray[np.float64]
    norms: NDArray[np.float64]
    inverse: NDArray[np.float64]
    group: NDArray[np.int32]
    partner: NDArray[np.int32]
    allowed_c: NDArray[np.bool_]
    allowed_d: NDArray[np.bool_]
    error: float
    gap_error: float
    score_error: float


class Levels(NamedTuple):
    """Listed pairs, worst first: by score, of equal ones the later rows first.

    The range of their scores, and a little more, is divided into cells of one width.

    Attributes
    ----------
    scores
        float64 of shape (m,), increasing.
    c, d
        int64 of shape (m,): their rows.
    start
        int32 of shape (cells + 1,): the first listed pair in each cell.
    passed
        int32 of shape (cells,): how many listed pairs a score in a cell passes; −1 where one is in
        this cell, or ``margin`` cells from it.
    low, scale
        Where the first cell begins; cells for each unit of score.
    margin
        As above, in cells.
    """

    scores: NDArray[np.float64]
    c: NDArray[np.int64]
    d: NDArray[np.int64]
    start: NDArray[np.int32]
    passed: NDArray[np.int32]
    low: float
    scale: float
    margin: float


@njit()
def _score(E: NDArray[Any], query: WeightedQuery, c: int, d: int) -> float:
    if query.weight > 0.0:
        return weighted_score(E, query, c, d)
    return exact_score(E, query.plain, c, d)


@njit()
def score_pairs(
    E: NDArray[Any],
    query: WeightedQuery,
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    scores: NDArray[np.float64],
    similarity: NDArray[np.float64],
) -> None:
    """Write the scores of some pairs, and without the weight; NaN where they combine to zero."""
    for i in range(len(c)):
        similarity[i] = exact_score(E, query.plain, c[i], d[i])
        scores[i] = _score(E, query, c[i], d[i])


@njit(inline=True)
def _cell(score: float, low: float, scale: float, last: float) -> int:
    return int(min(max((score - low) * scale, 0.0), last))


@njit()
def cells_of(
    scores: NDArray[np.float64], low: float, scale: float, cells: int, found: NDArray[np.int64]
) -> None:
    """Write the cell of each score."""
    for i in range(len(scores)):
        found[i] = _cell(scores[i], low, scale, cells - 1.0)


@njit()
def _estimated(
    scores: NDArray[np.float64],
    start: NDArray[np.int32],
    low: float,
    scale: float,
    score: float,
    error: float,
) -> int:
    """How many listed pairs score less than an estimate with this error; −1 if it is not sure."""
    last = len(scores) - 1
    if score + error < scores[0]:
        return 0
    if score - error > scores[last]:
        return last + 1
    cell = _cell(score, low, scale, len(start) - 2.0)
    begin, end = start[cell], start[cell + 1]
    while begin < end:
        middle = (begin + end) // 2
        if scores[middle] < score:
            begin = middle + 1
        else:
            end = middle
    if begin > 0 and not score - scores[begin - 1] > error:
        return -1
    if begin <= last and not scores[begin] - score > error:
        return -1
    return int(begin)


@njit()
def count_exactly(
    E: NDArray[Any],
    query: WeightedQuery,
    levels: Levels,
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Count some pairs by the listed pairs that come after them, from their scores in float64."""
    scores, listed_c, listed_d = levels.scores, levels.c, levels.d
    for i in range(len(cs)):
        c, d = cs[i], ds[i]
        score = _score(E, query, c, d)
        if np.isnan(score):
            continue
        low, high = 0, len(scores)
        while low < high:
            middle = (low + high) // 2
            after = scores[middle] < score
            if scores[middle] == score:
                row = listed_c[middle]
                after = row > c or (row == c and listed_d[middle] > d)
            if after:
                low = middle + 1
            else:
                high = middle
        counts[low] += 1


@njit(fastmath=REASSOCIATE)
def count_block(
    query: WeightedQuery,
    rows: Rows,
    levels: Levels,
    values: NDArray[Any],
    row: int,
    column: int,
    counts: NDArray[np.int64],
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
) -> int:
    """Count the pairs above the diagonal of a block of products, in both orders if it matters.

    Parameters
    ----------
    query
        What is asked.
    rows, levels
        The rows, and the listed pairs.
    values
        Inner products of the rows from ``row`` on with those from ``column`` on.
    row, column
        The first of either.
    counts
        int64 of shape (m + 1,): how many pairs are better than just so many listed ones; not all
        that are better than none.
    cs, ds
        Room for twice as many pairs as there are products: those that estimates do not tell.

    Returns
    -------
    int
        How many pairs that is.
    """
    listed, start, passed = levels.scores, levels.start, levels.passed
    low, scale, last = levels.low, levels.scale, len(levels.passed) - 1.0
    lowest, limit = listed[0], 0.5 * levels.margin / scale
    number, s, squares = rows.number, rows.s, rows.squares
    norms, inverse, group, partner = rows.norms, rows.inverse, rows.group, rows.partner
    allowed_c, allowed_d = rows.allowed_c, rows.allowed_d
    errors = rows.error, rows.gap_error, rows.score_error
    plain, weight = query.plain, query.weight
    sign, length, euclidean = plain.sign, plain.length, plain.metric == EUCLIDEAN
    width, unsure = values.shape[1], 0
    estimates, bounds, s_d = np.empty(_STRIDE), np.empty(_STRIDE), np.empty(_STRIDE)
    cells = np.empty(_STRIDE, np.int32)
    for i in range(len(values)):
        c = row + i
        for begin in range(max(0, c + 1 - column), width, _STRIDE):
            end = min(begin + _STRIDE, width)
            first, stop, some = column + begin, column + end, values[i, begin:end]
            for order in range(2 if sign < 0.0 else 1):
                may_c, may_d = (allowed_c, allowed_d) if order == 0 else (allowed_d, allowed_c)
                if not may_c[c]:
                    continue
                turn = 1.0 - 2.0 * order
                of_c = np.array([turn * s[c], squares[c], norms[c], inverse[c]])
                # In the other order the gap has the other sign.
                for j in range(first, stop):
                    s_d[j - first] = turn * s[j]
                scores, error = estimates[: end - begin], bounds[: end - begin]
                squares_d = squares[first:stop]
                if euclidean:
                    estimate_distances(
                        some, of_c, s_d, squares_d, errors, sign, length, scores, error
                    )
                else:
                    estimate_cosines(some, of_c, s_d, squares_d, errors, sign, scores, error)
                    if weight > 0.0:
                        add_cosines(
                            of_c, some, squares_d, norms[first:stop], inverse[first:stop], errors,
                            weight, scores, error,
                        )  # fmt: skip
                if not any_reaches(scores, error, lowest):
                    continue
                place_in_cells(scores, error, low, scale, last, limit, cells)
                for j in range(end - begin):
                    d = first + j
                    if not may_d[d] or partner[c] == group[d]:
                        continue
                    place = passed[cells[j]] if cells[j] >= 0 else np.int32(-1)
                    if place > 0:
                        counts[place] += 1
                    elif place < 0:
                        likely = _estimated(listed, start, low, scale, scores[j], error[j])
                        if likely >= 0:
                            counts[likely] += 1
                        else:
                            cs[unsure], ds[unsure] = in_order(number, c, d, order, sign)
                            unsure += 1
    return unsure


@njit(inline=True)
def in_order(number: NDArray[np.int64], c: int, d: int, order: int, sign: float) -> tuple[int, int]:
    """Return the rows of a pair; of a sum, which has no order, the earlier row first."""
    one, other = number[c], number[d]
    turned = order == 1 if sign < 0.0 else one > other
    return (other, one) if turned else (one, other)
