"""What a search for pairs knows of all rows: their projections on its direction."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.threads import run_parts
from gene_analogies.search.knn.index import NeighbourIndex
from gene_analogies.search.pairs import score
from gene_analogies.search.pairs._non_neighbours import Items

__all__ = ["Items", "make_items", "project_rows", "residual_weights"]


def project_rows(
    vectors: NDArray[Any], query: score.Query, index: NeighbourIndex, parts: int
) -> Items:
    """Project all rows on the direction, and bound the rounding errors of what follows."""
    n = len(vectors)
    direction = query.offset / query.length
    weights, scale = residual_weights(direction, index)
    s, residual = np.empty(n), np.empty(n)

    def part_of(part: int, parts: int) -> None:
        lo, hi = n * part // parts, n * (part + 1) // parts
        score.project(vectors, direction, index.coordinates, weights, scale, lo, hi, s, residual)

    run_parts(part_of, parts)
    return make_items(vectors, index, s, residual, scale)


def residual_weights(
    direction: NDArray[np.float64], index: NeighbourIndex
) -> tuple[NDArray[np.float64], float]:
    """Return w, along the coordinates of the index, and a scale.

    ``scale · (s − Y @ w)``, of projections s and coordinates Y, is a coordinate of its own, along
    what the axes of the index leave of a unit direction.
    """
    known = direction @ index.axes
    weights = np.zeros(index.coordinates.shape[1])
    weights[: len(known)] = known
    rest = 1.0 - float(known @ known)
    # Near the span of the axes the residual would be rounding noise.
    return weights, (1.0 / math.sqrt(rest) if rest > 1e-4 else 0.0)


def make_items(
    vectors: NDArray[Any],
    index: NeighbourIndex,
    s: NDArray[np.float64],
    residual: NDArray[np.float64],
    scale: float,
    error: float = 0.0,
) -> Items:
    """Return what is known of all rows, from projections, residuals and the scale of these.

    ``error`` bounds what the difference of two rows' residuals is off by, beside rounding in
    float64.
    """
    coordinate_error = 2.0**-22 * index.spread * (np.sqrt(index.coordinates.shape[1]) + scale)
    coordinate_error += error
    return Items(
        E=vectors,
        s=s,
        residual=residual,
        coordinates=index.coordinates,
        knn_radius=index.knn_radius,
        start=index.start,
        edge_d=index.edge_d,
        group=index.group,
        partner=index.partner,
        coarse=1.1e4 * coordinate_error**2,
        fine=(vectors.shape[1] + 4) * float(np.finfo(vectors.dtype).eps),
    )
