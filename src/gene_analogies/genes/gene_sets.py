"""A set of numbers for every gene, and what the sets of two genes share, for many pairs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

__all__ = ["GeneSets"]

# So many members are looked up at once, which takes some 50 MB.
_BLOCK = 1 << 20


class GeneSets:
    """For each gene a set of members, which are places in some list.

    Parameters
    ----------
    entrez
        Entrez numbers of the n genes, each once, in any order: shape (n,).
    keys
        ``row * width + member`` for every member of the set of every row, each once, in
        increasing order.
    width
        More than any member.
    """

    def __init__(self, entrez: NDArray[np.int64], keys: NDArray[np.int64], width: int) -> None:
        self._keys = keys
        self._width = width
        self._order = np.argsort(entrez)
        self._sorted = entrez[self._order]
        self._starts = np.searchsorted(keys, np.arange(entrez.size + 1) * width)

    def has_gene(self, entrez: int) -> bool:
        """Whether there is a set of this gene."""
        return bool(self._rows([entrez], "entrez")[0] >= 0)

    def members(self, entrez: int) -> NDArray[np.int64]:
        """Return the members of one gene's set, in increasing order; none for an unknown gene."""
        row = int(self._rows([entrez], "entrez")[0])
        if row < 0:
            return np.empty(0, np.int64)
        return self._keys[self._starts[row] : self._starts[row + 1]] - row * self._width

    def sizes(self, entrez: ArrayLike) -> NDArray[np.int64]:
        """Return how many members the sets of some genes have; 0 for an unknown gene."""
        # Row −1, of an unknown gene, is the last one.
        return np.append(np.diff(self._starts), 0)[self._rows(entrez, "entrez")]

    def shared(
        self, first: ArrayLike, second: ArrayLike
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the members that are in the sets of both genes of a pair.

        Parameters
        ----------
        first, second
            Entrez numbers of the genes of p pairs, shape (p,). A number that is no gene here
            shares nothing.

        Returns
        -------
        pairs : NDArray[np.int64]
            Array of shape (m,): place of the pair, in [0, p), in increasing order.
        members : NDArray[np.int64]
            Array of shape (m,): the member, in increasing order within a pair.

        Raises
        ------
        GeneAnalogiesError
            If the two are no whole numbers, or not of the same shape.
        """
        found = list(self._blocks(first, second))
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        pairs, members = map(np.concatenate, zip(*found, strict=True))
        order = np.argsort(pairs, kind="stable")
        return pairs[order], members[order]

    def count_shared(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.int64]:
        """Return how many members the sets of both genes of a pair share, shape (p,)."""
        counts = np.zeros(np.size(first), np.int64)
        for pairs, _ in self._blocks(first, second):
            counts += np.bincount(pairs, minlength=counts.size)
        return counts

    def _blocks(
        self, first: ArrayLike, second: ArrayLike
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield `shared` of some pairs at a time, in any order, so that memory stays bounded."""
        a, b = self._rows(first, "first"), self._rows(second, "second")
        if a.shape != b.shape:
            raise GeneAnalogiesError(
                f"first and second must have the same length, not {a.size} and {b.size}"
            )
        sizes = np.diff(self._starts)
        known = np.flatnonzero((a >= 0) & (b >= 0))
        a, b = a[known], b[known]
        # The members of the smaller set are looked up in the larger.
        swap = sizes[a] > sizes[b]
        small, large = np.where(swap, b, a), np.where(swap, a, b)
        # Pairs with the same larger set follow each other, so that it is marked once.
        order = np.argsort(large, kind="stable")
        known, small, large = known[order], small[order], large[order]
        ends = np.cumsum(sizes[small])
        marked = np.zeros(self._width, np.bool_)
        start = 0
        while start < known.size:
            done = ends[start - 1] if start else 0
            stop = max(start + 1, int(np.searchsorted(ends, done + _BLOCK, side="right")))
            place, members = self._look_up(small[start:stop], large[start:stop], marked)
            yield known[start:stop][place], members
            start = stop

    def _look_up(
        self, small: NDArray[np.int64], large: NDArray[np.int64], marked: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the members of the small sets that are in the large ones; nothing stays marked."""
        counts = self._starts[small + 1] - self._starts[small]
        pair = np.repeat(np.arange(small.size), counts)
        ends = np.cumsum(counts)
        # Where each pair's members begin in the keys, less where they begin in the result.
        shift = self._starts[small] - (ends - counts)
        members = self._keys[np.arange(pair.size) + shift[pair]] - small[pair] * self._width
        found = np.empty(pair.size, np.bool_)
        runs = np.flatnonzero(np.diff(large, prepend=-1))
        begins = (ends - counts)[runs]
        for row, begin, end in zip(large[runs], begins, [*begins[1:], pair.size], strict=True):
            own = self._keys[self._starts[row] : self._starts[row + 1]] - row * self._width
            marked[own] = True
            found[begin:end] = marked[members[begin:end]]
            marked[own] = False
        return pair[found], members[found]

    def _rows(self, entrez: ArrayLike, name: str) -> NDArray[np.int64]:
        """Return the row of every gene, −1 where there is none."""
        numbers = np.asarray(entrez)
        if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
            raise GeneAnalogiesError(
                f"{name} must be a list of Entrez numbers, not of shape {numbers.shape} and type"
                f" {numbers.dtype}"
            )
        if not self._sorted.size:
            return np.full(numbers.size, -1, np.int64)
        numbers = numbers.astype(np.int64)
        place = np.searchsorted(self._sorted, numbers).clip(max=self._sorted.size - 1)
        return np.where(self._sorted[place] == numbers, self._order[place], -1)
