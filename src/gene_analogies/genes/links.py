"""Links from genes to public pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from gene_analogies.genes.table import Gene

__all__ = ["protein_atlas_url"]


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
