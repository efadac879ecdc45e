"""Tensors in a ``.safetensors`` file (https://github.com/huggingface/safetensors).

The header is read here, not by the library: NumPy's side of it has no bfloat16.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.formats.parts.columns import one_line
from gene_analogies.formats.parts.text import decode, parse_json
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SafeTensor", "load_safetensors"]

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
