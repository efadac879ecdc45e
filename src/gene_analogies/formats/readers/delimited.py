"""Tables of text with a column of names: CSV and TSV, as pandas, R and spreadsheets write them.

R's ``write.table`` gives the column of names no cell in the header; spreadsheets of half of
Europe write ``0,5;0,25``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.cells import MISSING, Layout, read_cells
from gene_analogies.formats.parts.columns import (
    VECTOR_KEYS,
    Columns,
    Kind,
    choose_columns,
    first_key,
    is_name_key,
    is_number,
    quoted,
)
from gene_analogies.formats.parts.names import as_names, names_of_rows
from gene_analogies.formats.parts.precision import text_holds_doubles
from gene_analogies.formats.parts.text import lines_of
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]

_ENDINGS: Final = (".csv", ".tsv", ".tab")
_DELIMITERS: Final = "\t;, "
_SAMPLE_ROWS: Final = 50
_SAMPLE_LETTERS: Final = 2**20
_LIST: Final = re.compile(r"(array\()?[\[(]\s*[-+]?[\d.].*[\])]", re.ASCII | re.DOTALL)
_DECIMAL_COMMA: Final = re.compile(r"\s*[-+]?\d+,\d+([eE][-+]?\d+)?\s*", re.ASCII)


def recognises(source: Source) -> bool:
    """Recognise the name, or first rows of equally many cells, numbers among them."""
    head = source.head
    if source.is_folder or b"\0" in head or not (head or source.is_gzip):
        return False
    if source.name.endswith(_ENDINGS):
        return True
    lines = head.decode("utf-8-sig", errors="replace").split("\n")[:5]
    # The last line of the head may be cut.
    lines = [f"{line}\n" for line in (lines[:-1] if len(lines) > 1 else lines)]
    try:
        delimiter = _delimiter(lines)
        rows = _rows(lines, delimiter) if delimiter else []
    except csv.Error:
        return False
    return any(
        2 * sum(is_number(cell.replace(",", ".")) for cell in row) >= max(2, len(row))
        for row in rows
    )


def read(source: Source, options: ReadOptions) -> Contents:
    """Read a table; names are kept as they are written, be they NA, TRUE or 1956.

    Parameters
    ----------
    source
        The file, which may be compressed with gzip.
    options
        ``names_column`` or ``key`` is the column with the names, ``limit`` stops the reading early.

    Returns
    -------
    Contents
        The n names, and the numbers as (n, d) float32, or float64 where they are written with
        more digits than a float32 has. An empty cell, NA and the like are NaN. ``details`` says
        which column the names are, and which columns were left out.

    Raises
    ------
    FormatError
        With the line, and the column of a cell that holds no number.
    """
    layout, columns = _layout(source, options)
    limit = None if options.names else options.limit
    names, vectors = read_cells(source, layout, limit)
    details = columns.details(layout.keys)
    if options.names is not None:
        names, path = names_of_rows(source, options, len(vectors))
        details["names"] = path.name
    return Contents(as_names(names, source), vectors, details)


def _layout(source: Source, options: ReadOptions) -> tuple[Layout, Columns]:
    """Find out from the first rows how a table is written."""
    lines: list[str] = []
    letters = 0
    for line in islice(lines_of(source), _SAMPLE_ROWS):
        if len(lines) > 1 and letters > _SAMPLE_LETTERS:
            break
        lines.append(line)
        letters += len(line)
    try:
        delimiter = _delimiter(lines)
        if delimiter is None:
            raise source.error("expected cells separated by tab, comma or ;", "line 1")
        rows = _rows(lines, delimiter)
    except csv.Error as error:
        raise source.error(f"expected a table ({error})", "line 1") from None
    decimal = "."
    if delimiter in "\t;" and any(_DECIMAL_COMMA.fullmatch(cell) for row in rows for cell in row):
        decimal = ","
    plain = [[cell.replace(decimal, ".") for cell in row] for row in rows]
    keys = rows[0] if _has_header(plain) else None
    body = plain[keys is not None :]
    if not body:
        raise source.error("expected rows of names and numbers below the header, found none")
    width = len(body[0])
    if keys is not None and len(keys) == width - 1:
        keys = ["", *keys]
    if keys is not None and len(keys) != width:
        raise source.error(f"expected {len(keys)} cells as in the header, found {width}", "line 2")
    kinds = _kinds(body, width)
    if keys is None and kinds[-1] == "number" and not any(row[-1] for row in body):
        kinds[-1] = "other"
    _check_lists(source, keys, kinds, body)
    columns = choose_columns(source, keys, kinds, options)
    double = text_holds_doubles(source, decimal=decimal)
    layout = Layout(delimiter, keys, width, columns.names, columns.vectors, double, decimal)
    return layout, columns


def _delimiter(lines: Sequence[str]) -> str | None:
    """Return the delimiter that cuts the first two rows into equally many cells."""
    fallback = None
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in _rows(lines[:3], delimiter)][:2]
        if min(widths, default=1) < 2:
            continue
        if len(widths) == 1 or widths[0] in (widths[1] - 1, widths[1]):
            return delimiter
        if delimiter != " ":
            fallback = fallback or delimiter
    return fallback


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    return list(filter(None, csv.reader(lines, delimiter=delimiter)))


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row says what the columns are called."""
    first, *body = rows
    if not body:
        return not any(map(is_number, first))
    width = len(body[0])
    numbers = {column for column, kind in enumerate(_kinds(body, width)) if kind != "text"}
    if not numbers:  # no embedding: the error shall call the columns by their names
        return True
    short = width - len(first)  # R's header has no cell for the names
    above = [cell for column, cell in enumerate(first, short) if column in numbers]
    if 2 * sum(not is_number(cell) and cell not in MISSING for cell in above) > len(above):
        return True
    # pandas calls columns without names 0, 1, …
    numbered = [cell for cell in first if is_number(cell)]
    labels = [cell for cell in first if not is_number(cell)]
    running = [[str(start + at) for at in range(len(numbered))] for start in (0, 1)]
    return numbered in running and (short == 1 or any(map(is_name_key, labels)))


def _kinds(rows: Sequence[Sequence[str]], width: int) -> list[Kind]:
    """Return what each column holds; a few cells that are no numbers make no text of numbers."""
    kinds: list[Kind] = []
    for column in range(width):
        cells = [row[column] for row in rows if column < len(row)]
        cells = [cell for cell in cells if cell.strip() not in MISSING]
        numbers = sum(map(is_number, cells))
        if 2 * numbers < len(cells):
            kinds.append("text")
        elif numbers < len(cells):
            kinds.append("mixed")
        else:
            kinds.append("whole" if cells and all(map(str.isdecimal, cells)) else "number")
    return kinds


def _check_lists(
    source: Source,
    keys: Sequence[str] | None,
    kinds: Sequence[Kind],
    rows: Sequence[Sequence[str]],
) -> None:
    """Refuse vectors written as texts, by name or for their length: pandas cuts long ones."""
    numbers = sum(kind in ("whole", "number", "mixed") for kind in kinds)
    for column, kind in enumerate(kinds):
        cell = rows[0][column].strip()
        if kind != "text" or not _LIST.fullmatch(cell):
            continue
        key = f"column {column + 1}" if keys is None else keys[column]
        if first_key(VECTOR_KEYS, [key]) or len(re.split(r"[,;\s]+", cell)) > numbers:
            raise source.error(
                f"expected a column for every coordinate, but {quoted(key)} holds lists as text;"
                " save the table as Parquet or JSON"
            )
