"""From an embedding to a file."""

from __future__ import annotations

from pathlib import Path

from gene_analogies.embedding import Embedding
from gene_analogies.formats.registry import Format, write_embedding
from gene_analogies.genes.annotations import annotate

__all__ = ["save"]


def save(embedding: Embedding, path: str | Path, *, format: str | None = None) -> Format:
    """Write an embedding, whole or not at all.

    Parameters
    ----------
    embedding
        The embedding. Formats with room for it get the symbol, full name and identifiers of known
        genes.
    path
        The file (for TensorBoard's projector, the folder); one that exists is replaced.
    format
        The format to write, as ``gene-analogies formats`` names it; by default that of the ending.

    Returns
    -------
    Format
        The format written.

    Raises
    ------
    GeneAnalogiesError
        If the format is not written, or the file cannot be.
    """
    return write_embedding(embedding, path, format=format, annotations=annotate(embedding))
