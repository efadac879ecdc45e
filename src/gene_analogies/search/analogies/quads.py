"""The best k analogies so far, and the one definition of an analogy's score in float64."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sums import row_cosine

__all__ = ["Quads", "beyond", "keep", "new_quads", "offer_quad", "quad_score"]


class Quads(NamedTuple):
    """Analogies kept, as a heap with the worst at its root.

    Attributes
    ----------
    scores
        float64 of shape (k,).
    rows
        int64 of shape (k, 4): a, b, c, d.
    size
        int64 of shape (1,): how many there are.
    """

    scores: NDArray[np.float64]
    rows: NDArray[np.int64]
    size: NDArray[np.int64]


def new_quads(k: int) -> Quads:
    """Return an empty heap for the best ``k`` analogies."""
    return Quads(np.empty(k, np.float64), np.empty((k, 4), np.int64), np.zeros(1, np.int64))


@njit()
def quad_score(E: NDArray[Any], a: int, b: int, c: int, d: int) -> float:
    """Cosine of ``a − b`` and ``c − d`` in float64, rounded to 2⁻⁴⁰; NaN where one is zero.

    Four interleaved partial sums, as in :func:`gene_analogies.search.pairs.score.exact_score`. The
    value is the same, to the bit, for ``a:b::c:d``, ``c:d::a:b`` and ``b:a::d:c``.
    """
    width = E.shape[1]
    dot = np.zeros(4)
    first = np.zeros(4)
    second = np.zeros(4)
    for i in range(width):
        x = np.float64(E[a, i]) - np.float64(E[b, i])
        y = np.float64(E[c, i]) - np.float64(E[d, i])
        dot[i & 3] += x * y
        first[i & 3] += x * x
        second[i & 3] += y * y
    xx = (first[0] + first[1]) + (first[2] + first[3])
    yy = (second[0] + second[1]) + (second[2] + second[3])
    if xx == 0.0 or yy == 0.0:
        return math.nan
    xy = (dot[0] + dot[1]) + (dot[2] + dot[3])
    raw = xy / (math.sqrt(xx) * math.sqrt(yy))
    score: float = np.rint(raw * 2.0**40) / 2.0**40
    return min(1.0, max(-1.0, score))


@njit()
def _worse(
    scores: NDArray[np.float64],
    rows: NDArray[np.int64],
    i: int,
    score: float,
    a: int,
    b: int,
    c: int,
    d: int,
) -> bool:
    """Whether entry ``i`` comes after the analogy given: lower score, then higher row numbers."""
    if scores[i] != score:
        return bool(scores[i] < score)
    if rows[i, 0] != a:
        return bool(rows[i, 0] > a)
    if rows[i, 1] != b:
        return bool(rows[i, 1] > b)
    if rows[i, 2] != c:
        return bool(rows[i, 2] > c)
    return bool(rows[i, 3] > d)


@njit()
def keep(best: Quads, score: float, a: int, b: int, c: int, d: int) -> None:
    """Keep an analogy, once, if it is among the best ``k``."""
    scores, rows = best.scores, best.rows
    capacity, size = len(scores), best.size[0]
    full = size == capacity
    if full and not _worse(scores, rows, 0, score, a, b, c, d):
        return
    for i in range(size):
        if (
            scores[i] == score
            and rows[i, 0] == a
            and rows[i, 1] == b
            and rows[i, 2] == c
            and rows[i, 3] == d
        ):
            return
    if full:
        i = 0
        while True:
            child = 2 * i + 1
            if child >= capacity:
                break
            other = child + 1
            if other < capacity and _worse(
                scores,
                rows,
                other,
                scores[child],
                rows[child, 0],
                rows[child, 1],
                rows[child, 2],
                rows[child, 3],
            ):
                child = other
            if not _worse(scores, rows, child, score, a, b, c, d):
                break
            scores[i] = scores[child]
            rows[i] = rows[child]
            i = child
    else:
        best.size[0] = size + 1
        i = size
        while i > 0:
            parent = (i - 1) >> 1
            if _worse(scores, rows, parent, score, a, b, c, d):
                break
            scores[i] = scores[parent]
            rows[i] = rows[parent]
            i = parent
    scores[i] = score
    rows[i, 0], rows[i, 1], rows[i, 2], rows[i, 3] = a, b, c, d


@njit()
def _form(fixed: bool, a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    """Return the one of the four equal forms that begins with the lowest row, unless ``fixed``."""
    if fixed:
        return a, b, c, d
    least = min(min(a, b), min(c, d))
    if c == least or d == least:
        a, b, c, d = c, d, a, b
    if b == least:
        a, b, c, d = b, a, d, c
    return a, b, c, d


@njit()
def _all_perfect(best: Quads) -> bool:
    """Whether k analogies with the highest possible score are kept: only lower rows can enter."""
    return bool(best.size[0] == len(best.scores) and best.scores[0] >= 1.0)


@njit()
def beyond(best: Quads, b: int, c: int) -> bool:
    """Whether no analogy with b and c, or a later c, can enter where a is fixed."""
    if not _all_perfect(best):
        return False
    last_b, last_c = best.rows[0, 1], best.rows[0, 2]
    return bool(b > last_b or (b == last_b and c > last_c))


@njit()
def _hopeless(best: Quads, fixed: bool, a: int, b: int, c: int, d: int) -> bool:
    """Whether an analogy would not enter whatever its score."""
    if not _all_perfect(best):
        return False
    a, b, c, d = _form(fixed, a, b, c, d)
    return not _worse(best.scores, best.rows, 0, 1.0, a, b, c, d)


@njit()
def offer_quad(
    E: NDArray[Any],
    max_similarity: float,
    fixed: bool,
    best: Quads,
    tau: NDArray[np.float64],
    a: int,
    b: int,
    c: int,
    d: int,
) -> None:
    """Score an analogy in float64 and keep it if it is allowed, positive and among the best.

    Four different items, cos(a, c) and cos(b, d) at most ``max_similarity``. Unless a is
    ``fixed``, the one of the four equal forms is kept that begins with the lowest row.

    ``tau[0]`` is the highest k-th best score that any thread has seen; threads write it without
    a lock, so that at worst it prunes less than it could.
    """
    if a in (c, d) or b in (c, d) or _hopeless(best, fixed, a, b, c, d):
        return
    score = quad_score(E, a, b, c, d)
    if np.isnan(score) or score <= 0.0 or score < tau[0]:
        return
    if row_cosine(E, a, c) > max_similarity or row_cosine(E, b, d) > max_similarity:
        return
    a, b, c, d = _form(fixed, a, b, c, d)
    keep(best, score, a, b, c, d)
    if best.size[0] == len(best.scores) and best.scores[0] > tau[0]:
        tau[0] = best.scores[0]
