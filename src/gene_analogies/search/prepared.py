"""All that is worked out once from the vectors of an embedding, and when it is."""

from __future__ import annotations

import math
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.engine.threads import waiting_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.search.knn.cluster_bounds import ClusterBounds
    from gene_analogies.search.knn.cosines import Cosines
    from gene_analogies.search.knn.index import NeighbourIndex
    from gene_analogies.util.progress import Progress

__all__ = ["IndexedRows", "PreparedVectors"]

#: Up to this many rows an index takes milliseconds, and is not kept on disk.
_SMALL = 2_000


class IndexedRows(NamedTuple):
    """Some rows with a neighbour index of their own.

    Attributes
    ----------
    rows
        Which rows: their numbers, int64 of shape (m,), increasing; or a slice of first rows.
    vectors
        Array of shape (m, d): these rows of `PreparedVectors.vectors`.
    neighbours
        The neighbour index of ``vectors``.
    """

    rows: NDArray[np.int64] | slice
    vectors: NDArray[Any]
    neighbours: NeighbourIndex

    def numbers(self, found: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row numbers, among all rows, of rows of ``vectors``."""
        return found if isinstance(self.rows, slice) else self.rows[found]


class PreparedVectors:
    """Vectors scaled for the kernels, with norms, neighbour indexes and cluster bounds.

    Everything is worked out when it is first needed, and remembered. Threads may share an object.
    A pickled one holds the vectors alone.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, finite.
    magnitude
        Their largest absolute coordinate.
    cache
        Whether indexes of more than 2,000 rows are read from and written to the cache folder.
    progress
        Called with (rows done, n) while a neighbour index is built.
    """

    def __init__(
        self,
        vectors: NDArray[Any],
        magnitude: float,
        *,
        cache: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self._given = vectors
        self._magnitude = magnitude
        self._cache = cache
        self._progress = progress
        self._forget()

    def _forget(self) -> None:
        self._indexes: dict[tuple[int, int], NeighbourIndex] = {}
        self._bounds: dict[int, ClusterBounds] = {}
        self._cosines: tuple[int, Cosines] | None = None
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        # The rest is as large as the vectors, or larger, and quickly made again.
        kept = ("_given", "_magnitude", "_cache", "_progress")
        return {name: getattr(self, name) for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._forget()

    def __len__(self) -> int:
        return len(self._given)

    @cached_property
    def _scaled(self) -> tuple[NDArray[Any], int]:
        vectors = self._given
        largest = self._magnitude
        exponent = 0
        # Halves, since the difference of two large numbers may be infinite.
        width = 0.0
        if largest > 0.0:
            width = float((vectors.max(axis=0) * 0.5 - vectors.min(axis=0) * 0.5).max())
        if largest > 0.0 and not (largest < 1e15 and (width or largest) > 1e-10):
            exponent = -math.frexp(width or largest)[1]
            vectors = np.ldexp(vectors.astype(np.float64), exponent)
            largest = math.ldexp(largest, exponent)
        if vectors.dtype == np.float64:
            lost = (np.abs(vectors) < 1e-130 * largest) & (vectors != 0.0)
            if lost.any():
                vectors = np.where(lost, 0.0, vectors)
        vectors.flags.writeable = False
        return vectors, exponent

    @property
    def vectors(self) -> NDArray[Any]:
        """The vectors times a power of two that keeps their squares finite; read-only.

        The squares of their differences do not vanish in float32, either. Coordinates below
        10⁻¹³⁰ of the largest count as zero, for their squares would.
        """
        return self._scaled[0]

    @property
    def exponent(self) -> int:
        """The exponent of that power of two."""
        return self._scaled[1]

    @cached_property
    def norms(self) -> NDArray[np.float64]:
        """Lengths of ``vectors``, read-only float64 of shape (n,)."""
        return row_norms(self.vectors)

    @cached_property
    def zero_rows(self) -> NDArray[np.int64]:
        """Rows without a direction, int64, increasing."""
        return np.flatnonzero(self.norms == 0.0)

    def index(self, sign: int = -1, first: int | None = None) -> NeighbourIndex:
        """Return the neighbour index: from memory, from the cache folder, or built.

        Parameters
        ----------
        sign
            −1 for differences, +1 for sums.
        first
            Of so many first rows; of all unless given.
        """
        first = len(self) if first is None else first
        with waiting_for(self._lock):
            if (sign, first) not in self._indexes:
                # Of the indexes of first rows, the last one that was used is enough.
                for other in [one for one in self._indexes if one[0] == sign]:
                    if other[1] < len(self):
                        del self._indexes[other]
                self._indexes[sign, first] = self._load_or_build(sign, first)
            return self._indexes[sign, first]

    def known_index(self, sign: int) -> NeighbourIndex | None:
        """Return the neighbour index of all rows if it is in memory, else None."""
        return self._indexes.get((sign, len(self)))

    def _load_or_build(self, sign: int, first: int) -> NeighbourIndex:
        from gene_analogies.search.knn.index import build_index

        vectors = self.vectors[:first]
        if not self._cache or first <= _SMALL:
            return build_index(vectors, sign, progress=self._progress)
        from gene_analogies.search.knn.cache import index_key, load_index, store_index

        key = index_key(vectors, sign)
        index = load_index(key, (first, vectors.shape[1]), sign)
        if index is None:
            index = build_index(vectors, sign, progress=self._progress)
            store_index(index, key)
        return index

    def indexed(self, rows: NDArray[np.int64], truncate: int | None, sign: int) -> IndexedRows:
        """Return an index with which some rows are searched fast.

        Parameters
        ----------
        rows
            The rows to search, int64, increasing.
        truncate
            They are among so many first rows.
        sign
            −1 for differences, +1 for sums.

        Returns
        -------
        IndexedRows
            Of those rows alone where few rows of many are searched; of the first rows where
            ``truncate`` leaves few; else of all rows.
        """
        n = len(self)
        unbuilt = (sign, n) not in self._indexes
        if unbuilt and len(rows) <= max(_SMALL, n // 16) and 2 * len(rows) < n:
            from gene_analogies.search.knn.index import build_index, read_only

            part = read_only(self.vectors[rows])
            return IndexedRows(rows, part, build_index(part, sign))
        few = unbuilt and truncate is not None and 2 * truncate <= n
        first = max(truncate, 2) if few and truncate is not None else n
        return IndexedRows(slice(first), self.vectors[:first], self.index(sign, first))

    def cosines(self, part: IndexedRows) -> Cosines:
        """Return the cosines of the k-NN edges of some rows, and a bound of all others.

        Those of the first rows, or all, are remembered, the last ones that were asked for.
        """
        from gene_analogies.search.knn.cosines import build_cosines

        vectors, norms = part.vectors, self.norms[part.rows]
        if not isinstance(part.rows, slice):
            return build_cosines(vectors, norms, part.neighbours)
        first = len(vectors)
        with waiting_for(self._lock):
            if self._cosines is None or self._cosines[0] != first:
                found = build_cosines(vectors, norms, part.neighbours, self._progress)
                self._cosines = first, found
            return self._cosines[1]

    def cluster_bounds(self, rows: NDArray[np.int64]) -> ClusterBounds:
        """Return what the search for analogies among some rows knows of them.

        Parameters
        ----------
        rows
            The rows to search, int64, increasing. What is known of the first rows, or all, is
            remembered, since the next question is likely to be about the same ones.
        """
        from gene_analogies.search.knn.cluster_bounds import build_cluster_bounds
        from gene_analogies.search.knn.index import build_index, read_only

        first = len(rows)
        if rows[-1] != first - 1:
            part = read_only(self.vectors[rows])
            return build_cluster_bounds(part, build_index(part, progress=self._progress))
        known = self._bounds.get(first)
        if known is None:
            known = build_cluster_bounds(self.vectors[:first], self.index(-1, first))
            # Another thread may do the same: whichever is kept, each has its own to go on with.
            kept = {size: one for size, one in self._bounds.items() if size == len(self)}
            self._bounds = {**kept, first: known}
        return known
