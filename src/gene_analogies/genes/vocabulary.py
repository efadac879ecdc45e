"""Which genes the names of an embedding stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gene_analogies.genes.forms import concept_names, dashed, entrez_of_concept, inner_name, missing
from gene_analogies.genes.other_symbols import renamed, step_back
from gene_analogies.genes.row_numbers import are_row_numbers
from gene_analogies.genes.species import table_of
from gene_analogies.genes.table import cut_version

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene, Species
    from gene_analogies.genes.table import GeneTable

__all__ = ["Vocabulary"]

_SAMPLE: Final = 256


class Vocabulary:
    """The names of an embedding, and the known genes that they stand for.

    A name stands for a gene as its symbol in its own case, or as an Ensembl id or UniProt
    accession that no other gene has: by itself, in a longer name (`inner_name`), or as R writes it
    (`dashed`). All this holds only where at least a tenth of the names are known genes of human or
    of mouse, as `genes.species` decides: a word list and another species share names with them by
    chance. There, the model's own symbol of an item stands for its gene, too, and so does a
    previous or alias symbol of one gene alone, which has no row of its own: vocabularies outlive
    symbols. Bare numbers are Entrez numbers only where they are at least half of the names and do
    not number the rows, for a word list holds years; ``Gene_1956`` (BioConceptVec) always is.

    Parameters
    ----------
    names
        The embedding's names, in the order of its rows.
    table
        The known genes, or None.
    symbols
        The model's own symbol of some items, by name.

    Attributes
    ----------
    names, symbols
        As given.
    """

    def __init__(
        self,
        names: Sequence[str],
        table: GeneTable | None,
        symbols: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.names = names
        self.symbols = symbols
        self._given_table = table

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row number of every name."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def table(self) -> GeneTable | None:
        """The known genes, of human or mouse; None where no name is a gene's."""
        if self._numbers_are_genes or self._concepts_are_genes:
            return self._given_table
        return self._table_of_names

    @property
    def species(self) -> Species:
        """The species of the known genes; human where there are none."""
        return "human" if self.table is None else self.table.species

    @cached_property
    def genes_with_row(self) -> set[int]:
        """Numbers of the genes that have a row."""
        numbers = {self._number(name) for name in self.names} if self.table is not None else set()
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
        for spelling, number in self.table.spellings():
            if number in self.genes_with_row:
                # The first spelling of a gene is its symbol, and a name taken is nobody's alias.
                symbol = symbols.setdefault(number, spelling)
                if spelling == symbol or spelling not in taken:
                    found.append((spelling, symbol))
            if self.table.find_number(spelling) == number:
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
            return table.find(number) if self._concepts_are_genes else None
        if not (self._numbers_are_genes if name.isdecimal() else self._plain_are_genes):
            return None
        found = table.find(name) or table.find(inner_name(name)) or table.find(dashed(name))
        return found or self._of_model(name, table) or self._outdated(name, table)

    def row_of(self, gene: Gene) -> int | None:
        """Return the row of a gene, under whichever of its names the embedding holds."""
        for key in self._keys(gene):
            row = self.rows.get(key, self._inner_rows.get(key))
            if row is not None:
                return row
        table = self.table
        if table is None or not self._plain_are_genes:
            return None
        row = self._inner_rows.get(gene.label)  # EGFR|1956
        if row is not None:
            return row
        row = self._rows_of_model.get(gene.symbol)
        if row is not None and self.gene(self.names[row]) == gene:
            return row
        for other in gene.other_symbols:
            row = self.rows.get(other, self._inner_rows.get(other))
            if row is not None and table.find_number(other) is None:
                known = self._outdated(other, table)
                if known is not None and known.number == gene.number:
                    return row
        return None

    def row_of_inner(self, name: str) -> int | None:
        """Return the row of a name that holds the same identifier in another form or version."""
        inner = inner_name(name)
        return self._inner_rows.get(inner, self.rows.get(inner))

    def row_of_model(self, symbol: str) -> int | None:
        """Return the row of the only item that has this symbol in the model's own dictionary."""
        return self._rows_of_model.get(symbol)

    def row_in_another_case(self, name: str) -> int | None:
        """Return the row of the only name that differs from this in case, if in anything."""
        return self._folded_rows.get(name.casefold())

    def _keys(self, gene: Gene) -> list[str]:
        keys: list[str] = []
        table = self.table
        if table is not None and self._plain_are_genes:
            # Of two genes with one symbol, an item of this name is the better-known one.
            if table.find_number(gene.symbol) == gene.number:
                keys.append(gene.symbol)
            # An Ensembl id is one gene; an accession may be the same protein of several.
            keys += [name for name in gene.ensembl if table.find_number(name) == gene.number]
            keys += [*gene.uniprot, *filter(None, (gene.hgnc, gene.mgi))]
        if self._numbers_are_genes:
            keys.append(gene.label)
        if gene.entrez and self._concepts_are_genes:
            keys += concept_names(gene.entrez)
        return keys

    def _of_model(self, name: str, table: GeneTable) -> Gene | None:
        """Return the gene of the model's own symbol of an item."""
        symbol = self.symbols.get(name)
        if symbol is None:
            return None
        known = table.find(symbol)
        if known is not None:
            return known
        genes = step_back(table.by_previous(symbol))
        return genes[0] if len(genes) == 1 else None

    def _outdated(self, name: str, table: GeneTable) -> Gene | None:
        """Return the gene of a previous or alias symbol, if it is of one gene with no row else."""
        name = inner_name(name)
        # A cell without a value is no gene, though NA is an alias of XK.
        gene = None if missing(name) else self._meant(name, table)
        if gene is None:
            return None
        # Of several such symbols of a gene, the one it lists first is meant.
        for other in gene.other_symbols:
            if (other in self.rows or other in self._inner_rows) and self._meant(
                other, table
            ) == gene:
                return gene if other == name else None
        return None

    def _meant(self, name: str, table: GeneTable) -> Gene | None:
        """Return the one gene without a row of its own that may have had this symbol.

        Of several, the one whose symbol was made from it: QARS → QARS1, SEPT2 → SEPTIN2.
        """
        genes = self._without_row(name, table.by_previous(name)) or self._without_row(
            name, table.by_alias(name)
        )
        found = renamed(name, tuple(genes))
        return found[0] if len(found) == 1 else None

    def _without_row(self, name: str, genes: tuple[Gene, ...]) -> list[Gene]:
        """Return the genes that list just this symbol, and have no row of their own."""
        return [
            gene
            for gene in step_back(genes)
            if name in gene.other_symbols
            and not any(key in self.rows or key in self._inner_rows for key in self._keys(gene))
        ]

    def _number(self, name: str) -> int | None:
        """Return the number of `gene`, without making it."""
        table = self.table
        plain = self._numbers_are_genes if name.isdecimal() else self._plain_are_genes
        number = table.find_number(name) if table is not None and plain else None
        if number is not None:
            return number
        gene = self.gene(name)
        return None if gene is None else gene.number

    @cached_property
    def _inner_rows(self) -> dict[str, int]:
        """Rows of the identifiers and symbols that names of another form hold."""
        rows: dict[str, int] = {}
        others: dict[str, int] = {}
        for row, name in enumerate(self.names):
            # Most names are plain, and need no patterns.
            if not name.isalnum() and (inner := inner_name(name)) != name:
                # A versioned id goes before a copy of it, such as the gene's on Y.
                (rows if cut_version(name) == inner else others).setdefault(inner, row)
            elif "." in name and self.table is not None:
                others.setdefault(dashed(name), row)
        return others | rows

    @cached_property
    def _rows_of_model(self) -> dict[str, int]:
        """Rows of the symbols that the model's own dictionary gives to one item."""
        rows: dict[str, int] = {}
        twice: set[str] = set()
        for name, symbol in self.symbols.items():
            row = self.rows.get(name)
            if row is not None and rows.setdefault(symbol, row) != row:
                twice.add(symbol)
        return {symbol: row for symbol, row in rows.items() if symbol not in twice}

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
        return self._table_of_names is not None or self._numbers_are_genes

    @cached_property
    def _table_of_names(self) -> GeneTable | None:
        """The table of the genes that names, other than numbers, stand for; None for none."""
        given = self._given_table
        return None if given is None else table_of(self.names, self._sample, given)

    @cached_property
    def _numbers_are_genes(self) -> bool:
        table = self._given_table
        numbers = [name for name in self._sample if name.isdecimal()]
        if table is None or not numbers or 2 * len(numbers) < len(self._sample):
            return False
        if are_row_numbers(self.names, table):
            return False
        return 2 * sum(table.find_number(name) is not None for name in numbers) >= len(numbers)

    @cached_property
    def _concepts_are_genes(self) -> bool:
        concepts = any(map(entrez_of_concept, self._sample))
        return concepts and not are_row_numbers(self.names, self._given_table)

    @cached_property
    def _sample(self) -> Sequence[str]:
        return self.names[:: max(1, len(self.names) // _SAMPLE)]
