"""How similar all items are to one item and to another: the numbers behind a contrast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.util.row_blocks import row_blocks

__all__ = ["Contrast", "contrast"]

#: Squares along each side of the plane that items are counted in.
_SQUARES = 50
_BLOCK = 8_192


@dataclass(frozen=True)
class Contrast:
    """The plane of the similarities to two items a and b.

    Attributes
    ----------
    edges
        float64 of shape (squares + 1,): the limits of the squares, the same in both directions.
    counts
        int64 of shape (squares, squares): how many items lie in each, by the similarity to a, then
        by that to b; without a and b.
    answers
        float64 of shape (k, 2): the similarities of the answers to a and b.
    asked
        float64 of shape (2, 2): those of a and b themselves.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    answers: NDArray[np.float64]
    asked: NDArray[np.float64]


def contrast(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    asked: tuple[int, int],
    rows: NDArray[np.int64],
    *,
    euclidean: bool = False,
    exponent: int = 0,
) -> Contrast:
    """Return the plane of the similarities to two items.

    Parameters
    ----------
    vectors, norms
        Array of shape (n, d), whose squares are finite, and the lengths of its rows.
    asked
        The rows of a and b.
    rows
        int64 of shape (k,): those of the answers.
    euclidean
        Whether similarities are negative distances; else they are cosines, and zero rows have none.
    exponent
        Of the power of two that the vectors were multiplied by.
    """
    from gene_analogies.search.items.similar import similarities

    usable = np.arange(len(vectors)) if euclidean else np.flatnonzero(norms > 0.0)
    parts = [
        similarities(vectors, norms, usable[block], asked, euclidean=euclidean)
        for block in row_blocks(len(usable), _BLOCK)
    ]
    plane = np.full((len(vectors), 2), np.nan)
    plane[usable] = np.ldexp(np.concatenate(parts), -exponent if euclidean else 0)
    others = np.setdiff1d(usable, asked)
    low, high = float(np.nanmin(plane)), float(np.nanmax(plane))
    first, second = plane[others].T
    limits = [[low, high], [low, high]]
    counts, edges, _ = np.histogram2d(first, second, bins=_SQUARES, range=limits)
    return Contrast(edges, counts.astype(np.int64), plane[rows], plane[list(asked)])
