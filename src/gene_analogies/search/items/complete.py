"""The rows that complete an analogy best: by cosine, by products of cosines, by direction."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.products import products_of
from gene_analogies.search.items._bounds import bound_directions, bound_multiplied
from gene_analogies.search.items._exact import exact_cosines
from gene_analogies.search.items._first_pass import divide_by_norms
from gene_analogies.search.items.best_rows import QUANTUM, SHORT, best_below, best_rows
from gene_analogies.search.items.multiplied import multiplied, shifted_cosines
from gene_analogies.search.knn.index import read_only
from gene_analogies.util.row_blocks import row_blocks

__all__ = [
    "Found",
    "cosine_margin",
    "cosines_of",
    "find_by_cosine",
    "find_by_direction",
    "find_by_products",
    "unit_rows",
]

#: Products held at a time.
_AT_ONCE = 1 << 23


class Found(NamedTuple):
    """The best rows.

    Attributes
    ----------
    rows
        int64 of shape (k,), best first; scores that are equal are ordered by row.
    scores
        float64 of shape (k,).
    without_direction
        How many allowed rows have no score, since they, or their difference, are zero.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    without_direction: int


@retry_on_corrupt_cache
def find_by_cosine(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    target: NDArray[np.float64],
    k: int,
    allowed: NDArray[np.bool_],
) -> Found:
    """Return the rows of the highest cosine with a direction.

    Parameters
    ----------
    vectors, norms
        Shape (n, d), float32 or float64, and the lengths of the rows, float64 of shape (n,).
        Rows of zeros have no cosine.
    target
        A unit vector, float64 of shape (d,).
    k
        How many; fewer come back where there are fewer.
    allowed
        bool of shape (n,): which rows count.
    """
    cosines = vectors @ target.astype(vectors.dtype)
    short = divide_by_norms(cosines, norms, SHORT)
    margin: float | NDArray[np.float64] = _product_error(vectors)[0] + QUANTUM
    if short:
        margin = cosine_margin(vectors, norms)

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(cosines_of(vectors, rows, target[None])[0])

    zeros = _zeros(norms, allowed) if short else 0
    return Found(*best_rows(cosines, margin, exact, k, allowed), zeros)


