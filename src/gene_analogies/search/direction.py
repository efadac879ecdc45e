"""From example pairs to a direction, and which rows are too similar to the examples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.engine.rounding import round_limit
from gene_analogies.util.arguments import check_cosine
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["apart", "cosines", "mean_direction", "unit_offset"]

#: Products with rows shorter than this may have lost digits.
_SHORT = 2.0**-80


def unit_offset(offset: ArrayLike, dimension: int) -> tuple[NDArray[np.float64], float]:
    """Check a ready offset; return its unit direction, float64 of shape (d,), and its length.

    Raises
    ------
    GeneAnalogiesError
        If it is not ``dimension`` finite numbers, or zero.
    """
    try:
        vector = np.asarray(offset, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise GeneAnalogiesError(f"offset must be {dimension} numbers: {error}") from None
    if vector.shape != (dimension,) or not np.isfinite(vector).all():
        raise GeneAnalogiesError(
            f"offset must be {dimension} finite numbers, not of shape {vector.shape}"
        )
    unit, length = _unit(vector)
    if length == 0.0:
        raise GeneAnalogiesError("offset is zero: no direction leads on")
    return unit, length


def mean_direction(
    vectors: NDArray[Any], examples: Sequence[tuple[int, int]], sign: int, names: Sequence[str]
) -> tuple[NDArray[np.float64], float]:
    """Return the mean of the examples' unit offsets as a unit vector, and their mean length.

    Parameters
    ----------
    vectors
        Array of shape (n, d).
    examples
        Rows of the example pairs.
    sign
        −1 for differences, +1 for sums.
    names
        Names of the rows, for errors.

    Raises
    ------
    GeneAnalogiesError
        If an example has a zero offset, or they cancel out.
    """
    units, lengths = [], []
    for a, b in examples:
        joined = vectors[a].astype(np.float64) + sign * vectors[b].astype(np.float64)
        unit, length = _unit(joined)
        if length == 0.0:
            same = "the same vector" if sign < 0 else "opposite vectors"
            raise GeneAnalogiesError(
                f"{names[a]!r} and {names[b]!r} have {same}: no direction leads on"
            )
        units.append(unit)
        lengths.append(length)
    if len(units) == 1:
        return units[0], lengths[0]
    mean = np.mean(units, axis=0)
    size = float(np.linalg.norm(mean))
    if size < 1e-12:
        raise GeneAnalogiesError(
            "the example pairs cancel out: their mean offset is zero (its length is "
            f"{size:.2g}, and less than 1e-12 is rounding of float64)"
        )
    return mean / size, float(np.mean(lengths))


def _unit(vector: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return a vector of length 1 and its length before, whatever the size of the numbers."""
    largest = float(np.abs(vector).max())
    if largest == 0.0:
        return vector, 0.0
    exponent = math.frexp(largest)[1]
    scaled = np.ldexp(vector, -exponent)  # exact, so that squares are finite
    length = float(np.linalg.norm(scaled))
    return scaled / length, math.ldexp(length, exponent)


def apart(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    examples: Sequence[tuple[int, int]],
    allowed: NDArray[np.bool_],
    max_similarity: float,
    sign: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the allowed rows that are not too similar to any a (as c) and any b (as d).

    For sums a pair has no order, and neither has the rule: rows must be apart from both.

    Raises
    ------
    GeneAnalogiesError
        If ``max_similarity`` is no cosine, or there are no examples.
    """
    limit = round_limit(check_cosine("max_similarity", max_similarity))
    if not examples:
        raise GeneAnalogiesError("max_similarity needs example items, which offset= has not")
    allowed_c, allowed_d = allowed.copy(), allowed.copy()
    for a, b in examples:
        allowed_c &= _within(vectors, norms, a, limit)
        allowed_d &= _within(vectors, norms, b, limit)
    if sign > 0:
        allowed_c &= allowed_d
        allowed_d = allowed_c
    return allowed_c, allowed_d


def _within(
    vectors: NDArray[Any], norms: NDArray[np.float64], row: int, limit: float
) -> NDArray[np.bool_]:
    """Whether the cosine of every row with one is at most ``limit``, bool of shape (n,).

    A product tells for all but those within its error bound; of these the cosine is computed.
    """
    from gene_analogies.search.engine.threads import multiply

    length = norms[row]
    if length < _SHORT:
        return cosines(vectors, row) <= limit
    unit = (vectors[row] / length).astype(vectors.dtype)
    products = multiply(vectors, unit, np.empty(len(vectors), vectors.dtype))
    rounding = 2.0**-52 if vectors.dtype == np.float64 else 2.0**-24
    error = (vectors.shape[1] + 16) * rounding + 2.0**-38
    within = np.asarray(products <= (limit - error) * norms)
    unsure = np.flatnonzero((~within & (products <= (limit + error) * norms)) | (norms < _SHORT))
    within[unsure] = _cosines_with(vectors[unsure], vectors[row]) <= limit
    return within


def cosines(vectors: NDArray[Any], row: int) -> NDArray[np.float64]:
    """Return the cosine of every row with one, float64 of shape (n,); 0 where a vector is zero."""
    return _cosines_with(vectors, vectors[row])


def _cosines_with(vectors: NDArray[Any], vector: NDArray[Any]) -> NDArray[np.float64]:
    one = vector.astype(np.float64)
    found = np.zeros(len(vectors))
    size = float(np.linalg.norm(one))
    for rows in row_blocks(len(vectors), 4096):
        block = vectors[rows].astype(np.float64)
        norms = np.sqrt(np.einsum("ij,ij->i", block, block)) * size
        products = np.einsum("ij,j->i", block, one)
        np.divide(products, norms, out=found[rows], where=norms > 0.0)
    # Rounded as scores are, so that copies have a cosine of exactly 1.
    return np.asarray(np.rint(found * 2.0**40) / 2.0**40)
