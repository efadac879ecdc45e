"""Sums in float64 in one fixed order, the same on every machine.

Term i is added to partial sum i mod 4, and these are added as (0 + 1) + (2 + 3): an order that a
processor can keep in vector lanes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["NO_TERMS", "Partial", "add_term", "row_cosine", "square_length", "total"]

#: Four partial sums; the next term goes to the first of them.
Partial = tuple[float, float, float, float]
NO_TERMS: Partial = (0.0, 0.0, 0.0, 0.0)


@njit(inline=True)
def add_term(sums: Partial, term: float) -> Partial:
    """Return the partial sums with one more term."""
    # They take turns by moving up, which compilers unroll; an index would keep them in memory.
    return sums[1], sums[2], sums[3], sums[0] + term


@njit(inline=True)
def total(sums: Partial, count: int) -> float:
    """Return the sum of all ``count`` terms."""
    for _ in range(-count % 4):
        sums = sums[1], sums[2], sums[3], sums[0]
    return (sums[0] + sums[1]) + (sums[2] + sums[3])


@njit()
def square_length(E: NDArray[Any], c: int, d: int, sign: float) -> float:
    """Squared length of row c plus ``sign`` times row d."""
    width = E.shape[1]
    squares = NO_TERMS
    for i in range(width):
        x = np.float64(E[c, i]) + sign * np.float64(E[d, i])
        squares = add_term(squares, x * x)
    return total(squares, width)


@njit()
def row_cosine(E: NDArray[Any], a: int, c: int) -> float:
    """Cosine of two rows, rounded to 2⁻⁴⁰; 0 where one is zero."""
    width = E.shape[1]
    products = squares_a = squares_c = NO_TERMS
    for i in range(width):
        x, y = np.float64(E[a, i]), np.float64(E[c, i])
        products = add_term(products, x * y)
        squares_a = add_term(squares_a, x * x)
        squares_c = add_term(squares_c, y * y)
    aa, cc = total(squares_a, width), total(squares_c, width)
    if aa == 0.0 or cc == 0.0:
        return 0.0
    raw = total(products, width) / (math.sqrt(aa) * math.sqrt(cc))
    cosine: float = np.rint(raw * 2.0**40) / 2.0**40
    return cosine
