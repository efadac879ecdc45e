"""Cosines of a few rows in float64, the same on every machine and whatever rows stand beside."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["exact_cosines", "half_sums"]


@njit()
def exact_cosines(
    E: NDArray[Any],
    rows: NDArray[np.int64],
    origin: NDArray[np.float64],
    units: NDArray[np.float64],
    quantum: float,
    cosines: NDArray[np.float64],
) -> None:
    """Write the cosines of ``row − origin`` and unit vectors, rounded to multiples of ``quantum``.

    Coordinate i is added to partial sum i mod 4, and these are added as (0 + 1) + (2 + 3): an
    order that vector instructions can keep.

    Parameters
    ----------
    E, rows
        Vectors (n, d), and numbers of some of them, none of which equals the origin.
    origin, units
        float64 of shapes (w,) and (m, w), where w is d rounded up to a multiple of 4; zeros from
        d on.
    cosines
        Written; shape (m, rows).
    """
    offset = np.zeros(len(origin))
    for i in range(len(rows)):
        for k in range(E.shape[1]):
            offset[k] = np.float64(E[rows[i], k]) - origin[k]
        length = np.sqrt(_sum_of_products(offset, offset))
        for j in range(len(units)):
            steps = np.rint(_sum_of_products(offset, units[j]) / length / quantum)
            cosines[j, i] = min(max(steps * quantum, -1.0), 1.0)


@njit()
def half_sums(
    E: NDArray[Any],
    rows: NDArray[np.int64],
    units: NDArray[np.float64],
    which: NDArray[np.int64],
    squares: NDArray[np.float64],
) -> None:
    """Write (1 + cos)/2 of each row and its unit vector as ‖x + u‖²/4, x being the unit row.

    Of nearly opposite vectors this keeps the digits that 1 + cos loses. With lengths of x and u
    that differ by rounding it is (‖x + u‖² − (‖x‖ − ‖u‖)²)/4, where ‖x‖ − ‖u‖ comes from
    (x + u) · (x − u) = ‖x‖² − ‖u‖².

    Parameters
    ----------
    E, rows
        Vectors (n, d), and numbers of some of them, none of which is zero.
    units, which
        float64 of shape (t, w), as in `exact_cosines`, and which of them belongs to each row.
    squares
        Written; shape (rows,).
    """
    row = np.zeros(units.shape[1])
    both, apart = np.empty(len(row)), np.empty(len(row))
    for i in range(len(rows)):
        for k in range(E.shape[1]):
            row[k] = np.float64(E[rows[i], k])
        length = np.sqrt(_sum_of_products(row, row))
        unit = units[which[i]]
        for k in range(len(row)):
            x = row[k] / length
            both[k], apart[k] = x + unit[k], x - unit[k]
        uneven = 0.5 * _sum_of_products(both, apart)
        squares[i] = 0.25 * (_sum_of_products(both, both) - uneven * uneven)


@njit()
def _sum_of_products(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    s0 = s1 = s2 = s3 = 0.0
    for i in range(0, len(x), 4):
        s0 += x[i] * y[i]
        s1 += x[i + 1] * y[i + 1]
        s2 += x[i + 2] * y[i + 2]
        s3 += x[i + 3] * y[i + 3]
    return (s0 + s1) + (s2 + s3)
