"""One pass over all rows that keeps those whose score may be among the best k.

A tile of rows at a time: products, from them bounds of the scores, from these the rows to keep.
Where a score needs several products, that costs little more than reading the rows once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._numba import REASSOCIATE, njit

__all__ = ["Kept", "Rows", "new_kept", "scan_cosines", "scan_directions", "scan_multiplied"]

#: Rows at a time: their products are at hand when the bounds, in vector lanes, need them.
_TILE = 256
#: Above the relative error of a sum of products in float64.
_DOUBLE = 1e-12


class Rows(NamedTuple):
    """The rows to look at, and how well products of them are known.

    Attributes
    ----------
    vectors, norms
        Shape (n, d), float32 or float64, and the lengths of the rows, float64 of shape (n,).
    allowed
        bool of shape (n,): which rows count.
    relative, absolute
        The product of a row and a unit vector is wrong by at most ``relative · norm + absolute``.
    """

    vectors: NDArray[Any]
    norms: NDArray[np.float64]
    allowed: NDArray[np.bool_]
    relative: float
    absolute: float


class Kept(NamedTuple):
    """What a scan keeps.

    Attributes
    ----------
    floor
        float64 of shape (k,): a heap, its least first, of the k best lower bounds.
    rows, most
        int64 and float64, with room for every row: rows that may belong to the best k, and the
        upper bounds of their scores.
    counts
        int64 of shape (2,): how many rows are kept; how many allowed ones have no direction.
    """

    floor: NDArray[np.float64]
    rows: NDArray[np.int64]
    most: NDArray[np.float64]
    counts: NDArray[np.int64]


def new_kept(k: int, n: int) -> Kept:
    """Return what is kept before a scan of ``n`` rows for the best ``k``."""
    return Kept(np.full(k, -np.inf), np.empty(n, np.int64), np.empty(n), np.zeros(2, np.int64))


@njit()
def _keep(
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    first: int,
    size: int,
    allowed: NDArray[np.bool_],
    kept: Kept,
) -> None:
    """Keep the rows of a tile whose upper bound reaches the floor; count those where it is NaN."""
    floor, rows, tops = kept.floor, kept.rows, kept.most
    count = kept.counts[0]
    for t in range(size):
        if most[t] < floor[0] or not allowed[first + t]:
            continue
        if np.isnan(most[t]):
            kept.counts[1] += 1
            continue
        rows[count] = first + t
        tops[count] = most[t]
        count += 1
        if least[t] > floor[0]:
            _replace_least(floor, least[t])
    kept.counts[0] = count


@njit()
def _replace_least(heap: NDArray[np.float64], value: float) -> None:
    i = 0
    while True:
        child = 2 * i + 1
        if child >= len(heap):
            break
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = value


@njit(fastmath=REASSOCIATE)
def _three_products(
    E: NDArray[Any],
    first: int,
    size: int,
    p: NDArray[Any],
    q: NDArray[Any],
    r: NDArray[Any],
    found: NDArray[Any],
) -> None:
    """Write the products of rows with three vectors, (3, rows); a row is read but once."""
    zero = p[0] - p[0]  # of the vectors' own type
    for t in range(size):
        a, b, c = zero, zero, zero
        for i in range(len(p)):
            x = E[first + t, i]
            a += x * p[i]
            b += x * q[i]
            c += x * r[i]
        found[0, t], found[1, t], found[2, t] = a, b, c


@njit()
def scan_cosines(
    data: Rows, products: NDArray[Any], rounding: float, begin: int, end: int, kept: Kept
) -> None:
    """Keep the rows of the highest cosine with a unit vector.

    ``products`` are those of all rows with it, of shape (n,). The exact score differs from the
    cosine by at most ``rounding``. Rows of zeros have none.
    """
    norms, allowed = data.norms, data.allowed
    error = data.relative + rounding
    least, most = np.empty(_TILE), np.empty(_TILE)
    for first in range(begin, end, _TILE):
        size = min(_TILE, end - first)
        for t in range(size):
            shrink = 1.0 / norms[first + t]  # infinite for a row of zeros, and its cosine NaN
            cosine = np.float64(products[first + t]) * shrink
            slack = error + data.absolute * shrink
            least[t] = cosine - slack
            most[t] = cosine + slack
        _keep(least, most, first, size, allowed, kept)


@njit()
def _multiply(
    found: NDArray[Any],
    shrink: NDArray[np.float64],
    slack: NDArray[np.float64],
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    size: int,
) -> None:
    """Multiply bounds by those of cosines shifted to [0, 1]."""
    for t in range(size):
        middle = 0.5 + shrink[t] * np.float64(found[t])
        low, high = middle - slack[t], middle + slack[t]
        least[t] *= low if low > 0.0 else 0.0
        most[t] *= high if high > 0.0 else 0.0


@njit()
def scan_multiplied(
    data: Rows,
    units: NDArray[Any],
    signs: NDArray[np.int64],
    rounding: float,
    begin: int,
    end: int,
    kept: Kept,
) -> None:
    """Keep the rows of the highest 3CosMul.

    ``units`` are vectors (m, d) of the type of the vectors, m a multiple of three; ``signs`` say
    of each whether it is a factor above the line (1), below (−1) or not there (0). Cosines are
    rounded by at most ``rounding`` in the exact score. Rows of zeros have none.
    """
    E, norms, allowed = data.vectors, data.norms, data.allowed
    found = np.empty((3, _TILE), E.dtype)
    shrink, slack = np.empty(_TILE), np.empty(_TILE)
    above, below = np.empty((2, _TILE)), np.empty((2, _TILE))  # least, most
    for first in range(begin, end, _TILE):
        size = min(_TILE, end - first)
        above[:], below[:] = 1.0, 1.0
        for t in range(size):
            shrink[t] = 0.5 / norms[first + t]
            slack[t] = 0.5 * (data.relative + rounding) + data.absolute * shrink[t]
        for group in range(0, len(units), 3):
            p, q, r = units[group], units[group + 1], units[group + 2]
            _three_products(E, first, size, p, q, r, found)
            for place in range(3):
                if signs[group + place] > 0:
                    _multiply(found[place], shrink, slack, above[0], above[1], size)
                elif signs[group + place] < 0:
                    _multiply(found[place], shrink, slack, below[0], below[1], size)
        for t in range(size):
            lower, upper = below[0, t] + 1e-6, below[1, t] + 1e-6
            share = 1.0 / (lower * upper)
            most = above[1, t] * upper * share
            above[0, t] = above[0, t] * lower * share - 1e-11 * most
            above[1, t] = most * (1.0 + 1e-11) if norms[first + t] > 0.0 else np.nan
        _keep(above[0], above[1], first, size, allowed, kept)


@njit()
def _equal(E: NDArray[Any], row: int, vector: NDArray[Any]) -> bool:
    for i in range(len(vector)):  # noqa: SIM110 - numba knows no generators
        if E[row, i] != vector[i]:
            return False
    return True


@njit()
def scan_directions(
    data: Rows,
    direction: NDArray[Any],
    origin: NDArray[Any],
    unit: NDArray[Any],
    length: float,
    place: float,
    rounding: float,
    begin: int,
    end: int,
    kept: Kept,
) -> None:
    """Keep the rows of the highest ``cos(row − origin, direction)``.

    ``direction`` is a unit vector, and all vectors are of one type. ``unit`` and ``length`` are
    the direction (anything where it is zero) and the length of ``origin``, ``place`` its product
    with ``direction``. Rows that equal the origin are counted and not kept. The exact score
    differs from the cosine by at most ``rounding``.
    """
    E, norms, allowed = data.vectors, data.norms, data.allowed
    found = np.empty((3, _TILE), E.dtype)
    least, most = np.empty(_TILE), np.empty(_TILE)
    for first in range(begin, end, _TILE):
        size = min(_TILE, end - first)
        _three_products(E, first, size, direction, unit, unit, found)
        near = False
        for t in range(size):
            norm = norms[first + t]
            error = data.relative * norm + data.absolute
            within = norm + length
            gap = np.float64(found[0, t]) - place
            gap_error = error + _DOUBLE * within
            square = norm * norm + length * (length - 2.0 * np.float64(found[1, t]))
            square_error = 2.0 * length * error + _DOUBLE * within * within
            # |g'/r' − g/r| ≤ |g' − g|/r' + |g/r|·|r − r'|/r', |g| ≤ r, |r − r'| ≤ |r² − r'²|/r'.
            far = square > 4.0 * square_error
            shrink = 1.0 / np.sqrt(square) if far else 0.0
            cosine = gap * shrink
            slack = gap_error * shrink + square_error * shrink * shrink + rounding
            least[t] = cosine - slack if far else -1.0
            most[t] = cosine + slack if far else 1.0
            near = near or not far
        if near:
            for t in range(size):
                if least[t] == -1.0 and _equal(E, first + t, origin):
                    most[t] = np.nan
        _keep(least, most, first, size, allowed, kept)
