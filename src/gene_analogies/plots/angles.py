"""Angles between vectors, exact to the last digits for small and large ones, too."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gene_analogies.util.row_blocks import row_blocks

__all__ = ["angle_between", "angles_of_pairs", "angles_to"]

#: Offsets that are held at a time.
_BLOCK = 1_024


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a vector divided by its length, whatever the size of its numbers; zero stays zero."""
    largest = float(np.abs(vector).max(initial=0.0))
    if largest == 0.0:
        return np.zeros_like(vector)
    scaled = np.ldexp(vector, -math.frexp(largest)[1])
    return np.asarray(scaled / math.hypot(*scaled))


def angle_between(u: ArrayLike, v: ArrayLike) -> float:
    """Return the angle between two vectors in radians; NaN where one is zero.

    Parameters
    ----------
    u, v
        Vectors of shape (d,), float64, finite.

    Examples
    --------
    >>> round(angle_between([1.0, 0.0], [0.0, 3.0]), 4)
    1.5708
    """
    first, second = (_unit(np.asarray(one, np.float64)) for one in (u, v))
    if not first.any() or not second.any():
        return math.nan
    # Kahan's formula: the arc cosine would lose half of the digits of a small angle.
    return 2.0 * math.atan2(math.hypot(*(first - second)), math.hypot(*(first + second)))


def angles_to(direction: ArrayLike, offsets: ArrayLike) -> NDArray[np.float64]:
    """Return the angle of each offset to one direction in degrees, float64 of shape (k,).

    Parameters
    ----------
    direction
        Vector of shape (d,).
    offsets
        Array of shape (k, d); a zero row has the angle NaN.
    """
    unit = _unit(np.asarray(direction, np.float64))
    rows = np.asarray(offsets, np.float64)
    largest = np.abs(rows).max(axis=1, initial=0.0, keepdims=True)
    scaled = np.ldexp(rows, -np.frexp(largest)[1])
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    units = np.divide(scaled, lengths, out=np.full_like(scaled, np.nan), where=lengths > 0.0)
    return np.asarray(
        np.degrees(
            2.0
            * np.arctan2(np.linalg.norm(unit - units, axis=1), np.linalg.norm(unit + units, axis=1))
        )
    )


def angles_of_pairs(
    vectors: NDArray[Any],
    direction: ArrayLike,
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    sign: int = -1,
) -> NDArray[np.float64]:
    """Return the angles of pairs' offsets to one direction in degrees, float64 of shape (k,).

    Parameters
    ----------
    vectors
        Array of shape (n, dimension), whose squares are finite.
    direction
        Vector of shape (dimension,).
    c, d
        int64 of shape (k,): the rows of the pairs.
    sign
        −1 for differences, +1 for sums.
    """
    found = [
        angles_to(direction, vectors[c[rows]].astype(np.float64) + sign * vectors[d[rows]])
        for rows in row_blocks(len(c), _BLOCK)
    ]
    return np.concatenate([np.empty(0), *found])
