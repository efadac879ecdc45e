"""Numbers and text as the instructions of a pickle hold them."""

from __future__ import annotations

import codecs
import pickle
import struct
from typing import Any

from gene_analogies.formats.pickles.stand_ins import RefusedError

__all__ = ["Reader"]


class Reader:
    """Reads what follows an instruction.

    All of its methods may raise `RefusedError`, `IndexError` or `struct.error` where the bytes
    end too early, and `ValueError` where they are no such number or text.

    Parameters
    ----------
    data
        One or more pickles.
    """

    def __init__(self, data: bytes | bytearray) -> None:
        self.position = 0
        self._data = data
        self._view = memoryview(data)

    def check_left(self, count: int) -> None:
        """Refuse to go on where fewer bytes are left."""
        left = len(self._data) - self.position
        if count > left:
            raise RefusedError(f"expected {count:,} more bytes, found {left:,}")

    def number(self, layout: str) -> Any:  # noqa: ANN401 - an int or a float
        """Return a number that `struct` describes."""
        (number,) = struct.unpack_from(layout, self._data, self.position)
        self.position += struct.calcsize(layout)
        return number

    def line(self) -> bytes:
        """Return what stands before the next line feed."""
        end = self._data.find(b"\n", self.position)
        if end < 0:
            raise IndexError
        line = self._view[self.position : end].tobytes()
        self.position = end + 1
        return line

    def long(self, layout: str) -> int:
        """Return an integer of any length, which stands before it."""
        return pickle.decode_long(self._counted(layout))

    def integer(self) -> int:
        """Return an integer, or a truth value, from a line of digits."""
        line = self.line()
        if line in (b"00", b"01"):
            return line == b"01"
        return int(line.removesuffix(b"L"))  # at most 4,300 digits, says Python

    def real(self) -> float:
        """Return a float from a line of digits."""
        return float(self.line())

    def raw(self, layout: str) -> bytes:
        """Return some bytes, whose number stands before them."""
        return self._counted(layout).tobytes()

    def text(self, layout: str) -> str:
        """Return a text in UTF-8, whose length stands before it."""
        return str(self._counted(layout), "utf-8")

    def escaped(self) -> str:
        """Return a text from a line in Python's escapes."""
        return str(self.line(), "raw-unicode-escape")

    def string(self, layout: str) -> str | bytes:
        """Return a string of Python 2, whose length stands before it."""
        return _python2(self.raw(layout))

    def quoted(self) -> str | bytes:
        """Return a string of Python 2 from a line with quotes around it."""
        line = self.line().strip()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
            raise RefusedError("expected a text in quotes, found none")
        return _python2(codecs.escape_decode(line[1:-1])[0])

    def _counted(self, layout: str) -> memoryview:
        count = self.number(layout)
        self.check_left(count)
        start = self.position
        self.position = start + count
        return self._view[start : self.position]


def _python2(string: bytes) -> str | bytes:
    """Return text where it is UTF-8: names are, the bytes of arrays hardly ever."""
    try:
        return string.decode()
    except UnicodeDecodeError:
        return string
