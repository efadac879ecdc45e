"""What is known about every human gene, offline, parsed only as far as it is asked for.

The table is text, one line a gene, best-known genes first. Reading it builds no objects: a
dictionary of symbols comes with the first question, those of identifiers and aliases only when
they are needed, and a `Gene` is made for the lines that are asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.packaged import packaged_lines

__all__ = ["COLUMNS", "Gene", "GeneTable", "cut_version", "to_line"]

COLUMNS: Final = (
    "symbol", "entrez", "full_name", "gene_type", "chromosome", "hgnc", "ensembl", "uniprot",
    "previous", "aliases",
)  # fmt: skip
_HGNC, _ENSEMBL, _UNIPROT, _PREVIOUS, _ALIASES = map(
    COLUMNS.index, ("hgnc", "ensembl", "uniprot", "previous", "aliases")
)

# Symbols with dots (bP-2171C21.3) and pseudoautosomal copies (…_PAR_Y) do not match.
_VERSIONED = re.compile(r"(ENS[A-Z]*G[0-9]{11})\.[0-9]+", re.IGNORECASE)
_ENSEMBL_ID = re.compile(r"ENSG[0-9]{11}")
_HGNC_ID = re.compile(r"HGNC:[0-9]+")
_WORDS = re.compile(r"[^\W_]+")
_UNIPROT_ID = re.compile(r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2}")


@dataclass(frozen=True, slots=True)
class Gene:
    """One human gene.

    Attributes
    ----------
    entrez
        NCBI's gene number.
    symbol
        The symbol that HGNC approved, such as ``EGFR``; NCBI's where HGNC has no entry.
    full_name
        The name in words, such as ``epidermal growth factor receptor``.
    aliases
        Alias symbols, without the symbol itself and the previous ones.
    ensembl
        Ensembl gene ids; the one that HGNC names, on the reference assembly, comes first.
    uniprot
        UniProt accessions.
    gene_type
        NCBI's type: ``protein-coding``, ``pseudo``, ``ncRNA`` and others.
    chromosome
        ``1`` to ``22``, ``X``, ``Y``, ``X|Y``, ``MT``, ``Un``, or empty.
    previous
        Symbols that HGNC approved before, or withdrew in favour of this one.
    hgnc
        HGNC's id, such as ``HGNC:3236``; empty where HGNC has no entry.
    """

    entrez: int
    symbol: str
    full_name: str = ""
    aliases: tuple[str, ...] = ()
    ensembl: tuple[str, ...] = ()
    uniprot: tuple[str, ...] = ()
    gene_type: str = "unknown"
    chromosome: str = ""
    previous: tuple[str, ...] = ()
    hgnc: str = ""

    @property
    def other_symbols(self) -> tuple[str, ...]:
        """Previous and alias symbols."""
        return (*self.previous, *self.aliases)


def to_line(gene: Gene) -> str:
    """Write a gene as one line of the table, without the line end."""
    lists = [gene.ensembl, gene.uniprot, gene.previous, gene.aliases]
    cells = [
        gene.symbol, str(gene.entrez), gene.full_name, gene.gene_type, gene.chromosome, gene.hgnc,
    ]  # fmt: skip
    if any(set("\t\r\n") & set(cell) for cell in cells) or any(
        set("\t\r\n|") & set(value) for values in lists for value in values
    ):
        raise GeneAnalogiesError(f"gene {gene.entrez}: a tab, line end or bar inside a value")
    return "\t".join(cells + ["|".join(values) for values in lists])


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
    """Human genes, looked up by symbol, identifier or alias.

    Parameters
    ----------
    genes
        The genes, best known first: that is the order of every answer.
    """

    def __init__(self, genes: Iterable[Gene]) -> None:
        self._lines = [to_line(gene) for gene in genes]

    @classmethod
    @cache
    def packaged(cls) -> GeneTable:
        """Return the table that comes with the package; it is read once.

        Raises
        ------
        GeneAnalogiesError
            If the packaged file is missing or is not the one that was packaged.
        """
        table = cls(())
        table._lines = packaged_lines("genes")
        return table

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Gene]:
        return map(_to_gene, self._lines)

    def __repr__(self) -> str:
        return f"GeneTable({len(self):,} genes)"

    def by_symbol(self, name: str) -> tuple[Gene, ...]:
        """Return the genes with this approved symbol: in this case, else in any case.

        A few symbols, such as ``RNR1``, belong to two genes.
        """
        places = self._symbol_places.all(name) or self._folded_places.all(name.casefold())
        return self._genes(places)

    def by_identifier(self, name: str) -> tuple[Gene, ...]:
        """Return the genes with this Ensembl, Entrez, HGNC or UniProt identifier.

        The version of an Ensembl id is cut off; case does not matter.
        """
        return self._genes(self._places_of_identifier(cut_version(name).upper()))

    def by_previous(self, name: str) -> tuple[Gene, ...]:
        """Return the genes that had this symbol before, in any case."""
        return self._genes(self._places_of_previous.get(name.casefold(), ()))

    def by_alias(self, name: str) -> tuple[Gene, ...]:
        """Return the genes with this alias symbol, in any case."""
        return self._genes(self._places_of_alias.get(name.casefold(), ()))

    def find(self, name: str) -> Gene | None:
        """Return the gene that an item of this name stands for, or None.

        The name is an approved symbol in its own case, or an identifier that no other gene has.
        """
        place = self._place(name)
        return None if place is None else _to_gene(self._lines[place])

    def find_entrez(self, name: str) -> int | None:
        """Return the Entrez number of `find`, without making the gene."""
        place = self._place(name)
        return None if place is None else self._entrez(place)

    def starting_with(self, prefix: str) -> tuple[Gene, ...]:
        """Return the genes whose symbol starts with these letters, best known first."""
        symbols, places = self._sorted_symbols
        start, end = bisect_left(symbols, prefix), bisect_left(symbols, f"{prefix}\U0010ffff")
        return self._genes(sorted(places[start:end]))

    def best_known_first(self, genes: Iterable[Gene]) -> tuple[Gene, ...]:
        """Return genes of this table, each once, in the order of the table."""
        order = self._entrez_places.first
        return tuple(sorted(dict.fromkeys(genes), key=lambda gene: order[str(gene.entrez)]))

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
        return tuple(map(_to_gene, found))

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield every symbol, then every other symbol, with the Entrez number of its gene."""
        numbers = [self._entrez(place) for place in range(len(self))]
        yield from zip(self._symbols, numbers, strict=True)
        for line, number in zip(self._lines, numbers, strict=True):
            for column in (_PREVIOUS, _ALIASES):
                for other in _column(line, column):
                    yield other, number

    def cells(self) -> Iterator[list[str]]:
        """Yield the texts of `COLUMNS` of every gene; bars divide the values of a list."""
        for line in self._lines:
            yield line.split("\t")

    def _genes(self, places: Iterable[int]) -> tuple[Gene, ...]:
        return tuple(_to_gene(self._lines[place]) for place in places)

    def _entrez(self, place: int) -> int:
        return int(self._lines[place].split("\t", 2)[1])

    def _place(self, name: str) -> int | None:
        place = self._symbol_places.first.get(name)
        if place is None:
            places = self._places_of_identifier(cut_version(name))
            place = places[0] if len(places) == 1 else None
        return place

    def _places_of_identifier(self, name: str) -> tuple[int, ...]:
        if name.isdecimal():
            return self._entrez_places.all(name)
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
    def _symbol_places(self) -> _Places:
        return _Places(self._symbols)

    @cached_property
    def _folded_places(self) -> _Places:
        return _Places([symbol.casefold() for symbol in self._symbols])

    @cached_property
    def _entrez_places(self) -> _Places:
        return _Places([line.split("\t", 2)[1] for line in self._lines])

    @cached_property
    def _places_of_ensembl(self) -> dict[str, tuple[int, ...]]:
        return _index(_column(line, _ENSEMBL) for line in self._lines)

    @cached_property
    def _places_of_uniprot(self) -> dict[str, tuple[int, ...]]:
        return _index(_column(line, _UNIPROT) for line in self._lines)

    @cached_property
    def _places_of_hgnc(self) -> dict[str, tuple[int, ...]]:
        return _index(_column(line, _HGNC) for line in self._lines)

    @cached_property
    def _places_of_previous(self) -> dict[str, tuple[int, ...]]:
        return _index(dict.fromkeys(_column(line.casefold(), _PREVIOUS)) for line in self._lines)

    @cached_property
    def _places_of_alias(self) -> dict[str, tuple[int, ...]]:
        # A gene may list one alias in two cases (p53, P53): it counts once.
        return _index(dict.fromkeys(_column(line.casefold(), _ALIASES)) for line in self._lines)


