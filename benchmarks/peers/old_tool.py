"""The one-gene search of the old scripts, as it was built, beside the exact answer.

It put the unit offsets of all pairs, each in one orientation, into a FAISS index of 8·√N lists, and
for every pair of the item looked up 5,196 neighbours in 64 of the lists. Of the first 1,000 GloVe
words it finds `france : french :: britain : british` as the best for `france`, as the scripts did.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quad_force import cosines_of_rows
from gene_analogies.search.engine.threads import thread_count

__all__ = ["OldTool"]

_LISTS = 8
_PROBES = 64
_NEIGHBOURS = 5_196


class OldTool:
    """An index of all offsets.

    Parameters
    ----------
    E
        Vectors, (n, d); the index takes 2 n² d bytes.
    """

    def __init__(self, E: NDArray[Any]) -> None:
        import faiss

        faiss.omp_set_num_threads(thread_count())
        self._first, self._second = np.triu_indices(len(E), 1)
        offsets = np.ascontiguousarray(E[self._first] - E[self._second], np.float32)
        # Equal vectors have no direction, and are as far from all others.
        offsets /= np.maximum(np.linalg.norm(offsets, axis=1, keepdims=True), 1e-12)
        lists = int(_LISTS * math.sqrt(len(offsets)))
        self._quantizer = faiss.IndexFlatIP(E.shape[1])
        self._index = faiss.IndexIVFFlat(
            self._quantizer, E.shape[1], lists, faiss.METRIC_INNER_PRODUCT
        )
        self._index.nprobe = _PROBES
        self._index.train(offsets)
        self._index.add(offsets)
        self._offsets = offsets
        self._alike = cosines_of_rows(E)

    def analogies(self, a: int, k: int, max_similarity: float) -> set[tuple[int, int, int]]:
        """Return the rows b, c, d of what it takes for the best ``k`` analogies of row ``a``."""
        own = np.flatnonzero((self._first == a) | (self._second == a))
        cosines, places = self._index.search(self._offsets[own], _NEIGHBOURS)
        b = np.where(self._first[own] == a, self._second[own], self._first[own])
        forward = (self._first[own] == a)[:, None]
        # The pair is stored as a, b or as b, a; what is like it is stored in the same order.
        c = np.where(forward, self._first[places], self._second[places])
        d = np.where(forward, self._second[places], self._first[places])
        other = b[:, None]
        kept = (places >= 0) & (c != a) & (d != a) & (c != other) & (d != other)
        kept &= self._alike[a, c] <= max_similarity
        kept &= self._alike[other, d] <= max_similarity
        values = np.where(kept, cosines, -np.inf).ravel()
        order = np.argsort(-values, kind="stable")[:k]
        order = order[values[order] > 0.0]
        rows = np.stack([np.broadcast_to(other, c.shape).ravel(), c.ravel(), d.ravel()], axis=1)
        return set(map(tuple, rows[order].tolist()))
