"""What is known about every gene of human and mouse, offline, parsed only as far as asked for.

A table is text, one line a gene, best-known genes first. Reading it builds no objects: a
dictionary of symbols comes with the first question, those of identifiers and aliases only when
they are needed, and a `Gene` is made for the lines that are asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import COLUMNS, Gene, Species, to_gene, to_line
from gene_analogies.genes.packaged import packaged_lines
from gene_analogies.genes.places import Places, places_of_each

__all__ = ["GeneTable", "cut_version"]

# Symbols with dots (bP-2171C21.3) and pseudoautosomal copies (…_PAR_Y) do not match.
_VERSIONED = re.compile(r"(ENS[A-Z]*G[0-9]{11})\.[0-9]+", re.IGNORECASE)
_ENSEMBL_ID = re.compile(r"ENS(?:MUS)?G[0-9]{11}")
_MGI_ID = re.compile(r"MGI:([0-9]+)")
_HGNC_ID = re.compile(r"HGNC:[0-9]+")
_WORDS = re.compile(r"[^\W_]+")
_UNIPROT_ID = re.compile(r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2}")


def cut_version(name: str) -> str:
    """Cut the version off an Ensembl gene id of any species; other names stay as they are.

    Examples
    --------
    >>> cut_version("ENSG00000146648.18"), cut_version("bP-2171C21.3")
    ('ENSG00000146648', 'bP-2171C21.3')
    """
    versioned = _VERSIONED.fullmatch(name)
    return versioned[1] if versioned else name


class GeneTable:
    """Genes of one species, looked up by symbol, identifier or alias.

    Parameters
    ----------
    genes
        The genes, best known first: that is the order of every answer.

    Attributes
    ----------
    species
        Whose genes these are.

    Raises
    ------
    GeneAnalogiesError
        If there are genes of two species.
    """

    def __init__(self, genes: Iterable[Gene]) -> None:
        genes = tuple(genes)
        species: set[Species] = {gene.species for gene in genes}
        if len(species) > 1:
            raise GeneAnalogiesError("a table has genes of one species, not of human and mouse")
        self.species: Species = species.pop() if species else "human"
        self._lines = [to_line(gene) for gene in genes]
        self._packaged = False

    @classmethod
    @cache
    def packaged(cls) -> GeneTable:
        """Return the table of human genes that comes with the package; it is read once.

        Raises
        ------
        GeneAnalogiesError
            If the packaged file is missing or is not the one that was packaged.
        """
        return cls._read("human", "genes")

    @classmethod
    @cache
    def packaged_mouse(cls) -> GeneTable:
        """Return the table of mouse genes that comes with the package; it is read once.

        Raises
        ------
        GeneAnalogiesError
            If the packaged file is missing or is not the one that was packaged.
        """
        return cls._read("mouse", "mouse")

    @classmethod
    def _read(cls, species: Species, name: str) -> GeneTable:
        table = cls(())
        table.species = species
        table._lines = packaged_lines(name)
        table._packaged = True
        return table

    @property
    def counterpart(self) -> GeneTable | None:
        """The packaged table of the other species; None for a table that is not packaged."""
        if not self._packaged:
            return None
        return self.packaged() if self.species == "mouse" else self.packaged_mouse()

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Gene]:
        return (to_gene(line, self.species) for line in self._lines)

    def __repr__(self) -> str:
        return f"GeneTable({len(self):,} genes)"

    def by_symbol(self, name: str) -> tuple[Gene, ...]:
        """Return the genes with this approved symbol: in this case, else in any case.

        A few symbols, such as ``RNR1``, belong to two genes.
        """
        places = self._symbol_places.all(name) or self._folded_places.all(name.casefold())
        return self._genes(places)

    def by_identifier(self, name: str) -> tuple[Gene, ...]:
        """Return the genes with this Ensembl, Entrez, HGNC, UniProt or MGI identifier.

        The version of an Ensembl id is cut off; case does not matter.
        """
        return self._genes(self._places_of_identifier(cut_version(name).upper()))

    def by_previous(self, name: str) -> tuple[Gene, ...]:
        """Return the genes that had this symbol before, in any case."""
        return self._genes(self._places_of_previous.get(name.casefold(), ()))

    def by_alias(self, name: str) -> tuple[Gene, ...]:
        """Return the genes with this alias symbol, in any case."""
        return self._genes(self._places_of_alias.get(name.casefold(), ()))

    def by_human(self, symbol: str) -> tuple[Gene, ...]:
        """Return the mouse genes that HGNC relates to the human gene of this approved symbol.

        Where there is a one-to-one ortholog, it is the only one.
        """
        return self._genes(self._places_of_human.get(symbol, ()))

    def find(self, name: str) -> Gene | None:
        """Return the gene that an item of this name stands for, or None.

        The name is an approved symbol in its own case, or an identifier that no other gene has.
        """
        place = self._place(name)
        return None if place is None else to_gene(self._lines[place], self.species)

    def find_number(self, name: str) -> int | None:
        """Return the number of the gene of `find`, without making the gene."""
        place = self._place(name)
        return None if place is None else self._number(place)

    def starting_with(self, prefix: str) -> tuple[Gene, ...]:
        """Return the genes whose symbol starts with these letters, best known first."""
        symbols, places = self._sorted_symbols
        start, end = bisect_left(symbols, prefix), bisect_left(symbols, f"{prefix}\U0010ffff")
        return self._genes(sorted(places[start:end]))

    def best_known_first(self, genes: Iterable[Gene]) -> tuple[Gene, ...]:
        """Return genes of this table, each once, in the order of the table."""
        order = self._number_places.first
        return tuple(sorted(dict.fromkeys(genes), key=lambda gene: order[str(gene.number)]))

    def described_by(self, words: str) -> tuple[Gene, ...]:
        """Return the genes whose full name holds all of these words, the shortest names first."""
        wanted = set(_WORDS.findall(words.casefold()))
        if not wanted:
            return ()
        # The plain search skips nearly every line before its words are taken apart.
        longest = max(wanted, key=len)
        found = [
            line
            for line in self._lines
            if longest in line.casefold()
            and wanted <= set(_WORDS.findall(line.split("\t", 3)[2].casefold()))
        ]
        found.sort(key=lambda line: len(_WORDS.findall(line.split("\t", 3)[2])))
        return tuple(to_gene(line, self.species) for line in found)

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield every symbol, then every other symbol, with the number of its gene."""
        numbers = [self._number(place) for place in range(len(self))]
        yield from zip(self._symbols, numbers, strict=True)
        columns = [
            place
            for place, column in enumerate(COLUMNS[self.species])
            if column in ("previous", "aliases")
        ]
        for line, number in zip(self._lines, numbers, strict=True):
            for column in columns:
                for other in _cell(line, column):
                    yield other, number

    def cells(self) -> Iterator[list[str]]:
        """Yield symbol, number, full name, type, previous and alias symbols of every gene.

        All are texts, the number as `Gene.label` has it; bars divide the values of a list. The full
        name is without what is said of the ortholog.
        """
        for line in self._lines:
            if self.species == "mouse":
                symbol, number, full_name, *_, aliases = line.split("\t")
                yield [symbol, f"MGI:{number}", full_name.partition(" (human")[0], "", "", aliases]
            else:
                symbol, number, full_name, gene_type, *_, previous, aliases = line.split("\t")
                yield [symbol, number, full_name, gene_type, previous, aliases]

    def _genes(self, places: Iterable[int]) -> tuple[Gene, ...]:
        return tuple(to_gene(self._lines[place], self.species) for place in places)

    def _number(self, place: int) -> int:
        return int(self._lines[place].split("\t", 2)[1])

    def _place(self, name: str) -> int | None:
        place = self._symbol_places.first.get(name)
        if place is None:
            places = self._places_of_identifier(cut_version(name))
            place = places[0] if len(places) == 1 else None
        return place

    def _places_of_identifier(self, name: str) -> tuple[int, ...]:
        if name.isdecimal():
            return self._number_places.all(name) if self.species == "human" else ()
        if mgi := _MGI_ID.fullmatch(name):
            return self._number_places.all(mgi[1]) if self.species == "mouse" else ()
        if _ENSEMBL_ID.fullmatch(name):
            return self._places_of_ensembl.get(name, ())
        if _UNIPROT_ID.fullmatch(name):
            return self._places_of_uniprot.get(name, ())
        if _HGNC_ID.fullmatch(name):
            return self._places_of_hgnc.get(name, ())
        return ()

    @cached_property
    def _symbols(self) -> list[str]:
        return [line[: line.index("\t")] for line in self._lines]

    @cached_property
    def _sorted_symbols(self) -> tuple[list[str], list[int]]:
        places = sorted(range(len(self)), key=self._symbols.__getitem__)
        return [self._symbols[place] for place in places], places

    @cached_property
    def _symbol_places(self) -> Places:
        return Places(self._symbols)

    @cached_property
    def _folded_places(self) -> Places:
        return Places([symbol.casefold() for symbol in self._symbols])

    @cached_property
    def _number_places(self) -> Places:
        return Places([line.split("\t", 2)[1] for line in self._lines])

    @cached_property
    def _places_of_ensembl(self) -> dict[str, tuple[int, ...]]:
        return self._index("ensembl")

    @cached_property
    def _places_of_uniprot(self) -> dict[str, tuple[int, ...]]:
        return self._index("uniprot")

    @cached_property
    def _places_of_hgnc(self) -> dict[str, tuple[int, ...]]:
        return self._index("hgnc")

    @cached_property
    def _places_of_previous(self) -> dict[str, tuple[int, ...]]:
        return self._index("previous", str.casefold)

    @cached_property
    def _places_of_alias(self) -> dict[str, tuple[int, ...]]:
        return self._index("aliases", str.casefold)

    @cached_property
    def _places_of_human(self) -> dict[str, tuple[int, ...]]:
        # No human gene stands in both columns.
        return self._index("ortholog") | self._index("related")

    def _index(self, column: str, form: Callable[[str], str] = str) -> dict[str, tuple[int, ...]]:
        """Map every value of a column, if the table has it, to the places that hold it."""
        if column not in COLUMNS[self.species]:
            return {}
        number = COLUMNS[self.species].index(column)
        # A gene may list one alias in two cases (p53, P53): it counts once.
        return places_of_each(dict.fromkeys(_cell(form(line), number)) for line in self._lines)


def _cell(line: str, column: int) -> Iterable[str]:
    cell = line.split("\t", column + 1)[column]
    return cell.split("|") if cell else ()
