"""What every question needs: rows of names, rows that may answer, prepared vectors."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
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
from gene_analogies.genes.row_numbers import known_genes
from gene_analogies.genes.table import GeneTable
from gene_analogies.results import Item
from gene_analogies.search.prepared import PreparedVectors
from gene_analogies.util.arguments import check_int
from gene_analogies.util.progress import Progress
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.questions.layouts import Layouts
    from gene_analogies.search.knn.index import NeighbourIndex

__all__ = ["WHY", "Base", "as_pairs"]

#: Why a name leads to no item.
WHY: dict[type[ItemNameError], str] = {
    AmbiguousNameError: "is ambiguous",
    NoVectorError: "has no vector",
    UnknownNameError: "is unknown",
}


class Base:
    """An embedding, the names of its items, and its prepared vectors."""

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
        #: The Python call that made this space, where it is known.
        self.loaded_by: str | None = None
        self._genes = genes
        self._keep_index = keep_index
        self.prepared = PreparedVectors(
            embedding.vectors, embedding.magnitude, cache=keep_index, progress=progress
        )

    def __getstate__(self) -> dict[str, Any]:
        # Copies work out again what follows from the rest.
        return {
            name: value
            for name, value in vars(self).items()
            if not isinstance(getattr(type(self), name, None), cached_property)
        }

    def __len__(self) -> int:
        return len(self.embedding)

    def __repr__(self) -> str:
        return f"Space({self.embedding!r})"

    @property
    def names(self) -> Sequence[str]:
        """The names of the items, in the order of the rows."""
        return self.embedding.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        """Whether a name leads to one item, as it would in a question."""
        if not isinstance(name, str):
            return False
        try:
            self.resolver.resolve(name, suggest=False)
        except ItemNameError:
            return False
        return True

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return the vector of an item, shape (d,), read-only.

        The name is found as in a question; a warning says what it was taken for.

        Raises
        ------
        ItemNameError
            If it does not lead to one item.
        """
        vector: NDArray[Any] = self.embedding.vectors[self._row_of(name)]
        return vector

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of two items, in [−1, 1]; 0 where a vector is zero.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        """
        from gene_analogies.search.significance import pair_cosines

        rows = np.array([[self._row_of(a)], [self._row_of(b)]])
        return float(pair_cosines(self.prepared.vectors, *rows)[0])

    def _row_of(self, name: str) -> int:
        """Return the row that a name means; a rewriting of the name is a warning."""
        notes: list[str] = []
        row = self._row(name, notes)
        for note in notes:
            warnings.warn(note, stacklevel=3)
        return row

    @cached_property
    def resolver(self) -> Resolver:
        """Finds the row that a name means."""
        table = known_genes(self._genes, self.embedding.provenance)
        return Resolver(self.embedding.names, table, self.embedding.symbols)

    @cached_property
    def layouts(self) -> Layouts:
        """Finds where items lie on a map."""
        from gene_analogies.questions.layouts import Layouts

        return Layouts(self.prepared, self.embedding, self.resolver, cache=self._keep_index)

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
        return self.prepared.index(sign)

    def _row(self, name: str, notes: list[str], *, suggest: bool = True) -> int:
        """Return the row that a name means; a rewriting of the name goes to the notes."""
        asked = str(name) if isinstance(name, int) else name
        found = self.resolver.resolve(asked, suggest=suggest)
        if found.note and found.note not in notes:
            notes.append(found.note)
        return found.row

    def _rows_of(
        self, names: str | Iterable[str], what: str, notes: list[str], *, suggest: bool = True
    ) -> list[int]:
        """Return the rows of one name or several, each row once, in the order given."""
        if isinstance(names, str):
            names = [names]
        if not isinstance(names, Iterable):
            raise GeneAnalogiesError(f"{what} must be a name or a list of names, not {names!r}")
        rows = list(dict.fromkeys(self._row(name, notes, suggest=suggest) for name in names))
        if not rows:
            raise GeneAnalogiesError(f"{what} is empty; it needs at least one name")
        return rows

    def _rows_of_pairs(
        self, pairs: Iterable[tuple[str, str]], notes: list[str], *, suggest: bool = True
    ) -> list[tuple[int, int]]:
        """Return the rows of example pairs."""
        if not isinstance(pairs, Iterable) or isinstance(pairs, str):
            raise GeneAnalogiesError(f"pairs needs names or a list of pairs, not {pairs!r}")
        rows = []
        for first, second in as_pairs(pairs):
            a, b = (self._row(name, notes, suggest=suggest) for name in (first, second))
            if a == b:
                name = self.embedding.names[a]
                raise GeneAnalogiesError(
                    f"a pair needs two items, not {first!r} twice"
                    if first == second
                    else f"a pair needs two items: {first!r} and {second!r} are both {name!r}"
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
                missing.append(f"{name!r} {WHY[type(error)]}")
        if rewritten:
            were = "was" if len(rewritten) == 1 else "were"
            which = f"{pluralise(len(rewritten), 'name')} to search among {were} rewritten"
            notes.append(f"{which}: {first_few(rewritten)}")
        if missing:
            lead = "leads" if len(missing) == 1 else "lead"
            which = f"{pluralise(len(missing), 'name')} to search among {lead} to no item"
            notes.append(f"{which}: {first_few(missing)}")
        return allowed & chosen


def as_pairs(pairs: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a list, or of the rows of a data frame with two columns."""
    if hasattr(pairs, "columns") and hasattr(pairs, "to_numpy"):
        count = len(pairs.columns)
        if count != 2:
            raise GeneAnalogiesError(
                f"a data frame of pairs must have two columns, not {count}: choose them, as in "
                "frame[['c', 'd']]"
            )
        pairs = pairs.to_numpy().tolist()
    yield from map(_as_pair, pairs)


def _as_pair(pair: Any) -> tuple[str, str]:  # noqa: ANN401 - whatever the user gave
    """Return two names; refuse what is no pair of them."""
    names = tuple(pair) if isinstance(pair, Iterable) and not isinstance(pair, str) else ()
    if len(names) != 2:
        raise GeneAnalogiesError(f"a pair must be two names, not {pair!r}")
    return names[0], names[1]
