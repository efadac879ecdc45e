"""What is known of the genes of an embedding, as columns to write beside the vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gene_analogies.genes.row_numbers import known_genes
from gene_analogies.genes.vocabulary import Vocabulary

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding
    from gene_analogies.genes.table import GeneTable

__all__ = ["annotate"]


def annotate(
    embedding: Embedding, genes: GeneTable | Literal["packaged"] | None = "packaged"
) -> dict[str, list[str]]:
    """Return what is known of every item.

    Parameters
    ----------
    embedding
        The n items.
    genes
        Known genes; the packaged tables of human and mouse genes unless given.

    Returns
    -------
    dict
        The columns ``approved_symbol``, ``full_name``, ``entrez``, ``ensembl`` (the id on the
        reference assembly), ``hgnc``, ``gene_type`` and ``chromosome``, n texts each, empty for
        an item that is no known gene. No columns where none is. Where the items are mouse genes,
        the columns are ``approved_symbol``, ``full_name``, ``ensembl``, ``mgi`` and
        ``human_ortholog``, the symbol of the one-to-one ortholog.

    Examples
    --------
    >>> from gene_analogies.embedding import Embedding
    >>> annotate(Embedding(["EGFR", "king"], [[1.0], [2.0]]))["entrez"]
    ['1956', '']
    """
    table = known_genes(genes, embedding.provenance)
    vocabulary = Vocabulary(embedding.names, table, embedding.symbols)
    found = [vocabulary.gene(name) for name in embedding.names]
    if not any(found):
        return {}
    ensembl = [gene.ensembl[0] if gene and gene.ensembl else "" for gene in found]
    columns = {
        # Not "symbol", which a reader of tables takes for the column of the items' names.
        "approved_symbol": [gene.symbol if gene else "" for gene in found],
        "full_name": [gene.full_name if gene else "" for gene in found],
    }
    if vocabulary.species == "mouse":
        return {
            **columns,
            "ensembl": ensembl,
            "mgi": [gene.mgi if gene else "" for gene in found],
            "human_ortholog": [gene.ortholog if gene else "" for gene in found],
        }
    return {
        **columns,
        "entrez": [str(gene.entrez) if gene else "" for gene in found],
        "ensembl": ensembl,
        "hgnc": [gene.hgnc if gene else "" for gene in found],
        "gene_type": [gene.gene_type if gene else "" for gene in found],
        "chromosome": [gene.chromosome if gene else "" for gene in found],
    }
