"""The distribution of the similarities of all pairs to a query, and where its answers lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gene_analogies.plots.sample import sampled_cosines

__all__ = ["Distribution", "distribution"]

#: Bins between −1 and 1.
_BINS = 100


@dataclass(frozen=True)
class Distribution:
    """How similar all pairs are to a query, and how similar its answers are.

    Attributes
    ----------
    edges
        float64 of shape (bins + 1,): the limits of the bins, from −1 to 1.
    shares
        float64 of shape (bins,): the share of all pairs in each.
    answers
        float64 of shape (k,): the cosines of the answers.
    beyond
        The share of all pairs that are at least as similar as the last answer; 0 without answers.
    pairs
        How many pairs this is found from.
    sampled
        Whether those are drawn at random; else they are all pairs.
    """

    edges: NDArray[np.float64]
    shares: NDArray[np.float64]
    answers: NDArray[np.float64]
    beyond: float
    pairs: int
    sampled: bool


def distribution(
    vectors: NDArray[Any], direction: ArrayLike, answers: NDArray[np.float64], sign: int = -1
) -> Distribution | None:
    """Return the distribution; exact for up to 100,000 pairs, else that of a sample.

    Parameters
    ----------
    vectors
        Array of shape (n, dimension), whose squares are finite; n at least 2.
    direction
        Unit vector of shape (dimension,).
    answers
        The cosines of the answers.
    sign
        −1 for differences, both orders of every pair; +1 for sums.

    Returns
    -------
    Distribution or None
        None where no pair has a direction.
    """
    cosines, sampled = sampled_cosines(vectors, direction, sign)
    if not len(cosines):
        return None
    pairs = len(cosines)
    if sign < 0:
        cosines = np.concatenate([cosines, -cosines])
    counts, edges = np.histogram(cosines, _BINS, (-1.0, 1.0))
    beyond = float(np.mean(cosines >= answers.min())) if len(answers) else 0.0
    return Distribution(edges, counts / len(cosines), answers, beyond, pairs, sampled)
