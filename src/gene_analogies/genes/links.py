"""Links from genes, papers and terms to public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene

__all__ = ["gene_url", "paper_url", "registry_url", "term_url"]


def gene_url(gene: Gene) -> str | None:
    """Return the gene's page in the Human Protein Atlas, of a mouse gene in MGI, or None.

    The Human Protein Atlas has genes by their Ensembl ids.

    Examples
    --------
    >>> from gene_analogies.genes.gene import Gene
    >>> gene_url(Gene(1956, "EGFR", ensembl=("ENSG00000146648",)))
    'https://www.proteinatlas.org/ENSG00000146648-EGFR'
    >>> gene_url(Gene(0, "Egfr", mgi="MGI:95294"))
    'https://www.informatics.jax.org/marker/MGI:95294'
    """
    if gene.species == "mouse":
        return registry_url(gene)
    if not gene.ensembl:
        return None
    return f"https://www.proteinatlas.org/{gene.ensembl[0]}-{quote(gene.symbol, safe='')}"


def registry_url(gene: Gene) -> str | None:
    """Return the page of `Gene.registered`, of HGNC or MGI, or None where there is no entry.

    Examples
    --------
    >>> from gene_analogies.genes.gene import Gene
    >>> registry_url(Gene(1956, "EGFR", hgnc="HGNC:3236"))
    'https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:3236'
    """
    if gene.mgi:
        return f"https://www.informatics.jax.org/marker/{quote(gene.mgi, ':')}"
    if not gene.hgnc:
        return None
    return f"https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/{quote(gene.hgnc, ':')}"


def paper_url(pubmed_id: int) -> str:
    """Return a paper's page in PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pubmed_id}/"


def term_url(term: str) -> str:
    """Return the page of a term of the Gene Ontology in QuickGO, or of a Pfam domain in InterPro.

    Examples
    --------
    >>> term_url("GO:0005154")
    'https://www.ebi.ac.uk/QuickGO/term/GO:0005154'
    >>> term_url("PF07714")
    'https://www.ebi.ac.uk/interpro/entry/pfam/PF07714/'
    """
    if term.startswith("GO:"):
        return f"https://www.ebi.ac.uk/QuickGO/term/{term}"
    return f"https://www.ebi.ac.uk/interpro/entry/pfam/{term}/"
