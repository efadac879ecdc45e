"""Cosines of a few rows in float64, the same on every machine and whatever rows stand beside."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["exact_cosines", "exact_multiplied"]


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
    order that a processor can keep in vector lanes.

    Parameters
    ----------
    E, rows
        Vectors (n, d), and numbers of some of them, none of which equals the origin.
    origin, units
        float64 of shapes (d,) and (m, d).
    cosines
        Written; shape (m, rows).
    """
    width = len(origin)
    away = np.zeros(width + (-width) % 4)
    target = np.zeros(len(away))
    for place in range(len(rows)):
        for i in range(width):
            away[i] = np.float64(E[rows[place], i]) - origin[i]
        length = np.sqrt(_sum_of_products(away, away))
        for number in range(len(units)):
            target[:width] = units[number]
            steps = np.rint(_sum_of_products(away, target) / length / quantum)
            cosines[number, place] = min(max(steps * quantum, -1.0), 1.0)


@njit()
def exact_multiplied(
    cosines: NDArray[np.float64], above: int, quantum: float, scores: NDArray[np.float64]
) -> None:
    """Write 3CosMul from cosines, rounded to multiples of ``quantum`` times a power of two.

    Parameters
    ----------
    cosines
        Shape (m, rows): the first ``above`` are factors above the line, the others below it.
    scores
        Written; shape (rows,).
    """
    for place in range(len(scores)):
        top, bottom = 1.0, 1.0
        for number in range(len(cosines)):
            shifted = (1.0 + cosines[number, place]) / 2.0
            if number < above:
                top *= shifted
            else:
                bottom *= shifted
        share, exponent = math.frexp(top / (bottom + 1e-6))
        scores[place] = math.ldexp(np.rint(share / quantum) * quantum, exponent)


@njit()
def _sum_of_products(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    s0 = s1 = s2 = s3 = 0.0
    for i in range(0, len(x), 4):
        s0 += x[i] * y[i]
        s1 += x[i + 1] * y[i + 1]
        s2 += x[i + 2] * y[i + 2]
        s3 += x[i + 3] * y[i + 3]
    return (s0 + s1) + (s2 + s3)
