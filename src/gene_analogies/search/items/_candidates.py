"""Which rows may be among the best, from scores that are known within margins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.items._first_pass import best_of_classes, rows_reaching

__all__ = ["may_be_best", "reaching"]

#: Classes of rows, at least; of each class only the best row counts for a first threshold.
_CLASSES = 512


def may_be_best(
    values: NDArray[Any], margins: float | NDArray[Any], allowed: NDArray[np.bool_], count: int
) -> NDArray[np.int64]:
    """Return the allowed rows that may be among the best ``count``, int64, increasing.

    Parameters
    ----------
    values
        Shape (n,): scores; NaN or −inf for rows that never count.
    margins
        How far they may be off, finite: one number for all, or shape (n,).
    allowed
        bool of shape (n,): which rows count.
    count
        How many.
    """
    if not isinstance(margins, np.ndarray):
        return reaching(values, allowed, _reached(values, allowed, count) - 2.0 * margins)
    lower = np.subtract(values, margins, dtype=np.float64)
    upper = np.add(values, margins, dtype=np.float64)
    return reaching(upper, allowed, _reached(lower, allowed, count))


def reaching(values: NDArray[Any], allowed: NDArray[np.bool_], floor: float) -> NDArray[np.int64]:
    """Return the allowed rows whose value is at least ``floor``, int64, increasing."""
    return rows_reaching(values, allowed, floor)


def _reached(values: NDArray[Any], allowed: NDArray[np.bool_], count: int) -> float:
    """Return a value that surely ``count`` allowed rows reach; −inf where there are fewer.

    Rows are dealt to classes. The best rows of as many classes are as many rows, though others may
    be better.
    """
    n = len(values)
    if count > n:
        return -np.inf
    width = min(n, max(_CLASSES, 8 * count))
    best = best_of_classes(values, allowed, width)
    return float(np.partition(best, width - count)[width - count])
