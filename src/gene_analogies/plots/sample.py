"""The cosines of all pairs' offsets to a direction, or of a sample of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gene_analogies.util.row_blocks import row_blocks

__all__ = ["sampled_cosines"]

#: Of more pairs than this, so many are drawn, with this seed.
_SAMPLE = 100_000
_SEED = 0
_BLOCK = 1_024


def sampled_cosines(
    vectors: NDArray[Any], direction: ArrayLike, sign: int = -1
) -> tuple[NDArray[np.float64], bool]:
    """Return the cosines of up to 100,000 pairs with a direction, each in one order.

    Parameters
    ----------
    vectors
        Array of shape (n, d), whose squares are finite; n at least 2.
    direction
        Unit vector of shape (d,).
    sign
        −1 for differences, +1 for sums.

    Returns
    -------
    cosines
        float64 of those pairs that have a direction; the same for the same vectors, for the seed
        is fixed.
    sampled
        Whether the pairs are a random sample; else they are all pairs.
    """
    n = len(vectors)
    sampled = n * (n - 1) // 2 > _SAMPLE
    if sampled:
        random = np.random.default_rng(_SEED)
        c = random.integers(n, size=_SAMPLE)
        d = (c + random.integers(1, n, size=_SAMPLE)) % n
    else:
        c, d = np.triu_indices(n, 1)
    unit = np.asarray(direction, np.float64)
    found = []
    for rows in row_blocks(len(c), _BLOCK):
        offsets = vectors[c[rows]].astype(np.float64) + sign * vectors[d[rows]]
        lengths = np.sqrt(np.einsum("ij,ij->i", offsets, offsets))
        known = lengths > 0.0
        found.append((offsets @ unit)[known] / lengths[known])
    return np.clip(np.concatenate(found), -1.0, 1.0), sampled
