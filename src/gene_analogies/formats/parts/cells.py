"""The cells of a delimited table whose layout is known, as names and numbers."""

from __future__ import annotations

import csv
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.parts.columns import is_number, quoted
from gene_analogies.formats.parts.text import lines_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.errors import FormatError
    from gene_analogies.formats.source import Source

__all__ = ["MISSING", "Layout", "lines_of_rows", "quotes_in", "read_cells", "rows_of", "unclosed"]

#: How a missing number is written: by pandas, R and databases. It is read as NaN.
MISSING: Final = frozenset(["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"])

_ADVICE: Final = (
    "; the column is taken for a coordinate: if it is an annotation, choose the others (--columns)"
)
# Lines between two looks at how many there are.
_CHECKED: Final = 2**16
# A cell in quotes has no more letters, as of Python's csv module, and no more lines.
_LONGEST_CELL: Final = 2**17
_MOST_LINES: Final = 1000


@dataclass(frozen=True)
class Layout:
    """How a table is written.

    Attributes
    ----------
    delimiter
        What stands between two cells.
    keys
        The first row, where it says what the columns are called.
    width
        The number of cells of every row.
    names
        The column with the names, if there is one.
    vectors
        The columns with the numbers.
    double
        Whether the numbers are read as float64, or as float32.
    decimal
        What stands before a number's decimals.
    skip
        How many lines stand before the table.
    bad_bytes
        As `lines_of` takes it.
    """

    delimiter: str
    keys: Sequence[str] | None
    width: int
    names: int | None
    vectors: Sequence[int]
    double: bool = False
    decimal: str = "."
    skip: int = 0
    bad_bytes: str = ""

    def called(self, column: int) -> str:
        """Return what to call a column in an error."""
        called = "" if self.keys is None else f" ({quoted(self.keys[column])})"
        return f"column {column + 1}{called}"


