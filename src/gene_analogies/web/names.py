"""What a name may become that is being typed: an index of all names of an embedding."""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gene_analogies.errors import ItemNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gene_analogies.genes.gene import Gene
    from gene_analogies.space import Space

__all__ = ["KINDS", "Completion", "NameIndex"]

#: What a name can be of an item, the more likely ones first.
KINDS: Final = ("name", "symbol", "alias", "id", "full name")
_LAST: Final = "\U0010ffff"


class Completion(NamedTuple):
    """An item, and which of its names begins with what was typed."""

    row: int
    matched: str
    kind: str
    exact: bool


class NameIndex:
    """All names of the items of a space in order, each with how well known its item is.

    Of a full name, each word begins an entry, so that ``growth factor`` finds EGF.

    Parameters
    ----------
    space
        The items.
    """

    def __init__(self, space: Space) -> None:
        self._resolver = space.resolver
        entries: list[tuple[str, int, int, str]] = []
        genes = [space.resolver.gene(row) for row in range(len(space))]
        for row, (name, gene) in enumerate(zip(space.names, genes, strict=True)):
            spelled = _names_of(name, gene)
            entries += [
                (text.casefold(), KINDS.index(kind), row, said) for text, kind, said in spelled
            ]
        entries.sort()
        self._texts = [entry[0] for entry in entries]
        self._kinds = np.array([entry[1] for entry in entries], np.int8)
        self._rows = np.array([entry[2] for entry in entries], np.int64)
        self._said = [entry[3] for entry in entries]
        #: The place of every row by how well known it is.
        self._places = _places(space, genes)

    def complete(self, typed: str, limit: int) -> list[Completion]:
        """Return items with a name that begins so, in any case, each once.

        The item that a question would take it for comes first, then those called exactly so, then
        the best-known ones.

        Parameters
        ----------
        typed
            What has been typed.
        limit
            At most so many.
        """
        wanted = typed.strip().casefold()
        if not wanted:
            return []
        first, last = bisect_left(self._texts, wanted), bisect_left(self._texts, wanted + _LAST)
        after = bisect_left(self._texts, wanted + "\0")
        meant = self._meant(typed)
        found = {} if meant is None else {meant.row: meant}
        for begin, end in ((first, after), (after, last)):
            rows, kinds = self._rows[begin:end], self._kinds[begin:end]
            places = self._places[rows]
            if len(places) > limit:
                # What is farther behind than `limit` others of this kind of match is left out.
                best = np.unique(places)[: limit + len(found)]
                kept = np.flatnonzero(places <= best[-1])
            else:
                kept = np.arange(len(places))
            exact = begin == first and end == after
            by = kinds[kept] if exact else np.zeros(len(kept), np.int8)
            for at in kept[np.lexsort((kinds[kept], places[kept], by))].tolist():
                row, entry = int(rows[at]), begin + at
                if row not in found or (exact and found[row] is meant):
                    kind = KINDS[self._kinds[entry]]
                    found[row] = Completion(row, self._said[entry], kind, exact)
        return list(found.values())[:limit]

    def _meant(self, typed: str) -> Completion | None:
        """Return the item that a question would take this for: TNF for ``tnf alpha``."""
        with suppress(ItemNameError):
            row = self._resolver.resolve(typed, suggest=False).row
            return Completion(row, typed.strip(), "alias", exact=True)
        return None


def _names_of(name: str, gene: Gene | None) -> Iterator[tuple[str, str, str]]:
    """Yield each text that a name begins with, what kind of name it is, and the name in full."""
    yield name, "name", name
    if gene is None:
        return
    if gene.symbol != name:
        yield gene.symbol, "symbol", gene.symbol
    for other in gene.other_symbols:
        if other != name:
            yield other, "alias", other
    ids = (gene.label, gene.registered, *gene.ensembl, *gene.uniprot)
    for one in dict.fromkeys(ids):
        if one and one != name:
            yield one, "id", one
    words = gene.full_name.split()
    for place in range(len(words)):
        yield " ".join(words[place:]), "full name", gene.full_name


def _places(space: Space, genes: list[Gene | None]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the place of every row by how many papers name its gene, then by row.

    Where no genes are human, rows are in the order of the embedding.
    """
    from gene_analogies.genes.papers import count_papers_naming

    papers = count_papers_naming([gene.entrez if gene else 0 for gene in genes])
    places = np.empty(len(space), np.int64)
    places[np.argsort(-papers, kind="stable")] = np.arange(len(space))
    return places
