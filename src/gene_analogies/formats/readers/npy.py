"""One NumPy array with the names in a file beside it, or a dictionary that ``numpy.save`` pickled.

``google_news_embeddings_30k.npy`` with ``google_news_words_30k.npy`` is this project's older
layout.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts import npy
from gene_analogies.formats.parts.mapping import contents_of_mapping
from gene_analogies.formats.parts.names import names_of_rows
from gene_analogies.formats.parts.text import open_bytes
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]


def recognises(source: Source) -> bool:
    """Recognise the format from the first six bytes."""
    return source.head.startswith(npy.MAGIC)


def read(source: Source, options: ReadOptions) -> Contents:
    """Read a matrix of n rows, and the n names beside it.

    Parameters
    ----------
    source
        The file.
    options
        ``names`` is the file of names, where it is not found by its name.

    Returns
    -------
    Contents
        The n names, and the vectors as (n, d) float32 or float64; float16 and short whole numbers
        become float32. ``details`` says which file the names are from.

    Raises
    ------
    FormatError
        If it is no matrix of numbers, is shorter than its header says, or there is no file of as
        many names.
    """
    with open_bytes(source) as stream:
        header = npy.read_header(stream, source)
        if header.shape == () and header.dtype == object:
            return _from_dictionary(npy.read_objects(stream, source), source, options)
        if not header.is_matrix:
            hint = "; are these the names of another file?" if header.is_text else ""
            raise source.error(f"expected vectors, found {header}{hint}")
        rows, dimension = header.shape
        source.check_size(rows, dimension, header.dtype.itemsize)
        names, path = names_of_rows(source, options, rows)
        vectors = npy.as_vectors(npy.read_values(stream, header, source), source)
    return Contents(names, vectors, {"names": path.name}, (path,))


def _from_dictionary(value: object, source: Source, options: ReadOptions) -> Contents:
    held = value.item() if isinstance(value, np.ndarray) and value.shape == () else value
    if not isinstance(held, Mapping):
        raise source.error(f"expected vectors, found a pickled {type(held).__name__}")
    return contents_of_mapping(held, source, key=options.column)
