"""Tensors in a ``.safetensors`` file (https://github.com/huggingface/safetensors).

The header is read here, not by the library: NumPy's side of it has no bfloat16.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import first_key, listed, one_line
from gene_analogies.formats.parts.names import WORDS, as_names, names_of_rows
from gene_analogies.formats.parts.npy import as_vectors
from gene_analogies.formats.parts.text import decode, parse_json
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["key_of_vectors", "read", "read_header", "read_matrix", "recognises"]

_PREFIX: Final = 8
# The library's own limit.
_LONGEST_HEADER: Final = 100_000_000
_TYPES: Final = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4",
    "I16": "<i2", "I8": "<i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "<u1",
}  # fmt: skip
_FLOATS: Final = ("F64", "F32", "F16", "BF16")


@dataclass(frozen=True)
class _Tensor:
    """What the header says of a tensor; its bytes are counted from the header's end."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.dtype} {' × '.join(map(str, self.shape)) or 'alone'}"


def recognises(source: Source) -> bool:
    """Recognise the format from the length of the header and its first letter, or from the name."""
    head = source.head
    if source.is_folder or source.is_gzip or not head:
        return False
    length = int.from_bytes(head[:_PREFIX], "little")
    is_header = head[_PREFIX : _PREFIX + 1] == b"{" and 2 <= length <= _LONGEST_HEADER
    return is_header or source.name.endswith(".safetensors")


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the one matrix of floats in a file.

    Parameters
    ----------
    source
        The file.
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
        tensors are listed), or not one name for every row.
    """
    with source.open() as stream:
        tensors, metadata, start = read_header(source, stream)
        key = key_of_vectors(source, tensors, options.key)
        tensor = tensors[key]
        rows, dimension = tensor.shape
        source.check_size(rows, dimension, 4)
        details = {"vectors": key}
        files: tuple[Path, ...] = ()
        names_key = None if options.names else _key_of_names(metadata, options.names_column)
        if names_key is None:
            names, path = names_of_rows(source, options, rows)
            details["names"], files = path.name, (path,)
        else:
            place = one_line(names_key)
            names = _names(source, metadata[names_key], place)
            details["names"] = names_key
            if len(names) != rows:
                raise source.error(f"expected {rows:,} names, found {len(names):,}", place)
        with source.library_errors("a safetensors file"):
            stream.seek(start + tensor.start)
        vectors = read_matrix(source, stream, tensor, one_line(key))
    return Contents(names, vectors, details, files)


def read_header(source: Source, stream: BinaryIO) -> tuple[dict[str, _Tensor], dict[str, str], int]:
    """Read the tensors there are, the metadata, and where the numbers start."""
    length = int.from_bytes(stream.read(_PREFIX), "little")
    if not 2 <= length <= min(_LONGEST_HEADER, source.size - _PREFIX):
        raise source.error(
            f"expected a header, found one of {length:,} bytes in a file of {source.size:,}"
        )
    header = parse_json(decode(stream.read(length), source), source, "header")
    if not isinstance(header, dict):
        raise source.error("expected the tensors by name", "header")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        metadata = {}
    tensors = {key: _tensor(source, key, entry) for key, entry in header.items()}
    texts = {key: value for key, value in metadata.items() if isinstance(value, str)}
    return tensors, texts, _PREFIX + length


def _tensor(source: Source, key: str, entry: Any) -> _Tensor:  # noqa: ANN401 - any JSON
    """Check what the header says of a tensor against the size of the file."""
    try:
        dtype, shape = entry["dtype"], tuple(entry["shape"])
        start, end = entry["data_offsets"]
    except (KeyError, TypeError, ValueError):
        dtype, shape, start, end = "", (), 0, 0
    numbers = (*shape, start, end)
    if not isinstance(dtype, str) or not all(
        type(number) is int and number >= 0 for number in numbers
    ):
        dtype = ""
    if not dtype or not start <= end <= source.size:
        raise source.error("expected dtype, shape and data_offsets in the file", one_line(key))
    if dtype in _TYPES and math.prod(shape) * np.dtype(_TYPES[dtype]).itemsize != end - start:
        raise source.error(
            f"expected {dtype} of shape {shape}, found {end - start:,} bytes", one_line(key)
        )
    return _Tensor(dtype, shape, start, end)


def key_of_vectors(source: Source, tensors: Mapping[str, _Tensor], asked: str | None) -> str:
    """Return the key of the matrix that is asked for, or of the only one; else a FormatError."""
    matrices = [
        key
        for key, tensor in tensors.items()
        if len(tensor.shape) == 2 and tensor.dtype in (_TYPES if asked is not None else _FLOATS)
    ]
    choices = listed({key: str(tensors[key]) for key in matrices or tensors})
    if asked is not None:
        if asked not in matrices:
            raise source.error(f"there is no matrix {asked!r}; choose from {choices}")
        return asked
    if len(matrices) != 1:
        raise source.error(
            f"expected one matrix of floats (or choose: key=, --key), found {choices}"
        )
    return matrices[0]


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


def read_matrix(
    source: Source, stream: BinaryIO, tensor: _Tensor, place: str
) -> NDArray[np.floating]:
    """Read the matrix of a tensor, with the stream where it begins, as float32 or float64."""
    size = tensor.end - tensor.start
    data = stream.read(size)
    if len(data) < size:
        raise source.error(f"expected {size:,} bytes, found {len(data):,}", place)
    if not size:
        raise source.error(f"expected vectors, found {tensor}", place)
    array = np.frombuffer(data, _TYPES[tensor.dtype]).reshape(tensor.shape)
    if tensor.dtype == "BF16":
        # A bfloat16 is the first half of a float32.
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return as_vectors(array, source, place)
