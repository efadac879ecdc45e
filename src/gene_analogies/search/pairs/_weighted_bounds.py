"""What gap a pair needs where w · cos(c, d) is part of its score: a cubic function of its distance.

With p = ‖c‖, r = ‖d‖ and D = ‖c − d‖, cos(c, d) = (p² + r² − D²) / 2pr. So the pair reaches τ if
its gap is at least

    f(D) = D (τ − w cos(c, d)) = A D + B D³,   A = τ − w (p² + r²) / 2pr,   B = w / 2pr,

for unit rows D (τ − w + w D²/2). Where A < 0, f falls up to D² = −A/3B and rises from there.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["MAX_RATIO", "box_needs", "cubic", "largest_square", "lowest", "row_need"]

#: Of lengths that differ more, only cos(c, d) ≤ 1 is used: the rest would be rounding noise.
MAX_RATIO = 64.0


@njit()
def cubic(floor: float, weight: float, p: float, r: float) -> tuple[float, float]:
    """Coefficients A and B for rows of lengths ``p`` and ``r``; a zero vector's cosine is 0."""
    if p == 0.0 or r == 0.0:
        return floor, 0.0
    ratio = max(p, r) / min(p, r)
    if ratio > MAX_RATIO:
        return floor - weight, 0.0
    return floor - 0.5 * weight * (ratio + 1.0 / ratio), 0.5 * weight / (p * r)


@njit()
def lowest(a: float, b: float, rho: float) -> float:
    """Smallest A D + B D³ at distances of at least ``rho``."""
    if rho == np.inf:
        return np.inf
    square = rho * rho
    if a < 0.0:
        if b == 0.0:
            return -np.inf
        square = max(square, -a / (3.0 * b))
    return math.sqrt(square) * (a + b * square)


@njit()
def largest_square(a: float, b: float, gap: float, longest: float) -> float:
    """Largest squared distance with A D + B D³ ≤ ``gap``, rounded up; infinite if ``longest²``.

    Newton's method from the right, where the function is convex, stays above the solution.
    """
    if longest * (a + b * longest * longest) <= gap or (a <= 0.0 and b == 0.0):
        return np.inf
    x = longest
    if a > 0.0:
        x = min(x, gap / a)
    for _ in range(4):
        slope = a + 3.0 * b * x * x
        above = x * (a + b * x * x) - gap
        if slope <= 0.0 or above <= 0.0:
            break
        x -= above / slope
    return x * x * (1.0 + 1e-9)


@njit()
def row_need(floor: float, weight: float, p: float, low: float, high: float, rho: float) -> float:
    """Smallest gap that a row of length ``p`` needs with any row at least ``rho`` away.

    Those rows have lengths from ``low`` to ``high``, or 0. At a given distance the cosine is
    greatest at one end of that range, or 1.
    """
    if p == 0.0 or rho == np.inf:
        return floor * rho
    a, b = cubic(floor, weight, p, low)
    need = lowest(a, b, rho)
    a, b = cubic(floor, weight, p, high)
    need = min(need, lowest(a, b, rho))
    if floor >= weight:
        need = max(need, (floor - weight) * rho)
    return min(need, floor * rho)


@njit()
def box_needs(
    floor: float,
    weight: float,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    gap_error: float,
    needs: NDArray[np.float64],
) -> None:
    """Raise the gaps that pairs of rows of two bands need, by the bands' lengths and radii.

    ``first`` and ``second`` have a row a band: the smallest and largest length other than 0, and
    the smallest k-NN radius.
    """
    for i in range(len(first)):
        for j in range(len(second)):
            low, high = second[j, 0], second[j, 1]
            rho = max(first[i, 2], second[j, 2])
            need = min(
                row_need(floor, weight, first[i, 0], low, high, rho),
                row_need(floor, weight, first[i, 1], low, high, rho),
            )
            needs[i, j] = max(needs[i, j], need - gap_error)
