"""What an analogy a : b ≈ c : d scores: the one definition of the score in float64."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.engine.sums import NO_TERMS, add_term, total

__all__ = ["score_of"]


@njit()
def score_of(E: NDArray[Any], a: int, b: int, c: int, d: int) -> float:
    """Cosine of ``a − b`` and ``c − d``, rounded to 2⁻⁴⁰; NaN where one is zero.

    The value is the same, to the bit, for ``a:b::c:d``, ``c:d::a:b`` and ``b:a::d:c``.
    """
    width = E.shape[1]
    products = squares_x = squares_y = NO_TERMS
    for i in range(width):
        x = np.float64(E[a, i]) - np.float64(E[b, i])
        y = np.float64(E[c, i]) - np.float64(E[d, i])
        products = add_term(products, x * y)
        squares_x = add_term(squares_x, x * x)
        squares_y = add_term(squares_y, y * y)
    xx, yy = total(squares_x, width), total(squares_y, width)
    if xx == 0.0 or yy == 0.0:
        return math.nan
    raw = total(products, width) / (math.sqrt(xx) * math.sqrt(yy))
    score: float = np.rint(raw * 2.0**40) / 2.0**40
    return min(1.0, max(-1.0, score))
