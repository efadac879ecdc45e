"""The best analogies that one item takes part in, exact over all b, c, d.

For a fixed a, every b gives a direction. The projections of all rows on a block of directions
are one product of matrices; all directions share the threshold of the k-th best analogy so far.
Listed (near) pairs are compared in all directions at once; pairs that are not listed are bounded
by the distance of a row to each group of rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._lanes import Lanes
from gene_analogies.search._numba import with_sound_kernels
from gene_analogies.search.blocks import Found, Search, lanes_of
from gene_analogies.search.direction import cosines
from gene_analogies.search.field import Field

__all__ = ["find_analogies"]

Progress = Callable[[int, int], None]


@with_sound_kernels
def find_analogies(
    field: Field,
    a: int,
    *,
    k: int,
    max_similarity: float,
    progress: Progress | None = None,
) -> Found:
    """Find the ``k`` best analogies ``a : b :: c : d`` of four different rows.

    Parameters
    ----------
    field
        The rows.
    a
        The row of ``field.E`` that all of them begin with.
    k
        How many; fewer come back where there are fewer with a positive score.
    max_similarity
        Highest cosine of a and c, and of b and d.
    progress
        Called with (directions done, all of them).

    Returns
    -------
    Found
        Ordered by score, then by row numbers.
    """
    own = field.place[a]
    search = Search(field, k, max_similarity, fixed=True)
    # The exact rule is kept where an analogy is scored; this only prunes.
    alike = np.flatnonzero(cosines(field.E, a) > max_similarity + 1e-9)
    not_c = field.place[alike]
    others = _by_distance(field, own)
    size = lanes_of(len(field))
    for first in range(0, len(others), size):
        lanes = _lanes(field, own, others[first : first + size], not_c, max_similarity)
        P = search.project(lanes)
        search.scan_listed(P, lanes, (field.start, field.edge_d, field.edge_r))
        search.look(P, lanes)
        if progress is not None:
            progress(min(first + size, len(others)), len(others))
    return search.found()


def _by_distance(field: Field, own: int) -> NDArray[np.int64]:
    """Return all rows that differ from one, nearest first: the best analogies are near."""
    one = field.E[field.order[own]].astype(np.float64)
    squares = np.empty(len(field))
    for first in range(0, len(field), 4096):
        block = field.E[field.order[first : first + 4096]] - one
        squares[first : first + 4096] = np.einsum("ij,ij->i", block, block)
    order = np.argsort(squares, kind="stable")
    return order[squares[order] > 0.0]


def _lanes(
    field: Field,
    own: int,
    others: NDArray[np.int64],
    not_c: NDArray[np.int64],
    max_similarity: float,
) -> Lanes:
    twins = field.twins(max_similarity)
    count = len(others)
    zeros = np.zeros(count, np.int64)
    return Lanes(
        a=np.full(count, own, np.int64),
        b=others,
        not_c=not_c,
        c_first=zeros,
        c_last=np.full(count, len(not_c), np.int64),
        not_d=twins.row,
        d_first=twins.start[others],
        d_last=twins.start[others + 1],
    )
