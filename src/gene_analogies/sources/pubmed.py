"""Genes placed by the papers that mention them together.

The recipe is the count-based one of Levy & Goldberg (2014, 2015): a matrix of weighted
co-mentions, its positive pointwise mutual information with smoothed contexts, and a truncated
singular value decomposition. One step of propagation along the co-mentions (Wu et al. 2019) then
steadies genes with few papers, and principal axes keep what matters in fewer coordinates. A
gene's vector says in whose company it is studied.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.factors import left_factors, principal_axes, require_scipy, unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from gene_analogies.genes.gene import Gene

__all__ = ["PubmedParameters", "build_embedding", "kept_links"]


@dataclass(frozen=True)
class PubmedParameters:
    """What the embedding is built with; ``docs/built-in-embedding.md`` says how it was chosen.

    Attributes
    ----------
    gene_type
        NCBI's type of the genes to place.
    largest_paper
        A paper that mentions more genes, of any type, is dropped: it is a list, not a subject.
    min_papers
        A gene needs so many papers that name another placed gene.
    weight_exponent
        A paper of ``m`` genes adds ``(m − 1) ** −weight_exponent`` to each of its pairs; with 1
        every mention of a gene counts equally, whatever the paper's size.
    smoothing
        Exponent of the context counts (Levy, Goldberg & Dagan 2015); below 1 it tempers the bias
        of mutual information towards rare genes.
    information_exponent
        Exponent of the mutual information; above 1 strong company counts for more.
    rank
        Rank of the singular value decomposition; where fewer genes can be placed, one less than
        these.
    singular_exponent
        The factors are ``U · S ** singular_exponent``.
    propagation
        Weight of the mean of a gene's company, added to its own unit vector; in that mean every
        mention of the gene counts equally, whatever the paper's size.
    dimension
        Principal axes to keep, at most ``rank``.
    """

    gene_type: str = "protein-coding"
    largest_paper: int = 100
    min_papers: int = 3
    weight_exponent: float = 2.0
    smoothing: float = 0.75
    information_exponent: float = 1.5
    rank: int = 512
    singular_exponent: float = 0.5
    propagation: float = 2.0
    dimension: int = 256


def build_embedding(
    links: NDArray[np.int64],
    genes: Sequence[Gene],
    parameters: PubmedParameters | None = None,
) -> Embedding:
    """Place genes by their shared papers.

    The result is a function of the arguments: nothing in it is random.

    Parameters
    ----------
    links
        Array of shape (links, 2): Entrez number and PubMed id.
    genes
        What is known of the genes; links of other genes are ignored.
    parameters
        The recipe; by default the one of the packaged file.

    Returns
    -------
    Embedding
        Named by symbol and ordered by papers after filtering, most first; vectors of type
        float32 and length 1. Its provenance holds the ``parameters`` and ``counts``.

    Raises
    ------
    GeneAnalogiesError
        If SciPy is missing, or fewer than three genes can be placed.
    """
    parameters = parameters or PubmedParameters()
    require_scipy()
    mentions, sizes, entrez = _mentions(links, genes, parameters)
    if mentions.shape[0] < 3:
        raise GeneAnalogiesError(
            f"only {mentions.shape[0]} genes of type {parameters.gene_type!r} have"
            f" {parameters.min_papers} papers that name another; at least 3 are needed"
        )
    together = _co_mentions(mentions, sizes, parameters.weight_exponent)
    information = _positive_information(together, parameters.smoothing)
    information.data **= parameters.information_exponent
    factors = left_factors(information, parameters.rank, parameters.singular_exponent)
    by_mention = _co_mentions(mentions, sizes, 1.0)
    steadied = _propagate(unit_rows(factors), by_mention, parameters.propagation)
    vectors = principal_axes(unit_rows(steadied - steadied.mean(axis=0)), parameters.dimension)
    symbols = {gene.entrez: gene.symbol for gene in genes}
    provenance: dict[str, Any] = {
        "parameters": asdict(parameters),
        "counts": {
            "genes": mentions.shape[0],
            "papers": mentions.shape[1],
            "links": int(mentions.nnz),
            "co_mentioned_pairs": int(together.nnz) // 2,
        },
    }
    return Embedding(
        [symbols[number] for number in entrez.tolist()], vectors.astype(np.float32), provenance
    )


def _mentions(
    links: NDArray[np.int64], genes: Sequence[Gene], parameters: PubmedParameters
) -> tuple[csr_array, NDArray[np.int64], NDArray[np.int64]]:
    """Filter the links, and lay them out as genes × papers.

    Returns
    -------
    mentions
        Array of shape (n, papers) with ones; rows by falling count of papers, then Entrez number.
    sizes
        Genes of any type that each paper mentions, shape (papers,).
    entrez
        Entrez number of every row, shape (n,).
    """
    from scipy.sparse import csr_array

    links, size_of_link = kept_links(links, genes, parameters)
    entrez, row, papers = np.unique(links[:, 0], return_inverse=True, return_counts=True)
    order = np.lexsort((entrez, -papers))
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    numbers, first, column = np.unique(links[:, 1], return_index=True, return_inverse=True)
    mentions = csr_array(
        (np.ones(len(links)), (rank[row], column)), shape=(entrez.size, numbers.size)
    )
    return mentions, size_of_link[first], entrez[order]


def kept_links(
    links: NDArray[np.int64],
    genes: Sequence[Gene],
    parameters: PubmedParameters | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the links that the embedding is built from.

    Parameters
    ----------
    links, genes, parameters
        As in `build_embedding`.

    Returns
    -------
    links : NDArray[np.int64]
        Array of shape (kept, 2): Entrez number and PubMed id, in increasing order.
    sizes : NDArray[np.int64]
        Array of shape (kept,): how many genes of any type the paper mentions.
    """
    parameters = parameters or PubmedParameters()
    links = np.unique(np.asarray(links, dtype=np.int64).reshape(-1, 2), axis=0)
    _, paper, size = np.unique(links[:, 1], return_inverse=True, return_counts=True)
    # Of two genes with one symbol the older number stays: names are unique.
    wanted = {
        gene.symbol: gene.entrez
        for gene in sorted(genes, key=lambda gene: -gene.entrez)
        if gene.gene_type == parameters.gene_type
    }
    keep = np.isin(links[:, 0], [*wanted.values()]) & (size[paper] <= parameters.largest_paper)
    links, size_of_link = links[keep], size[paper][keep]
    # Dropping a gene can leave a paper with one gene, and the other way round: until both hold.
    while True:
        company = _occurrences(links[:, 1]) >= 2
        known = company.copy()
        known[company] = _occurrences(links[company, 0]) >= parameters.min_papers
        if known.all():
            break
        links, size_of_link = links[known], size_of_link[known]
    return links, size_of_link


