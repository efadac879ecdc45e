"""What the formats of word2vec and fastText share."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final, cast

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.source import Source

__all__ = ["BOM", "check_rows", "header_of", "names_to_write", "open_to_write"]

BOM: Final = b"\xef\xbb\xbf"

# More digits would be a claim that no file can keep.
_HEADER: Final = re.compile(rb" *(\d{1,18})[ \t]+(\d{1,18})[ \t\r]*")
# What a short str and its place in a list take.
_NAME_BYTES: Final = 64
_SEPARATOR: Final = re.compile(r"[ \t\r\n\v\f]")


def header_of(line: bytes) -> tuple[int, int] | None:
    """Return the numbers of rows and of coordinates in a first line, if it holds just these."""
    found = _HEADER.fullmatch(line.removeprefix(BOM))
    return (int(found[1]), int(found[2])) if found else None


def check_rows(source: Source, rows: int, dimension: int, itemsize: int = 4) -> None:
    """Refuse rows whose numbers and names would take memory out of proportion to the file.

    Raises
    ------
    FormatError
        As `Source.check_size`.
    """
    source.check_size(rows, dimension, itemsize + _NAME_BYTES // max(1, dimension))


def names_to_write(names: Iterable[str], format: str) -> list[bytes]:
    """Encode names for a format that ends a name at the first space.

    Raises
    ------
    GeneAnalogiesError
        If a name is empty or holds a space.
    """
    encoded = []
    for name in names:
        if not name or _SEPARATOR.search(name):
            raise GeneAnalogiesError(
                f"{name!r} cannot be written as {format}, whose names end at the first space;"
                " rename it, or choose another format"
            )
        encoded.append(name.encode())
    return encoded


def open_to_write(path: Path) -> IO[bytes]:
    """Open a file for bytes, compressed where its name ends in ``.gz``."""
    if path.name.lower().endswith(".gz"):
        # Level 9, the default, takes several times as long for a few per cent.
        return cast("IO[bytes]", gzip.open(path, "wb", compresslevel=6))
    return path.open("wb")
