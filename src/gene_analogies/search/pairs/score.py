"""What a pair scores: the one definition of a score in float64, and bounds of it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.engine.sums import NO_TERMS, add_term, row_cosine, total

__all__ = [
    "COSINE",
    "EUCLIDEAN",
    "Query",
    "WeightedQuery",
    "exact_score",
    "largest_square",
    "needed_gap",
    "project",
    "weighted_score",
    "write_parts",
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
    relaxation
        What a threshold is lowered by, so that rounding never costs a pair that reaches it.
    gap_error
        Bound on the rounding error of a gap (a difference of two float64 projections).
    """

    offset: NDArray[np.float64]
    length: float
    metric: int
    sign: float
    quantum: float
    relaxation: float
    gap_error: float


class WeightedQuery(NamedTuple):
    """One direction, and how much the cosine of c and d counts beside it.

    Attributes
    ----------
    plain
        The direction, with the cosine of differences as its score.
    weight
        What the cosine of c and d is multiplied by, above 0.
    quantum, relaxation
        As in `Query`, for the weighted score.
    """

    plain: Query
    weight: float
    quantum: float
    relaxation: float


@njit()
def exact_score(E: NDArray[Any], query: Query, c: int, d: int) -> float:
    """Score of the pair (c, d) in float64; NaN where ``c`` and ``d`` combine to zero."""
    sign, offset = query.sign, query.offset
    width = len(offset)
    euclidean = query.metric == EUCLIDEAN
    squares = terms = NO_TERMS
    for i in range(width):
        x = np.float64(E[c, i]) + sign * np.float64(E[d, i])
        squares = add_term(squares, x * x)
        y = x - offset[i]
        terms = add_term(terms, y * y if euclidean else x * offset[i])
    square = total(squares, width)
    if square == 0.0:
        return math.nan
    number = total(terms, width)
    raw = -math.sqrt(number) if euclidean else number / math.sqrt(square)
    score: float = np.rint(raw / query.quantum) * query.quantum
    return score if euclidean else min(1.0, max(-1.0, score))


@njit()
def weighted_score(E: NDArray[Any], query: WeightedQuery, c: int, d: int) -> float:
    """Cosine of the offsets plus ``weight · cos(c, d)``; NaN where ``c`` and ``d`` are equal.

    Both cosines are rounded before they are added; that with a zero vector is 0.
    """
    raw = exact_score(E, query.plain, c, d) + query.weight * row_cosine(E, c, d)
    score: float = np.rint(raw / query.quantum) * query.quantum
    return score


@njit()
def write_parts(
    E: NDArray[Any],
    query: Query,
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    similarity: NDArray[np.float64],
    cos_cd: NDArray[np.float64],
) -> None:
    """Write the two cosines that the scores of some pairs are made of."""
    for i in range(len(c)):
        similarity[i] = exact_score(E, query, c[i], d[i])
        cos_cd[i] = row_cosine(E, c[i], d[i])


@njit()
def needed_gap(metric: int, length: float, tau: float, rho: float) -> float:
    """Smallest gap with which a pair at distance ``rho`` or more can reach ``tau``."""
    if metric == COSINE:
        return tau * rho if tau > 0.0 else -np.inf
    if tau == -np.inf:
        return -np.inf
    return (rho * rho + length * length - tau * tau) / (2.0 * length)


@njit()
def largest_square(metric: int, length: float, tau: float, gap: float) -> float:
    """Largest squared distance at which a pair with this gap can reach ``tau``."""
    if metric == COSINE:
        distance = gap / tau if tau > 0.0 else np.inf
        return distance * distance
    if tau == -np.inf:
        return np.inf
    return tau * tau - length * length + 2.0 * length * gap


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
        along = 0.0
        for i in range(E.shape[1]):
            along += np.float64(E[row, i]) * direction[i]
        known = 0.0
        for i in range(Y.shape[1]):
            known += np.float64(Y[row, i]) * weights[i]
        s[row] = along
        residual[row] = scale * (along - known)
