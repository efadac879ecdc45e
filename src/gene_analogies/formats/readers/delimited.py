"""Tables of text with a column of names: CSV and TSV, as pandas, R and spreadsheets write them.

R's ``write.table`` gives the column of names no cell in the header; spreadsheets of half of
Europe write ``0,5;0,25``. Before a table may stand comments with # and Excel's ``sep=;``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.cells import (
    MISSING,
    Layout,
    lines_of_rows,
    quotes_in,
    read_cells,
    unclosed,
)
from gene_analogies.formats.parts.columns import (
    VECTOR_KEYS,
    Columns,
    Kind,
    first_key,
    is_name_key,
    is_number,
    quoted,
)
from gene_analogies.formats.parts.doubts import (
    first_is_whole,
    integers_above_decimals,
    shown_numbers,
)
from gene_analogies.formats.parts.left_out import LeftOut, are_utf8, printable
from gene_analogies.formats.parts.names import as_names, names_of_rows
from gene_analogies.formats.parts.preamble import before_table
from gene_analogies.formats.parts.precision import text_holds_doubles
from gene_analogies.formats.parts.table_columns import columns_of_table, contents_of_table
from gene_analogies.formats.parts.text import lines_of
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    lines = head.decode("utf-8-sig", errors="replace").split("\n")
    # The last line of the head may be cut.
    head_lines = iter([f"{line}\n" for line in (lines[:-1] if len(lines) > 1 else lines)])
    _, delimiter, first = before_table(head_lines)
    lines = [first, *islice(head_lines, 3)]
    try:
        delimiter = delimiter or _delimiter(lines)
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
        ``names_column`` or ``key`` is the column with the names, ``columns`` are those of the
        coordinates, with ``transpose`` those of the items; ``bad_bytes`` says what becomes of a
        name that is no UTF-8, and ``limit`` stops the reading early.

    Returns
    -------
    Contents
        The n names, and the numbers as (n, d) float32, or float64 where they are written with
        more digits than a float32 has. An empty cell, NA and the like are NaN. ``details`` says
        which column the names are, and which columns were left out.

    Raises
    ------
    FormatError
        With the line, and the column of a cell that holds no number; or if what the columns are
        is not clear: whether the first row is a header, the first numbers are coordinates, or the
        items are the columns.
    """
    layout, columns = _layout(source, options)
    limit = None if options.names or options.transpose else options.limit
    names, vectors = read_cells(source, layout, limit)
    if layout.keys is None and options.columns is None:
        _check_first_column(source, columns, vectors)
    if not are_utf8(names):
        left_out = LeftOut("line", blank=False)
        names, vectors = left_out.filter(names, vectors, lines_of_rows(source, layout))
        left_out.warn(source)
    in_table = None if columns.names is None else as_names(names, source)
    return contents_of_table(
        source,
        layout.keys,
        columns,
        (in_table, vectors),
        options,
        lambda count: names_of_rows(source, options, count),
    )


def _layout(source: Source, options: ReadOptions) -> tuple[Layout, Columns]:
    """Find out from the first rows how a table is written."""
    all_lines = lines_of(source, options.bad_bytes)
    before, delimiter, first = before_table(all_lines)
    lines = [first] if first else []
    letters = len(first)
    for line in islice(all_lines, _SAMPLE_ROWS - 1):
        if len(lines) > 1 and letters > _SAMPLE_LETTERS:
            break
        lines.append(line)
        letters += len(line)
    try:
        delimiter = delimiter or _delimiter(lines)
        if delimiter is None:
            first = next((one for one in _DELIMITERS if one in lines[0]), ",") if lines else ","
            _without_open_cell(source, lines, first, len(before))
            raise source.error("expected cells separated by tab, comma or ;", "line 1")
        skip = len(before) - _rows_among_comments(before, lines, delimiter)
        lines = _without_open_cell(source, [*before[skip:], *lines], delimiter, skip)
        rows = _rows(lines, delimiter)
        if not rows:
            raise source.error("expected rows of names and numbers, found none")
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
        raise source.error(
            f"expected {len(keys)} cells as in the header, found {width}", f"line {skip + 2}"
        )
    kinds = _kinds(body, width)
    if keys is None:
        _check_first_row(source, plain, kinds, skip + 1)
    else:
        keys = list(map(printable, keys))
    if keys is None and kinds[-1] == "number" and not any(row[-1] for row in body):
        kinds[-1] = "other"
    _check_lists(source, keys, kinds, body)
    columns = columns_of_table(source, keys, kinds, options)
    layout = Layout(
        delimiter,
        keys,
        width,
        columns.names,
        columns.vectors,
        double=text_holds_doubles(source, decimal=decimal),
        decimal=decimal,
        skip=skip,
        bad_bytes=options.bad_bytes,
    )
    return layout, columns


