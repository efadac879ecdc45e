"""Reading the public files that the packaged data are built from: NCBI's, and Bioconductor's."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gene_analogies.errors import GeneAnalogiesError

__all__ = [
    "Rows",
    "existing_file",
    "gzip_date",
    "gzip_lines",
    "human_rows",
    "open_sqlite",
    "parse_number",
    "read_metadata",
]

_HUMAN = "9606"

#: Yields the named columns of a table: ``rows("genes", "_id", "gene_id")``.
Rows = Callable[..., Iterator[tuple[Any, ...]]]


def existing_file(path: str | Path) -> Path:
    """Return the path of a file, or raise the error that it is not there."""
    path = Path(path)
    if not path.is_file():
        raise GeneAnalogiesError(f"{path}: no such file")
    return path


@contextmanager
def open_sqlite(path: str | Path, package: str) -> Iterator[Rows]:
    """Open the SQLite file of one of Bioconductor's packages, read-only.

    Parameters
    ----------
    path
        The file.
    package
        Whose file it should be, such as ``org.Hs.eg.db``.

    Yields
    ------
    Rows
        What reads its tables.

    Raises
    ------
    GeneAnalogiesError
        If the file is missing or damaged, lacks a table or a column, or has a row that belongs to
        no gene, which is a KeyError within.
    """
    path = existing_file(path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:

            def rows(table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
                # A name in brackets is always a column; in quotes SQLite would take it for text.
                names = ", ".join(f"[{column}]" for column in columns)
                return database.execute(f"SELECT {names} FROM [{table}]")

            yield rows
    except (sqlite3.Error, KeyError, ValueError) as error:
        reason = f"a row belongs to no gene: {error}" if isinstance(error, KeyError) else error
        raise GeneAnalogiesError(
            f"{path}: expected the SQLite file of {package} ({reason})"
        ) from None


def read_metadata(rows: Rows) -> dict[str, str]:
    """Return what Bioconductor says of the file: sources, addresses and dates, by name."""
    return dict(rows("metadata", "name", "value"))


def gzip_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a gzip file without their ends.

    Raises
    ------
    GeneAnalogiesError
        If it is damaged, cut short or not UTF-8.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                yield line.rstrip("\r\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise GeneAnalogiesError(
            f"{path}: expected a whole gzip file of tab-separated text ({error})"
        ) from None


def human_rows(path: Path, columns: Sequence[str]) -> Iterator[list[str]]:
    """Yield the named columns of every human line of one of NCBI's files.

    Raises
    ------
    GeneAnalogiesError
        If the file is damaged, lacks a column, or a human line is too short.
    """
    lines = gzip_lines(path)
    header = next(lines, "").split("\t")
    missing = {"#tax_id", *columns} - set(header)
    if missing:
        raise GeneAnalogiesError(
            f"{path}: the first line lacks the column {min(missing)}"
            f" (expected {', '.join(('#tax_id', *columns))})"
        )
    species = header.index("#tax_id")
    places = [header.index(column) for column in columns]
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        try:
            if cells[species] == _HUMAN:
                yield [cells[place] for place in places]
        except IndexError:
            raise GeneAnalogiesError(f"{path}: line {number} has too few columns") from None


def parse_number(cell: str, path: Path) -> int:
    """Return the number in a cell of a file."""
    if not cell.isdecimal():
        raise GeneAnalogiesError(f"{path}: expected a number in place of {cell!r}")
    return int(cell)


def gzip_date(path: Path) -> str:
    """Return the day on which a gzip file was written, from its header."""
    with path.open("rb") as file:
        seconds = int.from_bytes(file.read(8)[4:], "little")
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}" if seconds else "unknown"
