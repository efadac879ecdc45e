"""Scan all pairs by blocks of inner products, where bounds of single rows rule out few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.engine.products import ProductBlock, product_blocks
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.search.knn.cosines import Cosines
from gene_analogies.search.pairs._non_neighbours import Items
from gene_analogies.search.pairs.score import WeightedQuery
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["scan_products"]

#: What is done with the rows c and d of some pairs.
Check = Callable[[NDArray[np.int64], NDArray[np.int64]], None]

#: Pairs that are checked together, and columns that are compared before one is looked at.
_PAIRS = 1 << 15
_STRIDE = 64

#: Relative error bound of what is computed in float64; added to squares that may have underflowed.
_DOUBLE = 2.0**-44
_TINY = 2.0**-110


class Rows(NamedTuple):
    """What a scan by products knows of the rows; arrays are of shape (n,).

    Attributes
    ----------
    s, squares
        float64: the projection on the query direction; the squared length of the centred row.
    group
        int32: rows with the same vector share a group.
    allowed_c, allowed_d
        bool: which rows may be c, and d.
    error
        A squared distance made of inner products is off by at most ``error`` times the sum of both
        squares.
    """

    s: NDArray[np.float64]
    squares: NDArray[np.float64]
    group: NDArray[np.int32]
    allowed_c: NDArray[np.bool_]
    allowed_d: NDArray[np.bool_]
    error: float


@njit(fastmath=REASSOCIATE)
def _collect_pairs(
    rows: Rows,
    cosines: Cosines,
    block: ProductBlock,
    query: WeightedQuery,
    floor: float,
    cursor: NDArray[np.int64],
    cs: NDArray[np.int64],
    ds: NDArray[np.int64],
) -> int:
    """Write the pairs of a block that may reach ``floor`` > 0, until the next might not fit.

    ``cursor`` holds the row and the column to go on from, and the row to stop at.
    """
    s, squares, group = rows.s, rows.squares, rows.group
    allowed_c, allowed_d = rows.allowed_c, rows.allowed_d
    norms, inverse = cosines.norms, cosines.inverse
    values, row, column = block.values, block.row, block.column
    shrink, gap_error, half = 1.0 - rows.error, query.plain.gap_error, 0.5 * query.weight
    width = values.shape[1]
    needs = np.empty(_STRIDE)
    count = 0
    for i in range(cursor[0], cursor[2]):
        c = row + i
        s_c, square_c, p, inverse_p = s[c], squares[c], norms[c], inverse[c]
        # Each pair of rows is met once, above the diagonal, and serves both orders.
        begin = max(cursor[1], c + 1 - column)
        while begin < width:
            if count + 2 * _STRIDE > len(cs):
                cursor[0], cursor[1] = i, begin
                return count
            end = min(begin + _STRIDE, width)
            passing = 0
            for j in range(begin, end):
                d = column + j
                r, inverse_r = norms[d], inverse[d]
                a = floor - half * (p * inverse_r + r * inverse_p)
                b = half * inverse_p * inverse_r
                square = (square_c + squares[d]) * shrink - 2.0 * np.float64(values[i, j]) - _TINY
                # Where A < 0, the need falls up to this distance.
                turn = -a / (3.0 * b) if b > 0.0 else 0.0
                square = max(square, turn, 0.0)
                third = b * square
                need = np.sqrt(square) * (a + third - _DOUBLE * (abs(a) + 3.0 * third)) - gap_error
                needs[j - begin] = need
                passing += abs(s_c - s[d]) >= need
            if passing:
                for j in range(begin, end):
                    d, need = column + j, needs[j - begin]
                    if group[c] == group[d]:
                        continue
                    gap = s_c - s[d]
                    if gap >= need and allowed_c[c] and allowed_d[d]:
                        cs[count], ds[count] = c, d
                        count += 1
                    if -gap >= need and allowed_c[d] and allowed_d[c]:
                        cs[count], ds[count] = d, c
                        count += 1
            begin = end
        cursor[1] = 0
    cursor[0] = cursor[2]
    return count


def scan_products(
    items: Items,
    query: WeightedQuery,
    cosines: Cosines,
    allowed_c: NDArray[np.bool_],
    allowed_d: NDArray[np.bool_],
    tau: NDArray[np.float64],
    checks: Sequence[Check],
) -> None:
    """Check each pair that inner products do not rule out; in as many parts as there are checks.

    Parameters
    ----------
    items, query, cosines
        The rows, and what is asked.
    allowed_c, allowed_d
        bool of shape (n,): which rows may be c, and d.
    tau
        float64 of shape (1,), above 0: the k-th best score so far; checks raise it.
    checks
        Each takes the rows c and d of some pairs.
    """
    n, d = items.E.shape
    centre = items.E.mean(axis=0, dtype=np.float64)
    X, squares = np.empty((n, d), np.float32), np.empty(n)
    for some in row_blocks(n, 2**22 // d + 1):
        centred = items.E[some] - centre
        X[some] = centred
        squares[some] = np.einsum("ij,ij->i", centred, centred)
    rows = Rows(items.s, squares, items.group, allowed_c, allowed_d, (d + 16) * 2.0**-24)
    room = [(np.empty(_PAIRS, np.int64), np.empty(_PAIRS, np.int64)) for _ in checks]
    for block in product_blocks(X, upper=True):

        def collect(part: int, parts: int, block: ProductBlock = block) -> None:
            count = len(block.values)
            cursor = np.array([count * part // parts, 0, count * (part + 1) // parts])
            cs, ds = room[part]
            while cursor[0] < cursor[2]:
                floor = tau[0] - query.relaxation
                found = _collect_pairs(rows, cosines, block, query, floor, cursor, cs, ds)
                checks[part](cs[:found], ds[:found])

        run_parts(collect, len(checks))
