"""The families of an answer's pairs, and how alike their offsets are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["PairFamilies", "pair_families"]


@dataclass(frozen=True)
class PairFamilies:
    """Pairs in families of one relation each.

    Attributes
    ----------
    labels
        int64 of shape (m,): the family of each pair, from 0, the largest first.
    cosines
        float64 of shape (m, m): the cosines of the pairs' offsets.
    silhouette
        The mean silhouette; 0 where there is one family.
    """

    labels: NDArray[np.int64]
    cosines: NDArray[np.float64]
    silhouette: float

    @property
    def sizes(self) -> list[int]:
        """How many pairs each family has."""
        return [int(size) for size in np.bincount(self.labels)]

    @property
    def order(self) -> NDArray[np.int64]:
        """The pairs by family, those of a family in the order that they have."""
        return np.argsort(self.labels, kind="stable")


def pair_families(
    vectors: NDArray[Any], c: NDArray[np.int64], d: NDArray[np.int64], sign: int = -1
) -> PairFamilies:
    """Return the families that `Space.cluster` finds among some pairs.

    Parameters
    ----------
    vectors
        Array of shape (n, dimension), whose squares are finite.
    c, d
        int64 of shape (m,), m at least 1: the rows of the pairs, none with a zero offset.
    sign
        −1 for differences, +1 for sums.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    """
    from gene_analogies.search.learned.families import find_families, unit_offsets

    units, _ = unit_offsets(vectors, c, d, sign)
    found = find_families(units, None, 0)
    cosines = np.clip(units @ units.T, -1.0, 1.0)
    return PairFamilies(found.labels, cosines, float(found.silhouettes.mean()))
