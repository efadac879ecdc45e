"""The nearest rows by cosine, and in a plane, for the layout of a map."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.threads import check_stop
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["nearest_in_plane", "nearest_rows"]

#: Numbers that are held at a time.
_AT_ONCE = 1 << 23


def nearest_rows(
    units: NDArray[Any], count: int, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest other rows of some rows, and their distances.

    Products are in the type of the vectors: of neighbours at the same distance but for rounding,
    any may come first.

    Parameters
    ----------
    units
        Unit vectors, array of shape (m, d).
    count
        How many neighbours, fewer than m.
    chosen
        Of which rows, int64 of shape (r,).

    Returns
    -------
    rows
        int64 of shape (r, count), the nearest first.
    distances
        float64 of shape (r, count), of unit vectors.
    """
    rows = np.empty((len(chosen), count), np.int64)
    distances = np.empty((len(chosen), count))
    for block in row_blocks(len(chosen), _AT_ONCE // len(units)):
        check_stop()
        cosines = units[chosen[block]] @ units.T
        cosines[np.arange(len(cosines)), chosen[block]] = -np.inf
        rows[block], best = _first(-cosines, count)
        distances[block] = np.sqrt(np.maximum(2.0 + 2.0 * best.astype(np.float64), 0.0))
    return rows, distances


def nearest_in_plane(
    coordinates: NDArray[np.float64], count: int, chosen: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the nearest other rows of some rows in a plane, int64 of shape (r, count)."""
    rows = np.empty((len(chosen), count), np.int64)
    x, y = np.ascontiguousarray(coordinates.T)
    for block in row_blocks(len(chosen), _AT_ONCE // len(coordinates)):
        check_stop()
        some = chosen[block]
        squares = np.square(x[some, None] - x) + np.square(y[some, None] - y)
        squares[np.arange(len(some)), some] = np.inf
        rows[block], _ = _first(squares, count)
    return rows


def _first(values: NDArray[Any], count: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the columns of the smallest values of each row, and the values, increasing."""
    columns = np.argpartition(values, count - 1, axis=1)[:, :count]
    found = np.take_along_axis(values, columns, axis=1)
    order = np.lexsort((columns, found), axis=1)
    return (
        np.take_along_axis(columns, order, axis=1).astype(np.int64),
        np.take_along_axis(found, order, axis=1),
    )