class _Places:
    """Where keys stand that are nearly all different; a place for each is quicker than a list."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = keys
        # Backwards, so that the first place of a repeated key stays.
        self.first = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))

    def all(self, key: str) -> tuple[int, ...]:
        """Return every place of a key, in order."""
        place = self.first.get(key)
        return () if place is None else (place, *self._later.get(key, ()))

    @cached_property
    def _later(self) -> dict[str, list[int]]:
        later: dict[str, list[int]] = {}
        for place, key in enumerate(self._keys):
            if self.first[key] != place:
                later.setdefault(key, []).append(place)
        return later


def _index(keys_of_places: Iterable[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    """Map every key to the places that hold it, in order."""
    index: dict[str, tuple[int, ...]] = {}
    for place, keys in enumerate(keys_of_places):
        for key in keys:
            index[key] = (*index[key], place) if key in index else (place,)
    return index


def _column(line: str, column: int) -> Iterable[str]:
    cell = line.split("\t", column + 1)[column]
    return cell.split("|") if cell else ()


def _to_gene(line: str) -> Gene:
    symbol, entrez, full_name, gene_type, chromosome, hgnc, *lists = line.split("\t")
    ensembl, uniprot, previous, aliases = (tuple(cell.split("|")) if cell else () for cell in lists)
    return Gene(
        int(entrez), symbol, full_name, aliases, ensembl, uniprot, gene_type, chromosome,
        previous, hgnc,
    )  # fmt: skip
