"""What a pair scores: the one definition of a score in float64, and bounds of it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import REASSOCIATE, njit

__all__ = [
    "COSINE",
    "EUCLIDEAN",
    "Query",
    "exact_score",
    "largest_square",
    "loosened",
    "needed_gap",
    "project",
]

COSINE = 0
EUCLIDEAN = 1


class Query(NamedTuple):
    """One direction, as the kernels see it.

    Attributes
    ----------
    offset
        float64 of shape (d,): the unit direction (cosine) or the offset itself (Euclidean).
    length
        Norm of ``offset``.
    metric
        ``COSINE`` or ``EUCLIDEAN``.
    sign
        −1 for differences ``c − d``, +1 for sums ``c + d``.
    quantum
        Scores are rounded to multiples of this, so that rounding noise does not decide between
        scores that are equal in exact arithmetic: their order is that of the row numbers.
    slack
        Bound on the rounding error of a gap (a difference of two float64 projections).
    """

    offset: NDArray[np.float64]
    length: float
    metric: int
    sign: float
    quantum: float
    slack: float


@njit()
def exact_score(E: NDArray[Any], query: Query, c: int, d: int) -> float:
    """Score of the pair (c, d) in float64; NaN where ``c`` and ``d`` combine to zero.

    Coordinate i is added to partial sum i mod 4, and these are added as (0 + 1) + (2 + 3): an
    order that a processor can keep in vector lanes, and the same on every machine.
    """
    sign, offset = query.sign, query.offset
    width = len(offset)
    euclidean = query.metric == EUCLIDEAN
    n0 = n1 = n2 = n3 = 0.0
    s0 = s1 = s2 = s3 = 0.0
    i = 0
    while i + 4 <= width:
        x0 = np.float64(E[c, i]) + sign * np.float64(E[d, i])
        x1 = np.float64(E[c, i + 1]) + sign * np.float64(E[d, i + 1])
        x2 = np.float64(E[c, i + 2]) + sign * np.float64(E[d, i + 2])
        x3 = np.float64(E[c, i + 3]) + sign * np.float64(E[d, i + 3])
        s0 += x0 * x0
        s1 += x1 * x1
        s2 += x2 * x2
        s3 += x3 * x3
        if euclidean:
            n0 += (x0 - offset[i]) ** 2
            n1 += (x1 - offset[i + 1]) ** 2
            n2 += (x2 - offset[i + 2]) ** 2
            n3 += (x3 - offset[i + 3]) ** 2
        else:
            n0 += x0 * offset[i]
            n1 += x1 * offset[i + 1]
            n2 += x2 * offset[i + 2]
            n3 += x3 * offset[i + 3]
        i += 4
    for lane in range(width - i):
        x = np.float64(E[c, i + lane]) + sign * np.float64(E[d, i + lane])
        term = (x - offset[i + lane]) ** 2 if euclidean else x * offset[i + lane]
        if lane == 0:
            s0 += x * x
            n0 += term
        elif lane == 1:
            s1 += x * x
            n1 += term
        else:
            s2 += x * x
            n2 += term
    square = (s0 + s1) + (s2 + s3)
    total = (n0 + n1) + (n2 + n3)
    if square == 0.0:
        return math.nan
    raw = -math.sqrt(total) if euclidean else total / math.sqrt(square)
    score: float = np.rint(raw / query.quantum) * query.quantum
    return score if euclidean else min(1.0, max(-1.0, score))


@njit(inline=True)
def loosened(query: Query, tau: float) -> float:
    """Return a threshold low enough that rounding never costs a pair that reaches ``tau``."""
    return tau - 2.0 * query.quantum


@njit(inline=True)
def needed_gap(query: Query, tau: float, rho: float) -> float:
    """Smallest gap with which a pair at distance ``rho`` or more can reach ``tau``."""
    if query.metric == COSINE:
        return tau * rho if tau > 0.0 else -np.inf
    if tau == -np.inf:
        return -np.inf
    length = query.length
    return (rho * rho + length * length - tau * tau) / (2.0 * length)


@njit(inline=True)
def largest_square(query: Query, tau: float, gap: float) -> float:
    """Largest squared distance at which a pair with this gap can reach ``tau``."""
    if query.metric == COSINE:
        return (gap / tau) ** 2 if tau > 0.0 else np.inf
    if tau == -np.inf:
        return np.inf
    return tau * tau - query.length * query.length + 2.0 * query.length * gap


@njit(fastmath=REASSOCIATE)
def project(
    E: NDArray[Any],
    direction: NDArray[np.float64],
    Y: NDArray[np.float32],
    weights: NDArray[np.float64],
    scale: float,
    start: int,
    stop: int,
    s: NDArray[np.float64],
    residual: NDArray[np.float64],
) -> None:
    """Project rows ``start`` to ``stop`` on a direction, in float64.

    ``residual`` becomes ``scale · (s − Y @ weights)``, the part that coordinates ``Y`` leave.
    """
    for row in range(start, stop):
        total = 0.0
        for i in range(E.shape[1]):
            total += np.float64(E[row, i]) * direction[i]
        known = 0.0
        for i in range(Y.shape[1]):
            known += np.float64(Y[row, i]) * weights[i]
        s[row] = total
        residual[row] = scale * (total - known)
