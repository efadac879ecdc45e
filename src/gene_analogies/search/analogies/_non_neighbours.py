"""A few directions: branch and bound over the pairs of non-neighbours."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies._edges import Directions
from gene_analogies.search.analogies._offer import (
    Answer,
    is_complete,
    offer,
    relaxed_threshold,
)
from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.engine.sort_keys import highest, lowest

__all__ = ["Bounds", "scan_non_neighbours"]

#: Directions that are searched together.
_TOGETHER = 8

#: Clusters that are compared at once.
_PART = 32


class Bounds(NamedTuple):
    """What bounds the distance of two rows that are no neighbours.

    Attributes
    ----------
    X
        float32 (n, d): the centred rows, in the order of the clusters.
    radius
        float32 (n,): the k-NN radius of each row.
    start
        int64 (g + 1,): cluster q holds rows ``start[q]:start[q + 1]``.
    to_cluster
        float32 (g, n): the least distance of each row to the non-neighbours in a cluster.
    min_radius, between
        float32 (g,) and (g, g): the least ``radius`` in a cluster, and ``between[q, r]`` the least
        ``to_cluster[r]`` over cluster q.
    """

    X: NDArray[np.float32]
    radius: NDArray[np.float32]
    start: NDArray[np.int64]
    to_cluster: NDArray[np.float32]
    min_radius: NDArray[np.float32]
    between: NDArray[np.float32]


@njit(fastmath=REASSOCIATE)
def _is_nearer(X: NDArray[np.float32], c: int, d: int, limit: float) -> bool:
    """Whether the squared distance of two rows, summed in float32, is at most ``limit``."""
    width = X.shape[1]
    total = 0.0
    for first in range(0, width, 32):
        part = np.float32(0.0)
        for i in range(np.uint64(first), np.uint64(min(first + 32, width))):
            x = X[c, i] - X[d, i]
            part += x * x
        total += np.float64(part)
        if total > limit:
            return False
    return True


# What many rows or clusters are compared with at once, in float32, allows for its rounding.
# Unsigned numbers count them: only then numba makes vector code of a loop that does not begin at 0.


@njit()
def _count_clusters(
    between: NDArray[np.float32],
    low: NDArray[np.float32],
    high: np.float32,
    factor: np.float32,
    first: int,
    last: int,
) -> int:
    """Count the clusters ``first`` to ``last`` whose lowest row may be near enough to ``high``."""
    count = np.int32(0)
    for other in range(np.uint64(first), np.uint64(last)):
        count += np.int32(high - low[other] >= factor * between[other])
    return int(count)


@njit()
def _count_high(
    high: NDArray[np.float32],
    to_cluster: NDArray[np.float32],
    low: np.float32,
    factor: np.float32,
    first: int,
    last: int,
) -> int:
    """Count the rows ``first`` to ``last`` that may be near enough to the lowest of a cluster."""
    count = np.int32(0)
    for c in range(np.uint64(first), np.uint64(last)):
        count += np.int32(high[c] - low >= factor * to_cluster[c])
    return int(count)


@njit()
def _count_low(
    low: NDArray[np.float32],
    radius: NDArray[np.float32],
    high: np.float32,
    factor: np.float32,
    need: np.float32,
    first: int,
    last: int,
) -> int:
    """Count the rows ``first`` to ``last`` that are low enough for ``need`` and their radius."""
    count = np.int32(0)
    for d in range(np.uint64(first), np.uint64(last)):
        gap = high - low[d]
        count += np.int32((gap >= need) & (gap >= factor * radius[d]))
    return int(count)


@njit()
def scan_non_neighbours(
    bounds: Bounds,
    directions: Directions,
    min_length: NDArray[np.float64],
    part: int,
    parts: int,
    answer: Answer,
) -> None:
    """Offer the pairs of non-neighbours, at least ``min_length`` long, that may reach τ.

    Directions are taken together, so that what is known of a cluster is read from memory once for
    all of them.
    """
    # Taking an array out of a tuple counts references, which threads fight over: once for all.
    start, to_cluster = bounds.start, bounds.to_cluster
    min_radius, between = bounds.min_radius, bounds.between
    a, b, high, low = directions.a, directions.b, directions.high, directions.low
    fixed, tau = answer.fixed, answer.tau
    before_all: Any = np.int64(-1)  # no literal, for which a kernel would be compiled anew
    count = len(start) - 1
    tops = np.empty((_TOGETHER, count), np.float32)
    bottoms = np.empty((_TOGETHER, count), np.float32)
    lowest_of_all = np.empty(_TOGETHER)
    for first in range(part * _TOGETHER, len(high), parts * _TOGETHER):
        together = min(_TOGETHER, len(high) - first)
        for t in range(together):
            top, bottom = -np.inf, np.inf
            for q in range(count):
                tops[t, q] = highest(high[first + t], start[q], start[q + 1])
                bottoms[t, q] = lowest(low[first + t], start[q], start[q + 1])
                top = max(top, np.float64(tops[t, q]))
                bottom = min(bottom, np.float64(bottoms[t, q]))
            # A direction in which nothing is far enough from anything ends here.
            need = relaxed_threshold(tau) * min_length[first + t]
            lowest_of_all[t] = bottom if top - bottom >= need else np.inf
        for q in range(count):
            for t in range(together):
                i = first + t
                if fixed and tau[0] >= 1.0 and is_complete(answer, a[i], b[i], before_all):
                    continue
                top = tops[t, q]
                threshold = relaxed_threshold(tau)
                need = threshold * max(min_length[i], np.float64(min_radius[q]))
                if not np.float64(top) - lowest_of_all[t] >= need:
                    continue
                factor = np.float32(threshold * (1.0 - 1e-6))
                for begin in range(0, count, _PART):
                    end = min(begin + _PART, count)
                    if _count_clusters(between[q], bottoms[t], top, factor, begin, end) == 0:
                        continue
                    for r in range(begin, end):
                        need = threshold * max(min_length[i], np.float64(between[q, r]))
                        bottom_r = bottoms[t, r]
                        if np.float64(top) - np.float64(bottom_r) < need:
                            continue
                        if _count_high(
                            high[i], to_cluster[r], bottom_r, factor, start[q], start[q + 1]
                        ):
                            _scan_clusters(
                                bounds, directions, i, q, r, bottom_r, min_length[i], answer
                            )


@njit()
def _scan_clusters(
    bounds: Bounds,
    directions: Directions,
    i: int,
    q: int,
    r: int,
    bottom: np.float32,
    min_length: float,
    answer: Answer,
) -> None:
    """Offer the pairs from cluster q to cluster r, whose lowest row is at ``bottom``."""
    X, radius, start, to_cluster = bounds.X, bounds.radius, bounds.start, bounds.to_cluster[r]
    a, b, high, low = directions.a[i], directions.b[i], directions.high[i], directions.low[i]
    tau = answer.tau
    threshold = relaxed_threshold(tau)
    factor = np.float32(threshold * (1.0 - 1e-6))
    first, last = start[r], start[r + 1]
    for c in range(start[q], start[q + 1]):
        top = np.float64(high[c])
        need = threshold * max(np.float64(to_cluster[c]), np.float64(radius[c]), min_length)
        if top - np.float64(bottom) < need:
            continue
        if answer.fixed and tau[0] >= 1.0 and is_complete(answer, a, b, answer.order[c]):
            continue
        single = np.float32(need * (1.0 - 1e-6))
        if _count_low(low, radius, high[c], factor, single, first, last) == 0:
            continue
        for d in range(first, last):
            gap = top - np.float64(low[d])
            if gap < max(need, threshold * np.float64(radius[d])) or d == c:
                continue
            if threshold > 0.0:
                limit = (gap / threshold) ** 2 * (1.0 + 1e-4)
                if not _is_nearer(X, c, d, limit):
                    continue
            offer(answer, a, b, c, d)
            threshold = relaxed_threshold(tau)
