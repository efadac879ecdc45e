"""What every question needs: rows of names, rows that may answer, the neighbour index."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.errors import (
    AmbiguousNameError,
    GeneAnalogiesError,
    ItemNameError,
    NoVectorError,
    UnknownNameError,
)
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable
from gene_analogies.results import Item
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.util.arguments import Progress, check_int
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.search.knn.cluster_bounds import ClusterBounds
    from gene_analogies.search.knn.index import NeighbourIndex

__all__ = ["Base", "as_pair"]

#: Why a name of ``among`` leads to no item.
_WHY: dict[type[ItemNameError], str] = {
    AmbiguousNameError: "is ambiguous",
    NoVectorError: "has no vector",
    UnknownNameError: "is unknown",
}

#: Up to this many rows an index takes milliseconds and is not kept on disk.
SMALL = 2_000


class Base:
    """An embedding, the names of its items, and its neighbour indexes."""

    def __init__(
        self,
        embedding: Embedding,
        *,
        genes: GeneTable | Literal["packaged"] | None = "packaged",
        keep_index: bool = True,
        progress: Progress | None = None,
    ) -> None:
        if not isinstance(embedding, Embedding):
            kind = type(embedding).__name__
            raise GeneAnalogiesError(f"Space needs an Embedding(names, vectors), not a {kind}")
        if not (genes is None or genes == "packaged" or isinstance(genes, GeneTable)):
            raise GeneAnalogiesError(
                f"genes must be a GeneTable, None or 'packaged', not {genes!r}"
            )
        self.embedding = embedding
        self._genes = genes
        self._keep_index = keep_index
        self._progress = progress
        self._forget()

    def _forget(self) -> None:
        """Begin without anything that was worked out from the vectors."""
        self._indexes: dict[tuple[int, int], NeighbourIndex] = {}
        self._fields: dict[int, ClusterBounds] = {}
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        # Copies work these out again: they are as large as the vectors, or larger.
        left_out = {"_indexes", "_fields", "_lock"}
        return {
            name: value
            for name, value in vars(self).items()
            if name not in left_out
            and not isinstance(getattr(type(self), name, None), cached_property)
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._forget()

    def __len__(self) -> int:
        return len(self.embedding)

    def __repr__(self) -> str:
        return f"Space({self.embedding!r})"

    @cached_property
    def resolver(self) -> Resolver:
        """Finds the row that a name means."""
        table = GeneTable.packaged() if self._genes == "packaged" else self._genes
        return Resolver(self.embedding.names, table)

    def item(self, row: int) -> Item:
        """Return the name of a row and the gene behind it."""
        if not isinstance(row, (int, np.integer)) or not 0 <= row < len(self):
            raise GeneAnalogiesError(f"row must be a number in 0..{len(self) - 1}, not {row!r}")
        return Item(self.embedding.names[row], self.resolver.gene(row))

    def index(self, sign: int = -1) -> NeighbourIndex:
        """Return the neighbour index: from memory, from the cache folder, or built.

        Parameters
        ----------
        sign
            −1 for differences, +1 for sums.
        """
        if sign not in (-1, 1):
            raise GeneAnalogiesError(f"sign must be −1 or 1, not {sign!r}")
        return self._index(sign, len(self))

    def _index(self, sign: int, scope: int) -> NeighbourIndex:
        """Return the neighbour index of the first ``scope`` rows."""
        with self._lock:
            if (sign, scope) not in self._indexes:
                # Of the indexes of first rows, the last one that was used is enough.
                for other in [one for one in self._indexes if one[0] == sign]:
                    if other[1] < len(self):
                        del self._indexes[other]
                self._indexes[sign, scope] = self._new_index(sign, scope)
            return self._indexes[sign, scope]

    def _new_index(self, sign: int, scope: int) -> NeighbourIndex:
        """Read the index from the cache folder, or build it and keep it there."""
        from gene_analogies.search.knn.index import build_index

        vectors = self._scaled[0][:scope]
        if not self._keep_index or scope <= SMALL:
            return build_index(vectors, sign, progress=self._progress)
        from gene_analogies.search.knn.cache import index_key, load_index, store_index

        key = index_key(vectors, sign)
        index = load_index(key, (scope, vectors.shape[1]), sign)
        if index is None:
            index = build_index(vectors, sign, progress=self._progress)
            store_index(index, key)
        return index

    @cached_property
    def _scaled(self) -> tuple[NDArray[Any], int]:
        """The vectors times a power of two that keeps their squares finite, and its exponent.

        The squares of their differences must not vanish in float32, either. Coordinates below
        10⁻¹³⁰ of the largest count as zero, for their squares would.
        """
        vectors = self.embedding.vectors
        largest = self.embedding.magnitude
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

    @cached_property
    def _norms(self) -> NDArray[np.float64]:
        """Lengths of the scaled vectors, read-only float64 of shape (n,)."""
        return row_norms(self._scaled[0])

    def _row(self, name: str, notes: list[str]) -> int:
        """Return the row that a name means; a rewriting of the name goes to the notes."""
        found = self.resolver.resolve(str(name) if isinstance(name, int) else name)
        if found.note and found.note not in notes:
            notes.append(found.note)
        return found.row

    def _rows_of(self, names: str | Iterable[str], what: str, notes: list[str]) -> list[int]:
        """Return the rows of one name or several, each row once, in the order given."""
        if isinstance(names, str):
            names = [names]
        if not isinstance(names, Iterable):
            raise GeneAnalogiesError(f"{what} must be a name or a list of names, not {names!r}")
        rows = list(dict.fromkeys(self._row(name, notes) for name in names))
        if not rows:
            raise GeneAnalogiesError(f"{what} is empty; it needs at least one name")
        return rows

    def _rows_of_pairs(
        self, pairs: Iterable[tuple[str, str]], notes: list[str]
    ) -> list[tuple[int, int]]:
        """Return the rows of example pairs."""
        if not isinstance(pairs, Iterable) or isinstance(pairs, str):
            raise GeneAnalogiesError(f"pairs needs names or a list of pairs, not {pairs!r}")
        rows = []
        for first, second in map(as_pair, pairs):
            a, b = self._row(first, notes), self._row(second, notes)
            if a == b:
                raise GeneAnalogiesError(
                    f"a pair needs two items: {first!r} and {second!r} are both "
                    f"{self.embedding.names[a]!r}"
                )
            rows.append((a, b))
        if not rows:
            raise GeneAnalogiesError("the list of pairs is empty")
        return rows

    def _items(self, rows: Sequence[int] | NDArray[np.int64]) -> tuple[Item, ...]:
        """Return the items of rows."""
        return tuple(self.item(int(row)) for row in rows)

    def _allowed(
        self, among: Iterable[str] | None, truncate: int | None, notes: list[str]
    ) -> NDArray[np.bool_]:
        """Rows that may be in an answer, bool of shape (n,)."""
        allowed = np.ones(len(self), np.bool_)
        if truncate is not None:
            allowed[check_int("truncate", truncate) :] = False
        if among is None:
            return allowed
        if isinstance(among, str) or not isinstance(among, Iterable):
            raise GeneAnalogiesError(f"among must be a list of names, not {among!r}")
        chosen = np.zeros(len(self), np.bool_)
        missing, rewritten = [], []
        for name in among:
            try:
                found = self.resolver.resolve(name, suggest=False)
                chosen[found.row] = True
                if found.note:
                    rewritten.append(found.note)
            except ItemNameError as error:
                missing.append(f"{name!r} {_WHY[type(error)]}")
        if rewritten:
            were = "was" if len(rewritten) == 1 else "were"
            which = f"{pluralise(len(rewritten), 'name')} to search among {were} rewritten"
            notes.append(f"{which}: {first_few(rewritten)}")
        if missing:
            lead = "leads" if len(missing) == 1 else "lead"
            which = f"{pluralise(len(missing), 'name')} to search among {lead} to no item"
            notes.append(f"{which}: {first_few(missing)}")
        return allowed & chosen


def as_pair(pair: Any) -> tuple[str, str]:  # noqa: ANN401 - whatever the user gave
    """Return two names; refuse what is no pair of them."""
    names = tuple(pair) if isinstance(pair, Iterable) and not isinstance(pair, str) else ()
    if len(names) != 2:
        raise GeneAnalogiesError(f"a pair must be two names, not {pair!r}")
    return names[0], names[1]
