"""Tensors in files that ``torch.save`` wrote, read without PyTorch.

Since PyTorch 1.6 such a file is a zip archive in which nothing is compressed: ``data.pkl``, a
pickle that refers to storages, and the bytes of each storage. Before, it was five pickles and then
the storages (``torch/serialization.py`` describes both). ``torch.load(weights_only=True)`` runs no
code either, but a file can still make it crash, hang, or show memory as numbers of a tensor; here
the file's claims are checked first.
"""

from __future__ import annotations

import math
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gene_analogies.formats.pickles.machine import Machine
from gene_analogies.formats.pickles.safe_load import read_within_reason
from gene_analogies.formats.pickles.stand_ins import Global, RefusedError
from gene_analogies.formats.source import Source
from gene_analogies.formats.zip_archives import opened_zip

__all__ = ["Tensor", "is_torch", "load_tensors"]

_ZIP: Final = b"PK\x03\x04"
_LOCAL_HEADER: Final = 30  # then the file's name, and an extra field
# A pickle of the number 0x1950a86a20f9469cfc6c begins files of before PyTorch 1.6.
_OLD: Final = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
_OLD_PROTOCOL: Final = 1001

# NumPy has no bfloat16: these are the upper halves of float32.
_BFLOAT16: Final = "BFloat16Storage"
_TYPES: Final = {
    "DoubleStorage": "f8", "FloatStorage": "f4", "HalfStorage": "f2", _BFLOAT16: "u2",
    "LongStorage": "i8", "IntStorage": "i4", "ShortStorage": "i2", "CharStorage": "i1",
    "ByteStorage": "u1", "BoolStorage": "?", "ComplexFloatStorage": "c8",
    "ComplexDoubleStorage": "c16",
}  # fmt: skip
# Of these numbers a tensor has only codes; since PyTorch 2.1 storages of new types have none.
_QUANTISED: Final = (
    "QInt8Storage", "QUInt8Storage", "QInt32Storage", "QUInt4x2Storage", "QUInt2x4Storage",
)  # fmt: skip
_QUANTISED_DTYPES: Final = ("qint8", "quint8", "qint32", "quint4x2", "quint2x4")
_UNTYPED: Final = "UntypedStorage"
# PyTorch has one for every storage; a list of millions takes half a minute to read.
_MAX_ENTRIES: Final = 2**18


class _Storage:
    """The numbers of one or more tensors; ``read`` gets their bytes when they are asked for."""

    def __init__(
        self,
        kind: Any,  # noqa: ANN401
        size: Any,  # noqa: ANN401
        order: str,
        read: Callable[[], bytes | memoryview],
    ) -> None:
        if isinstance(kind, Global) and kind.name in _QUANTISED:
            raise RefusedError(
                f"expected weights, found quantised ones ({kind.name}); save x.dequantize() of each"
                " tensor x instead"
            )
        if isinstance(kind, Global) and kind.name == _UNTYPED:
            raise RefusedError(
                "expected numbers of a type that NumPy has, found others (such as float8); save"
                " x.float() of each tensor x instead"
            )
        if not isinstance(kind, Global) or kind.name not in _TYPES:
            raise ValueError("a storage of another type")
        if type(size) is not int or size < 0:
            raise ValueError("a storage of no size")
        self.is_bfloat16 = kind.name == _BFLOAT16
        self.dtype = np.dtype(order + _TYPES[kind.name])
        self.size = size
        self.nbytes = size * self.dtype.itemsize
        self._read = read

    @cached_property
    def kept(self) -> NDArray[Any]:
        """All numbers, which stay in memory for the next of many tensors that share them."""
        return self.numbers()

    def numbers(self) -> NDArray[Any]:
        return np.frombuffer(self._read(), self.dtype)


