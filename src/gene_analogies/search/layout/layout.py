"""Where items lie in a plane, and how far their neighbours lie with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.layout.nearest import nearest_in_plane, nearest_rows

__all__ = ["NEAREST", "Layout", "share_kept"]

#: As many neighbours of an item are looked for in the plane.
NEAREST = 10


@dataclass(frozen=True)
class Layout:
    """Places of rows in a plane.

    Attributes
    ----------
    rows
        int64 of shape (m,): which rows have a place.
    coordinates
        float64 of shape (m, 2), read-only.
    method
        ``"tsne"`` or ``"pca"``.
    kept
        The mean share of the 10 nearest rows by cosine that are among the 10 nearest in the plane;
        NaN where there are not that many rows.
    sampled
        Of how many rows ``kept`` is the mean.
    """

    rows: NDArray[np.int64]
    coordinates: NDArray[np.float64]
    method: Literal["pca", "tsne"]
    kept: float
    sampled: int


def share_kept(
    units: NDArray[Any], coordinates: NDArray[np.float64], chosen: NDArray[np.int64]
) -> float:
    """Return the share of the nearest rows by cosine that are also nearest in the plane.

    Parameters
    ----------
    units
        Unit vectors, array of shape (m, d).
    coordinates
        Their places, array of shape (m, 2).
    chosen
        Of which rows, int64.
    """
    if len(units) <= NEAREST or not len(chosen):
        return float("nan")
    near, _ = nearest_rows(units, NEAREST, chosen)
    seen = nearest_in_plane(coordinates, NEAREST, chosen)
    return float((near[:, :, None] == seen[:, None, :]).any(axis=2).mean())
