"""Compare the rows of a block with the best answer so far of every question."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["EPSILON", "SLOTS", "Leaders", "Questions", "new_leaders", "scan"]

#: Rows, at most, that may be the best one of a question for all that rounded cosines tell.
SLOTS = 8
#: Keeps 3CosMul finite where d is the opposite of a, as gensim's constant does.
EPSILON = 1e-6
#: Less than any score; and finite, so that a floor below it is.
_LOWEST = -8.0
#: Rows whose values stay in the processor's cache while the questions go by; and rows of these that
#: are compared before one of them is looked at.
_CACHED = 1024
_STRIDE = 128


class Questions(NamedTuple):
    """What is asked of every block.

    Attributes
    ----------
    kinds
        int64 of shape (n,): rows of one kind are one word; −1 for rows that never answer.
    words
        int64 of shape (m, 3): which rows of the cosines are those of a, b and c of a question.
    excluded
        int64 of shape (m, 3): kinds that may not answer a question.
    multiply
        3CosMul instead of 3CosAdd.
    error
        For 3CosAdd, by how much a score may be wrong; for 3CosMul, a cosine.
    rounding
        By which share of it an upper bound may be too low.
    """

    kinds: NDArray[np.int64]
    words: NDArray[np.int64]
    excluded: NDArray[np.int64]
    multiply: bool
    error: float
    rounding: float


class Leaders(NamedTuple):
    """What every question keeps while blocks go by.

    Attributes
    ----------
    best
        float64 of shape (m,): what the best row scores at least; less than any score without one.
    rows, upper
        int64 and float64, (m, SLOTS): rows that might be better than the best of those before
        them, and what they score at most.
    size
        int64 of shape (m,): how many of these there are.
    lost
        float64 of shape (m,): what rows score at most for which no slot was left.
    """

    best: NDArray[np.float64]
    rows: NDArray[np.int64]
    upper: NDArray[np.float64]
    size: NDArray[np.int64]
    lost: NDArray[np.float64]


def new_leaders(m: int) -> Leaders:
    """Return the state of ``m`` questions before the first block."""
    return Leaders(
        np.full(m, _LOWEST),
        np.full((m, SLOTS), -1),
        np.full((m, SLOTS), -np.inf),
        np.zeros(m, np.int64),
        np.full(m, -np.inf),
    )


@njit()
def _share(
    multiply: bool, error: float, a: NDArray[Any], b: NDArray[Any], shared: NDArray[Any]
) -> None:
    """Combine what questions with the same a and b have in common, to its upper bound."""
    kind = shared.dtype.type
    margin, zero, epsilon = kind(error), kind(0.0), kind(EPSILON)
    for i in range(len(a)):
        if multiply:
            shared[i] = (b[i] + margin) / (max(a[i] - margin, zero) + epsilon)
        else:
            shared[i] = b[i] - a[i] + margin


@njit()
def _reaches(
    multiply: bool, error: float, shared: NDArray[Any], c: NDArray[Any], floor: float
) -> bool:
    """Whether any row may reach the floor: a loop without a branch, so that it is vector code."""
    margin, least = c.dtype.type(error), c.dtype.type(floor)
    found = False
    if multiply:
        for i in range(len(c)):
            found |= shared[i] * (c[i] + margin) >= least
    else:
        for i in range(len(c)):
            found |= shared[i] + c[i] >= least
    return found


@njit()
def _offer(leaders: Leaders, q: int, row: int, bound: float, floor: float) -> None:
    """Keep a row that may be the best; where slots are full, those that no longer may be go."""
    rows, upper, size, lost = leaders.rows, leaders.upper, leaders.size, leaders.lost
    count = size[q]
    if count == SLOTS:
        count = 0
        for slot in range(SLOTS):
            if upper[q, slot] >= floor:
                rows[q, count] = rows[q, slot]
                upper[q, count] = upper[q, slot]
                count += 1
    if count == SLOTS:
        lost[q] = max(lost[q], bound)
    else:
        rows[q, count] = row
        upper[q, count] = bound
        count += 1
    size[q] = count


@njit()
def scan(
    values: NDArray[Any],
    first: int,
    questions: Questions,
    begin: int,
    end: int,
    leaders: Leaders,
) -> None:
    """Offer the rows of one block to the questions ``begin`` to ``end``.

    Parameters
    ----------
    values
        Shape (words, rows of the block), float32 or float64: cosines; for 3CosMul shifted to
        [0, 1].
    first
        The row that the block begins with.
    """
    kinds, words, excluded = questions.kinds, questions.words, questions.excluded
    multiply, error, rounding = questions.multiply, questions.error, questions.rounding
    best = leaders.best
    room = np.empty(_CACHED, values.dtype)
    for corner in range(0, values.shape[1], _CACHED):
        edge = min(corner + _CACHED, values.shape[1])
        shared = room[: edge - corner]
        for q in range(begin, end):
            a, b, c = words[q, 0], words[q, 1], words[q, 2]
            if q == begin or a != words[q - 1, 0] or b != words[q - 1, 1]:
                _share(multiply, error, values[a, corner:edge], values[b, corner:edge], shared)
            # Slices, since a loop over all of an array is vector code, and one over a part is not.
            floor = best[q] - rounding * abs(best[q])
            if not _reaches(multiply, error, shared, values[c, corner:edge], floor):
                continue
            for start in range(corner, edge, _STRIDE):
                stop = min(start + _STRIDE, edge)
                part, of_c = shared[start - corner : stop - corner], values[c, start:stop]
                if not _reaches(multiply, error, part, of_c, floor):
                    continue
                for i in range(len(of_c)):
                    value = np.float64(of_c[i])
                    bound = np.float64(part[i])
                    bound = bound * (value + error) if multiply else bound + value
                    if bound < floor:
                        continue
                    row = first + start + i
                    kind = kinds[row]
                    if kind < 0 or kind == excluded[q, 0]:
                        continue
                    if kind == excluded[q, 1] or kind == excluded[q, 2]:
                        continue
                    if multiply:
                        of_b = np.float64(values[b, start + i]) - error
                        lower = max(of_b, 0.0) * max(value - error, 0.0)
                        lower /= np.float64(values[a, start + i]) + error + EPSILON
                    else:
                        lower = bound - 2.0 * error
                    best[q] = max(best[q], lower)
                    floor = best[q] - rounding * abs(best[q])
                    _offer(leaders, q, row, bound, floor)
