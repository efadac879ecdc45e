"""Links from genes to public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from gene_analogies.genes.table import Gene

__all__ = ["hgnc_url", "protein_atlas_url"]


def protein_atlas_url(gene: Gene) -> str | None:
    """Return the gene's page in the Human Protein Atlas, or None without an Ensembl id.

    Examples
    --------
    >>> from gene_analogies.genes.table import Gene
    >>> protein_atlas_url(Gene(1956, "EGFR", ensembl=("ENSG00000146648",)))
    'https://www.proteinatlas.org/ENSG00000146648-EGFR'
    """
    if not gene.ensembl:
        return None
    return f"https://www.proteinatlas.org/{gene.ensembl[0]}-{quote(gene.symbol, safe='')}"


def hgnc_url(gene: Gene) -> str | None:
    """Return HGNC's report on the gene's symbol, or None where HGNC has no entry.

    Examples
    --------
    >>> from gene_analogies.genes.table import Gene
    >>> hgnc_url(Gene(1956, "EGFR", hgnc="HGNC:3236"))
    'https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:3236'
    """
    if not gene.hgnc:
        return None
    return f"https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/{quote(gene.hgnc, ':')}"
