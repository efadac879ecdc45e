"""Which genes the names of an embedding stand for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gene_analogies.genes.forms import (
    concept_names,
    entrez_of_concept,
    hgnc_symbol,
    mitochondrial_genes,
)
from gene_analogies.genes.row_numbers import are_row_numbers
from gene_analogies.genes.table import cut_version

if TYPE_CHECKING:
    from gene_analogies.genes.table import Gene, GeneTable

__all__ = ["Vocabulary", "step_back"]

_SAMPLE: Final = 256


class Vocabulary:
    """The names of an embedding, and the known genes that they stand for.

    A name stands for a gene as its symbol in its own case, as HGNC's symbol of a mitochondrial
    gene (``MT-CO1``), as an Ensembl id, with or without a version, or as a UniProt accession. All
    this holds only where at least a tenth of the names are known genes, and no half of them are
    human symbols in another case, as in mouse: a word list and another species share names with
    human genes by chance. There, a previous or alias symbol of one gene alone, which has no row
    of its own, stands for that gene, too: vocabularies outlive symbols. Bare numbers are Entrez
    numbers only where they are at least half of the names, for a word list holds years;
    ``Gene_1956`` (BioConceptVec) always is.

    Parameters
    ----------
    names
        The embedding's names, in the order of its rows.
    table
        The known genes, or None.

    Attributes
    ----------
    names
        As given.
    """

    def __init__(self, names: Sequence[str], table: GeneTable | None) -> None:
        self.names = names
        self._given_table = table

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row number of every name."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def table(self) -> GeneTable | None:
        """The known genes; None where no name is a gene's."""
        concepts = any(map(entrez_of_concept, self._sample))
        genes = self._names_are_genes or self._numbers_are_genes or concepts
        return self._given_table if genes else None

    @cached_property
    def genes_with_row(self) -> set[int]:
        """Entrez numbers of the genes that have a row."""
        numbers = {self._entrez(name) for name in self.names} if self.table is not None else set()
        return {number for number in numbers if number is not None}

    @cached_property
    def spellings(self) -> list[tuple[str, str]]:
        """Every spelling that leads to an item, and the name to ask for it.

        Symbols and aliases of genes, best known first; then the other items.
        """
        if self.table is None:
            return [(name, name) for name in self.names]
        symbols: dict[int, str] = {}
        found: list[tuple[str, str]] = []
        taken = set(self.rows)
        for spelling, entrez in self.table.spellings():
            if entrez in self.genes_with_row:
                # The first spelling of a gene is its symbol, and a name taken is nobody's alias.
                symbol = symbols.setdefault(entrez, spelling)
                if spelling == symbol or spelling not in taken:
                    found.append((spelling, symbol))
            if self.table.find_entrez(spelling) == entrez:
                taken.add(spelling)
        genes = set(symbols.values())
        return found + [(name, name) for name in self.names if name not in genes]

    def gene(self, name: str) -> Gene | None:
        """Return the gene that a name of the embedding stands for, or None."""
        table = self.table
        if table is None:
            return None
        number = entrez_of_concept(name)
        if number is not None:
            return table.find(number)
        if not (self._numbers_are_genes if name.isdecimal() else self._plain_are_genes):
            return None
        return table.find(name) or self._outdated(name, table)

    def row_of(self, gene: Gene) -> int | None:
        """Return the row of a gene, under whichever of its names the embedding holds."""
        for key in self._keys(gene):
            row = self.rows.get(key, self._uncut_rows.get(key))
            if row is not None:
                return row
        table = self.table
        if table is not None and self._plain_are_genes:
            for alias in gene.aliases:
                row = self.rows.get(alias)
                if row is not None and table.find_entrez(alias) is None:
                    known = self._outdated(alias, table)
                    if known is not None and known.entrez == gene.entrez:
                        return row
        return None

    def row_of_version(self, name: str) -> int | None:
        """Return the row of an Ensembl id that the embedding holds in another version."""
        cut = cut_version(name)
        return self._uncut_rows.get(cut, self.rows.get(cut))

    def row_in_another_case(self, name: str) -> int | None:
        """Return the row of the only name that differs from this in case, if in anything."""
        return self._folded_rows.get(name.casefold())

    def _keys(self, gene: Gene) -> list[str]:
        keys: list[str] = []
        if self._plain_are_genes:
            # Of two genes with one symbol, an item of this name is the better-known one.
            if self.table is not None and self.table.find_entrez(gene.symbol) == gene.entrez:
                keys.append(gene.symbol)
            hgnc = hgnc_symbol(gene)
            keys += [*([hgnc] if hgnc else []), *gene.ensembl, *gene.uniprot]
        if self._numbers_are_genes:
            keys.append(str(gene.entrez))
        return [*keys, *concept_names(gene.entrez)]

    def _outdated(self, name: str, table: GeneTable) -> Gene | None:
        """Return the gene of an HGNC or previous symbol, if it is of one gene with no row else."""
        genes = _mitochondrial(name, table)
        if genes:
            return genes[0]
        gene = self._meant(name, table)
        if gene is None:
            return None
        # Of several such symbols of a gene, the one it lists first is meant.
        for alias in gene.aliases:
            if alias in self.rows and self._meant(alias, table) == gene:
                return gene if alias == name else None
        return None

    def _meant(self, name: str, table: GeneTable) -> Gene | None:
        """Return the one gene without a row of its own that may have had this symbol.

        Of several, the one whose symbol was made from it: QARS → QARS1, SEPT2 → SEPTIN2.
        """
        genes = [
            gene
            for gene in step_back(table.by_alias(name))
            if name in gene.aliases and not any(key in self.rows for key in self._keys(gene))
        ]
        stem = name.rstrip("0123456789")
        number = name[len(stem) :]
        for renamed in (
            [gene for gene in genes if gene.symbol == f"{name}1"],
            [
                gene
                for gene in genes
                if gene.symbol.startswith(stem)
                and gene.symbol[len(stem) :].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == number
            ],
        ):
            if len(genes) > 1 and len(renamed) == 1:
                return renamed[0]
        return genes[0] if len(genes) == 1 else None

    def _entrez(self, name: str) -> int | None:
        """Return the number of `gene`, without making it."""
        table = self.table
        plain = self._numbers_are_genes if name.isdecimal() else self._plain_are_genes
        number = table.find_entrez(name) if table is not None and plain else None
        if number is not None:
            return number
        gene = self.gene(name)
        return None if gene is None else gene.entrez

    @cached_property
    def _uncut_rows(self) -> dict[str, int]:
        """Rows of the Ensembl ids that the embedding holds with a version, without it."""
        rows: dict[str, int] = {}
        for row, name in enumerate(self.names):
            if name.startswith("ENS") and (cut := cut_version(name)) != name:
                rows.setdefault(cut, row)
        return rows

    @cached_property
    def _folded_rows(self) -> dict[str, int]:
        """Rows of the names that no other name equals in another case."""
        rows: dict[str, int] = {}
        twice: set[str] = set()
        for row, name in enumerate(self.names):
            folded = name.casefold()
            if rows.setdefault(folded, row) != row:
                twice.add(folded)
        return {name: row for name, row in rows.items() if name not in twice}

    @property
    def _plain_are_genes(self) -> bool:
        return self._names_are_genes or self._numbers_are_genes

    @cached_property
    def _names_are_genes(self) -> bool:
        table = self._given_table
        if table is None:
            return False
        words = [name for name in self._sample if not name.isdecimal()]
        unknown = [name for name in words if not _known(name, table)]
        in_capitals = sum(_known(name.upper(), table) for name in unknown)
        if 2 * in_capitals > len(self._sample):
            return False
        known = len(words) - len(unknown)
        return known > 0 and 10 * known >= len(self._sample)

    @cached_property
    def _numbers_are_genes(self) -> bool:
        table = self._given_table
        numbers = [name for name in self._sample if name.isdecimal()]
        if table is None or not numbers or 2 * len(numbers) < len(self._sample):
            return False
        if are_row_numbers(self.names, table):
            return False
        return 2 * sum(table.find_entrez(name) is not None for name in numbers) >= len(numbers)

    @cached_property
    def _sample(self) -> Sequence[str]:
        return self.names[:: max(1, len(self.names) // _SAMPLE)]


def step_back(genes: tuple[Gene, ...]) -> tuple[Gene, ...]:
    """Leave out the genes that borrow their name from another one, unless all do."""
    own = tuple(
        gene
        for gene in genes
        if gene.gene_type not in ("pseudo", "unknown") and "readthrough" not in gene.full_name
    )
    return own or genes


def _known(name: str, table: GeneTable) -> bool:
    return table.find_entrez(name) is not None or bool(_mitochondrial(name, table))


def _mitochondrial(name: str, table: GeneTable) -> tuple[Gene, ...]:
    """Return the genes of HGNC's symbol in its own case: mouse's ``mt-Co1`` is none of them."""
    return mitochondrial_genes(name, table) if name.startswith("MT-") else ()
