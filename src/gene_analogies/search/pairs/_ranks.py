"""Kernels that count how many pairs score higher than listed ones."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.pairs.score import (
    EUCLIDEAN,
    WeightedQuery,
    exact_score,
    weighted_score,
)

__all__ = ["Levels", "Rows", "cells_of", "count_block", "count_exactly", "score_pairs"]

#: Columns whose scores are estimated before any is looked at.
_STRIDE = 256
#: Added to squares that may have underflowed.
_TINY = 2.0**-110


class Rows(NamedTuple):
    """What the count knows of the rows that may be in a pair; arrays are of shape (w,).

    Attributes
    ----------
    number
        int64: the row in all vectors.
    s
        float64: the projection on the query direction.
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
    low, scale, margin
        Where the first cell begins; cells for each unit of score.
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
def _estimate_cosines(
    values: NDArray[Any],
    c: NDArray[np.float64],
    s: NDArray[np.float64],
    squares: NDArray[np.float64],
    errors: tuple[float, float, float],
    sign: float,
    forth: NDArray[np.float64],
    back: NDArray[np.float64],
    bounds: NDArray[np.float64],
) -> float:
    """Write the scores of a row with some others, in both orders; return the widest error bound.

    ``c`` is the projection of the row, and its squared length.
    """
    error, gap_error, score_error = errors
    s_c, square_c = c[0], c[1]
    widest = 0.0
    for j in range(len(values)):
        both = square_c + squares[j]
        slack = error * both + _TINY
        square = both + 2.0 * sign * np.float64(values[j])
        bound = np.inf if square <= 2.0 * slack else 0.0
        shrink = 1.0 / np.sqrt(max(square, slack))
        score = (s_c + sign * s[j]) * shrink
        forth[j], back[j] = score, -score
        bound += abs(score) * slack * shrink * shrink + 1.5 * gap_error * shrink + score_error
        bounds[j] = bound
        widest = max(widest, bound)
    return widest


@njit(fastmath=REASSOCIATE)
def _add_cosines(
    c: NDArray[np.float64],
    values: NDArray[Any],
    squares: NDArray[np.float64],
    norms: NDArray[np.float64],
    inverse: NDArray[np.float64],
    errors: tuple[float, float, float],
    weight: float,
    forth: NDArray[np.float64],
    back: NDArray[np.float64],
    bounds: NDArray[np.float64],
) -> float:
    """Add ``weight`` times the cosine of the row with each; return the widest error bound.

    ``c`` is as in `_estimate_cosines`, then the length of the row and one over it.
    """
    error, _, score_error = errors
    square_c, p, inverse_p = c[1], c[2], c[3]
    widest = 0.0
    for j in range(len(values)):
        both = square_c + squares[j]
        unit = weight * inverse_p * inverse[j]
        lengths = p * p + norms[j] * norms[j]
        cosine = 0.5 * (lengths - both + 2.0 * np.float64(values[j])) * unit
        forth[j] += cosine
        back[j] += cosine
        bounds[j] += unit * (error * both + _TINY + score_error * lengths)
        widest = max(widest, bounds[j])
    return widest


@njit(fastmath=REASSOCIATE)
def _estimate_distances(
    values: NDArray[Any],
    c: NDArray[np.float64],
    s: NDArray[np.float64],
    squares: NDArray[np.float64],
    errors: tuple[float, float, float],
    sign: float,
    length: float,
    forth: NDArray[np.float64],
    back: NDArray[np.float64],
    bounds: NDArray[np.float64],
) -> float:
    """Do as `_estimate_cosines` does, for negative distances to an offset of this length."""
    error, gap_error, score_error = errors
    s_c, square_c = c[0], c[1]
    widest = 0.0
    for j in range(len(values)):
        both = square_c + squares[j]
        apart = both + 2.0 * sign * np.float64(values[j]) + length * length
        off = error * both + _TINY + 2.0 * length * gap_error + score_error * abs(apart)
        across = 2.0 * length * (s_c + sign * s[j])
        near = apart - abs(across)
        bound = np.inf if near <= 2.0 * off else 0.0
        forth[j] = -np.sqrt(max(apart - across, off))
        back[j] = -np.sqrt(max(apart + across, off))
        shortest = np.sqrt(max(near, off))
        bound += off / shortest + score_error * (length - forth[j] - back[j])
        bounds[j] = bound
        widest = max(widest, bound)
    return widest


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
        int64 of shape (m + 1,): how many pairs are better than just so many listed ones.
    cs, ds
        Room for twice as many pairs as there are products: those that estimates do not tell.

    Returns
    -------
    int
        How many pairs that is.
    """
    scores, start, passed = levels.scores, levels.start, levels.passed
    low, scale, last = levels.low, levels.scale, len(levels.passed) - 1.0
    number, s, squares = rows.number, rows.s, rows.squares
    norms, inverse, group, partner = rows.norms, rows.inverse, rows.group, rows.partner
    allowed_c, allowed_d = rows.allowed_c, rows.allowed_d
    errors = rows.error, rows.gap_error, rows.score_error
    plain, weight = query.plain, query.weight
    sign, length, euclidean = plain.sign, plain.length, plain.metric == EUCLIDEAN
    width, unsure = values.shape[1], 0
    both = np.empty((2, _STRIDE))
    forth, back, bounds = both[0], both[1], np.empty(_STRIDE)
    for i in range(len(values)):
        c = row + i
        of_c = np.array([s[c], squares[c], norms[c], inverse[c]])
        for begin in range(max(0, c + 1 - column), width, _STRIDE):
            end = min(begin + _STRIDE, width)
            first, stop = column + begin, column + end
            some, s_d, squares_d = values[i, begin:end], s[first:stop], squares[first:stop]
            if euclidean:
                widest = _estimate_distances(
                    some, of_c, s_d, squares_d, errors, sign, length, forth, back, bounds
                )
            else:
                widest = _estimate_cosines(
                    some, of_c, s_d, squares_d, errors, sign, forth, back, bounds
                )
                if weight > 0.0:
                    widest = _add_cosines(
                        of_c, some, squares_d, norms[first:stop], inverse[first:stop], errors,
                        weight, forth, back, bounds,
                    )  # fmt: skip
            narrow = widest * scale < 0.5 * levels.margin
            for order in range(2 if sign < 0.0 else 1):
                may_c, may_d = (allowed_c, allowed_d) if order == 0 else (allowed_d, allowed_c)
                if not may_c[c]:
                    continue
                for j in range(end - begin):
                    d = first + j
                    if not may_d[d] or partner[c] == group[d]:
                        continue
                    score, place = both[order, j], -1
                    if narrow:
                        place = passed[_cell(score, low, scale, last)]
                    if place < 0:
                        place = _estimated(scores, start, low, scale, score, bounds[j])
                    if place >= 0:
                        counts[place] += 1
                    else:
                        cs[unsure] = number[c if order == 0 else d]
                        ds[unsure] = number[d if order == 0 else c]
                        unsure += 1
    return unsure
