"""The best k pairs or analogies so far: a binary heap with the worst of them at its root.

A higher score comes first; of equal scores, the lower row numbers. So what is kept does not depend
on the order in which it is offered.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["Best", "cannot_enter", "contains", "merge", "new_best", "push"]


class Best(NamedTuple):
    """The best k so far, as a heap; the last entry is room for the one that is offered.

    Attributes
    ----------
    scores
        float64 of shape (k + 1,).
    rows
        int64 of shape (k + 1, width): the row numbers, two of a pair, four of an analogy.
    size
        int64 of shape (1,): how many are kept.
    """

    scores: NDArray[np.float64]
    rows: NDArray[np.int64]
    size: NDArray[np.int64]


def new_best(k: int, width: int = 2) -> Best:
    """Return an empty heap for the best ``k``, each of ``width`` rows."""
    return Best(np.empty(k + 1), np.empty((k + 1, width), np.int64), np.zeros(1, np.int64))


def merge(heaps: list[Best], k: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the best ``k`` of several heaps, best first: scores (m,) and rows (m, width)."""
    scores = np.concatenate([heap.scores[: heap.size[0]] for heap in heaps])
    rows = np.concatenate([heap.rows[: heap.size[0]] for heap in heaps])
    order = np.lexsort((*rows.T[::-1], -scores))[:k]
    return scores[order], rows[order]


@njit()
def _before(scores: NDArray[np.float64], rows: NDArray[np.int64], i: int, j: int) -> bool:
    """Whether entry i comes before entry j."""
    if scores[i] != scores[j]:
        return bool(scores[i] > scores[j])
    for column in range(rows.shape[1]):
        if rows[i, column] != rows[j, column]:
            return bool(rows[i, column] < rows[j, column])
    return False


@njit()
def _set(
    scores: NDArray[np.float64], rows: NDArray[np.int64], i: int, score: float, row: tuple[int, ...]
) -> None:
    scores[i] = score
    for column in range(len(row)):
        rows[i, column] = row[column]


@njit()
def _copy(scores: NDArray[np.float64], rows: NDArray[np.int64], source: int, target: int) -> None:
    scores[target] = scores[source]
    for column in range(rows.shape[1]):
        rows[target, column] = rows[source, column]


@njit()
def cannot_enter(best: Best, max_score: float, row: tuple[int, ...]) -> bool:
    """Whether rows that score ``max_score`` at most would not be kept."""
    scores, rows = best.scores, best.rows
    k = len(scores) - 1
    _set(scores, rows, k, max_score, row)
    return best.size[0] == k and not _before(scores, rows, k, int(np.int64(0)))


@njit()
def contains(best: Best, score: float, row: tuple[int, ...]) -> bool:
    """Whether rows are kept with this score, in time proportional to k."""
    for i in range(best.size[0]):
        same = best.scores[i] == score
        for column in range(len(row)):
            same &= best.rows[i, column] == row[column]
        if same:
            return True
    return False


@njit()
def push(best: Best, tau: NDArray[np.float64], score: float, row: tuple[int, ...]) -> None:
    """Offer rows; the worst leave where there are more than k.

    ``tau[0]`` is the highest k-th best score that any thread has seen. Threads write it without
    a lock: whatever value stays is the k-th best score of some set, so it only prunes less than
    it could.
    """
    scores, rows = best.scores, best.rows
    k, size = len(scores) - 1, best.size[0]
    _set(scores, rows, k, score, row)
    i = int(np.int64(0))  # a literal would compile all that it is given to once more
    if size < k:
        i = size
        best.size[0] = size + 1
        while i > 0 and _before(scores, rows, (i - 1) >> 1, k):
            _copy(scores, rows, (i - 1) >> 1, i)
            i = (i - 1) >> 1
    elif _before(scores, rows, k, i):
        while 2 * i + 1 < k:
            child = 2 * i + 1
            if child + 1 < k and _before(scores, rows, child, child + 1):
                child += 1
            if not _before(scores, rows, k, child):
                break
            _copy(scores, rows, child, i)
            i = child
    else:
        return
    _copy(scores, rows, k, i)
    if best.size[0] == k and scores[0] > tau[0]:
        tau[0] = scores[0]
