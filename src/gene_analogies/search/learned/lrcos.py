"""LRCos: how likely a row is of the class that is asked for, times how near it is to one row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.items.best_rows import QUANTUM, best_rows
from gene_analogies.search.items.complete import Found, cosine_margin, cosines_of, unit_rows
from gene_analogies.util.extras import require

__all__ = ["find_by_class", "learn_class"]


def learn_class(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    members: NDArray[np.int64],
    others: NDArray[np.int64],
) -> tuple[NDArray[np.float64], float]:
    """Learn what tells the members of a class from others: a logistic regression.

    It is made on unit vectors, with an L2 penalty of C = 1 and the same weight for both classes.

    Parameters
    ----------
    vectors, norms
        Shape (n, d), float32 or float64, and the lengths of the rows, float64 of shape (n,).
    members, others
        Rows, neither empty, none of them zero.

    Returns
    -------
    weights, constant
        float64 of shape (d,), and a number: the log-odds of a unit vector ``u`` are
        ``weights @ u + constant``.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    """
    linear = require("sklearn.linear_model", "learn", "LRCos")
    rows = np.concatenate([members, others])
    model = linear.LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
    model.fit(unit_rows(vectors, norms, rows), np.arange(len(rows)) < len(members))
    return np.asarray(model.coef_[0], np.float64), float(model.intercept_[0])


@retry_on_corrupt_cache
def find_by_class(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    weights: NDArray[np.float64],
    constant: float,
    target: NDArray[np.float64],
    k: int,
    allowed: NDArray[np.bool_],
) -> Found:
    """Return the best rows by LRCos (Drozd, Gladkova & Matsuoka 2016).

    The score of a row is the probability that it is of a class, times its cosine with a vector.

    Parameters
    ----------
    vectors, norms, target, k, allowed
        As for `gene_analogies.search.items.complete.find_by_cosine`.
    weights, constant
        As from `learn_class`.
    """
    length = float(np.linalg.norm(weights))
    direction = weights / (length or 1.0)

    def score(likeness: NDArray[np.float64], nearness: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(over="ignore"):
            chance = 1.0 / (1.0 + np.exp(-(length * likeness + constant)))
        return np.asarray(chance * nearness)

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        both = cosines_of(vectors, rows, np.stack([direction, target]))
        return np.asarray(np.rint(score(*both) / QUANTUM) * QUANTUM)

    with np.errstate(divide="ignore", invalid="ignore"):
        both = ((vectors @ unit.astype(vectors.dtype)) / norms for unit in (direction, target))
        found = score(*both)
    # The logistic function is nowhere steeper than 1/4, and both factors are at most 1.
    margin = cosine_margin(vectors, norms) * (1.0 + length / 4.0) + QUANTUM
    without = int(np.count_nonzero(allowed & (norms == 0.0)))
    return Found(*best_rows(found, margin, exact, k, allowed), without)
