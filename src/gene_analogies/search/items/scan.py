"""Bounds of the scores of all rows, from their products with a few vectors, in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = [
    "any_short",
    "bound_directions",
    "bound_distances",
    "bound_multiplied",
    "divide_by_norms",
]

#: Rows whose bounds are made before the rare ones among them are looked at.
_STRIDE = 256


@njit()
def divide_by_norms(products: NDArray[Any], norms: NDArray[np.float64], short: float) -> bool:
    """Divide products by the norms of the rows; those of rows of zeros become NaN.

    Returns
    -------
    bool
        Whether any row is no longer than ``short``.
    """
    kind = products.dtype.type
    found = False
    for i in range(len(products)):
        products[i] /= kind(norms[i])
        found |= norms[i] <= short
    if found:
        for i in range(len(products)):
            if norms[i] == 0.0:
                products[i] = np.nan
    return found


@njit()
def any_short(norms: NDArray[np.float64], short: float) -> bool:
    """Return whether any row is no longer than ``short``."""
    found = False
    for i in range(len(norms)):
        found |= norms[i] <= short
    return found


@njit()
def bound_distances(
    products: NDArray[Any],
    norms: NDArray[np.float64],
    length: float,
    error: float,
    least: float,
    values: NDArray[Any],
    margins: NDArray[Any],
) -> None:
    """Write the negative squares of distances to a point, and how far they may be off.

    Parameters
    ----------
    products, norms, length
        Products of rows with the point, of shape (n,), and the lengths of these and of it.
    error, least
        A square is off by at most ``error · (norm² + length²) + least``.
    values, margins
        Written; shape (n,).
    """
    one = values.dtype.type(length)
    square = one * one
    slope, base = values.dtype.type(error), values.dtype.type(least)
    for i in range(len(products)):
        norm = values.dtype.type(norms[i])
        both = norm * norm + square
        values[i] = products[i] + products[i] - both
        margins[i] = slope * both + base


@njit()
def _multiply(
    products: NDArray[Any], shrink: NDArray[Any], slack: float, found: NDArray[Any]
) -> None:
    """Multiply by bounds of cosines shifted to [0, 1], ``slack`` above or below them."""
    kind = found.dtype.type
    middle = kind(0.5 + slack)
    for t in range(len(products)):
        bound = middle + shrink[t] * products[t]
        found[t] *= bound if bound > kind(0.0) else kind(0.0)


@njit()
def bound_multiplied(
    products: NDArray[Any],
    norms: NDArray[np.float64],
    powers: NDArray[np.int64],
    error: float,
    least: float,
    short: float,
    values: NDArray[Any],
) -> bool:
    """Write upper bounds of 3CosMul, NaN for rows of zeros.

    They are of the type of the products, and right but for rounding.

    Parameters
    ----------
    products, norms
        Products (m, n) of rows with vectors no longer than 1, and the lengths of the rows.
    powers
        int64 of shape (m,): how often each cosine is a factor above the line; −1: below it.
    error
        A cosine of a row longer than ``short`` is off by at most this.
    least
        Smaller numbers may be lost.
    short
        Of rows that are no longer, products say nothing: they are bound by 10³⁰.
    values
        Written; shape (n,).

    Returns
    -------
    bool
        Whether there are such rows.
    """
    kind = values.dtype.type
    shrink = np.empty(_STRIDE, values.dtype)
    above, below = np.empty(_STRIDE, values.dtype), np.empty(_STRIDE, values.dtype)
    found_short = False
    for first in range(0, len(norms), _STRIDE):
        lengths, found = norms[first : first + _STRIDE], values[first : first + _STRIDE]
        above[:], below[:] = kind(1.0), kind(1.0)
        shorter = False
        for t in range(len(lengths)):
            shrink[t] = kind(0.5) / kind(lengths[t])
            shorter |= lengths[t] <= short
        for place in range(len(powers)):
            part = products[place, first : first + _STRIDE]
            if powers[place] < 0:
                _multiply(part, shrink, -0.5 * error, below)
            for _ in range(powers[place]):
                _multiply(part, shrink, 0.5 * error, above)
        for t in range(len(found)):
            found[t] = (above[t] + kind(least)) / (below[t] + kind(1e-6))
        if shorter:
            found_short = True
            for t in range(len(found)):
                if lengths[t] == 0.0:
                    found[t] = np.nan
                elif lengths[t] <= short:
                    found[t] = kind(1e30)
    return found_short


@njit()
def _equal(E: NDArray[Any], row: int, vector: NDArray[Any]) -> bool:
    for i in range(len(vector)):  # noqa: SIM110 - numba knows no generators
        if E[row, i] != vector[i]:
            return False
    return True


@njit()
def bound_directions(
    E: NDArray[Any],
    products: NDArray[Any],
    norms: NDArray[np.float64],
    origin: NDArray[Any],
    place: float,
    length: float,
    error: float,
    absolute: float,
    rounding: float,
    least: float,
    values: NDArray[Any],
) -> NDArray[np.int64]:
    """Write upper bounds of ``c · |c|`` for the cosines c of ``row − origin`` and a unit vector.

    They order rows as the cosines do, without a square root; they are of the type of the products,
    rounded by a few units in the last place, and 1 for rows too near the origin to tell.

    Parameters
    ----------
    E
        The rows, (n, d).
    products
        Of shape (2, n): products of the rows with the unit vector, and with the direction of the
        origin (anything where it is zero).
    norms
        float64 of shape (n,): lengths of the rows.
    origin, place, length
        Shape (d,); its product with the unit vector, and its length.
    error, absolute
        A product is off by at most ``error · norm + absolute``.
    rounding, least
        A number computed from some is off by at most ``rounding`` times their size; or by
        ``least``, where it is a square.
    values
        Written, shape (n,); NaN for rows that equal the origin.

    Returns
    -------
    numpy.ndarray
        int64: the rows that equal the origin.
    """
    kind = values.dtype.type
    one, far_off = kind(1.0), kind(length)
    slope, base, units, floor = kind(error), kind(absolute), kind(4.0 * rounding), kind(least)
    start = kind(place)
    equal = np.empty(len(values), np.int64)
    count = 0
    for first in range(0, len(values), _STRIDE):
        lengths, found = norms[first : first + _STRIDE], values[first : first + _STRIDE]
        along, aside = products[0, first : first + _STRIDE], products[1, first : first + _STRIDE]
        near = False
        for t in range(len(found)):
            norm = kind(lengths[t])
            wrong = slope * norm + base
            within = norm + far_off
            gap = along[t] - start + wrong + units * within
            square = norm * norm + far_off * (far_off - (aside[t] + aside[t]))
            off = (far_off + far_off) * wrong + kind(4.0) * units * within * within + floor
            far = square > off
            bound = gap * abs(gap) / (square - off if gap > kind(0.0) else square + off)
            found[t] = bound if far else one
            near |= not far
        if not near:
            continue
        for t in range(len(found)):
            if found[t] == one and _equal(E, first + t, origin):
                found[t] = np.nan
                equal[count] = first + t
                count += 1
    return equal[:count].copy()
