"""Genes placed by what they are annotated with.

Terms of the Gene Ontology for molecular function and cellular component, with all terms above
them, and Pfam domains are weighted by inverse document frequency; a truncated singular value
decomposition (latent semantic analysis, Deerwester et al. 1990) keeps the coarse distinctions, such
as secreted ligand, receptor, kinase or transcription factor. A gene's vector says what kind of
gene it is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.factors import principal_axes, require_scipy, right_axes, unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_array

    from gene_analogies.genes.gene import Gene
    from gene_analogies.sources.annotations import GeneAnnotations

__all__ = ["AnnotationParameters", "build_annotation"]


@dataclass(frozen=True)
class AnnotationParameters:
    """What the embedding is built with; ``docs/built-in-embedding.md`` says how it was chosen.

    Attributes
    ----------
    gene_type
        NCBI's type of the genes to place.
    fewest_genes, most_genes
        Terms of fewer genes are too particular, and those of more say too little.
    function, component, process, domain
        Weights of a term by its kind; a kind of weight 0 is left out.
    row_exponent
        A gene's row is divided by its length to this power; with 1 all genes count equally, below
        it those with more terms count for more.
    axes_from
        The first so many genes decide which terms count, how much, and what the axes are; the
        others are folded in.
    dimension
        Axes to keep.
    """

    gene_type: str = "protein-coding"
    fewest_genes: int = 3
    most_genes: int = 1500
    function: float = 1.0
    component: float = 0.5
    process: float = 0.0
    domain: float = 1.0
    row_exponent: float = 1.0
    axes_from: int = 10_000
    dimension: int = 24


def build_annotation(
    annotations: GeneAnnotations,
    genes: Sequence[Gene],
    parameters: AnnotationParameters | None = None,
) -> Embedding:
    """Place genes by their annotations.

    The result is a function of the arguments: nothing in it is random.

    Parameters
    ----------
    annotations
        Terms of genes, and all terms above them.
    genes
        The genes to place, in the order of the rows, the best known first; those of another type,
        or without a term that counts, are left out.
    parameters
        The recipe; by default the one of the packaged file.

    Returns
    -------
    Embedding
        Named by symbol; vectors of type float32 and length 1. Its provenance holds the
        ``parameters`` and ``counts``.

    Raises
    ------
    GeneAnalogiesError
        If SciPy is missing, or fewer than three genes can be placed.
    """
    parameters = parameters or AnnotationParameters()
    require_scipy()
    # Of two genes with one symbol the one that comes first stays: names are unique.
    chosen: dict[str, int] = {}
    for gene in genes:
        if gene.gene_type == parameters.gene_type:
            chosen.setdefault(gene.symbol, gene.entrez)
    weighted, terms = _weighted_terms(annotations, [*chosen.values()], parameters)
    lengths = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    placed = np.flatnonzero(lengths)
    if placed.size < 3 or min(weighted.shape) < 2:
        raise GeneAnalogiesError(
            f"only {placed.size} genes of type {parameters.gene_type!r} have a term of"
            f" {parameters.fewest_genes} to {parameters.most_genes} genes; at least 3 are needed"
        )
    rows = weighted[placed].multiply((lengths[placed] ** -parameters.row_exponent)[:, None]).tocsr()
    known = placed < parameters.axes_from
    factors = rows @ right_axes(rows[known], parameters.dimension)
    vectors = principal_axes(unit_rows(factors - factors[known].mean(axis=0)), parameters.dimension)
    symbols = [*chosen]
    provenance: dict[str, Any] = {
        "parameters": asdict(parameters),
        "counts": {
            "genes": int(placed.size),
            "terms": terms,
            "annotations": int(weighted.nnz),
        },
    }
    return Embedding([symbols[row] for row in placed], vectors.astype(np.float32), provenance)


def _weighted_terms(
    annotations: GeneAnnotations, entrez: Sequence[int], parameters: AnnotationParameters
) -> tuple[csr_array, dict[str, int]]:
    """Return genes × terms, each term weighted by its kind and its inverse document frequency.

    Returns
    -------
    weighted
        Array of shape (n, terms); a gene without terms has an empty row.
    counts
        Terms of each kind that have a weight.
    """
    from scipy.sparse import csr_array

    by_kind = {
        kind: weight
        for kind in ("function", "component", "process", "domain")
        if (weight := getattr(parameters, kind)) > 0
    }
    numbers, rows = np.unique(np.asarray(entrez, dtype=np.int64), return_index=True)
    known = np.isin(annotations.implied[:, 0], numbers)
    row = rows[np.searchsorted(numbers, annotations.implied[known, 0])]
    n_terms = len(annotations.terms)
    # A term may rest on evidence of several kinds; it counts once.
    row, term = np.divmod(np.unique(row * n_terms + annotations.implied[known, 1]), n_terms)
    fitted = row < parameters.axes_from
    genes_of_term = np.bincount(term[fitted], minlength=n_terms)
    kind_weight = np.array([by_kind.get(kind, 0.0) for kind in annotations.kinds])
    counted = (
        (kind_weight > 0)
        & (genes_of_term >= parameters.fewest_genes)
        & (genes_of_term <= parameters.most_genes)
    )
    column = np.cumsum(counted) - 1
    n = min(len(entrez), parameters.axes_from)
    weight = np.zeros(n_terms)
    weight[counted] = kind_weight[counted] * np.log(n / genes_of_term[counted])
    kept = counted[term]
    row, term = row[kept], term[kept]
    weighted = csr_array(
        (weight[term], (row, column[term])), shape=(len(entrez), int(counted.sum()))
    )
    weighted.eliminate_zeros()
    kinds = np.array(annotations.kinds)[counted]
    return weighted, {kind: int((kinds == kind).sum()) for kind in by_kind}
