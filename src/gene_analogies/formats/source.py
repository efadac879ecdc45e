"""A file or folder to read: its first bytes, its stream, and the errors that name it."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.util.regular_files import kind_of

__all__ = ["ALWAYS_ALLOWED", "MAX_RATIO", "InMemory", "Origin", "Source"]

_HEAD: Final = 2**16
_GZIP: Final = b"\x1f\x8b"
_POINTER: Final = b"version https://git-lfs"

# No real embedding shrinks so far; what claims to is a broken header, or a bomb.
MAX_RATIO: Final = 64
ALWAYS_ALLOWED: Final = 64 * 2**20

# What Python takes for a short text and its place in a list.
_NAME_BYTES: Final = 64


class Origin(Protocol):
    """Where a table comes from, for errors and warnings: a file, or an object in memory."""

    path: Path

    def error(self, message: str, place: str = "") -> FormatError:
        """Make the error that says what is wrong, where, in one line."""


class InMemory:
    """An object in memory, such as a data frame.

    Parameters
    ----------
    label
        What errors call it.
    """

    def __init__(self, label: str) -> None:
        self.path = Path(label)

    def error(self, message: str, place: str = "") -> FormatError:
        """Make the error that says what is wrong, where, in one line."""
        return FormatError(self.path, _printable(message), _printable(place))


class Source:
    """A file or folder that may hold an embedding.

    Parameters
    ----------
    path
        The file or folder.

    Raises
    ------
    GeneAnalogiesError
        If there is no such file or folder.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            kind = kind_of(self.path)
        except FileNotFoundError:  # as for a dangling link
            raise GeneAnalogiesError(f"{self.path} does not exist") from None
        except (OSError, ValueError) as error:
            raise GeneAnalogiesError(f"{self.path} cannot be opened: {error}") from None
        if kind not in ("file", "folder"):
            raise GeneAnalogiesError(
                f"{self.path} is a {kind}, which cannot be read twice; save it to a file"
            )

    def __repr__(self) -> str:
        return f"Source({str(self.path)!r})"

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    @cached_property
    def name(self) -> str:
        """The file's name in lower case, without ``.gz``."""
        return self.path.name.lower().removesuffix(".gz")

    @cached_property
    def size(self) -> int:
        """Bytes on disk; for a folder, of all the files directly in it."""
        with self._readable():
            if self.is_folder:
                return sum(path.stat().st_size for path in self.path.iterdir() if path.is_file())
            return self.path.stat().st_size

    @cached_property
    def is_gzip(self) -> bool:
        """Whether the file begins as gzip does."""
        if self.is_folder:
            return False
        with self._readable(), self.path.open("rb") as file:
            return file.read(2) == _GZIP

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB, decompressed; empty for a folder and for damaged gzip."""
        if self.is_folder:
            return b""
        try:
            with self._open() as stream:
                return stream.read(_HEAD)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return b""

    def open(self) -> BinaryIO:
        """Open the file for reading bytes, decompressed where it is gzip.

        Reading from it may raise `EOFError`, `zlib.error` or `OSError` where gzip is damaged.

        Raises
        ------
        FormatError
            If git left a pointer there, in place of a large file.
        """
        self.refuse_pointer()
        return self._open()

    def refuse_pointer(self) -> None:
        """Refuse what git leaves in place of a large file that was not downloaded."""
        if self.head.startswith(_POINTER):
            raise self.error(
                "expected an embedding, found a pointer of Git LFS; run `git lfs pull` in its"
                " repository"
            )

    def _open(self) -> BinaryIO:
        with self._readable():
            if self.is_gzip:
                return cast("BinaryIO", io.BufferedReader(gzip.open(self.path), 2**20))
            return self.path.open("rb")

    def beside(self, name: str) -> Path:
        """Return the path of a file in the folder, or next to the file."""
        return (self.path if self.is_folder else self.path.parent) / name

    def error(self, message: str, place: str = "") -> FormatError:
        """Make the error that says what is wrong, where, in one line.

        Parameters
        ----------
        message
            What was expected, and what was found.
        place
            Where in the file: a line, a row, a key.
        """
        return FormatError(self.path, _printable(message), _printable(place))

    def check_size(self, rows: int, dimension: int, itemsize: int = 4) -> None:
        """Refuse a matrix that is out of proportion to the file, before memory is taken for it.

        Raises
        ------
        FormatError
            If it has no coordinate, or takes over 64 times the size of the file and over 64 MiB.
        """
        if rows < 0 or dimension < 1:
            raise self.error(f"expected vectors, found a matrix of shape ({rows}, {dimension})")
        wanted = rows * dimension * itemsize
        if wanted > max(ALWAYS_ALLOWED, MAX_RATIO * self.size):
            raise self.error(
                f"expected an embedding, found {rows:,} × {dimension:,} numbers claimed by"
                f" {self.size:,} bytes"
            )

    def check_names(self, count: int) -> None:
        """Refuse so many names that their texts alone are out of proportion to the file.

        Raises
        ------
        FormatError
            If 64 bytes for each make over 64 times the size of the file and over 64 MiB.
        """
        if _NAME_BYTES * count > max(ALWAYS_ALLOWED, MAX_RATIO * self.size):
            raise self.error(
                f"expected an embedding, found {count:,} names claimed by {self.size:,} bytes"
            )

    @contextmanager
    def library_errors(self, expected: str) -> Iterator[None]:
        """Turn whatever a library says of a file into a `FormatError`.

        Parameters
        ----------
        expected
            What the library was asked to read, such as ``"a Parquet table"``.
        """
        try:
            yield
        except GeneAnalogiesError:
            raise
        except MemoryError:
            raise self.error(f"expected {expected}, found one that does not fit memory") from None
        except Exception as error:  # libraries raise what they like on broken input
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise self.error(f"expected {expected} ({reason})") from error

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise GeneAnalogiesError(
                f"{self.path} cannot be read: {error.strerror or error}"
            ) from None


def _printable(text: str) -> str:
    """Return text as it is, or escaped where it holds a key with a line end, say."""
    return text if text.isprintable() else repr(text)[1:-1]
