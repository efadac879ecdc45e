"""Pairs in a file: a saved answer, or lines of two names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

from gene_analogies.cli.reading import file_name, read_text
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.arguments import Operation

__all__ = ["SavedPairs", "read_saved_pairs", "without_header"]

Pair = tuple[str, str]


class SavedPairs(NamedTuple):
    """The pairs in a file, and what their offsets are, where the file says so."""

    pairs: list[Pair]
    operation: Operation | None


def read_saved_pairs(path: Path, is_item: Callable[[str], bool]) -> SavedPairs:
    """Read the pairs c, d (and a, b, where it has them) of a saved answer, or lines of two names.

    Parameters
    ----------
    path
        An answer in JSON, CSV or TSV, detected from its content; or text: two names a line,
        separated by a tab, comma, space or colon; blank lines and lines that begin with ``#`` are
        skipped. ``-`` is standard input.
    is_item
        Whether an item has exactly this name, for names that hold a colon.

    Raises
    ------
    GeneAnalogiesError
        If the file cannot be read, or holds no pairs; the message has the number of the line.
    """
    text = read_text(path, "save the answer as JSON, CSV or TSV")
    name = file_name(path)
    operation: Operation | None = None
    if text.lstrip().startswith(("{", "[")):
        pairs, operation = _of_json(name, text)
    else:
        lines = text.split("\n")
        rows = _rows(name, text, "\t" if "\t" in lines[0] else ",")
        if rows and {"c", "d"} <= set(rows[0]):
            pairs = _of_records(dict(zip(rows[0], row, strict=False)) for row in rows[1:])
        else:
            pairs = [_of_line(name, *line, is_item) for line in _lines(lines)]
    if not pairs:
        raise GeneAnalogiesError(
            f"{name} holds no pairs: it must be an answer with c and d, or lines of two names"
        )
    return SavedPairs(pairs, operation)


def without_header(pairs: list[Pair], is_name: Callable[[str], bool]) -> list[Pair]:
    """Return pairs without the first one where it is a header: neither text is a name.

    Parameters
    ----------
    pairs
        In the order of a file.
    is_name
        Whether a text leads to an item, by any of its names.
    """
    header = len(pairs) > 1 and not any(map(is_name, pairs[0]))
    return pairs[1:] if header else pairs


def _rows(path: str, text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a table; a name in quotation marks may hold a line end."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(reader)
    except csv.Error as error:
        raise GeneAnalogiesError(f"{path}: line {reader.line_num}: {error}") from None


def _of_json(path: str, text: str) -> tuple[list[Pair], Operation | None]:
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GeneAnalogiesError(f"{path} is not JSON: {error}") from None
    if isinstance(content, list):
        content = {"rows": content}
    rows = [row for values in content.values() if isinstance(values, list) for row in values]
    operation = content.get("operation")
    known = cast("Operation", operation) if operation in ("difference", "sum") else None
    return _of_records(row for row in rows if isinstance(row, dict)), known


def _of_records(records: Iterator[dict[str, Any]]) -> list[Pair]:
    """Return the pairs a, b and c, d of rows that have them."""
    found = []
    for record in records:
        values = {name: record.get(name) for name in "abcd"}
        if not _are_names(values["c"], values["d"]):
            continue
        if _are_names(values["a"], values["b"]):
            found.append((str(values["a"]), str(values["b"])))
        found.append((str(values["c"]), str(values["d"])))
    return found


def _are_names(*values: object) -> bool:
    return all(isinstance(value, str) and value for value in values)


def _lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()


def _of_line(path: str, number: int, line: str, is_item: Callable[[str], bool]) -> Pair:
    """Return the two names of a line."""
    for sign in ("\t", ",", None, ":"):
        names = [name.strip(" :") if not is_item(name) else name for name in line.split(sign)]
        names = [name for name in names if name]
        if len(names) == 2:
            return names[0], names[1]
    raise GeneAnalogiesError(f"{path}: line {number}: expected two names, found {line!r}")
