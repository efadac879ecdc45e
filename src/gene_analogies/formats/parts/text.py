"""Text and JSON out of a file, compressed or not: in bounded memory, and with a fault's place."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from gene_analogies.errors import FormatError
from gene_analogies.formats.parts.left_out import SKIP_ADVICE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from gene_analogies.formats.source import Source

__all__ = [
    "LONGEST_LINE",
    "check_json",
    "decode",
    "lines_of",
    "open_bytes",
    "parse_json",
    "read_text",
]

LONGEST_LINE: Final = 2**24
# What a list or dictionary, half a text, and an element take at least.
_JSON_BYTES: Final = {"[": 128, "{": 128, '"': 16, ",": 8}


def open_bytes(source: Source) -> BinaryIO:
    """Open a file for reading bytes, decompressed where it is gzip.

    Reading from it raises a FormatError where gzip is damaged, or holds out of all proportion
    more than its own size.
    """
    return io.BufferedReader(_Checked(source), 2**18)


def read_text(source: Source) -> str:
    """Read a file of UTF-8 text whole.

    Raises
    ------
    FormatError
        With the line that is not UTF-8.
    """
    with open_bytes(source) as stream:
        return decode(stream.read(), source)


def lines_of(source: Source, bad_bytes: str = "") -> Iterator[str]:
    """Yield the lines of a file of UTF-8 text with their ends.

    Parameters
    ----------
    source
        The file, which may be compressed with gzip.
    bad_bytes
        As in `ReadOptions`, where the reader has this option; with ``skip`` a byte that is no
        UTF-8 becomes half a surrogate pair.

    Raises
    ------
    FormatError
        With the line that is not UTF-8, or is longer than any row of an embedding.
    """
    with open_bytes(source) as stream:
        for number in itertools.count(1):
            line = stream.readline(LONGEST_LINE)
            if not line:
                return
            if len(line) == LONGEST_LINE:
                raise source.error("expected lines of less than 16 MiB", f"line {number}")
            yield decode(line, source, number, bad_bytes)


def decode(data: bytes, source: Source, first: int = 1, bad_bytes: str = "") -> str:
    """Decode UTF-8, without the byte order mark of a file; ``first`` is the first line's number.

    ``bad_bytes`` is as for `lines_of`.

    Raises
    ------
    FormatError
        With the line that is not UTF-8.
    """
    try:
        errors = "surrogateescape" if bad_bytes == "skip" else "strict"
        return data.decode("utf-8-sig" if first == 1 else "utf-8", errors)
    except UnicodeDecodeError as error:
        # The byte order mark may be off already, so the place is one of the object at hand.
        line = error.object.count(b"\n", 0, error.start) + first
        found = f"0x{error.object[error.start]:02x}"
        advice = SKIP_ADVICE if bad_bytes else ""
        raise source.error(
            f"expected UTF-8 text, found the byte {found}{advice}", f"line {line}"
        ) from None


def check_json(text: str, source: Source) -> None:
    """Refuse compressed JSON whose objects would take memory out of proportion to the file.

    Its text is in proportion already, but ``[],`` takes nearly a hundred times its text.

    Raises
    ------
    FormatError
        As `Source.check_size`.
    """
    if not source.is_gzip:
        return
    wanted = sum(_JSON_BYTES[mark] * text.count(mark) for mark in _JSON_BYTES)
    try:
        source.check_size(wanted, 1, 1)
    except FormatError:
        raise source.error(
            f"expected data in proportion to the file, found JSON that takes {wanted:,} bytes"
            f" compressed into {source.size:,}"
        ) from None


def parse_json(text: str, source: Source, place: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Parse JSON; of a key that comes twice the last value is kept.

    Raises
    ------
    FormatError
        With the line and column, unless another place is given.
    """
    check_json(text, source)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = place or f"line {error.lineno} column {error.colno}"
        raise source.error(f"expected JSON ({error.msg})", where) from None
    except RecursionError:
        raise source.error("expected JSON, found values nested too deep", place) from None
    except ValueError as error:  # a whole number of thousands of digits
        raise source.error(f"expected JSON ({str(error).split(';')[0]})", place) from None


class _Checked(io.RawIOBase):
    """The bytes of a source, counted and with its errors."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stream = source.open()
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        try:
            count = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self._source.error(
                f"expected a whole gzip file ({error}); it is cut or damaged: get it again"
            ) from None
        except OSError as error:
            raise self._source.error(f"cannot be read ({error.strerror or error})") from None
        self._read += count
        if self._source.is_gzip:
            self._check_proportion()
        return int(count)

    def _check_proportion(self) -> None:
        try:
            self._source.check_size(self._read, 1, 1)
        except FormatError:
            raise self._source.error(
                f"expected data in proportion to the file, found over {self._read:,} bytes"
                f" compressed into {self._source.size:,}"
            ) from None

    def close(self) -> None:
        self._stream.close()
        super().close()
