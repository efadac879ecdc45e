"""A gene, and how it is written as a line of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["COLUMNS", "Gene", "Species", "to_gene", "to_line"]

Species = Literal["human", "mouse"]

#: The columns of a table; the first three are a symbol, a number and a name for every species.
COLUMNS: Final[dict[Species, tuple[str, ...]]] = {
    "human": (
        "symbol", "entrez", "full_name", "gene_type", "chromosome", "hgnc", "ensembl", "uniprot",
        "previous", "aliases",
    ),
    "mouse": ("symbol", "mgi", "full_name", "ortholog", "related", "ensembl", "aliases"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gene:
    """One gene of human or mouse.

    Of a mouse gene, MGI's symbol, synonyms, Ensembl ids and id are known, and the human genes that
    HGNC relates it to; its full name is that of its one-to-one ortholog, and says so.

    Attributes
    ----------
    entrez
        NCBI's gene number; 0 for a mouse gene.
    symbol
        The symbol that HGNC approved, such as ``EGFR``; NCBI's where HGNC has no entry. Of a mouse
        gene, MGI's, such as ``Egfr``.
    full_name
        The name in words, such as ``epidermal growth factor receptor``; of a mouse gene,
        ``epidermal growth factor receptor (human ortholog EGFR)``.
    aliases
        Alias symbols, without the symbol itself and the previous ones.
    ensembl
        Ensembl gene ids; the one that HGNC names, on the reference assembly, comes first.
    uniprot
        UniProt accessions.
    gene_type
        NCBI's type: ``protein-coding``, ``pseudo``, ``ncRNA`` and others; empty for a mouse gene.
    chromosome
        ``1`` to ``22``, ``X``, ``Y``, ``X|Y``, ``MT``, ``Un``, or empty.
    previous
        Symbols that HGNC approved before, or withdrew in favour of this one.
    hgnc
        HGNC's id, such as ``HGNC:3236``; empty where HGNC has no entry.
    mgi
        MGI's id of a mouse gene, such as ``MGI:95294``.
    ortholog
        Of a mouse gene, the symbol of its one-to-one human ortholog, or empty.
    related
        Of a mouse gene, the symbols of the human genes that HGNC relates it to where the relation
        is not one-to-one.
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
    mgi: str = ""
    ortholog: str = ""
    related: tuple[str, ...] = ()

    @property
    def species(self) -> Species:
        """``human`` or ``mouse``."""
        return "mouse" if self.mgi else "human"

    @property
    def number(self) -> int:
        """The number that no other gene of the species has: NCBI's, or that of MGI's id."""
        return int(self.mgi.removeprefix("MGI:")) if self.mgi else self.entrez

    @property
    def label(self) -> str:
        """That number as a name that finds the gene: ``1956``, ``MGI:95294``."""
        return self.mgi or str(self.entrez)

    @property
    def registered(self) -> str:
        """The id at the authority that names the species' genes: ``HGNC:3236``, ``MGI:95294``."""
        return self.mgi or self.hgnc

    @property
    def other_symbols(self) -> tuple[str, ...]:
        """Previous and alias symbols."""
        return (*self.previous, *self.aliases)


def to_line(gene: Gene) -> str:
    """Write a gene as one line of its species' table, without the line end."""
    if gene.species == "mouse":
        cells = [gene.symbol, str(gene.number), gene.full_name, gene.ortholog]
        lists = [gene.related, gene.ensembl, gene.aliases]
    else:
        cells = [
            gene.symbol, str(gene.entrez), gene.full_name, gene.gene_type, gene.chromosome,
            gene.hgnc,
        ]  # fmt: skip
        lists = [gene.ensembl, gene.uniprot, gene.previous, gene.aliases]
    if any(set("\t\r\n") & set(cell) for cell in cells) or any(
        set("\t\r\n|") & set(value) for values in lists for value in values
    ):
        raise GeneAnalogiesError(f"gene {gene.label}: a tab, line end or bar inside a value")
    return "\t".join(cells + ["|".join(values) for values in lists])


def to_gene(line: str, species: Species) -> Gene:
    """Return the gene of a line of its species' table."""
    if species == "mouse":
        symbol, number, full_name, ortholog, *lists = line.split("\t")
        related, ensembl, aliases = map(_values, lists)
        return Gene(
            0, symbol, full_name, aliases, ensembl, gene_type="", mgi=f"MGI:{number}",
            ortholog=ortholog, related=related,
        )  # fmt: skip
    symbol, entrez, full_name, gene_type, chromosome, hgnc, *lists = line.split("\t")
    ensembl, uniprot, previous, aliases = map(_values, lists)
    return Gene(
        int(entrez), symbol, full_name, aliases, ensembl, uniprot, gene_type, chromosome,
        previous, hgnc,
    )  # fmt: skip


def _values(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
