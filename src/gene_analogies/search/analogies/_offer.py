"""Offer analogies to the best k so far."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies.score import score_of
from gene_analogies.search.engine.heap import Best, cannot_enter, contains, push
from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sums import row_cosine

__all__ = ["Answer", "is_complete", "offer", "relaxed_threshold"]


class Answer(NamedTuple):
    """The best analogies of a thread, and what decides whether another one is among them.

    Attributes
    ----------
    E
        The vectors, (n, d), in their own order.
    order
        int64 of shape (n,): rows of ``E`` in the order of the clusters.
    max_similarity
        Highest cosine of a and c, and of b and d.
    fixed
        Whether a stands first in every answer; otherwise the lowest row does.
    best
        A heap of the rows a, b, c, d.
    tau
        float64 of shape (1,): the highest k-th best score that any thread has seen.
    """

    E: NDArray[Any]
    order: NDArray[np.int64]
    max_similarity: float
    fixed: bool
    best: Best
    tau: NDArray[np.float64]


@njit(inline=True)
def relaxed_threshold(tau: NDArray[np.float64]) -> float:
    """Return a threshold low enough that rounding never costs an analogy that reaches τ."""
    relaxed: float = max(0.0, (tau[0] - 2.0**-38) * (1.0 - 1e-6))
    return relaxed


@njit()
def is_complete(answer: Answer, a: int, b: int, c: int) -> bool:
    """Whether no analogy with b and a row from c on can enter where a is fixed.

    So it is where k analogies with the highest possible score are kept: only lower rows can enter.
    """
    return cannot_enter(answer.best, 1.0, (answer.order[a], answer.order[b], c, int(np.int64(-1))))


@njit()
def offer(answer: Answer, a: int, b: int, c: int, d: int) -> None:
    """Score an analogy in float64 and keep it if it is allowed, positive and among the best.

    It is of four different items, given in the order of the clusters. Unless a is fixed, the one
    of the four equal forms is kept that begins with the lowest row.
    """
    E, order, best, tau = answer.E, answer.order, answer.best, answer.tau
    if a == c or a == d or b == c or b == d:  # noqa: SIM109 - a tuple costs compile time
        return
    a, b, c, d = order[a], order[b], order[c], order[d]
    if not answer.fixed:
        lowest = min(min(a, b), min(c, d))
        if c == lowest or d == lowest:
            a, b, c, d = c, d, a, b
        if b == lowest:
            a, b, c, d = b, a, d, c
    row = (a, b, c, d)
    if tau[0] >= 1.0 and cannot_enter(best, 1.0, row):
        return
    score = score_of(E, a, b, c, d)
    # NaN is not positive.
    if not score > 0.0 or score < tau[0] or cannot_enter(best, score, row):
        return
    limit = answer.max_similarity
    if row_cosine(E, a, c) > limit or row_cosine(E, b, d) > limit:
        return
    if not contains(best, score, row):
        push(best, tau, score, row)
