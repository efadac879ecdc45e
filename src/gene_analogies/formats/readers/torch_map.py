"""What ``torch.save`` wrote: name → tensor, one matrix, or a checkpoint with a matrix in it.

UCE's protein embeddings of ESM2 (``Homo_sapiens.GRCh38.gene_symbol_to_embedding_ESM2.pt``) are a
dictionary from each gene symbol to a tensor of 5,120 numbers. A checkpoint holds the tensors of a
model by the path to them, often within other dictionaries, and no names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.checkpoints import (
    dictionaries_in,
    key_of_matrix,
    tensors_in,
)
from gene_analogies.formats.parts.columns import (
    NAME_KEYS,
    VECTOR_KEYS,
    first_key,
    listed,
    one_line,
)
from gene_analogies.formats.parts.mapping import (
    contents_of_loaded,
    contents_of_mapping,
    has_columns,
    has_records,
    is_names,
)
from gene_analogies.formats.parts.names import names_of_rows
from gene_analogies.formats.parts.npy import as_vectors
from gene_analogies.formats.pickles.torch_files import Tensor, is_torch, load_tensors
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]


def recognises(source: Source) -> bool:
    """Recognise a file of PyTorch by its first bytes."""
    return is_torch(source)


def read(source: Source, options: ReadOptions) -> Contents:
    """Read a dictionary of tensors, or one matrix, without running anything that is in it.

    Parameters
    ----------
    source
        The file.
    options
        ``key`` is the tensor with the vectors, where there are several matrices, with or without
        what training scripts put before its name (``state_dict``, ``module.``, …); or a dictionary
        from name to vector within others; or the entry that holds the names, where one does, as
        ``names_column`` is. ``names`` is a file of names.

    Returns
    -------
    Contents
        As `gene_analogies.formats.parts.mapping.contents_of_mapping` says; float32 for both types
        of half precision. Of a checkpoint, the rows of the one matrix of floats, or of that which
        ``key`` names, and the names from a file.

    Raises
    ------
    FormatError
        If it holds no vectors, or several matrices (they are listed), or quantised ones.
    """
    loaded = load_tensors(source)
    if not isinstance(loaded, Mapping):
        return contents_of_loaded(loaded, source, options)
    key = options.key
    tensors = tensors_in(loaded)
    dictionaries = dictionaries_in(loaded)
    if key is None:
        # One row is a vector with the axis of its batch.
        tensors = {name: one for name, one in tensors.items() if one.ndim != 2 or one.shape[0] != 1}
        matrices = {name: str(one) for name, one in tensors.items() if one.ndim == 2}
        evident = has_columns(loaded, source) or not (matrices or dictionaries)
        if evident or (not matrices and has_records(loaded)):
            return contents_of_loaded(loaded, source, options)
        key = first_key(VECTOR_KEYS, dictionaries)
        if key is None and dictionaries and len(matrices) + len(dictionaries) > 1:
            found = listed({**dict.fromkeys(dictionaries, "vectors by name"), **matrices})
            raise source.error(
                f"expected one matrix or dictionary (or choose: key=, --key), found {found}"
            )
        key = key or next(iter(dictionaries), None)
    elif is_names(loaded.get(key)):
        return contents_of_loaded(loaded, source, options)
    if key in dictionaries:
        contents = contents_of_loaded(dictionaries[key], source, replace(options, key=None))
        return replace(contents, details={"vectors": key, **contents.details})
    key = key_of_matrix(source, tensors, key)
    return _rows(loaded, key, tensors[key], source, options)


def _rows(
    loaded: Mapping[Any, Any], key: str, tensor: Tensor, source: Source, options: ReadOptions
) -> Contents:
    """Read a matrix whose names are in an entry beside it, or in a file."""
    rows, dimension = tensor.shape
    source.check_size(rows, dimension)
    lists = [
        name
        for name, value in loaded.items()
        if isinstance(name, str) and is_names(value) and len(value) == rows
    ]
    asked = options.names_column
    entry = asked if asked in lists else None if asked else first_key(NAME_KEYS, lists)
    if entry is not None and options.names is None:
        return contents_of_mapping({entry: loaded[entry], key: tensor}, source, key=entry)
    names, path = names_of_rows(source, options, rows)
    place = one_line(key)
    vectors = as_vectors(tensor.numpy(place), source, place)
    return Contents(names, vectors, {"vectors": key, "names": path.name}, (path,))
