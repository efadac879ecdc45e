"""Pairs that share items: sums over those that do, and the standard error of a mean over pairs.

Two pairs with a common item vary together, others do not. The pairs of a real relation mostly hang
together in one group by way of others, so that no groups can be left out; but items can. The
variance is that of Aronow, Samii & Assenova (2015): the influences of all two pairs that share an
item, multiplied and summed, which is the jackknife that leaves out one item at a time, without what
it counts twice.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["dyadic_error", "shared_sums"]


def shared_sums(pairs: NDArray[np.int64], values: NDArray[Any]) -> NDArray[Any]:
    """Return for each pair the sum of the values of all pairs that share an item with it.

    Parameters
    ----------
    pairs
        Rows (a, b), int64 of shape (m, 2), each pair once, a and b different.
    values
        Array of shape (m,) or (m, d). A pair's own value is in its sum.
    """
    items, ends = np.unique(pairs, return_inverse=True)
    ends = ends.reshape(pairs.shape)
    both = np.unique(np.sort(ends, axis=1) @ [len(items), 1], return_inverse=True)[1]
    of_items = np.zeros((len(items), *values.shape[1:]), values.dtype)
    of_both = np.zeros((len(pairs), *values.shape[1:]), values.dtype)
    for end in ends.T:
        np.add.at(of_items, end, values)
    np.add.at(of_both, both, values)
    # A pair of the same two items, in either order, is in the sums of both.
    return np.asarray(of_items[ends[:, 0]] + of_items[ends[:, 1]] - of_both[both])


def dyadic_error(
    pairs: NDArray[np.int64],
    influences: NDArray[np.float64],
    items: NDArray[np.int64] | None = None,
    item_influences: NDArray[np.float64] | None = None,
) -> float:
    """Return the standard error of an estimate from pairs, at least that of independent pairs.

    NaN where one item is in more than half of the pairs: nothing says how others would differ.

    Parameters
    ----------
    pairs
        As for `shared_sums`.
    influences
        By how much each pair moves the estimate, float64 of shape (m,), of sum 0.
    items, item_influences
        Rows of items, each once, and by how much each moves the estimate besides, float64 of the
        same shape.
    """
    m = len(pairs)
    if m < 2 or 2 * np.unique(pairs, return_counts=True)[1].max() > m:
        return math.nan
    variance = float(influences @ shared_sums(pairs, influences))
    least = float(influences @ influences)
    if items is not None and item_influences is not None:
        own = float(item_influences @ item_influences)
        least += own
        order = np.argsort(items)
        for end in pairs.T:
            place = np.minimum(np.searchsorted(items, end, sorter=order), len(items) - 1)
            found = order[place]
            moved = np.where(items[found] == end, item_influences[found], 0.0)
            variance += 2.0 * float(influences @ moved)
        variance += own
    # Influences around their own mean vary less: of m independent pairs by (m − 1)/m.
    together = float(shared_sums(pairs, np.ones(m)).sum())
    return math.sqrt(max(variance, least) / (1.0 - together / m**2))
