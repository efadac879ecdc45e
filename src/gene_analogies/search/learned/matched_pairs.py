"""Random pairs that are as popular and as close as those of a relation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.threads import check_stop, one_blas_thread
from gene_analogies.search.learned.relation import unit_or_zero

__all__ = ["draw_matched"]

#: How many items next to a pair's own, by popularity, may stand for either.
_NEXT = 128
#: So many of them are tried in the place of a, each with all that may be b.
_TRIED = 8
#: After so many that are taken, a pair is left without its like.
_REFUSED = 32


def draw_matched(
    vectors: NDArray[Any],
    pairs: NDArray[np.int64],
    popularity: NDArray[Any] | None = None,
    *,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Return for each pair a random one, of items as popular and about as close.

    Eight of the 128 items next to a by popularity are drawn, and with each of the 128 next to b;
    of all these pairs that is taken whose cosine is nearest to that of a and b.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    pairs
        Rows (a, b), int64 of shape (m, 2).
    popularity
        A number for every row, of which the order counts: shape (n,). Without, any items may stand
        for others.
    seed
        Of the draws.

    Returns
    -------
    ndarray
        int64 of shape (m', 2): pairs of two different rows, none of them a given pair in either
        order, none twice. There are fewer than m where there are few items.
    """
    n = len(vectors)
    random = np.random.default_rng(seed)
    # In random order where all are equal.
    shuffled = random.permutation(n)
    order = shuffled if popularity is None else shuffled[np.argsort(popularity[shuffled])]
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    taken = {*map(tuple, pairs.tolist()), *map(tuple, pairs[:, ::-1].tolist())}
    width = min(_NEXT, n)
    # The window of an item near either end is as wide.
    first = np.clip(place[pairs] - width // 2, 0, n - width)
    units, slots = _units_of(vectors, order, first, width)
    found = []
    with one_blas_thread():
        for pair, (from_a, from_b) in zip(pairs, first.tolist(), strict=True):
            check_stop()
            a, b = place[pair]
            tried = from_a + random.permutation(width)[:_TRIED]
            window = units[slots[from_b] : slots[from_b] + width]
            away = np.abs(units[slots[tried]] @ window.T - units[slots[a]] @ units[slots[b]])
            for _ in range(_REFUSED):
                c, d = divmod(int(away.argmin()), width)
                away[c, d] = np.inf
                chosen = int(order[tried[c]]), int(order[from_b + d])
                if chosen[0] != chosen[1] and chosen not in taken:
                    taken.add(chosen)
                    found.append(chosen)
                    break
    return np.array(found, np.int64).reshape(-1, 2)


def _units_of(
    vectors: NDArray[Any], order: NDArray[np.int64], first: NDArray[np.int64], width: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the unit vectors of all windows, and the place of each item of ``order`` in them."""
    begins = np.bincount(first.ravel(), minlength=len(order) + 1)
    ends = np.bincount(first.ravel() + width, minlength=len(order) + 1)
    inside = np.cumsum(begins - ends)[:-1] > 0
    return unit_or_zero(vectors, order[inside]), np.cumsum(inside) - 1