class Tensor:
    """A tensor that is not read from its file before it is asked for.

    Attributes
    ----------
    shape
        Its shape.
    dtype
        The NumPy type it is read as: float32 for both types of half precision.
    """

    def __init__(self, source: Source, storage: Any, offset: Any, shape: Any, steps: Any) -> None:  # noqa: ANN401
        if (
            not isinstance(storage, _Storage)
            or type(shape) is not tuple
            or type(steps) is not tuple
        ):
            raise ValueError("a tensor without a storage")
        if len(shape) != len(steps) or len(shape) > 32:
            raise ValueError("a tensor without a storage")
        if not all(type(number) is int and number >= 0 for number in (offset, *shape)) or (
            math.prod(size or 1 for size in shape) >= 2**48
        ):
            raise ValueError("a tensor of no shape")
        # The step along an axis of one number is never taken, and may be anything.
        steps = tuple(step if size > 1 else 0 for size, step in zip(shape, steps, strict=True))
        if not all(type(step) is int and step >= 0 for step in steps):
            raise ValueError("a tensor of negative strides")
        last = offset + sum((size - 1) * step for size, step in zip(shape, steps, strict=True))
        if math.prod(shape) and last >= storage.size:
            raise ValueError(f"a tensor of shape {shape} in {storage.size:,} numbers")
        self.shape = shape
        half = storage.is_bfloat16 or storage.dtype == np.float16
        self.dtype = np.dtype(np.float32) if half else storage.dtype.newbyteorder("=")
        self._source = source
        self._storage = storage
        self._offset = offset
        self._steps = steps

    def __str__(self) -> str:
        return f"{self.dtype} {' × '.join(map(str, self.shape)) or 'alone'}"

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether it holds floats."""
        return self.dtype.kind == "f"

    @property
    def is_readable(self) -> bool:
        """Whether it holds real numbers."""
        return self.dtype.kind in "fiu"

    def numpy(self, place: str = "") -> NDArray[Any]:
        """Read the numbers.

        Parameters
        ----------
        place
            What to call the tensor in errors.

        Returns
        -------
        ndarray
            Of this tensor's shape and type, C-contiguous, perhaps read-only.

        Raises
        ------
        FormatError
            If these are no real numbers, damaged, or far more than the file has.
        """
        if not self.is_readable:
            raise self._source.error(f"expected real numbers, found {self.dtype}", place)
        count = math.prod(self.shape)
        if count == 0:
            return np.empty(self.shape, self.dtype)
        # A step of 0 repeats a number: a small file may claim a matrix of any size.
        self._source.check_size(count, 1, self.dtype.itemsize)
        storage = self._storage
        numbers = storage.numbers() if count == storage.size else storage.kept
        numbers = numbers[self._offset :]
        steps = [step * numbers.itemsize for step in self._steps]
        view = np.lib.stride_tricks.as_strided(numbers, self.shape, steps, writeable=False)
        if self._storage.is_bfloat16:
            return (view.astype(np.uint32, order="C") << 16).view(np.float32)
        return view.astype(self.dtype, order="C", copy=False)


def is_torch(source: Source) -> bool:
    """Return whether a file is one of ``torch.save``, from how it begins."""
    head = source.head
    # The pickle is the first in the archive, in a folder that is called as the archive was.
    return head.startswith(_OLD) or (head.startswith(_ZIP) and b"/data.pkl" in head[:600])


def load_tensors(source: Source) -> Any:  # noqa: ANN401 - whatever was saved
    """Load what ``torch.save`` wrote; nothing in it is ever run.

    Parameters
    ----------
    source
        The file.

    Returns
    -------
    object
        As `gene_analogies.formats.pickles.safe_load.safe_load` returns it, with a `Tensor` for
        each tensor and parameter.

    Raises
    ------
    FormatError
        If the file is damaged, or refers to other classes or functions; so does one with sparse
        or quantized tensors.
    """
    if source.is_folder:
        raise source.error("expected a file of PyTorch, found a folder")
    if source.is_gzip:
        raise source.error("expected a file of PyTorch, found it within gzip: decompress it first")
    if source.head.startswith(_ZIP):
        return _load_zip(source)
    if source.head.startswith(_OLD):
        return _load_old(source)
    raise source.error("expected a file of PyTorch (torch.save), found another")


def _load_zip(source: Source) -> Any:  # noqa: ANN401
    with opened_zip(source, "a file of PyTorch", _MAX_ENTRIES) as archive:
        members = {info.filename: info for info in archive.infolist()}
    root = next((name[:-8] for name in members if name.endswith("/data.pkl")), None)
    if root is None:
        raise source.error("expected a file of PyTorch, found a zip archive without data.pkl")
    if any(info.compress_type != zipfile.ZIP_STORED for info in members.values()):
        raise source.error("expected a file of PyTorch, found a compressed zip archive")

    def read(name: str) -> bytes:
        return _member(source, members[root + name])

    stored: dict[str, _Storage] = {}
    big = root + "byteorder" in members and read("byteorder") == b"big"

    def storage(identity: Any) -> _Storage:  # noqa: ANN401
        what, kind, key, _location, size = identity
        if what != "storage" or type(key) is not str:
            raise ValueError("a storage that the archive lacks")
        if key in stored:
            return stored[key]
        if root + f"data/{key}" not in members:
            raise ValueError("a storage that the archive lacks")
        made = _Storage(kind, size, ">" if big else "<", lambda: read(f"data/{key}"))
        held = members[root + f"data/{key}"].file_size
        if made.nbytes != held:
            raise ValueError(f"{made.nbytes:,} bytes where the archive has {held:,}")
        stored[key] = made
        return made

    return Machine(read("data.pkl"), source, _classes(source), storage, "tensors").load()


def _member(source: Source, info: zipfile.ZipInfo) -> bytes:
    """Read a file in an archive, which is not compressed.

    It is not mapped: where another program cuts the file, that would end the process.
    """
    if not 0 <= info.header_offset <= source.size or info.file_size > source.size:
        raise source.error("expected a file of PyTorch, found it damaged", place=info.filename)
    with source.open() as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER)
        content = b""
        if len(header) == _LOCAL_HEADER and header[:4] == _ZIP:
            file.seek(sum(struct.unpack("<HH", header[-4:])), os.SEEK_CUR)
            content = file.read(info.file_size)
    # PyTorch can be set to write no checksums; then they are 0.
    if len(content) < info.file_size or (info.CRC and zlib.crc32(content) != info.CRC):
        raise source.error("expected a file of PyTorch, found it damaged", place=info.filename)
    return content


def _load_old(source: Source) -> Any:  # noqa: ANN401
    """Load a magic number, a protocol, the machine's traits, the object, keys, and storages."""
    with source.open() as stream:
        data = read_within_reason(stream, source)
    stored: dict[Any, _Storage] = {}
    contents: dict[Any, memoryview] = {}

    def storage(identity: Any) -> _Storage:  # noqa: ANN401
        what, kind, key, _location, size, view = identity
        if what != "storage" or type(key) is not str or view is not None:
            raise ValueError("a part of a storage")
        if key not in stored:
            stored[key] = _Storage(kind, size, "<", lambda: contents[key])
        return stored[key]

    machine = Machine(data, source, _classes(source), storage, "tensors")
    machine.load()
    if machine.load() != _OLD_PROTOCOL:
        raise source.error(f"expected a file of PyTorch of version {_OLD_PROTOCOL}, found another")
    machine.load()
    loaded = machine.load()
    keys = machine.load()
    if (
        type(keys) is not list
        or any(type(key) is not str for key in keys)
        or set(keys) != set(stored)
    ):
        raise source.error("expected the storages of all tensors, found others")
    start = machine.position
    for key in keys:
        contents[key] = memoryview(data)[start + 8 : start + 8 + stored[key].nbytes]
        claimed = int.from_bytes(data[start : start + 8], "little")
        if claimed != stored[key].size or len(contents[key]) != stored[key].nbytes:
            raise source.error("expected whole storages, found the file cut off or damaged")
        start += 8 + stored[key].nbytes
    return loaded


def _classes(source: Source) -> Mapping[tuple[str, str], Callable[..., Any]]:
    """Return what stands in for PyTorch's classes and functions."""

    def tensor(storage: Any, offset: Any, shape: Any, steps: Any, *_: Any) -> Tensor:  # noqa: ANN401
        return Tensor(source, storage, offset, shape, steps)

    def parameter(data: Any, *_: Any) -> Any:  # noqa: ANN401
        return data

    return {
        ("torch._utils", "_rebuild_tensor"): tensor,
        ("torch._utils", "_rebuild_tensor_v2"): tensor,
        ("torch._utils", "_rebuild_parameter"): parameter,
        ("torch._utils", "_rebuild_parameter_with_state"): parameter,
        ("torch", "Size"): tuple,
        ("torch", "device"): lambda *_: "device",
        # Refused by their storages, which say what to do.
        ("torch._utils", "_rebuild_qtensor"): _never,
        ("torch._utils", "_rebuild_tensor_v3"): _never,
        ("torch.storage", _UNTYPED): _never,
        **{("torch", name): _never for name in (*_TYPES, *_QUANTISED, *_QUANTISED_DTYPES)},
    }


def _never(*_: Any) -> Any:  # noqa: ANN401
    raise ValueError("a storage within the pickle")
