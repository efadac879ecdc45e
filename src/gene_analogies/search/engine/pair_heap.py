"""The best k pairs so far: a binary heap with the worst of them at its root."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["Best", "hopeless", "new_best", "push", "worse"]


class Best(NamedTuple):
    """Pairs kept, as a heap: scores (k,) float64, rows c and d (k,) int64, how many (1,)."""

    scores: NDArray[np.float64]
    c: NDArray[np.int64]
    d: NDArray[np.int64]
    size: NDArray[np.int64]


def new_best(k: int) -> Best:
    """Return an empty heap for the best ``k`` pairs."""
    return Best(
        np.empty(k, np.float64), np.empty(k, np.int64), np.empty(k, np.int64), np.zeros(1, np.int64)
    )


@njit(inline=True)
def worse(score: float, c: int, d: int, other_score: float, other_c: int, other_d: int) -> bool:
    """Whether the first pair comes after the second: lower score, then higher row numbers."""
    if score != other_score:
        return score < other_score
    if c != other_c:
        return c > other_c
    return d > other_d


@njit(inline=True)
def hopeless(best: Best, perfect: float, c: int, d: int) -> bool:
    """Whether a pair would not enter even with the best possible score.

    So it is where all kept pairs have that score already, and lower rows: ties are broken by rows.
    """
    if best.size[0] < len(best.scores) or best.scores[0] < perfect:
        return False
    last_c, last_d = best.c[0], best.d[0]
    return bool(c > last_c or (c == last_c and d > last_d))


@njit()
def push(best: Best, score: float, c: int, d: int) -> None:
    """Offer a pair; the worst one leaves where there are more than k."""
    scores, cs, ds = best.scores, best.c, best.d
    capacity = len(scores)
    size = best.size[0]
    if size < capacity:
        i = size
        best.size[0] = size + 1
        while i > 0:
            parent = (i - 1) >> 1
            if not worse(score, c, d, scores[parent], cs[parent], ds[parent]):
                break
            scores[i], cs[i], ds[i] = scores[parent], cs[parent], ds[parent]
            i = parent
        scores[i], cs[i], ds[i] = score, c, d
        return
    if not worse(scores[0], cs[0], ds[0], score, c, d):
        return
    i = 0
    while True:
        child = 2 * i + 1
        if child >= capacity:
            break
        right = child + 1
        if right < capacity and worse(
            scores[right], cs[right], ds[right], scores[child], cs[child], ds[child]
        ):
            child = right
        if not worse(scores[child], cs[child], ds[child], score, c, d):
            break
        scores[i], cs[i], ds[i] = scores[child], cs[child], ds[child]
        i = child
    scores[i], cs[i], ds[i] = score, c, d
