"""How well known items are: by papers for human genes, by their rows for words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from gene_analogies.genes.row_numbers import ROW_NUMBERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding
    from gene_analogies.genes.resolve import Resolver

__all__ = ["papers_naming", "popularity_measure"]


def popularity_measure(embedding: Embedding, resolver: Resolver) -> Literal["papers", "row"] | None:
    """Return by what it is known how popular items are.

    By papers for human genes. Where no name is a gene's they are words, whose files begin with the
    most frequent ones; None for other genes, and where names number the rows.
    """
    table = resolver.vocabulary.table
    if table is not None:
        return "papers" if table.species == "human" else None
    return None if embedding.provenance.get(ROW_NUMBERS) else "row"


def papers_naming(resolver: Resolver, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many papers name the human genes of rows, 0 for other items."""
    from gene_analogies.genes.papers import count_papers_naming

    genes = [resolver.gene(row) for row in rows.tolist()]
    return count_papers_naming([gene.entrez if gene else 0 for gene in genes])
