"""The best k rows of a fast float32 score, exact: survivors are scored again in float64."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["QUANTUM", "best_rows"]

#: Scores of order one are rounded to multiples of this, so that rounding noise does not decide
#: between scores that are equal in exact arithmetic: their order is that of the row numbers.
QUANTUM = 2.0**-40

#: Up to so many rows that may not be in the answer cost less than a copy of all scores.
_FEW = 64
#: Scores among which only the best one counts for a first bound.
_RUNS = 64


def best_rows(
    approximate: NDArray[np.floating],
    margin: float | NDArray[np.floating],
    exact: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    k: int,
    allowed: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the ``k`` rows of the highest exact score, best first; ties by row number.

    Parameters
    ----------
    approximate
        Shape (n,): scores with an error of at most ``margin``, or an increasing function of them;
        −inf or NaN for rows that never count.
    margin
        Bound of ``|approximate − exact|``: one finite number, or shape (n,); in float32, with room
        for the rounding of their sum.
    exact
        Scores rows in float64, int64 (m,) to float64 (m,), rounded to a quantum of its own.
    k
        How many; fewer come back where there are fewer.
    allowed
        bool of shape (n,): which rows count; all of them without it.

    Returns
    -------
    rows, scores
        int64 and float64, each of shape (k,).
    """
    barred = 0 if allowed is None else len(allowed) - int(np.count_nonzero(allowed))
    values, most = approximate, k + barred
    # The barred rows may be the best. While they are few, it costs less to look at as many more
    # than to copy all scores.
    least = _least(values, margin, most) if barred <= _FEW else math.nan
    if math.isnan(least):
        values = values.copy()
        values[np.isnan(values)] = -np.inf
        if allowed is not None:
            values[~allowed] = -np.inf
        least = _least(values, margin, k)
    if isinstance(margin, np.ndarray):
        kept = np.flatnonzero(values + margin >= least)
    else:
        # One step lower, since the difference is rounded to the type of the scores.
        limit = values.dtype.type(least - margin)
        kept = np.flatnonzero(values >= np.nextafter(limit, -np.inf, dtype=values.dtype))
    kept = kept[values[kept] > -np.inf]
    if allowed is not None:
        kept = kept[allowed[kept]]
    scores = exact(kept)
    order = np.lexsort((kept, -scores))[:k]
    return kept[order], scores[order]


def _least(values: NDArray[np.floating], margin: float | NDArray[np.floating], count: int) -> float:
    """Return a bound that ``count`` scores reach; −inf where there are fewer, NaN if one is NaN."""
    lower = values - margin if isinstance(margin, np.ndarray) else values
    if count >= len(lower):
        return -math.inf
    width = len(lower) // _RUNS
    if 4 * count < width:
        # The best of every 64th rows: as many scores, though others may be better.
        lower = lower[: width * _RUNS].reshape(_RUNS, width).max(axis=0)
    best = np.partition(lower, len(lower) - count)[-count:]  # with NaN at its end
    if np.isnan(best).any():
        return math.nan
    return float(best[0]) - (0.0 if isinstance(margin, np.ndarray) else margin)
