"""Leave out analogies that say nearly the same as a better one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["distinct_rows"]


def distinct_rows(rows: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return which analogies to keep, best first: no two share three of their four items.

    Parameters
    ----------
    rows
        int64 of shape (m, 4), best first.
    k
        How many to keep, at most.

    Returns
    -------
    numpy.ndarray
        int64 of shape (at most k,): places in ``rows``.
    """
    kept: list[int] = []
    for place in range(len(rows)):
        if len(kept) == k:
            break
        shared = np.isin(rows[kept], rows[place]).sum(axis=1) if kept else np.empty(0)
        if not (shared >= 3).any():
            kept.append(place)
    return np.array(kept, np.int64)
