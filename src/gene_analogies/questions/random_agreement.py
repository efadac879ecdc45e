"""On how many pairs two embeddings agree, whatever is asked: what they answer to random pairs."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.pair_search import (
    BestPairs,
    PairOptions,
    PairQuery,
    direct,
    search_many,
)
from gene_analogies.search.engine.threads import check_stop
from gene_analogies.search.prepared import PreparedVectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.questions.base import Base

__all__ = ["numbered", "random_agreement", "rows_mask"]

#: Random pairs that are asked.
_RANDOM = 50
#: Answers that are remembered of two embeddings.
_KEPT = 64

Known = dict[tuple[PairOptions, bytes], float | None]

_known: WeakKeyDictionary[PreparedVectors, WeakKeyDictionary[PreparedVectors, Known]]
_known = WeakKeyDictionary()
_lock = threading.Lock()


def random_agreement(
    spaces: tuple[Base, Base], common: NDArray[np.int64], options: PairOptions
) -> float | None:
    """Return how many pairs of ``k`` are found by both for random pairs of items, on average.

    It is remembered, for it depends on no question. None where no random pair has a direction.

    Parameters
    ----------
    spaces
        The two spaces.
    common
        Rows of the items to search in both, int64 of shape (m, 2).
    options
        What is asked, of all.
    """
    first, second = (space.prepared for space in spaces)
    key = options, hashlib.sha256(common.tobytes()).digest()
    with _lock:
        known = _known.setdefault(first, WeakKeyDictionary()).setdefault(second, {})
        if key in known:
            return known[key]
    # Two threads may do the same: that harms nothing, and neither waits for the other's client.
    found = _ask(spaces, common, options)
    with _lock:
        known[key] = found
        while len(known) > _KEPT:
            del known[next(iter(known))]
    return found


def _ask(
    spaces: tuple[Base, Base], common: NDArray[np.int64], options: PairOptions
) -> float | None:
    masks = [rows_mask(len(space), rows) for space, rows in zip(spaces, common.T, strict=True)]
    drawn = np.random.default_rng(0).integers(0, len(common), (_RANDOM, 2))
    asked: list[list[PairQuery]] = []
    for pair in common[drawn[drawn[:, 0] != drawn[:, 1]]].tolist():
        check_stop()
        try:
            asked.append(
                [
                    direct(space.prepared, space.names, [(a, b)], None, mask, options)
                    for space, mask, a, b in zip(spaces, masks, *pair, strict=True)
                ]
            )
        except GeneAnalogiesError:  # equal vectors, say
            continue
    if not asked:
        return None
    found = [
        [
            set(numbered(best, len(space), options, common[:, side]))
            for best in search_many(space.prepared, [one[side] for one in asked], options)
        ]
        for side, space in enumerate(spaces)
    ]
    return float(np.mean([len(one & two) for one, two in zip(*found, strict=True)]))


def rows_mask(count: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of ``count`` rows are these."""
    mask = np.zeros(count, np.bool_)
    mask[rows] = True
    return mask


def numbered(
    found: BestPairs, count: int, options: PairOptions, rows: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Return the best pairs of a space of ``count`` items, as numbers of common items."""
    number = np.full(count, -1)
    number[rows] = np.arange(len(rows))
    pairs = number[np.stack([found.c, found.d], axis=1)]
    if options.sign > 0:  # a sum has no order, but rows have
        pairs = np.sort(pairs, axis=1)
    return [(c, d) for c, d in pairs.tolist()]
