"""The k-NN edges that may reach a threshold, for many directions at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit

__all__ = ["Found", "Needs", "collect_edges"]


class Needs(NamedTuple):
    """The gap that an edge of length r needs: ``slope · r + constant``, of r² where ``squared``.

    Attributes
    ----------
    slope, constant
        float64 of shape (m,), one for each direction; no edge passes an infinite one.
    squared
        Whether r stands for its square.
    sign
        −1 for differences, +1 for sums.
    """

    slope: NDArray[np.float64]
    constant: NDArray[np.float64]
    squared: bool
    sign: float


class Found(NamedTuple):
    """Edges that pass.

    Attributes
    ----------
    c, d
        int64 of shape (m, room): the rows.
    passed
        int64 of shape (m,): how many there are, which may be more than there was room for.
    """

    c: NDArray[np.int64]
    d: NDArray[np.int64]
    passed: NDArray[np.int64]


@njit()
def collect_edges(
    S: NDArray[Any],
    start: NDArray[np.int64],
    edge_d: NDArray[np.int32],
    edge_r: NDArray[np.float32],
    needs: Needs,
    first: int,
    last: int,
    found: Found,
) -> None:
    """Collect the edges of rows ``first`` to ``last``, in either order, whose gap suffices.

    ``S``, of shape (n, m), float32 or float64, holds the projections of a row on all directions
    side by side, so that an edge is compared with all of them in vector lanes; nearly none passes.
    """
    slope, constant, squared, sign = needs.slope, needs.constant, needs.squared, needs.sign
    found_c, found_d, counts = found.c, found.d, found.passed
    m, room = S.shape[1], found_c.shape[1]
    for c in range(first, last):
        for e in range(start[c], start[c + 1]):
            d = np.int64(edge_d[e])
            r = np.float64(edge_r[e])
            x = r * r if squared else r
            passing = np.int32(0)
            for j in range(m):
                passes = abs(S[c, j] + sign * S[d, j]) >= slope[j] * x + constant[j]
                passing += np.int32(passes)
            if passing == 0:
                continue
            for j in range(m):
                gap, need = S[c, j] + sign * S[d, j], slope[j] * x + constant[j]
                if gap >= need:
                    if counts[j] < room:
                        found_c[j, counts[j]], found_d[j, counts[j]] = c, d
                    counts[j] += 1
                if sign < 0.0 and -gap >= need:
                    if counts[j] < room:
                        found_c[j, counts[j]], found_d[j, counts[j]] = d, c
                    counts[j] += 1
