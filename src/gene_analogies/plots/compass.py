"""The compass of an answer: every pair at its true angle to the query, and what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gene_analogies.plots.angles import angles_of_pairs
from gene_analogies.plots.sample import sampled_cosines

__all__ = ["Compass", "UsualAngles", "compass", "usual_angles"]

#: What share of all pairs the usual angles hold.
_USUAL_SHARE = 0.999


@dataclass(frozen=True)
class UsualAngles:
    """Between which angles to the query nearly all pairs lie.

    Attributes
    ----------
    low, high
        In degrees; 99.9 % of all pairs lie between them, half of the others on either side.
    pairs
        From how many pairs they were found.
    sampled
        Whether those are a random sample; else they are all pairs.
    """

    low: float
    high: float
    pairs: int
    sampled: bool


@dataclass(frozen=True)
class Compass:
    """The angles of an answer's pairs to the query.

    Attributes
    ----------
    angles
        In degrees, float64 of shape (k,): 0 is the direction of the query.
    usual
        Where nearly all pairs lie; None where no pair has a direction.
    random_best
        In degrees, increasing: the angles of random queries to the best pair of each; empty where
        they are not known.
    """

    angles: NDArray[np.float64]
    usual: UsualAngles | None
    random_best: NDArray[np.float64]


def compass(
    vectors: NDArray[Any],
    direction: ArrayLike,
    c: NDArray[np.int64],
    d: NDArray[np.int64],
    sign: int = -1,
    random_best: ArrayLike | None = None,
) -> Compass:
    """Return the angles of pairs to the direction of a query.

    Parameters
    ----------
    vectors
        Array of shape (n, dimension), whose squares are finite; n at least 2.
    direction
        Unit vector of shape (dimension,).
    c, d
        int64 of shape (k,): the rows of the pairs.
    sign
        −1 for differences, +1 for sums.
    random_best
        The highest cosine that each of some random queries finds.
    """
    best = np.asarray([] if random_best is None else random_best, np.float64)
    return Compass(
        angles_of_pairs(vectors, direction, c, d, sign),
        usual_angles(vectors, direction, sign),
        np.sort(np.degrees(np.arccos(np.clip(best, -1.0, 1.0)))),
    )


def usual_angles(vectors: NDArray[Any], direction: ArrayLike, sign: int = -1) -> UsualAngles | None:
    """Return where 99.9 % of all pairs lie: exact for up to 100,000 pairs, else from a sample.

    Parameters
    ----------
    vectors
        Array of shape (n, d), whose squares are finite; n at least 2.
    direction
        Unit vector of shape (d,).
    sign
        −1 for differences, both orders of every pair; +1 for sums.

    Returns
    -------
    UsualAngles or None
        None where no pair has a direction. The same for the same vectors: the seed is fixed.
    """
    cosines, sampled = sampled_cosines(vectors, direction, sign)
    if not len(cosines):
        return None
    if sign < 0:
        # The other order of a pair has the opposite direction.
        high = float(np.quantile(np.abs(cosines), _USUAL_SHARE))
        low = -high
    else:
        rest = (1.0 - _USUAL_SHARE) / 2.0
        low, high = map(float, np.quantile(cosines, (rest, 1.0 - rest)))
    angles = np.degrees(np.arccos([high, low]))
    return UsualAngles(float(angles[0]), float(angles[1]), len(cosines), sampled)
