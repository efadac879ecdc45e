"""Bounds of the scores of all rows, from their products with a few query vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["any_short", "bound_directions", "bound_multiplied", "divide_by_norms"]

#: Rows at a time: what is computed of them stays in the processor's cache.
_STRIDE = 1 << 14


def divide_by_norms(products: NDArray[Any], norms: NDArray[np.float64], short: float) -> bool:
    """Divide products by the norms of the rows; those of rows of zeros become NaN.

    Returns
    -------
    bool
        Whether any row is no longer than ``short``.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        products /= norms.astype(products.dtype)
    found = any_short(norms, short)
    if found:
        products[norms == 0.0] = np.nan
    return found


def any_short(norms: NDArray[np.float64], short: float) -> bool:
    """Return whether any row is no longer than ``short``."""
    return bool(norms.min(initial=np.inf) <= short)


def bound_multiplied(
    products: NDArray[Any],
    norms: NDArray[np.float64],
    powers: list[int],
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
        Of each cosine: how often it is a factor of the numerator; −1: of the denominator.
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
    with np.errstate(all="ignore"):  # rows of zeros
        for first in range(0, len(norms), _STRIDE):
            part = slice(first, first + _STRIDE)
            half = kind(0.5) / norms[part].astype(kind)
            above, below = np.ones_like(half), np.ones_like(half)
            for row, power in zip(products, powers, strict=True):
                shifted = half * row[part]
                shifted += kind(0.5 - 0.5 * error if power < 0 else 0.5 + 0.5 * error)
                np.fmax(shifted, kind(0.0), out=shifted)
                if power < 0:
                    below *= shifted
                for _ in range(power):
                    above *= shifted
            above += kind(least)
            below += kind(1e-6)
            np.divide(above, below, out=values[part])
    found = any_short(norms, short)
    if found:
        values[norms <= short] = kind(1e30)
        values[norms == 0.0] = np.nan
    return found


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
    equal = [np.empty(0, np.int64)]
    for first in range(0, len(values), _STRIDE):
        part = slice(first, first + _STRIDE)
        lengths, found = norms[part].astype(kind), values[part]
        along, aside = products[0, part], products[1, part]
        with np.errstate(over="ignore", invalid="ignore"):
            wrong = slope * lengths + base
            within = lengths + size
            gap = along - kind(along_origin) + wrong + units * within
            square = lengths * lengths + size * (size - (aside + aside))
            off = (size + size) * wrong + kind(4.0) * units * within * within + floor
            squares = np.where(gap > kind(0.0), square - off, square + off)
            found[:] = one
            np.divide(gap * np.abs(gap), squares, out=found, where=square > off)
        close = np.flatnonzero(found == one)
        same = close[(E[part][close] == origin).all(axis=1)]
        found[same] = np.nan
        equal.append(first + same)
    return np.concatenate(equal)
