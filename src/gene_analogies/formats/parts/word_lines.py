"""The lines of word2vec text without a header: which begin it, and what may be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import numpy as np

from gene_analogies.formats.parts.doubts import (
    first_is_whole,
    integers_above_decimals,
    shown_numbers,
)
from gene_analogies.formats.parts.words import header_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.source import Source

__all__ = [
    "SPACE",
    "SPACES",
    "are_bare",
    "check_first_number",
    "check_names",
    "comment_lines",
    "first_row",
    "is_bare",
    "is_header",
    "number_in",
]

#: White space that stands between fields, as characters and as a pattern.
SPACE: Final = " \t\r"
SPACES: Final = re.compile(f"[{SPACE}]+")
# A file without a header is refused if so many first rows have the same name.
_SAME_NAMES: Final = 3


def first_row(line: str) -> tuple[str, list[str]]:
    """Take a line of unknown dimension apart: the name, and the numbers it ends in."""
    line = line.rstrip(SPACE)
    if "\t" in line:
        name, _, rest = line.partition("\t")
        numbers = [field for field in SPACES.split(rest) if field]
        return name, numbers if all(number_in(field) is not None for field in numbers) else []
    fields = SPACES.split(line.lstrip(SPACE))
    found = sum(1 for _ in takewhile(lambda field: number_in(field) is not None, fields[:0:-1]))
    at = len(fields) - found
    return " ".join(fields[:at]), fields[at:]


def number_in(field: str) -> float | None:
    """Return the number a field holds, if it is one that C would read too."""
    if "_" in field or not field.isascii():
        return None
    try:
        return float(field)
    except ValueError:
        return None


def comment_lines(lines: Sequence[str]) -> int:
    """Return how many lines with # stand before the rows and are none; # may be a name."""
    others = (at for at, line in enumerate(lines) if line.strip() and line[0] != "#")
    start = next(others, 0)
    if header_of(lines[start].encode(errors="replace")) is not None:
        return start
    numbers = len(first_row(lines[start])[1])
    return next((at for at in range(start) if len(first_row(lines[at])[1]) == numbers), start)


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first line of whole numbers stands above decimal ones."""
    numbers = [list(map(float, row)) for row in rows if len(row) == len(first)]
    return bool(numbers) and integers_above_decimals(np.array([list(map(float, first)), *numbers]))


def is_bare(name: str) -> bool:
    """Whether a name is a number and cannot be an identifier."""
    return bool(re.search("[0-9]", name)) and not name.isdigit() and number_in(name) is not None


def are_bare(names: Sequence[str]) -> bool:
    """Whether names are nothing but numbers, some of which cannot be identifiers."""
    return all(number_in(name) is not None for name in names) and any(map(is_bare, names))


def check_first_number(source: Source, rows: NDArray[np.floating], first: str) -> None:
    """Refuse rows whose first number, or first line, may be no coordinates, as without names."""
    if integers_above_decimals(rows):
        raise source.error(
            f"expected to know whether {first.strip()[:60]!r} is a header, for it holds whole"
            " numbers and the lines below do not: remove it if it is one, or else put a first line"
            f" 'n d' before it, here '{len(rows)} {rows.shape[1]}'"
        )
    if first_is_whole(rows):
        # A tab behind names and spaces between numbers are no table.
        advice = ""
        if first.count("\t") in (0, rows.shape[1]):
            advice = (
                "; if it is neither, choose columns of the table (--read-as table --columns"
                f" 3-{rows.shape[1] + 1})"
            )
        raise source.error(
            "expected coordinates, found that the first number of every row is whole"
            f" ({shown_numbers(rows)}) and others are not: as part of the name, or as a coordinate,"
            f" it needs a first line 'n d' (the numbers of rows and of coordinates){advice}"
        )


def check_names(source: Source, names: Sequence[str], separator: str) -> None:
    """Refuse names that are numbers, or whose numbers were taken for a coordinate (miR 20)."""
    if names and are_bare(names):
        found = next(filter(is_bare, names))
        raise source.error(
            f"expected names, found numbers such as {found}: where a matrix has no names, a file"
            " may give them (--read-as table --names FILE)"
        )
    if separator == " " and len(names) >= _SAME_NAMES and len(set(names)) == 1:
        raise source.error(
            f"expected different names, found {names[0][:60]!r} in each of the first"
            f" {len(names)} rows; where names hold spaces, a first line 'n d' (the numbers of rows"
            " and of coordinates) must tell where they end"
        )
