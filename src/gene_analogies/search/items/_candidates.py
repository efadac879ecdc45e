"""Which rows may be among the best, from scores that are known within margins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["may_be_best", "reaching"]

#: Classes of rows, at least; of each class only the best row counts for a first bound.
_CLASSES = 512
#: Rows that are compared before one of them is looked at.
_STRIDE = 256


@njit()
def may_be_best(
    values: NDArray[Any], margins: NDArray[Any], allowed: NDArray[np.bool_], count: int
) -> NDArray[np.int64]:
    """Return the allowed rows that may be among the best ``count``, int64, increasing.

    Parameters
    ----------
    values
        Shape (n,): scores; NaN or −inf for rows that never count.
    margins
        How far they may be off, finite: of shape (n,), or (1,) where it is the same for all.
    allowed
        bool of shape (n,): which rows count.
    count
        How many.
    """
    floor = _reached(values, margins, allowed, count)
    if len(margins) == 1:
        return reaching(values, allowed, floor - np.float64(margins[0]))
    rows = np.empty(len(values), np.int64)
    size = 0
    for first in range(0, len(values), _STRIDE):
        part, slack = values[first : first + _STRIDE], margins[first : first + _STRIDE]
        if not _any_within(part, slack, floor):
            continue
        for i in range(len(part)):
            most = np.float64(part[i]) + np.float64(slack[i])
            if most >= floor and most > -np.inf and allowed[first + i]:
                rows[size] = first + i
                size += 1
    return rows[:size].copy()


@njit()
def reaching(values: NDArray[Any], allowed: NDArray[np.bool_], floor: float) -> NDArray[np.int64]:
    """Return the allowed rows whose value is at least ``floor``, int64, increasing."""
    rows = np.empty(len(values), np.int64)
    size = 0
    for first in range(0, len(values), _STRIDE):
        part = values[first : first + _STRIDE]
        if not _any_reaches(part, floor):
            continue
        for i in range(len(part)):
            value = np.float64(part[i])
            if value >= floor and value > -np.inf and allowed[first + i]:
                rows[size] = first + i
                size += 1
    return rows[:size].copy()


# A loop over all of an array, without a branch, is vector code.


@njit()
def _any_reaches(values: NDArray[Any], floor: float) -> bool:
    found: Any = np.False_
    for i in range(len(values)):
        found |= np.float64(values[i]) >= floor
    return bool(found)


@njit()
def _any_within(values: NDArray[Any], margins: NDArray[Any], floor: float) -> bool:
    found: Any = np.False_
    for i in range(len(values)):
        found |= np.float64(values[i]) + np.float64(margins[i]) >= floor
    return bool(found)


@njit()
def _raise(best: NDArray[np.float64], values: NDArray[Any], allowed: NDArray[np.bool_]) -> None:
    """Raise each number to the value beside it, where that is higher and allowed."""
    for i in range(len(values)):
        value = np.float64(values[i])
        best[i] = value if (value > best[i]) & allowed[i] else best[i]


@njit()
def _raise_within(
    best: NDArray[np.float64],
    values: NDArray[Any],
    margins: NDArray[Any],
    allowed: NDArray[np.bool_],
) -> None:
    for i in range(len(values)):
        value = np.float64(values[i]) - np.float64(margins[i])
        best[i] = value if (value > best[i]) & allowed[i] else best[i]


@njit()
def _reached(
    values: NDArray[Any], margins: NDArray[Any], allowed: NDArray[np.bool_], count: int
) -> float:
    """Return a score that surely ``count`` allowed rows have; −inf where there are fewer.

    Rows are dealt to classes. The best rows of as many classes are as many rows, though others may
    be better.
    """
    n = len(values)
    if count > n:
        return -np.inf
    width = min(n, max(_CLASSES, 8 * count))
    best = np.full(width, -np.inf)
    for first in range(0, n, width):
        end = min(first + width, n)
        if len(margins) == 1:
            _raise(best, values[first:end], allowed[first:end])
        else:
            _raise_within(best, values[first:end], margins[first:end], allowed[first:end])
    heap = np.full(count, -np.inf)  # its least first
    for value in best:
        if value > heap[0]:
            _replace_least(heap, value)
    return float(heap[0] - np.float64(margins[0]) if len(margins) == 1 else heap[0])


@njit()
def _replace_least(heap: NDArray[np.float64], value: float) -> None:
    i = 0
    while True:
        child = 2 * i + 1
        if child >= len(heap):
            break
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = value
