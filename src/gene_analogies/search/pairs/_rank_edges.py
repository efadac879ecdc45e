"""Kernels by which the count of better pairs leaves blocks out, but for their k-NN edges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import njit
from gene_analogies.search.pairs._ranks import Rows, in_order
from gene_analogies.search.pairs.score import Query, needed_gap

__all__ = ["Edges", "edges_between", "needed_blocks"]


class Edges(NamedTuple):
    """The k-NN edges of a neighbour index, and where the count has its rows.

    Attributes
    ----------
    start, d, r
        As in `NeighbourIndex`: of all rows.
    place
        int64 of shape (n,): the place of a row in `Rows`, or −1.
    """

    start: NDArray[np.int64]
    d: NDArray[np.int32]
    r: NDArray[np.float32]
    place: NDArray[np.int64]


@njit(inline=True)
def _may_pass(query: Query, floor: float, gap: float, distance: float) -> bool:
    """Whether a pair with this gap, at this distance or more, may score ``floor`` or more."""
    return gap >= needed_gap(query.metric, query.length, floor, distance) - query.gap_error


@njit()
def needed_blocks(
    query: Query,
    s: NDArray[np.float64],
    radius: NDArray[np.float32],
    sizes: tuple[int, int],
    floor: float,
    needed: NDArray[np.bool_],
) -> None:
    """Write which blocks may hold a pair of non-neighbours that scores ``floor`` or more.

    Parameters
    ----------
    query
        What is asked.
    s, radius
        Of the rows of all blocks, (w,): projections, decreasing, and k-NN radii.
    sizes
        Rows and columns of a block.
    floor
        The score.
    needed
        bool of shape (blocks of rows, blocks of columns); those below the diagonal are not.
    """
    w = len(s)
    for i in range(needed.shape[0]):
        first, last = i * sizes[0], min(w, (i + 1) * sizes[0]) - 1
        radius_c = radius[first : last + 1].min()
        for j in range(needed.shape[1]):
            begin, end = j * sizes[1], min(w, (j + 1) * sizes[1]) - 1
            distance = np.float64(max(radius_c, radius[begin : end + 1].min()))
            gap = s[first] + s[begin]
            if query.sign < 0.0:
                gap = max(s[first] - s[end], s[begin] - s[last])
            needed[i, j] = end > first and _may_pass(query, floor, gap, distance)


@njit()
def edges_between(
    query: Query,
    rows: Rows,
    edges: Edges,
    counted: NDArray[np.bool_],
    sizes: tuple[int, int],
    floor: float,
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
) -> int:
    """Write the k-NN edges that may score ``floor`` or more and are in no block that is counted.

    Parameters
    ----------
    query, rows, edges
        What is asked, the rows, and all edges.
    counted
        bool: which blocks of rows and columns are counted by their products.
    sizes
        Rows and columns of a block.
    floor
        The score.
    cs, ds
        Room for twice as many pairs as there are edges.

    Returns
    -------
    int
        How many pairs that is.
    """
    place, found = edges.place, 0
    for row in range(len(place)):
        if place[row] < 0:
            continue
        for edge in range(edges.start[row], edges.start[row + 1]):
            c, d = place[row], place[edges.d[edge]]
            if d < 0:
                continue
            c, d = min(c, d), max(c, d)
            if counted[c // sizes[0], d // sizes[1]]:
                continue
            gap, r = rows.s[c] + query.sign * rows.s[d], np.float64(edges.r[edge])
            for order in range(2 if query.sign < 0.0 else 1):
                one, other = (c, d) if order == 0 else (d, c)
                allowed = rows.allowed_c[one] and rows.allowed_d[other]
                if allowed and _may_pass(query, floor, gap if order == 0 else -gap, r):
                    cs[found], ds[found] = in_order(rows.number, c, d, order, query.sign)
                    found += 1
    return found