def _rows_among_comments(before: Sequence[str], lines: Sequence[str], delimiter: str) -> int:
    """Return how many of the lines with # before a table belong to it.

    Where the line below is no header, that is the last one if it has as many cells (``#gene``); or
    all from the first on whose cells are numbers, behind the name #.
    """
    rows = _rows(lines, delimiter)
    comments = [line for line in before if line.startswith("#")]
    if not rows or not comments or _has_header(rows):
        return 0
    width = len(rows[0])
    for at, line in enumerate(comments):
        cells = next(iter(_rows([line], delimiter)))
        if len(cells) == width > 1 and all(map(is_number, cells[1:])):
            return len(comments) - at
    last = next(iter(_rows([comments[-1]], delimiter)))
    return int(len(last) == width > 1)


def _without_open_cell(source: Source, lines: list[str], delimiter: str, skip: int) -> list[str]:
    """Return the lines before one in which a quote opens that none of the others closes."""
    opened = 0
    for at, line in enumerate(lines, 1):
        if '"' in line and quotes_in("".join(lines[opened:at]), delimiter) == "open":
            continue
        if opened == at - 1 or '"' in line:
            opened = at
    if opened == len(lines):
        return lines
    if opened < 2:
        raise unclosed(source, skip + opened + 1)
    return lines[:opened]


def _check_first_row(
    source: Source, rows: Sequence[Sequence[str]], kinds: Sequence[Kind], line: int
) -> None:
    """Refuse a first row that may be a header, such as ``EGF,3,4,5`` above decimal numbers."""
    numbers = [column for column, kind in enumerate(kinds) if kind != "text"]
    if _integers_first(rows, numbers):
        shown = ", ".join(rows[0][column] for column in numbers[:3])
        raise source.error(
            f"expected to know whether the whole numbers {shown}, … above decimal ones are a"
            " header: if they are, call the columns dim_3, say, or remove the line; if they are"
            " none, write a header above",
            f"line {line}",
        )


def _check_first_column(source: Source, columns: Columns, vectors: NDArray[np.floating]) -> None:
    """Refuse a first column of whole numbers beside others, which may be an annotation."""
    if len(columns.vectors) > 1 and first_is_whole(vectors):
        first, second, last = (columns.vectors[at] + 1 for at in (0, 1, -1))
        raise source.error(
            f"expected coordinates, found whole numbers in column {first}"
            f" ({shown_numbers(vectors)}) and others beside it, without a header: choose the"
            f" coordinates with columns, --columns {second}-{last} without it or"
            f" --columns {first}-{last} with it"
        )


def _integers_first(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> bool:
    """Whether the first row holds whole numbers in some columns that are decimal below."""
    cells = [
        [row[column] for column in columns] for row in rows if len(row) > max(columns, default=0)
    ]
    numbers = [list(map(float, row)) for row in cells if all(map(is_number, row))]
    if not numbers or not cells or not all(map(is_number, cells[0])):
        return False
    return integers_above_decimals(np.array(numbers, np.float64).reshape(len(numbers), -1))


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
    called = short == 1 or any(map(is_name_key, labels))
    if numbered in running and called:
        return True
    # Others keep the numbers of the columns that they chose.
    padded = [["", *first] if short == 1 else first, *body]
    return (called or (not labels and numbered in running)) and _integers_first(
        padded, sorted(numbers)
    )


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
