"""The default embedding: two views of the same genes, side by side.

``human`` has the axes of ``pubmed`` (in whose company a gene is studied), scaled to the same
variance, beside those of ``annotation`` (what kind of gene it is): a cosine is the weighted mean of
both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.sources.factors import unit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["PARTS", "compose", "side_by_side", "whitened"]

#: Weight of each part's vectors; docs/built-in-embedding.md says how they were chosen.
PARTS = {"pubmed": 1.0, "annotation": 0.5}


def compose(papers: Embedding, terms: Embedding, weights: Mapping[str, float] = PARTS) -> Embedding:
    """Return ``human``, made of ``pubmed`` and ``annotation`` or of variants of them."""
    return side_by_side([(whitened(papers), weights["pubmed"]), (terms, weights["annotation"])])


def whitened(embedding: Embedding) -> Embedding:
    """Scale the axes to the same variance around 0, and the rows to length 1.

    Where the axes are principal ones, this is whitening: a few axes that hold much of the variance
    no longer decide where an offset points. An axis of zeros stays one; so does a zero row.
    """
    spread = np.sqrt(np.einsum("ij,ij->j", embedding.vectors, embedding.vectors, dtype=np.float64))
    scaled = embedding.vectors / np.where(spread > 0, spread, 1).astype(np.float32)
    return Embedding(embedding.names, _unit(scaled))


def side_by_side(parts: Sequence[tuple[Embedding, float]]) -> Embedding:
    """Join embeddings of unit vectors by their names.

    Parameters
    ----------
    parts
        Embeddings of shapes (n, p), (m, q), …, each with its weight. The names of the first are
        those of the result, in its order; a name that another lacks has zeros in its place.

    Returns
    -------
    Embedding
        Vectors of type float32, shape (n, p + q + …) and length 1.
    """
    names = parts[0][0].names
    joined = np.zeros((len(names), sum(part.dimension for part, _ in parts)), dtype=np.float32)
    start = 0
    for part, weight in parts:
        rows = np.array([part.rows.get(name, -1) for name in names], dtype=np.int64)
        known = rows >= 0
        axes = slice(start, start + part.dimension)
        joined[known, axes] = part.vectors[rows[known]] * np.float32(weight)
        start = axes.stop
    return Embedding(names, _unit(joined))


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    """Return unit rows that an embedding need not copy."""
    units = unit_rows(vectors)
    units.flags.writeable = False
    return units
