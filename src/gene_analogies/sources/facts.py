"""Public facts about human genes: names, identifiers, and the papers that mention them.

The same facts come in two forms: the SQLite file of Bioconductor's org.Hs.eg.db, and the
compressed text files of NCBI Gene. Both give the same genes and papers; only UniProt accessions
are in the SQLite form alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.genes.gene import Gene
from gene_analogies.sources.public_files import (
    existing_file,
    gzip_date,
    human_rows,
    open_sqlite,
    parse_number,
    read_metadata,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from gene_analogies.sources.public_files import Rows

__all__ = ["GeneFacts", "read_ncbi", "read_sqlite"]

_LICENCES = {
    "NCBI Gene": "public domain",
    "Ensembl": "no restrictions",
    "UniProt": "CC BY 4.0",
    "org.Hs.eg.db": "Artistic-2.0",
}
# NCBI's placeholder for papers whose gene has no record yet: it is no gene.
_PLACEHOLDER = "NEWENTRY"


@dataclass(frozen=True)
class GeneFacts:
    """Human genes and the papers linked to them.

    Attributes
    ----------
    genes
        Every gene that has a symbol, by increasing Entrez number.
    papers
        Array of shape (links, 2) and type int64: Entrez number and PubMed id, each link once,
        in increasing order. Every gene number is one of ``genes``.
    sources
        Where the facts came from: ``name``, ``dates`` and ``licence``.
    """

    genes: tuple[Gene, ...]
    papers: NDArray[np.int64]
    sources: dict[str, Any]


@dataclass(slots=True)
class _Draft:
    """A gene while its facts are gathered."""

    symbol: str
    full_name: str
    gene_type: str = "unknown"
    aliases: set[str] = field(default_factory=set)
    # The ids that NCBI's record shows are those of the reference assembly; others follow them.
    ensembl: set[str] = field(default_factory=set)
    other_ensembl: set[str] = field(default_factory=set)
    uniprot: set[str] = field(default_factory=set)
    chromosomes: set[str] = field(default_factory=set)

    def gene(self, entrez: int) -> Gene:
        return Gene(
            entrez=entrez,
            symbol=self.symbol,
            full_name=self.full_name,
            aliases=tuple(sorted(self.aliases - {self.symbol})),
            ensembl=(*sorted(self.ensembl), *sorted(self.other_ensembl - self.ensembl)),
            uniprot=tuple(sorted(self.uniprot)),
            gene_type=self.gene_type,
            chromosome="|".join(sorted(self.chromosomes)),
        )


def read_sqlite(path: str | Path) -> GeneFacts:
    """Read the SQLite file of org.Hs.eg.db.

    Parameters
    ----------
    path
        ``org.Hs.eg.sqlite``.

    Returns
    -------
    GeneFacts

    Raises
    ------
    GeneAnalogiesError
        If the file is missing or damaged, or lacks a table or a column.
    """
    with open_sqlite(path, "org.Hs.eg.db") as rows:
        return _from_tables(rows)


def _from_tables(rows: Rows) -> GeneFacts:
    entrez = {key: int(number) for key, number in rows("genes", "_id", "gene_id")}
    drafts = {
        entrez[key]: _Draft(symbol, full_name)
        for key, symbol, full_name in rows("gene_info", "_id", "symbol", "gene_name")
    }
    for key, gene_type in rows("genetype", "_id", "gene_type"):
        drafts[entrez[key]].gene_type = gene_type
    for table, column, attribute in (
        ("alias", "alias_symbol", "aliases"),
        ("ncbi2ensembl", "ensembl_id", "ensembl"),
        ("ensembl", "ensembl_id", "other_ensembl"),
        ("uniprot", "uniprot_id", "uniprot"),
        ("chromosomes", "chromosome", "chromosomes"),
    ):
        for key, value in rows(table, "_id", column):
            getattr(drafts[entrez[key]], attribute).add(value)
    links = ((entrez[key], int(paper)) for key, paper in rows("pubmed", "_id", "pubmed_id"))
    metadata = read_metadata(rows)
    sources = {
        "name": "org.Hs.eg.db (Bioconductor)",
        "dates": {
            "NCBI Gene": metadata.get("EGSOURCEDATE", "unknown"),
            "Ensembl": metadata.get("ENSOURCEDATE", "unknown"),
            "UniProt": metadata.get("UPSOURCEDATE", "unknown"),
        },
        "licence": dict(_LICENCES),
    }
    return _assemble(drafts, links, sources)


def read_ncbi(
    gene2pubmed: str | Path, gene_info: str | Path, gene2ensembl: str | Path
) -> GeneFacts:
    """Read NCBI Gene's own files, gzip-compressed and tab-separated; other species are skipped.

    Parameters
    ----------
    gene2pubmed
        ``gene2pubmed.gz``: genes and papers. It is read as a stream, for it is large.
    gene_info
        ``Homo_sapiens.gene_info.gz``, or ``gene_info.gz`` of all species.
    gene2ensembl
        ``gene2ensembl.gz``: genes and their Ensembl ids.

    Returns
    -------
    GeneFacts

    Raises
    ------
    GeneAnalogiesError
        If a file is missing or damaged, or lacks a column.
    """
    files = {
        "gene2pubmed": existing_file(gene2pubmed),
        "gene_info": existing_file(gene_info),
        "gene2ensembl": existing_file(gene2ensembl),
    }
    columns = (
        "GeneID", "Symbol", "Synonyms", "dbXrefs", "chromosome", "description", "type_of_gene",
    )  # fmt: skip
    drafts: dict[int, _Draft] = {}
    for number, symbol, synonyms, references, chromosomes, description, gene_type in human_rows(
        files["gene_info"], columns
    ):
        drafts[parse_number(number, files["gene_info"])] = _Draft(
            symbol=symbol,
            full_name="" if description == "-" else description,
            gene_type="unknown" if gene_type == "-" else gene_type,
            aliases=_split(synonyms),
            ensembl={
                reference.removeprefix("Ensembl:")
                for reference in _split(references)
                if reference.startswith("Ensembl:")
            },
            chromosomes=_split(chromosomes),
        )
    for number, ensembl in human_rows(files["gene2ensembl"], ("GeneID", "Ensembl_gene_identifier")):
        draft = drafts.get(parse_number(number, files["gene2ensembl"]))
        if draft is not None:
            draft.other_ensembl |= _split(ensembl)
    links = (
        (parse_number(number, files["gene2pubmed"]), parse_number(paper, files["gene2pubmed"]))
        for number, paper in human_rows(files["gene2pubmed"], ("GeneID", "PubMed_ID"))
    )
    sources = {
        "name": "NCBI Gene",
        "dates": {path.name: gzip_date(path) for path in files.values()},
        "licence": {name: _LICENCES[name] for name in ("NCBI Gene", "Ensembl")},
    }
    return _assemble(drafts, links, sources)


def _assemble(
    drafts: dict[int, _Draft], links: Iterable[tuple[int, int]], sources: dict[str, Any]
) -> GeneFacts:
    """Sort the genes, and keep the links of these genes, each once."""
    genes = tuple(
        draft.gene(entrez)
        for entrez, draft in sorted(drafts.items())
        if draft.symbol not in ("", "-", _PLACEHOLDER)
    )
    papers_of: defaultdict[int, list[int]] = defaultdict(list)
    for entrez, paper in links:
        papers_of[entrez].append(paper)
    blocks = [np.empty((0, 2), dtype=np.int64)]
    for gene in genes:
        papers = np.unique(np.array(papers_of.get(gene.entrez, ()), dtype=np.int64))
        blocks.append(np.column_stack((np.full(papers.size, gene.entrez), papers)))
    return GeneFacts(genes, np.concatenate(blocks), sources)


def _split(cell: str) -> set[str]:
    """Split one of NCBI's lists: bars between the values, a hyphen for none."""
    return set() if cell == "-" else {value.strip() for value in cell.split("|")}
