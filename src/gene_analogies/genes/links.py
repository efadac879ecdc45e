"""Links from genes, papers and terms to public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gene_analogies.genes.gene import Gene

__all__ = [
    "gene_links",
    "gene_papers_url",
    "gene_url",
    "paper_url",
    "papers_url",
    "registry_url",
    "term_url",
]


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
    return f"https://www.proteinatlas.org/{_quoted(gene.ensembl[0])}-{_quoted(gene.symbol)}"


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


def gene_links(gene: Gene) -> dict[str, str]:
    """Return a gene's pages by the names of the sites, those of `gene_url` left out.

    Examples
    --------
    >>> from gene_analogies.genes.gene import Gene
    >>> gene_links(Gene(1956, "EGFR", uniprot=("P00533",)))
    {'NCBI Gene': 'https://www.ncbi.nlm.nih.gov/gene/1956', \
'UniProt': 'https://www.uniprot.org/uniprotkb/P00533'}
    >>> list(gene_links(Gene(0, "Egfr", ensembl=("ENSMUSG00000020122",), mgi="MGI:95294")))
    ['Ensembl']
    """
    found = {}
    if gene.ensembl:
        found["Ensembl"] = f"https://www.ensembl.org/id/{_quoted(gene.ensembl[0])}"
    if gene.entrez:
        found["NCBI Gene"] = f"https://www.ncbi.nlm.nih.gov/gene/{gene.entrez}"
    if gene.uniprot:
        found["UniProt"] = f"https://www.uniprot.org/uniprotkb/{_quoted(gene.uniprot[0])}"
    registered = registry_url(gene)
    if registered and not gene.mgi:
        found["HGNC"] = registered
    return found


def paper_url(pubmed_id: int) -> str:
    """Return a paper's page in PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pubmed_id}/"


def papers_url(pubmed_ids: Sequence[int]) -> str:
    """Return the PubMed search that finds these papers, and no others; empty for none.

    PubMed takes several ids with blanks between them for any of these.

    Examples
    --------
    >>> papers_url([35410600, 34954236])
    'https://pubmed.ncbi.nlm.nih.gov/?term=35410600+34954236'
    """
    if not pubmed_ids:
        return ""
    return f"https://pubmed.ncbi.nlm.nih.gov/?term={'+'.join(map(str, pubmed_ids))}"


def gene_papers_url(entrez: int) -> str:
    """Return the PubMed search for the papers that NCBI links to a human gene.

    Examples
    --------
    >>> gene_papers_url(1956)
    'https://pubmed.ncbi.nlm.nih.gov/?linkname=gene_pubmed&from_uid=1956'
    """
    return f"https://pubmed.ncbi.nlm.nih.gov/?linkname=gene_pubmed&from_uid={entrez}"


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


def _quoted(text: str) -> str:
    return quote(text, safe="")