@retry_on_corrupt_cache
def find_by_products(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    positive: NDArray[np.float64],
    negative: NDArray[np.float64],
    k: int,
    allowed: NDArray[np.bool_],
) -> Found:
    """Return the best rows by 3CosMul (Levy & Goldberg 2014).

    The score is the product of the cosines with ``positive``, each shifted to [0, 1], over the
    product of those with ``negative`` plus 10⁻⁶; to about twelve digits.

    Parameters
    ----------
    vectors, norms, k, allowed
        As for `find_by_cosine`.
    positive, negative
        Unit vectors, float64 of shapes (p, d) and (m, d); either may be empty.
    """
    n, p, m = len(vectors), len(positive), len(negative)
    targets = np.concatenate([positive, negative])
    rounding, least = _rounding(vectors)
    error = _product_error(vectors)[0] + QUANTUM + 8.0 * rounding

    def bound(queries: NDArray[np.float64], powers: list[int]) -> tuple[NDArray[Any], bool]:
        upper, short = np.empty(n, vectors.dtype), False
        for part in row_blocks(n, _AT_ONCE // len(queries)):
            products = products_of(vectors[part], queries.astype(vectors.dtype))
            short |= bound_multiplied(
                products, norms[part], np.array(powers), error, least, SHORT, upper[part]
            )
        return upper, short

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        each = (np.full(len(rows), target) for target in range(p + m))
        return multiplied(
            np.stack([shifted_cosines(vectors, rows, targets, which) for which in each]), p
        )

    def better() -> NDArray[Any]:
        return bound(targets, [1] * p + [-1] * m)[0]

    def reached(score: float) -> float:
        return score * (1.0 - 1e-11 - 4.0 * (p + m + 2) * rounding)

    # A product of numbers is no larger than that of as many of their means: one vector instead of
    # several, whose bounds are good enough unless these vectors are far apart.
    queries = targets[max(p, 1) - 1 :].copy()
    if p > 1:
        queries[0] = positive.sum(axis=0) / p
    upper, short = bound(queries, [p, *[-1] * m] if p else [-1] * m)
    found = best_below(upper, exact, k, allowed, reached=reached, better=better if p > 1 else None)
    return Found(*found, _zeros(norms, allowed) if short else 0)


@retry_on_corrupt_cache
def find_by_direction(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    direction: NDArray[np.float64],
    origin: NDArray[Any],
    k: int,
    allowed: NDArray[np.bool_],
) -> Found:
    """Return the best rows by PairDirection (Levy & Goldberg 2014): cos(row − origin, direction).

    Parameters
    ----------
    vectors, norms, k, allowed
        As for `find_by_cosine`, but rows of zeros count; those that equal the origin do not.
    direction
        A unit vector, float64 of shape (d,).
    origin
        The vector to which the direction is applied, shape (d,), of the type of ``vectors``.
    """
    centre = origin.astype(np.float64)
    length = math.sqrt(centre @ centre)
    queries = np.empty((2, len(centre)), vectors.dtype)
    queries[0], queries[1] = direction, centre / (length or 1.0)
    upper = np.empty(len(vectors), vectors.dtype)
    rounding, least = _rounding(vectors)
    equal = bound_directions(
        read_only(vectors), products_of(vectors, queries), norms, read_only(origin),
        float(centre @ direction), length, *_product_error(vectors), rounding, least, upper,
    )  # fmt: skip

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(cosines_of(vectors, rows, direction[None], centre)[0])

    def reached(score: float) -> float:
        cosine = score - QUANTUM
        return cosine * abs(cosine) - 8.0 * rounding * cosine * cosine - 2.0**-36

    found = best_below(upper, exact, k, allowed, reached=reached)
    return Found(*found, int(np.count_nonzero(allowed[equal])))


def unit_rows(
    vectors: NDArray[Any], norms: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return rows, none of them zero, divided by their lengths: float64 of shape (m, d)."""
    return np.asarray(vectors[rows].astype(np.float64) / norms[rows, None])


def cosine_margin(vectors: NDArray[Any], norms: NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return a bound of the error of a cosine made from an inner product with a unit vector.

    It is measured against `cosines_of`. One number for all rows, or one each, of shape (n,).
    """
    relative, absolute = _product_error(vectors)
    if absolute > 0.0 and len(norms) and norms.min() < SHORT:
        return relative + absolute / np.where(norms > 0.0, norms, 1.0) + QUANTUM
    return relative + QUANTUM


def _zeros(norms: NDArray[np.float64], allowed: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(allowed & (norms == 0.0)))


def _rounding(vectors: NDArray[Any]) -> tuple[float, float]:
    """Return how far a result of a few operations may be off: relatively, and where it is tiny."""
    return (2.0**-24, 2.0**-110) if vectors.dtype == np.float32 else (2.0**-42, 1e-290)


def cosines_of(
    vectors: NDArray[Any],
    rows: NDArray[np.int64],
    targets: NDArray[np.float64],
    origin: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the cosines of rows with unit vectors in float64, multiples of `QUANTUM`.

    They are of shape (m, rows) for targets of shape (m, d). With an origin, they are those of the
    differences from it.
    """
    d = vectors.shape[1]
    padded = np.zeros((len(targets) + 1, d + -d % 4))
    padded[1:, :d] = targets
    if origin is not None:
        padded[0, :d] = origin
    cosines = np.empty((len(targets), len(rows)))
    exact_cosines(read_only(vectors), rows, padded[0], padded[1:], QUANTUM, cosines)
    return cosines


def _product_error(vectors: NDArray[Any]) -> tuple[float, float]:
    """Return a bound of the error of a row's inner product with a unit vector.

    It is at most the first number times the row's length, plus the second, whatever the order of
    the sum and even where tiny numbers are taken for zero. In float64 that is measured against
    another such product, in float32 against the true one.
    """
    d = vectors.shape[1]
    single = vectors.dtype == np.float32
    relative = 1.02 * (d + 8) * (2.0**-24 if single else 2.0**-52)
    return relative, d * 2.0**-124 if single else 0.0
