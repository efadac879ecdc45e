"""NumPy's array format, read so that its header is believed only as far as the file goes.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.source import Source

__all__ = [
    "MAGIC",
    "Header",
    "as_vectors",
    "read_header",
    "read_objects",
    "read_texts",
    "read_values",
]

#: The first bytes of every file of the format.
MAGIC: Final = b"\x93NUMPY"

_EXPECTED: Final = "a NumPy array"
_CHUNK: Final = 2**22


@dataclass(frozen=True)
class Header:
    """What a file says of its array: the shape, the order of the numbers, and their type."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """The number of numbers, texts or objects."""
        return math.prod(self.shape)

    @property
    def is_matrix(self) -> bool:
        """Whether it is a matrix of real numbers."""
        return len(self.shape) == 2 and self.dtype.kind in "fiub"

    @property
    def is_text(self) -> bool:
        """Whether it is a list of texts, or of objects that may be texts."""
        return self.dtype.kind in "USO" and self.size == max(self.shape, default=0)

    def __str__(self) -> str:
        kinds = {"U": "text", "S": "text", "O": "objects", "V": "a structured array"}
        kind = kinds.get(self.dtype.kind, str(self.dtype))
        return f"{kind} {' × '.join(map(str, self.shape)) or 'alone'}"


def read_header(stream: BinaryIO, source: Source, expected: str = _EXPECTED) -> Header:
    """Read the header of an array, and leave the stream where the numbers begin.

    Parameters
    ----------
    stream
        The array, from its first byte.
    source
        The file, which errors name.
    expected
        What to call the array in an error.

    Raises
    ------
    FormatError
        If it is broken, or of a type that no embedding has.
    """
    with source.library_errors(expected), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a header that Python 2 wrote
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            header = Header(*np.lib.format.read_array_header_1_0(stream))
        elif version == (2, 0):
            header = Header(*np.lib.format.read_array_header_2_0(stream))
        elif version == (3, 0):
            # NumPy writes it for the fields of structured arrays alone.
            header = Header((), False, np.dtype("V"))
        else:
            raise ValueError(f"there is no version {version[0]}.{version[1]}")
    if any(length < 0 for length in header.shape):
        raise source.error(f"expected {expected}, found the shape {header.shape}")
    return header


def read_values(stream: BinaryIO, header: Header, source: Source, place: str = "") -> NDArray[Any]:
    """Read the numbers or texts of an array, in native byte order and C order.

    Raises
    ------
    FormatError
        If the file holds fewer, or its size is out of proportion to what the header says.
    """
    wanted = header.size * header.dtype.itemsize
    if not wanted:
        raise source.error(f"expected an array, found an empty one ({header})", place)
    source.check_size(wanted, 1, 1)
    data = memoryview(bytearray(wanted))
    read = 0
    with source.library_errors(_EXPECTED):
        while read < wanted:
            chunk = stream.read(min(_CHUNK, wanted - read))
            if not chunk:
                break
            data[read : read + len(chunk)] = chunk
            read += len(chunk)
    if read < wanted:
        raise source.error(f"expected {wanted:,} bytes of {header}, found {read:,}", place)
    array = np.frombuffer(data, header.dtype)
    array = array.astype(header.dtype.newbyteorder("="), copy=False)
    if header.fortran_order:
        return np.ascontiguousarray(array.reshape(header.shape[::-1]).T)
    return array.reshape(header.shape)


def read_texts(stream: BinaryIO, header: Header, source: Source, place: str = "") -> list[Any]:
    """Read an array of texts; whoever asks checks that its objects are texts.

    Raises
    ------
    FormatError
        If the array holds numbers or has rows and columns, or a text is no Unicode.
    """
    if not header.is_text:
        raise source.error(f"expected names, found {header}", place)
    if header.dtype.kind == "O":
        values = read_objects(stream, source)
    else:
        values = read_values(stream, header, source, place)
    if not isinstance(values, np.ndarray):
        raise source.error(f"expected an array of names, found a {type(values).__name__}", place)
    with source.library_errors("an array of text"):
        return list(values.ravel().tolist())


def read_objects(stream: BinaryIO, source: Source) -> Any:  # noqa: ANN401
    """Read what an array of Python objects holds: it is a pickle, read without running it.

    Returns
    -------
    object
        An array of objects, or what a file made by hand holds instead.
    """
    from gene_analogies.formats.pickles.safe_load import safe_load

    return safe_load(stream, source)


def as_vectors(array: NDArray[Any], source: Source, place: str = "") -> NDArray[np.floating]:
    """Return a matrix of real numbers as read-only, C-contiguous float32, or float64.

    Numbers of two bytes or less become float32, longer whole numbers float64.

    Raises
    ------
    FormatError
        If it is no matrix of real numbers, or one without columns.
    """
    if array.ndim != 2 or array.dtype.kind not in "fiub" or not array.shape[1]:
        found = "objects" if array.dtype == object else array.dtype
        raise source.error(f"expected vectors, found {found} of shape {array.shape}", place)
    dtype = np.float64 if array.dtype.itemsize > 8 else np.result_type(array.dtype, np.float32)
    with np.errstate(all="ignore"):
        vectors = np.ascontiguousarray(array, dtype)
    vectors.flags.writeable = False
    return vectors