def _occurrences(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for every element, how often its value occurs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return counts[inverse]


def _co_mentions(
    mentions: csr_array, sizes: NDArray[np.int64], weight_exponent: float
) -> csr_array:
    """Sum the paper weights of every pair of genes: symmetric (n, n), zero on the diagonal."""
    from scipy.sparse import csr_array, diags_array

    weights = (sizes - 1.0) ** -weight_exponent
    together = csr_array(mentions @ diags_array(weights) @ mentions.T)
    # A gene is no context of itself; every paper would put it there.
    together.setdiag(0.0)
    together.eliminate_zeros()
    return together


def _positive_information(together: csr_array, smoothing: float) -> csr_array:
    """Return the positive pointwise mutual information (Levy & Goldberg 2014), shape (n, n)."""
    from scipy.sparse import csr_array

    pairs = together.tocoo()
    row, column = pairs.coords
    counts = together.sum(axis=1)
    contexts = counts**smoothing
    value = np.log(pairs.data * contexts.sum() / (counts[row] * contexts[column]))
    keep = value > 0
    return csr_array((value[keep], (row[keep], column[keep])), shape=together.shape)


def _propagate(
    vectors: NDArray[np.float64], together: csr_array, weight: float
) -> NDArray[np.float64]:
    """Add to every row the mean of its company's rows, weighted by co-mentions."""
    company = (together @ vectors) / together.sum(axis=1)[:, None]
    return np.asarray(vectors + weight * company)
