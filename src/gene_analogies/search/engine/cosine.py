"""The one definition of the cosine of two rows in float64."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["row_cosine"]


@njit()
def row_cosine(E: NDArray[Any], a: int, c: int) -> float:
    """Cosine of two rows in float64, rounded to 2⁻⁴⁰; 0 where one is zero."""
    width = E.shape[1]
    dot = np.zeros(4)
    first = np.zeros(4)
    second = np.zeros(4)
    for i in range(width):
        x, y = np.float64(E[a, i]), np.float64(E[c, i])
        dot[i & 3] += x * y
        first[i & 3] += x * x
        second[i & 3] += y * y
    xx = (first[0] + first[1]) + (first[2] + first[3])
    yy = (second[0] + second[1]) + (second[2] + second[3])
    if xx == 0.0 or yy == 0.0:
        return 0.0
    xy = (dot[0] + dot[1]) + (dot[2] + dot[3])
    cosine: float = np.rint(xy / (math.sqrt(xx) * math.sqrt(yy)) * 2.0**40) / 2.0**40
    return cosine
