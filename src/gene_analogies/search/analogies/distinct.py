"""Leave out analogies that say nearly the same as a better one."""

from __future__ import annotations

import itertools

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
    known: set[tuple[int, ...]] = set()
    for place, row in enumerate(rows.tolist()):
        if len(kept) == k:
            break
        triples = list(itertools.combinations(sorted(row), 3))
        if known.isdisjoint(triples):
            kept.append(place)
            known.update(triples)
    return np.array(kept, np.int64)
