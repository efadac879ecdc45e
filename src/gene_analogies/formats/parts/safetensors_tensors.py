"""Tensors in ``.safetensors`` files, or shards (https://github.com/huggingface/safetensors).

The header is read here, not by the library: NumPy's side of it has no bfloat16.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.formats.parts.columns import listed, one_line
from gene_analogies.formats.parts.text import decode, parse_json, read_text
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["INDEX_ENDING", "SafeTensor", "load_safetensors", "load_shards"]

#: What transformers calls the list of the shards of a model.
INDEX_ENDING: Final = ".safetensors.index.json"

_PREFIX: Final = 8
# The library's own limit.
_LONGEST_HEADER: Final = 100_000_000
_TYPES: Final = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4",
    "I16": "<i2", "I8": "<i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "<u1",
}  # fmt: skip
_FLOATS: Final = ("F64", "F32", "F16", "BF16")


@dataclass(frozen=True)
class SafeTensor:
    """What a header says of a tensor; its numbers are read when they are asked for."""

    source: Source
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.dtype} {' × '.join(map(str, self.shape)) or 'alone'}"

    @property
    def is_float(self) -> bool:
        """Whether it holds floats that are read."""
        return self.dtype in _FLOATS

    @property
    def is_readable(self) -> bool:
        """Whether its numbers are of a type that is read."""
        return self.dtype in _TYPES

    def numpy(self, place: str) -> NDArray[Any]:
        """Read the numbers of a matrix, bfloat16 as float32.

        Parameters
        ----------
        place
            What to call the tensor in errors.

        Raises
        ------
        FormatError
            If the file holds less than its header says, or far less than a matrix takes.
        """
        source = self.source
        rows, dimension = self.shape
        source.check_size(rows, dimension, 4)
        size = self.end - self.start
        with source.open() as stream, source.library_errors("a safetensors file"):
            stream.seek(self.start)
            data = stream.read(size)
        if len(data) < size:
            raise source.error(f"expected {size:,} bytes, found {len(data):,}", place)
        if not size:
            raise source.error(f"expected vectors, found {self}", place)
        array = np.frombuffer(data, _TYPES[self.dtype]).reshape(self.shape)
        if self.dtype == "BF16":
            # A bfloat16 is the first half of a float32.
            return (array.astype(np.uint32) << 16).view(np.float32)
        return array


def load_safetensors(source: Source) -> tuple[dict[str, SafeTensor], dict[str, str]]:
    """Return the tensors that a file has, by name, and the texts of its metadata.

    Raises
    ------
    FormatError
        If the header is broken, or claims more than the file holds.
    """
    with source.open() as stream:
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
    first = _PREFIX + length
    tensors = {key: _tensor(source, key, entry, first) for key, entry in header.items()}
    return tensors, {key: value for key, value in metadata.items() if isinstance(value, str)}


def load_shards(index: Source) -> tuple[dict[str, SafeTensor], tuple[Source, ...]]:
    """Return the tensors of a model in several files, by name, and these files.

    Parameters
    ----------
    index
        ``model.safetensors.index.json``, which has the file of each tensor in ``weight_map``.

    Raises
    ------
    FormatError
        If the index is none, or a shard is missing, damaged, or lacks a tensor.
    """
    loaded = parse_json(read_text(index), index)
    places = loaded.get("weight_map") if isinstance(loaded, dict) else None
    if not isinstance(places, Mapping) or not places:
        raise index.error("expected the file of every tensor in weight_map, found none")
    shards: dict[str, Source] = {}
    held: dict[str, dict[str, SafeTensor]] = {}
    tensors = {}
    for key, name in places.items():
        # A shard lies beside its index; a path may lead anywhere.
        if not isinstance(name, str) or name != PurePath(name).name or "\\" in name:
            raise index.error(f"expected the name of a file, found {name!r:.60}", one_line(key))
        if name not in shards:
            path = index.beside(name)
            if not path.is_file():
                raise index.error(f"expected the shard {name} beside it, found none")
            shards[name] = Source(path)
            held[name] = load_safetensors(shards[name])[0]
        if key not in held[name]:
            raise shards[name].error(
                f"expected the tensor {one_line(key)}, found {listed(list(held[name]))}"
            )
        tensors[key] = held[name][key]
    return tensors, tuple(shards.values())


def _tensor(source: Source, key: str, entry: Any, first: int) -> SafeTensor:  # noqa: ANN401
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
    return SafeTensor(source, dtype, shape, first + start, first + end)
