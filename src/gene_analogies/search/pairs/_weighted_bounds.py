"""What gap a pair needs where w · cos(c, d) is part of its score: a cubic function of its distance.

With p = ‖c‖, r = ‖d‖ and D = ‖c − d‖, cos(c, d) = (p² + r² − D²) / 2pr. So the pair reaches τ if
its gap is at least

    f(D) = D (τ − w cos(c, d)) = A D + B D³,   A = τ − w (p² + r²) / 2pr,   B = w / 2pr,

for unit rows D (τ − w + w D²/2). Where A < 0, f falls up to D² = −A/3B and rises from there.
"""

from __future__ import annotations

import math

import numpy as np

from gene_analogies.search.engine.jit import njit

__all__ = ["MAX_RATIO", "cubic", "falls_short", "lowest", "row_need"]

#: Of lengths that differ more, only cos(c, d) ≤ 1 is used: the rest would be rounding noise.
MAX_RATIO = 64.0


@njit(inline=True)
def cubic(
    floor: float, weight: float, p: float, r: float, inverse_p: float, inverse_r: float
) -> tuple[float, float]:
    """Coefficients A and B for two lengths and one over them, which is 0 for zero vectors."""
    ratio, other = p * inverse_r, r * inverse_p
    if max(ratio, other) > MAX_RATIO:
        return floor - weight, 0.0
    half = 0.5 * weight
    return floor - half * (ratio + other), half * inverse_p * inverse_r


@njit()
def lowest(a: float, b: float, square: float) -> float:
    """Smallest A D + B D³ at squared distances of at least ``square``."""
    if a < 0.0:
        if b == 0.0:
            return -np.inf
        square = max(square, -a / (3.0 * b))
    return math.sqrt(square) * (a + b * square)


@njit(inline=True)
def falls_short(a: float, b: float, square: float, gap: float) -> bool:
    """Whether a gap is below A D + B D³ at all squared distances of at least ``square``.

    A bound of the square may be below 0.
    """
    square = max(square, 0.0)
    if a < 0.0:
        return gap < lowest(a, b, square)
    slope = a + b * square
    return gap < 0.0 or gap * gap < square * slope * slope


@njit()
def row_need(
    floor: float, weight: float, low: float, high: float, cosine: float, rho: float
) -> float:
    """Smallest gap of a row with those at least ``rho`` away, whose cosines are at most ``cosine``.

    ``floor`` is above 0; all lengths that are not 0 lie from ``low`` to ``high``.
    """
    if rho == np.inf:
        return np.inf
    level = floor - weight * cosine
    if level >= 0.0:
        return rho * level
    ratio = high / low
    if ratio > MAX_RATIO:
        return -np.inf
    # No pair of lengths has a smaller A or B.
    a = floor - 0.5 * weight * (ratio + 1.0 / ratio)
    return lowest(a, 0.5 * weight / (high * high), rho * rho)