def quotes_in(text: str, delimiter: str) -> Literal["closed", "open", "broken"]:
    """Return whether all quotes in lines of a table are closed in them, and as they should be."""
    try:
        for _ in csv.reader([text], delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "open" if "end of data" in str(error) else "broken"
    return "closed"


def unclosed(source: Source, line: int) -> FormatError:
    """Make the error of a quote that nothing closes."""
    return source.error(
        "expected a table (a quote opens that nothing closes); remove the quote or close it",
        f"line {line}",
    )


def lines_of_rows(source: Source, layout: Layout) -> list[int]:
    """Return the number of the line on which every row below the header begins."""
    return [line for line, _ in _body(source, layout)]


def rows_of(
    lines: Iterator[str], delimiter: str, source: Source, skipped: int = 0
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the first line of every row that is not empty, and its cells.

    Raises
    ------
    FormatError
        With the line where a quote opens that nothing closes.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error) or "field limit" in str(error):
                raise unclosed(source, line) from None
            raise source.error(f"expected a table ({error})", f"line {line}") from None
        if row:
            yield line, row


def read_cells(
    source: Source, layout: Layout, limit: int | None = None
) -> tuple[list[str], NDArray[np.floating]]:
    """Read the names and the numbers of a table.

    Returns
    -------
    list of str
        The n names; empty where the layout has no column for them.
    ndarray
        The numbers, read-only, float32 or float64 of shape (n, d); missing ones are NaN.

    Raises
    ------
    FormatError
        With the line and the column of the first cell that is wrong.
    """
    lines = _Lines(source, layout)
    try:
        table = _load(lines, layout, limit, slow=layout.decimal != ".")
    except GeneAnalogiesError:
        raise
    except ValueError:
        # NumPy's message counts rows from the wrong place, and takes a missing cell for a fault.
        _find_fault(source, layout)
        with source.library_errors("a table"):
            table = _load(_Lines(source, layout), layout, limit, slow=True)
    if lines.quotes % 2:
        _find_fault(source, layout)
    if not len(table):
        raise source.error("expected rows of names and numbers, found none")
    fields = [name for name in table.dtype.names or () if name.startswith("v")]
    if len(fields) == 1:
        vectors = np.ascontiguousarray(table[fields[0]])
    else:
        vectors = np.concatenate([table[name] for name in fields], axis=1)
    vectors.flags.writeable = False
    names = [] if layout.names is None else table[f"n{layout.names}"].tolist()
    return names, vectors


class _Lines:
    """The lines below the header, and how many quotes they hold.

    A quote that nothing closes is found as soon as its cell is too long, for NumPy would take all
    that follows into the cell, and find the fault in the end.
    """

    def __init__(self, source: Source, layout: Layout) -> None:
        self._source = source
        self._delimiter = layout.delimiter
        self._number = layout.skip
        self._lines = self._counted(_lines(source, layout))
        self.quotes = 0
        if layout.keys is not None:
            next(rows_of(self._lines, layout.delimiter, source, layout.skip), None)

    def __iter__(self) -> Iterator[str]:
        cell: list[str] = []
        opened = letters = 0
        for count, line in enumerate(self._lines):
            if not count % _CHECKED:
                self._source.check_names(count)
            quotes = line.count('"')
            self.quotes += quotes
            if quotes or cell:
                opened = opened if cell else self._number
                cell.append(line)
                letters += len(line)
                state = quotes_in("".join(cell), self._delimiter) if quotes else "open"
                if state == "broken" and len(cell) > 1:
                    break  # a later name in quotes ended the cell
                if state != "open":
                    cell.clear()
                    letters = 0
                elif letters > _LONGEST_CELL or len(cell) > _MOST_LINES:
                    break
            yield line
        if cell:
            raise unclosed(self._source, opened)

    def _counted(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            self._number += 1
            yield line


def _load(lines: _Lines, layout: Layout, limit: int | None, *, slow: bool) -> NDArray[Any]:
    """Read a structured array: a field for every text, and for every run of numbers."""
    number = np.float64 if layout.double else np.float32
    vectors = set(layout.vectors)
    fields: list[tuple[Any, ...]] = []
    column = 0
    while column < layout.width:
        end = column
        while end in vectors:
            end += 1
        if end > column:
            fields.append((f"v{column}", number, (end - column,)))
        else:
            end += 1
            # Of a column that nobody asked for one letter is enough.
            fields.append((f"n{column}", object if column == layout.names else "U1"))
        column = end
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of no rows, which is an error below
        return np.loadtxt(
            iter(lines),
            np.dtype(fields),
            delimiter=layout.delimiter,
            comments=None,
            quotechar='"',
            converters=dict.fromkeys(layout.vectors, _reader(layout)) if slow else None,
            ndmin=1,
            max_rows=limit,
        )


def _reader(layout: Layout) -> Callable[[str], float]:
    """Return what makes a number of a cell, which may be missing or hold a decimal comma."""

    def read(cell: str) -> float:
        return math.nan if cell.strip() in MISSING else float(cell.replace(layout.decimal, "."))

    return read


def _find_fault(source: Source, layout: Layout) -> None:
    """Raise an error that names the first wrong cell, if there is one."""
    for line, row in _body(source, layout):
        if len(row) != layout.width:
            raise source.error(f"expected {layout.width} cells, found {len(row)}", f"line {line}")
        for column in layout.vectors:
            cell = row[column]
            if not is_number(cell.replace(layout.decimal, ".")) and cell.strip() not in MISSING:
                place = f"line {line}, {layout.called(column)}"
                advice = "" if layout.keys is None else _ADVICE
                raise source.error(f"expected a number, found {quoted(cell)}{advice}", place)


def _body(source: Source, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header as `rows_of` does."""
    rows = rows_of(_lines(source, layout), layout.delimiter, source, layout.skip)
    if layout.keys is not None:
        next(rows, None)
    return rows


def _lines(source: Source, layout: Layout) -> Iterator[str]:
    """Yield the lines of the table."""
    return islice(lines_of(source, layout.bad_bytes), layout.skip, None)
