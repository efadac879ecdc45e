"""Write the packaged gene table from public facts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from gene_analogies.genes.gene import COLUMNS, to_line
from gene_analogies.genes.withdrawn import COLUMNS as WITHDRAWN_COLUMNS
from gene_analogies.sources.packed import write_packed

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene
    from gene_analogies.sources.facts import GeneFacts
    from gene_analogies.sources.hgnc import Hgnc

__all__ = ["best_known_first", "write_table", "write_withdrawn"]

# Enhancers, silencers and breakpoints: unless HGNC approved it, their symbol (LOC…) names no gene
# that a user asks for, and they are a sixth of all records.
_LEFT_OUT = "biological-region"


def best_known_first(facts: GeneFacts) -> list[Gene]:
    """Return the genes of the table, those with more papers first.

    Parameters
    ----------
    facts
        What is known; regulatory regions are left out.
    """
    papers = Counter(facts.papers[:, 0].tolist())
    return sorted(
        (gene for gene in facts.genes if gene.gene_type != _LEFT_OUT or gene.hgnc),
        key=lambda gene: (-papers[gene.entrez], gene.entrez),
    )


def write_table(facts: GeneFacts, path: Path) -> dict[str, int]:
    """Write the genes as compressed text, and their checksum and provenance beside it.

    The same facts give the same bytes. Genes with more papers come first, so that every list of
    candidates starts with the best-known gene.

    Parameters
    ----------
    facts
        What is known; regulatory regions are left out.
    path
        The file to write, such as ``genes.tsv.gz``; the provenance goes to ``genes.json``.

    Returns
    -------
    dict
        How many genes, HGNC ids, previous symbols, aliases, Ensembl ids and UniProt accessions
        were written.
    """
    genes = best_known_first(facts)
    counts = {
        "genes": len(genes),
        "hgnc": sum(gene.hgnc != "" for gene in genes),
        "previous": sum(len(gene.previous) for gene in genes),
        "aliases": sum(len(gene.aliases) for gene in genes),
        "ensembl": sum(len(gene.ensembl) for gene in genes),
        "uniprot": sum(len(gene.uniprot) for gene in genes),
    }
    provenance = {
        "sources": facts.sources,
        "order": "number of papers, most first",
        "left_out": _LEFT_OUT,
        "counts": counts,
    }
    write_packed(path, COLUMNS["human"], map(to_line, genes), provenance)
    return counts


def write_withdrawn(hgnc: Hgnc, path: Path) -> dict[str, int]:
    """Write the symbols that HGNC withdrew without a successor.

    Parameters
    ----------
    hgnc
        HGNC's entries.
    path
        The file to write, such as ``withdrawn.tsv.gz``; the provenance goes beside it.

    Returns
    -------
    dict
        How many symbols were written.
    """
    counts = {"symbols": len(hgnc.withdrawn)}
    provenance = {"sources": hgnc.source, "counts": counts}
    write_packed(path, WITHDRAWN_COLUMNS, hgnc.withdrawn, provenance)
    return counts
