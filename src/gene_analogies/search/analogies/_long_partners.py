"""Directions between non-neighbours: which of them may have a partner that is at least as long."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.analogies._edges import EXCLUDED
from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sort_keys import HIGHEST_KEY, LOWEST_KEY, highest, key, value_of

__all__ = ["Products", "bound_products", "mark_directions"]

#: Inner products of one row that stay in the processor's cache.
_CHUNK = 512


class Products(NamedTuple):
    """Bounds of the inner products of some rows with all rows.

    Attributes
    ----------
    first
        The first of the rows, of which there are m.
    squares
        float32 of shape (m,): their squared norms.
    low, high
        float32 of shape (m, n): at most the product; and at least it, but −`EXCLUDED` for rows
        that are too similar.
    """

    first: int
    squares: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]


@njit()
def bound_products(
    products: Products,
    error: NDArray[np.float32],
    excluded: NDArray[np.bool_],
    first: int,
    last: int,
) -> None:
    """Turn the products in ``low``, of rows ``first`` to ``last``, into bounds.

    ``error`` is that of the projection of each row on a unit vector, of shape (n,); ``excluded``,
    bool of shape (m, n), says which rows are too similar.
    """
    low, high, squares = products.low, products.high, products.squares
    for i in range(first, last):
        length = np.float32(np.sqrt(squares[i]) * (1.0 + 2.0**-20))
        for row in range(low.shape[1]):
            product = low[i, row]
            margin = error[row] * length + np.float32(2.0**-120)
            low[i, row] = product - margin
            high[i, row] = -EXCLUDED if excluded[i, row] else product + margin


@njit()
def mark_directions(
    of_a: Products,
    of_b: Products,
    rounding: float,
    threshold: float,
    part: int,
    parts: int,
    marked: NDArray[np.bool_],
) -> None:
    """Mark the directions a − b, a before b, in which two allowed rows are far enough apart.

    The partner of a direction is at least as long as the direction itself: with the inner
    products ``G``, it needs ``max_c (G_ac − G_bc) − min_d (G_ad − G_bd) ≥ τ ‖a − b‖²``.
    """
    a_low, a_high, squares_a = of_a.low, of_a.high, of_a.squares
    b_low, b_high, squares_b = of_b.low, of_b.high, of_b.squares
    n = a_low.shape[1]
    tops, bottoms = np.empty(len(b_low), np.int32), np.empty(len(b_low), np.int32)
    for i in range(part, len(a_low), parts):
        if highest(a_high[i], 0, n) <= -EXCLUDED:
            continue
        for j in range(len(b_low)):
            tops[j], bottoms[j] = LOWEST_KEY, HIGHEST_KEY
        for begin in range(0, n, _CHUNK):
            end = min(begin + _CHUNK, n)
            for j in range(len(b_low)):
                top, bottom = tops[j], bottoms[j]
                for row in range(np.uint64(begin), np.uint64(end)):
                    up = key(a_high[i, row] - b_low[j, row])
                    top = up if up > top else top
                    down = key(a_low[i, row] - b_high[j, row])
                    bottom = down if down < bottom else bottom
                tops[j], bottoms[j] = top, bottom
        for j in range(len(b_low)):
            a, b = of_a.first + i, of_b.first + j
            if a >= b:
                continue
            both = np.float64(squares_a[i]) + np.float64(squares_b[j])
            square = both - 2.0 * np.float64(a_low[i, b]) - rounding * both
            gap = np.float64(value_of(tops[j])) - np.float64(value_of(bottoms[j]))
            marked[i, j] = gap >= threshold * max(square, 0.0)
