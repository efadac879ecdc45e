"""Tensors in a ``.safetensors`` file, or in the shards of a model with its index."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.checkpoints import key_of_matrix
from gene_analogies.formats.parts.columns import first_key, one_line
from gene_analogies.formats.parts.names import WORDS, as_names, names_of_rows
from gene_analogies.formats.parts.npy import as_vectors
from gene_analogies.formats.parts.safetensors_tensors import SafeTensor, load_safetensors
from gene_analogies.formats.parts.tensor_files import INDEX_ENDINGS, load_shards
from gene_analogies.formats.parts.text import parse_json
from gene_analogies.formats.pickles.torch_files import Tensor
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]

_PREFIX: Final = 8
# The library's own limit.
_LONGEST_HEADER: Final = 100_000_000


def recognises(source: Source) -> bool:
    """Recognise a header by its length and first letter; a file, or a folder's index, by name."""
    if source.is_folder:
        return _index(source) is not None
    head = source.head
    if source.is_gzip or not head:
        return False
    length = int.from_bytes(head[:_PREFIX], "little")
    is_header = head[_PREFIX : _PREFIX + 1] == b"{" and 2 <= length <= _LONGEST_HEADER
    return is_header or source.name.endswith((".safetensors", *INDEX_ENDINGS))


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the one matrix of floats in a file, or in the shards of a model.

    Parameters
    ----------
    source
        The file; of a model in shards its ``model.safetensors.index.json`` (or that of PyTorch's
        shards), or the folder.
    options
        ``key`` is the tensor with the vectors, where there are several matrices; ``names`` a file
        of names.

    Returns
    -------
    Contents
        The n names, from the metadata (``genes``, ``names``, …: JSON, or a name a line) or else
        from a file beside it; the vectors as (n, d) float32 or float64, bfloat16 and float16 made
        float32. ``details`` says which these were.

    Raises
    ------
    FormatError
        If the header is broken or claims more than the file holds, there is not one matrix (the
        tensors are listed), it is quantised, or not one name for every row.
    """
    tensors: Mapping[str, SafeTensor | Tensor]
    metadata: Mapping[str, str] = {}
    files: tuple[Path, ...] = ()
    index = _index(source)
    if index is None:
        tensors, metadata = load_safetensors(source)
    else:
        source = index
        tensors, shards = load_shards(index)
        files = (index.path, *(shard.path for shard in shards))
    key = key_of_matrix(source, tensors, options.key)
    rows = tensors[key].shape[0]
    details = {"vectors": key}
    names_key = None if options.names else _key_of_names(metadata, options.names_column)
    if names_key is None:
        names, path = names_of_rows(source, options, rows)
        details["names"], files = path.name, (*files, path)
    else:
        place = one_line(names_key)
        names = _names(source, metadata[names_key], place)
        details["names"] = names_key
        if len(names) != rows:
            raise source.error(f"expected {rows:,} names, found {len(names):,}", place)
    place = one_line(key)
    vectors = as_vectors(tensors[key].numpy(place), source, place)
    return Contents(names, vectors, details, files)


def _index(source: Source) -> Source | None:
    """Return the index of a model's shards, if that is the source, or the only one in it."""
    if not source.is_folder:
        return source if source.name.endswith(INDEX_ENDINGS) else None
    found = [path for ending in INDEX_ENDINGS for path in source.path.glob(f"*{ending}")]
    return Source(found[0]) if len(found) == 1 and found[0].is_file() else None


def _key_of_names(metadata: Mapping[str, str], asked: str | None) -> str | None:
    """Return the entry of the metadata with the names; None where a file of names has them."""
    if asked is None:
        return first_key(WORDS, metadata)
    return asked if asked in metadata else None


def _names(source: Source, text: str, place: str) -> list[str]:
    """Read the names in an entry of the metadata."""
    if not text.lstrip().startswith("["):
        return as_names(text.rstrip("\n").split("\n"), source, f"{place} row")
    return as_names(parse_json(text, source, place), source, f"{place} row")
