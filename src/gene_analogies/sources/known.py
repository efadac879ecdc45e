"""Write what is known of genes beside the embeddings: their papers, and their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.packed import write_packed_arrays
from gene_analogies.sources.pubmed import kept_links
from gene_analogies.util.delta_bytes import to_delta_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gene_analogies.sources.annotations import GeneAnnotations
    from gene_analogies.sources.facts import GeneFacts
    from gene_analogies.sources.ontology import Ontology
    from gene_analogies.sources.pfam_names import PfamNames

__all__ = ["write_papers", "write_terms"]

# Processes are many, and say less of what a gene itself is.
_KINDS = ("function", "component", "domain")
_IDENTIFIERS = ("Ensembl", "UniProt")


def write_papers(facts: GeneFacts, path: Path) -> dict[str, int]:
    """Write the links between genes and papers that the embedding ``pubmed`` is built from.

    Parameters
    ----------
    facts
        Genes and papers.
    path
        The file to write, such as ``known/papers.npz``; the provenance goes beside it.

    Returns
    -------
    dict
        How many genes, papers and links were written.
    """
    links, _ = kept_links(facts.papers, facts.genes)
    entrez, gene, papers_of = np.unique(links[:, 0], return_inverse=True, return_counts=True)
    pubmed_ids, paper = np.unique(links[:, 1], return_inverse=True)
    # Genes of many papers first, whose differences are small: that compresses a little better.
    order = np.lexsort((entrez, -papers_of))
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    counts = {"genes": len(entrez), "papers": len(pubmed_ids), "links": len(links)}
    arrays: dict[str, NDArray[Any]] = {
        "entrez": entrez[order].astype(np.int32),
        "pubmed_ids": to_delta_bytes(pubmed_ids),
        "links": to_delta_bytes(np.sort(rank[gene] * pubmed_ids.size + paper)),
    }
    # Identifiers of genes are not in this file.
    dates, licences = (
        {name: value for name, value in facts.sources[what].items() if name not in _IDENTIFIERS}
        for what in ("dates", "licence")
    )
    sources = {"name": facts.sources["name"], "dates": dates, "licence": licences}
    write_packed_arrays(path, arrays, {"sources": sources, "counts": counts})
    return counts


def write_terms(
    annotations: GeneAnnotations, ontology: Ontology, pfam: PfamNames | None, path: Path
) -> dict[str, int]:
    """Write the functions, components and domains of every gene, and what stands above them.

    Parameters
    ----------
    annotations
        What genes are annotated with; whatever the evidence.
    ontology
        Names of the terms, and their parents.
    pfam
        Names of the domains; without them, and where one has none, its accession stands for it.
    path
        The file to write, such as ``known/terms.npz``; the provenance goes beside it.

    Returns
    -------
    dict
        How many genes, terms and annotations were written.

    Raises
    ------
    GeneAnalogiesError
        If the ontology lacks a term.
    """
    # Roots say that nothing is known.
    roots = {term for term, parents in ontology.parents.items() if not parents}
    own = [row for row in _own_terms(annotations, ontology) if row[1] not in roots]
    above = {term: found - roots for term, found in ontology.ancestors().items()}
    genes_of: dict[str, set[int]] = {}
    for number, term in own:
        for one in above.get(term, (term,)):
            genes_of.setdefault(one, set()).add(number)
    # Most specific first: fewest genes, and of a term and its parent with the same genes the term.
    depth = {term: len(above.get(term, ())) for term in genes_of}
    terms = sorted(genes_of, key=lambda term: (len(genes_of[term]), -depth[term], term))
    place = {term: rank for rank, term in enumerate(terms)}
    names = {} if pfam is None else pfam.names
    lines = []
    for term in terms:
        kind = ontology.kinds.get(term, "domain")
        name = ontology.names.get(term) or names.get(term, term)
        parents = [place[one] for one in ontology.parents.get(term, ()) if one not in roots]
        count = len(genes_of[term])
        lines.append(f"{term}\t{name}\t{kind}\t{count}\t{'|'.join(map(str, parents))}")
    numbers = np.array([number for number, _ in own], np.int64)
    entrez, row = np.unique(numbers, return_inverse=True)
    keys = row * len(terms) + np.array([place[term] for _, term in own], np.int64)
    arrays: dict[str, NDArray[Any]] = {
        "terms": np.frombuffer("\n".join(lines).encode(), dtype=np.uint8),
        "entrez": to_delta_bytes(entrez),
        "annotations": to_delta_bytes(np.sort(keys)),
    }
    counts = {
        "genes": len(entrez),
        "terms": len(terms),
        "annotations": len(own),
        "domains_without_name": sum(
            term not in ontology.names and term not in names for term in terms
        ),
    }
    sources: dict[str, Any] = {"annotations": annotations.sources, "ontology": ontology.sources}
    if pfam is not None:
        sources["names_of_domains"] = pfam.source
    write_packed_arrays(path, arrays, {"sources": sources, "counts": counts})
    return counts


def _own_terms(annotations: GeneAnnotations, ontology: Ontology) -> list[tuple[int, str]]:
    """Return gene and term of every annotation, each once."""
    own = set()
    for number, place in np.unique(annotations.direct[:, :2], axis=0).tolist():
        term, kind = annotations.terms[place], annotations.kinds[place]
        if kind not in _KINDS:
            continue
        if kind != "domain":
            term = ontology.alternatives.get(term, term)
            if term not in ontology.names:
                raise GeneAnalogiesError(
                    f"the ontology of {ontology.sources['date']} lacks the term {term}, which genes"
                    f" have in annotations made with that of"
                    f" {annotations.sources['dates']['Gene Ontology']}"
                )
        own.add((number, term))
    return sorted(own)
