"""What a row scores beside others: fast, within bounds, from float32 products; and in float64."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.items._first_pass import divide_by_norms
from gene_analogies.search.items.best_rows import QUANTUM, SHORT

__all__ = [
    "RANK",
    "Cosine",
    "Distance",
    "DistanceContrast",
    "FlatDistance",
    "Score",
    "SpanCosine",
]

#: Members that differ by less than this part of their length count as one: most files hold float32,
#: whose rounding moves a unit vector by up to 6·10⁻⁸, and what made the file has rounded before.
RANK = 1e-6


class Score(Protocol):
    """What a row scores, from its products with some vectors and its length, or from all of it."""

    #: float64 of shape (m, d): vectors with which every row is multiplied.
    queries: NDArray[np.float64]

    def bounds(
        self, products: NDArray[Any], norms: NDArray[np.float64], unit: float
    ) -> tuple[NDArray[Any], float | NDArray[Any]]:
        """Return approximate scores and bounds of their errors, from products of shape (m, b).

        A product is wrong by at most ``unit`` times the lengths of its two vectors. Anything that
        orders rows as their scores do will serve.
        """

    def exact(self, block: NDArray[np.float64], norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of rows in float64, rounded."""


class Cosine:
    """The least of the cosines with some vectors; with one difference of two, of two cosines."""

    def __init__(self, directions: NDArray[np.float64]) -> None:
        self.queries = directions
        self._length = math.sqrt(max(np.dot(one, one) for one in directions))

    def bounds(
        self, products: NDArray[Any], norms: NDArray[np.float64], unit: float
    ) -> tuple[NDArray[Any], float]:
        """Return the least cosine, and how far it may be off."""
        cosines = products[0] if len(products) == 1 else products.min(axis=0)
        # In the type of the products, float32 for speed: `unit` has room for that.
        divide_by_norms(cosines, norms, SHORT)
        return cosines, unit * self._length + 2 * QUANTUM

    def exact(self, block: NDArray[np.float64], norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the least cosine of each row."""
        products = _products(block, self.queries)
        least = products[0] if len(products) == 1 else products.min(axis=0)
        return _rounded(least / norms, QUANTUM)


class SpanCosine:
    """The squared cosine of the angle between a vector and the span of some."""

    def __init__(self, units: NDArray[np.float64]) -> None:
        self.queries = _basis(units, "span")

    def bounds(
        self, products: NDArray[Any], norms: NDArray[np.float64], unit: float
    ) -> tuple[NDArray[np.float64], float]:
        """Return the squared cosine, and how far it may be off."""
        cosines = products / norms
        # (|c| + error)² − |c|² for the vector c of cosines, which is no longer than 1.
        error = unit * math.sqrt(len(products))
        return (cosines * cosines).sum(axis=0), 2.0 * error + error**2 + 2 * QUANTUM

    def exact(self, block: NDArray[np.float64], norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the squared cosine of each row."""
        cosines = _products(block, self.queries) / norms
        return _rounded((cosines * cosines).sum(axis=0), QUANTUM)


class Distance:
    """The negative distance to the farthest of some points; bounds are those of its square."""

    def __init__(self, points: NDArray[np.float64], *, averaged: bool = False) -> None:
        self.queries = points
        self._lengths = _lengths(points)[:, None]
        # Distances far below this are rounding errors of a computed point.
        self._longest = float(self._lengths.max()) if averaged else 0.0

    def squares(
        self, products: NDArray[Any], norms: NDArray[np.float64], unit: float
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the approximate squares of the distances, and bounds of their errors, (m, b)."""
        lengths = self._lengths.astype(products.dtype)
        both = norms.astype(products.dtype) ** 2 + lengths**2
        # The error of twice a product is at most this, since 2xy ≤ x² + y²; underflow comes to it.
        kind = products.dtype.type
        return both - 2 * products, kind(unit + 16 * QUANTUM) * both + kind(2.0**-110)

    def bounds(
        self, products: NDArray[Any], norms: NDArray[np.float64], unit: float
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the negative square of the greatest distance, and how far it may be off."""
        squares, errors = self.squares(products, norms, unit)
        if len(products) == 1:
            return -squares[0], errors[0]
        return _middle(-(squares + errors).max(axis=0), -(squares - errors).max(axis=0))

    def distances(self, block: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the distances of rows to the points, (m, b), not rounded."""
        found = [_lengths(block - point) for point in self.queries]
        return found[0][None] if len(found) == 1 else np.stack(found)

    def exact(self, block: NDArray[np.float64], _norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the negative of the greatest distance of each row."""
        distances = self.distances(block)
        farthest = distances[0] if len(distances) == 1 else distances.max(axis=0)
        return 0.0 - _rounded(farthest, _steps(np.maximum(farthest, self._longest)))


class FlatDistance:
    """The negative distance to the flat through some points; bounds are those of its square."""

    def __init__(self, points: NDArray[np.float64]) -> None:
        self._mean = points.mean(axis=0)
        self._length = float(np.linalg.norm(self._mean))
        largest = float(_lengths(points).max()) or 1.0
        self._axes = _basis((points - self._mean) / largest, "flat")
        self._origin = (self._axes @ self._mean)[:, None]
        self.queries = np.vstack([self._mean, self._axes])

    def bounds(
        self, products: NDArray[Any], norms: NDArray[np.float64], unit: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the negative square of the distance, and how far it may be off."""
        wide = products.astype(np.float64)
        inside = wide[1:] - self._origin
        squares = norms * norms + self._length**2 - 2.0 * wide[0] - (inside * inside).sum(axis=0)
        error = unit * math.sqrt(len(inside)) * norms
        within = norms + self._length  # what lies inside the flat is no longer
        error_bound = 2.0 * unit * self._length * norms + 2.0 * error * within + error**2
        return -squares, error_bound + (8.0 * QUANTUM * within * within + 2.0**-110)

    def exact(self, block: NDArray[np.float64], _norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the negative distance of each row."""
        away = block - self._mean
        sizes = np.maximum(_lengths(away), self._length)  # as in `Distance`
        for axis in self._axes:
            away = away - np.einsum("ij,j->i", away, axis)[:, None] * axis
        return 0.0 - _rounded(_lengths(away), _steps(sizes))


class DistanceContrast:
    """The distance to the second of two points less that to the first."""

    def __init__(self, pair: NDArray[np.float64]) -> None:
        self._points = Distance(pair)
        self.queries = pair
        self._step = float(_steps(_lengths(pair[:1] - pair[1:]))[0])

    def bounds(
        self, products: NDArray[Any], norms: NDArray[np.float64], unit: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the difference of the distances, and how far it may be off."""
        squares, error_bound = self._points.squares(products.astype(np.float64), norms, unit)
        least = np.sqrt(np.maximum(squares - error_bound, 0.0))
        greatest = np.sqrt(np.maximum(squares + error_bound, 0.0))
        middle, margin = _middle(least[1] - greatest[0], greatest[1] - least[0])
        return middle, margin + 2.0 * self._step

    def exact(self, block: NDArray[np.float64], _norms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the difference of the distances of each row."""
        first, second = self._points.distances(block)
        return _rounded(second - first, self._step)


def _basis(points: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    """Return orthonormal rows that span those of ``points``, but for differences below `RANK`."""
    _, sizes, axes = np.linalg.svd(points, full_matrices=False)
    axes = axes[sizes > RANK]
    if len(axes) == points.shape[1]:
        raise GeneAnalogiesError(
            f"the {what} of {len(points)} items is the whole space of dimension {len(axes)}: "
            "all items are equally similar; choose how='mean' or how='min'"
        )
    return np.ascontiguousarray(axes)


def _products(block: NDArray[np.float64], queries: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``queries @ block.T``, where a number depends on its own row of the block only."""
    if len(queries) == 1:
        return np.asarray(np.einsum("ij,j->i", block, queries[0]))[None]
    return np.stack([np.einsum("ij,j->i", block, query) for query in queries])


def _lengths(block: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", block, block)))


def _rounded(values: NDArray[np.float64], step: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to multiples of a power of two; −0 becomes 0."""
    return np.asarray(np.rint(values / step) * step) + 0.0


def _steps(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what distances are rounded to, so that they keep 40 bits of these sizes."""
    return np.ldexp(QUANTUM, np.frexp(sizes)[1])


def _middle(low: NDArray[Any], high: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    return (low + high) / 2.0, (high - low) / 2.0
