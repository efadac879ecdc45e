"""The best k rows of a fast float32 score, exact: survivors are scored again in float64."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.items._candidates import may_be_best, reaching

__all__ = ["QUANTUM", "SHORT", "best_below", "best_rows"]

#: Scores of order one are rounded to multiples of this, so that rounding noise does not decide
#: between scores that are equal in exact arithmetic: their order is that of the row numbers.
QUANTUM = 2.0**-40

#: Shorter float32 rows may lose products to underflow.
SHORT = 1e-25

#: Where bounds let more than this share of the rows through, better ones are asked for.
_MANY = 1 / 16

_Exact = Callable[[NDArray[np.int64]], NDArray[np.float64]]
_Best = tuple[NDArray[np.int64], NDArray[np.float64]]


def best_rows(
    approximate: NDArray[np.floating],
    margin: float | NDArray[np.floating],
    exact: _Exact,
    k: int,
    allowed: NDArray[np.bool_] | None = None,
) -> _Best:
    """Return the ``k`` rows of the highest exact score, best first; ties by row number.

    Parameters
    ----------
    approximate
        Shape (n,): scores with an error of at most ``margin``, or an increasing function of them;
        −inf or NaN for rows that never count.
    margin
        Bound of ``|approximate − exact|``: one finite number, or shape (n,).
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
    if allowed is None:
        allowed = np.ones(len(approximate), np.bool_)
    kept = may_be_best(approximate, margin, allowed, k)
    return _first(kept, exact(kept), k)


def best_below(
    upper: NDArray[np.floating],
    exact: _Exact,
    k: int,
    allowed: NDArray[np.bool_],
    *,
    reached: Callable[[float], float] = float,
    better: Callable[[], NDArray[np.floating]] | None = None,
) -> _Best:
    """Return the ``k`` rows of the highest exact score, as `best_rows`, from upper bounds alone.

    The rows of the highest bounds are scored, then all others that may be better than these.

    Parameters
    ----------
    upper
        Shape (n,): upper bounds of the scores, or of an increasing function of them; NaN for rows
        that never count.
    exact, k, allowed
        As for `best_rows`.
    reached
        From a score to a value that all rows of at least that score have; as it is, if not given.
    better
        Returns values that are closer to the scores, for where many rows may be better.
    """
    rows = may_be_best(upper, 0.0, allowed, 2 * k)
    best, scores = _first(rows, exact(rows), k)
    if len(rows) < 2 * k:
        return best, scores
    floor = reached(float(scores[-1]))
    if floor >= upper[rows].min():
        return best, scores
    rows = reaching(upper, allowed, floor)
    if better is not None and len(rows) > 64 + _MANY * len(upper):
        rows = reaching(better(), allowed, floor)
    return _first(rows, exact(rows), k)


def _first(rows: NDArray[np.int64], scores: NDArray[np.float64], k: int) -> _Best:
    """Return the first rows by falling score; they are in order of their numbers."""
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order]
