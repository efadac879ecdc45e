"""Approved symbols of human genes, as HGNC lists them, put over the facts of NCBI.

The file is a custom download of HGNC (tab-separated, one line an entry). HGNC decides what a gene
is called today, what it was called before, and which gene an Ensembl id belongs to; NCBI adds the
genes that HGNC does not name, chromosomes, and further aliases and ids.
"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import Gene
from gene_analogies.sources.facts import GeneFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Hgnc", "HgncEntry", "read_hgnc", "with_hgnc"]

_COLUMNS: Final = (
    "HGNC ID", "Approved symbol", "Approved name", "Status", "Alias symbols", "Previous symbols",
    "NCBI Gene ID(supplied by NCBI)", "UniProt ID(supplied by UniProt)",
    "Mouse genome database ID(supplied by MGI)", "Ensembl gene ID", "Locus type",
)  # fmt: skip
_SEE: Final = re.compile(r"\[(HGNC:[0-9]+)\]")
#: NCBI's types of gene for the locus types of HGNC; pseudogenes of every kind are ``pseudo``.
_GENE_TYPES: Final = {
    "gene with protein product": "protein-coding",
    "immunoglobulin gene": "other",
    "T cell receptor gene": "other",
    "RNA, ribosomal": "rRNA",
    "RNA, small nuclear": "snRNA",
    "RNA, small nucleolar": "snoRNA",
    "RNA, transfer": "tRNA",
}


class HgncEntry(NamedTuple):
    """An approved gene of HGNC; ``entrez`` is 0 where HGNC names no gene of NCBI."""

    hgnc: str
    symbol: str
    full_name: str
    aliases: tuple[str, ...]
    previous: tuple[str, ...]
    entrez: int
    ensembl: str
    uniprot: tuple[str, ...]
    mouse: tuple[str, ...]
    locus_type: str

    @property
    def gene_type(self) -> str:
        """The type that NCBI would give the gene."""
        if "pseudogene" in self.locus_type:
            return "pseudo"
        ncrna = "ncRNA" if self.locus_type.startswith("RNA, ") else "unknown"
        return _GENE_TYPES.get(self.locus_type, ncrna)


class Hgnc(NamedTuple):
    """What HGNC lists: the approved genes, in the order of the file, and where they are from.

    ``withdrawn`` are the symbols of entries that were withdrawn without a successor.
    """

    entries: tuple[HgncEntry, ...]
    withdrawn: tuple[str, ...]
    source: dict[str, Any]


def read_hgnc(path: str | Path, release: str = "unknown") -> Hgnc:
    """Read HGNC's entries.

    A withdrawn symbol that the file sends on to approved entries is one of their previous symbols.

    Parameters
    ----------
    path
        The tab-separated file, with HGNC's column titles.
    release
        Where the file is from, for the provenance: the file has no date of its own.

    Returns
    -------
    Hgnc

    Raises
    ------
    GeneAnalogiesError
        If the file is missing, or lacks a column or an entry.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
        lines = list(csv.DictReader(content.decode().splitlines(), delimiter="\t", quoting=3))
    except (OSError, UnicodeDecodeError) as error:
        raise GeneAnalogiesError(f"{path}: expected HGNC's tab-separated text ({error})") from None
    missing = set(_COLUMNS) - set(lines[0] if lines else ())
    if missing:
        raise GeneAnalogiesError(
            f"{path}: the first line lacks the column {min(missing)!r} of HGNC's custom downloads"
        )
    withdrawn: dict[str, list[str]] = {}
    for line in lines:
        if line["Status"] == "Symbol Withdrawn":
            for successor in _SEE.findall(line["Approved name"]):
                withdrawn.setdefault(successor, []).append(line["Approved symbol"])
    entries = tuple(_entry(line, withdrawn) for line in lines if line["Status"] == "Approved")
    source = {
        "name": "HGNC",
        "release": release,
        "dates": "not in the file",
        "licence": "CC0 1.0",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    known = {symbol for entry in entries for symbol in (entry.symbol, *entry.previous)}
    gone = sorted({line["Approved symbol"] for line in lines} - known)
    return Hgnc(entries, tuple(gone), source)


def with_hgnc(facts: GeneFacts, hgnc: Hgnc) -> GeneFacts:
    """Put HGNC's names and ids over NCBI's facts, joined by Entrez number.

    Of NCBI's records that HGNC does not name, those are left out whose symbol HGNC has approved
    for another record: a trait, or the same gene under an old number. Entries of HGNC that name
    no record of NCBI are left out, too.

    Parameters
    ----------
    facts
        Genes and papers of NCBI.
    hgnc
        HGNC's entries.

    Returns
    -------
    GeneFacts
        The genes by increasing Entrez number; the papers of the genes that are left.
    """
    entries = {entry.entrez: entry for entry in hgnc.entries if entry.entrez}
    approved = {entry.symbol for entry in entries.values()}
    owner = {entry.ensembl: entry.entrez for entry in entries.values() if entry.ensembl}
    genes = {
        gene.entrez: gene
        for gene in facts.genes
        if gene.entrez in entries or gene.symbol not in approved
    }
    for entrez, entry in entries.items():
        genes[entrez] = _merged(genes.get(entrez), entry)
    kept = tuple(replace(gene, ensembl=_owned(gene, owner)) for _, gene in sorted(genes.items()))
    papers = facts.papers[np.isin(facts.papers[:, 0], list(genes))]
    return GeneFacts(kept, papers, {"genes": facts.sources, "symbols": hgnc.source})


def _merged(gene: Gene | None, entry: HgncEntry) -> Gene:
    """Return NCBI's gene under HGNC's names; NCBI's own symbol becomes an alias."""
    if gene is None:
        gene = Gene(entry.entrez, entry.symbol, gene_type=entry.gene_type)
    previous = _without(entry.previous, (entry.symbol,))
    aliases = (*entry.aliases, gene.symbol, *gene.aliases)
    return Gene(
        entrez=entry.entrez,
        symbol=entry.symbol,
        full_name=entry.full_name,
        aliases=_without(aliases, (entry.symbol, *previous)),
        ensembl=_without((*([entry.ensembl] if entry.ensembl else []), *gene.ensembl)),
        uniprot=_without((*entry.uniprot, *gene.uniprot)),
        gene_type=gene.gene_type,
        chromosome=gene.chromosome,
        previous=previous,
        hgnc=entry.hgnc,
    )


def _owned(gene: Gene, owner: Mapping[str, int]) -> tuple[str, ...]:
    """Return the Ensembl ids of a gene that HGNC does not give to another gene."""
    return tuple(name for name in gene.ensembl if owner.get(name, gene.entrez) == gene.entrez)


def _entry(line: Mapping[str, str], withdrawn: Mapping[str, Sequence[str]]) -> HgncEntry:
    hgnc = line["HGNC ID"]
    entrez = line["NCBI Gene ID(supplied by NCBI)"]
    return HgncEntry(
        hgnc=hgnc,
        symbol=line["Approved symbol"],
        full_name=line["Approved name"],
        aliases=_values(line["Alias symbols"]),
        previous=(*_values(line["Previous symbols"]), *withdrawn.get(hgnc, ())),
        entrez=int(entrez) if entrez else 0,
        ensembl=line["Ensembl gene ID"],
        uniprot=_values(line["UniProt ID(supplied by UniProt)"]),
        mouse=_values(line["Mouse genome database ID(supplied by MGI)"]),
        locus_type=line["Locus type"],
    )


def _values(cell: str) -> tuple[str, ...]:
    return tuple(value for value in cell.split(", ") if value)


def _without(values: Iterable[str], others: Iterable[str] = ()) -> tuple[str, ...]:
    """Return each value once, in order, without the others."""
    left_out = set(others)
    return tuple(value for value in dict.fromkeys(values) if value not in left_out)
