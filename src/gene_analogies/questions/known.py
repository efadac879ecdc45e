"""What is known of two genes: a question that needs no embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gene_analogies.genes.papers import papers
from gene_analogies.genes.terms import shared_terms
from gene_analogies.results import KnownResult
from gene_analogies.util.arguments import check_int

if TYPE_CHECKING:
    from gene_analogies.genes.human_gene import GeneName

__all__ = ["known"]


def known(first: GeneName, second: GeneName, *, k: int = 10) -> KnownResult:
    """Return the papers that name two genes, and the terms that they share, as a table.

    `gene_analogies.papers` and `gene_analogies.shared_terms` give either by itself.

    Parameters
    ----------
    first, second
        Two genes, each by any of its names (symbol, alias, Ensembl id, Entrez number) or as a
        `Gene`. A mouse gene stands for its one-to-one human ortholog.
    k
        How many papers, and how many terms, are rows of the table; the answer holds all.

    Returns
    -------
    KnownResult

    Raises
    ------
    GeneAnalogiesError
        If a name is unknown or ambiguous, both are the same gene, or k is no whole number of at
        least 1.

    Examples
    --------
    >>> import gene_analogies as ga
    >>> ga.known("EGF", "TGFA").totals
    {'papers': 13, 'terms': 4}
    """
    k = check_int("k", k)
    return KnownResult(papers(first, second), shared_terms(first, second), k)
