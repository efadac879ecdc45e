"""Kernels that estimate the scores of a row with others from products, and bound the errors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import REASSOCIATE, njit

__all__ = ["add_cosines", "any_reaches", "estimate_cosines", "estimate_distances", "place_in_cells"]

#: Added to squares that may have underflowed.
_TINY = 2.0**-110


@njit(fastmath=REASSOCIATE)
def estimate_cosines(
    values: NDArray[Any],
    c: NDArray[np.float64],
    s: NDArray[np.float64],
    squares: NDArray[np.float64],
    errors: tuple[float, float, float],
    sign: float,
    scores: NDArray[np.float64],
    bounds: NDArray[np.float64],
) -> None:
    """Write the scores of a row with some others, and bounds of their errors.

    ``c`` is the projection of the row, and its squared length. These loops are for vector lanes:
    with one more array to write, or a maximum to keep, they would be compiled without.
    """
    error, gap_error, score_error = errors
    s_c, square_c = c[0], c[1]
    for j in range(len(values)):
        both = square_c + squares[j]
        slack = error * both + _TINY
        square = both + 2.0 * sign * np.float64(values[j])
        bound = np.inf if square <= 2.0 * slack else 0.0
        shrink = 1.0 / np.sqrt(max(square, slack))
        score = (s_c + sign * s[j]) * shrink
        scores[j] = score
        bound += abs(score) * slack * shrink * shrink + 1.5 * gap_error * shrink + score_error
        bounds[j] = bound


@njit(fastmath=REASSOCIATE)
def add_cosines(
    c: NDArray[np.float64],
    values: NDArray[Any],
    squares: NDArray[np.float64],
    norms: NDArray[np.float64],
    inverse: NDArray[np.float64],
    errors: tuple[float, float, float],
    weight: float,
    scores: NDArray[np.float64],
    bounds: NDArray[np.float64],
) -> None:
    """Add ``weight`` times the cosine of the row with each.

    ``c`` is as in `estimate_cosines`, then the length of the row and one over it.
    """
    error, _, score_error = errors
    square_c, p, inverse_p = c[1], c[2], c[3]
    for j in range(len(values)):
        both = square_c + squares[j]
        unit = weight * inverse_p * inverse[j]
        lengths = p * p + norms[j] * norms[j]
        scores[j] += 0.5 * (lengths - both + 2.0 * np.float64(values[j])) * unit
        bounds[j] += unit * (error * both + _TINY + score_error * lengths)


@njit(fastmath=REASSOCIATE)
def estimate_distances(
    values: NDArray[Any],
    c: NDArray[np.float64],
    s: NDArray[np.float64],
    squares: NDArray[np.float64],
    errors: tuple[float, float, float],
    sign: float,
    length: float,
    scores: NDArray[np.float64],
    bounds: NDArray[np.float64],
) -> None:
    """Do as `estimate_cosines` does, for negative distances to an offset of this length."""
    error, gap_error, score_error = errors
    s_c, square_c = c[0], c[1]
    for j in range(len(values)):
        both = square_c + squares[j]
        apart = both + 2.0 * sign * np.float64(values[j]) + length * length
        off = error * both + _TINY + 2.0 * length * gap_error + score_error * abs(apart)
        square = apart - 2.0 * length * (s_c + sign * s[j])
        bound = np.inf if square <= 2.0 * off else 0.0
        distance = np.sqrt(max(square, off))
        scores[j] = -distance
        bounds[j] = bound + off / distance + score_error * (length + distance)


@njit(fastmath=REASSOCIATE)
def any_reaches(scores: NDArray[np.float64], bounds: NDArray[np.float64], lowest: float) -> bool:
    """Whether any of these estimates may reach the lowest score."""
    reaching = 0
    for j in range(len(scores)):
        reaching += scores[j] + bounds[j] >= lowest
    return reaching > 0


@njit()
def place_in_cells(
    scores: NDArray[np.float64],
    bounds: NDArray[np.float64],
    low: float,
    scale: float,
    last: float,
    limit: float,
    cells: NDArray[np.int32],
) -> None:
    """Write the cell of each estimate; −1 where its bound is not below the limit."""
    for j in range(len(scores)):
        cell = np.int32(min(max((scores[j] - low) * scale, 0.0), last))
        cells[j] = cell if bounds[j] < limit else np.int32(-1)
