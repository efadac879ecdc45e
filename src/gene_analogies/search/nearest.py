"""The pairs of every row and its nearest neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.field import Field
from gene_analogies.search.index import NEIGHBOURS, build_index

__all__ = ["nearest_pairs"]

#: More neighbours than asked for are listed, so that the last one is surely among the nearest.
_SPARE = 8


def nearest_pairs(field: Field, count: int) -> NDArray[np.int64]:
    """Return the pairs of every row and its ``count`` nearest neighbours, exact.

    Equal vectors are no neighbours: they have no direction. Of neighbours at one distance, the
    earlier rows come first.

    Parameters
    ----------
    field
        The rows.
    count
        Neighbours of each row.

    Returns
    -------
    numpy.ndarray
        int64 of shape (m, 2): rows of ``field.E``; a pair of mutual neighbours comes twice.
    """
    n = len(field)
    start, edge_d, reach = field.start, field.edge_d.astype(np.int64), field.reach
    if count + _SPARE > NEIGHBOURS and n > NEIGHBOURS + 1:
        index = build_index(field.E[field.order], neighbours=count + _SPARE)
        start, edge_d, reach = index.start, index.edge_d.astype(np.int64), index.reach
    c = np.repeat(np.arange(n), np.diff(start))
    squares = _squares(field, c, edge_d)
    own, other = np.concatenate([c, edge_d]), np.concatenate([edge_d, c])
    both = np.concatenate([squares, squares])
    order = np.lexsort((field.order[other], both, own))
    own, other, both = own[order], other[order], both[order]
    begin = np.searchsorted(own, np.arange(n + 1))
    rank = np.arange(len(own)) - begin[own]
    # What is not listed is at least as far as the reach, or equal.
    sure = np.zeros(n, np.bool_)
    last = (rank == count - 1) & (both < reach[own].astype(np.float64) ** 2)
    sure[own[last]] = True
    sure |= np.isinf(reach)
    near = (rank < count) & sure[own]
    found = [np.stack([field.order[own[near]], field.order[other[near]]], axis=1)]
    found += _by_comparing_all(field, field.order[~sure], count)
    return np.concatenate(found)


def _squares(field: Field, c: NDArray[np.int64], d: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the squared distances of pairs of rows in the order of the groups."""
    squares = np.empty(len(c))
    for first in range(0, len(c), 4096):
        some = slice(first, first + 4096)
        apart = field.E[field.order[c[some]]].astype(np.float64) - field.E[field.order[d[some]]]
        squares[some] = np.einsum("ij,ij->i", apart, apart)
    return squares


def _by_comparing_all(field: Field, rows: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """Return the pairs of some rows, from all distances; equal rows are compared once."""
    known: dict[bytes, NDArray[np.int64]] = {}
    found = []
    for row in rows.tolist():
        key = (field.E[row] + 0.0).tobytes()
        if key not in known:
            apart = np.empty(len(field))
            for first in range(0, len(field), 4096):
                block = field.E[first : first + 4096].astype(np.float64) - field.E[row]
                apart[first : first + 4096] = np.einsum("ij,ij->i", block, block)
            order = np.argsort(apart, kind="stable")
            known[key] = order[apart[order] > 0.0][:count]
        found.append(np.stack([np.full(len(known[key]), row), known[key]], axis=1))
    return found
