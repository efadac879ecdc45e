"""Upper bounds of 3CosMul and PairDirection for all rows, from their products, in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["bound_directions", "bound_multiplied"]

#: Rows whose bounds are made before the rare ones among them are looked at.
_STRIDE = 256


@njit()
def _multiply(
    products: NDArray[Any], halves: NDArray[Any], error: float, found: NDArray[Any]
) -> None:
    """Multiply by cosines shifted to [0, 1], with ``error`` added."""
    kind = found.dtype.type
    middle = kind(0.5 + error)
    for t in range(len(products)):
        shifted = middle + halves[t] * products[t]
        found[t] *= shifted if shifted > kind(0.0) else kind(0.0)


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
        int64 of shape (m,): how often each cosine is a factor of the numerator; −1: of the
        denominator.
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
    halves = np.empty(_STRIDE, values.dtype)
    above, below = np.empty(_STRIDE, values.dtype), np.empty(_STRIDE, values.dtype)
    found_short = False
    for first in range(0, len(norms), _STRIDE):
        lengths, found = norms[first : first + _STRIDE], values[first : first + _STRIDE]
        above[:], below[:] = kind(1.0), kind(1.0)
        shorter = False
        for t in range(len(lengths)):
            halves[t] = kind(0.5) / kind(lengths[t])
            shorter |= lengths[t] <= short
        for i in range(len(powers)):
            part = products[i, first : first + _STRIDE]
            if powers[i] < 0:
                _multiply(part, halves, -0.5 * error, below)
            for _ in range(powers[i]):
                _multiply(part, halves, 0.5 * error, above)
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
    along_origin: float,
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
    origin, along_origin, length
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
    one, size = kind(1.0), kind(length)
    slope, base, units, floor = kind(error), kind(absolute), kind(4.0 * rounding), kind(least)
    start = kind(along_origin)
    equal = np.empty(len(values), np.int64)
    count = 0
    for first in range(0, len(values), _STRIDE):
        lengths, found = norms[first : first + _STRIDE], values[first : first + _STRIDE]
        along, aside = products[0, first : first + _STRIDE], products[1, first : first + _STRIDE]
        near = False
        for t in range(len(found)):
            norm = kind(lengths[t])
            wrong = slope * norm + base
            within = norm + size
            gap = along[t] - start + wrong + units * within
            square = norm * norm + size * (size - (aside[t] + aside[t]))
            off = (size + size) * wrong + kind(4.0) * units * within * within + floor
            apart = square > off
            bound = gap * abs(gap) / (square - off if gap > kind(0.0) else square + off)
            found[t] = bound if apart else one
            near |= not apart
        if not near:
            continue
        for t in range(len(found)):
            if found[t] == one and _equal(E, first + t, origin):
                found[t] = np.nan
                equal[count] = first + t
                count += 1
    return equal[:count].copy()
