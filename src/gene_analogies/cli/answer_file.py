"""Pairs in a file: a saved answer, or lines of two names."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click

from gene_analogies.cli.reading import file_name, read_text
from gene_analogies.errors import GeneAnalogiesError, UnknownNameError
from gene_analogies.util.arguments import Operation

if TYPE_CHECKING:
    from gene_analogies.genes.resolve import Resolver

__all__ = ["SavedPairs", "has_header", "is_known", "read_saved_pairs"]

Pair = tuple[str, str]


class SavedPairs(NamedTuple):
    """The pairs in a file, and what their offsets are, where the file says so."""

    pairs: list[Pair]
    operation: Operation | None


def read_saved_pairs(path: Path, resolver: Resolver) -> SavedPairs:
    """Read the pairs c, d (and a, b, where it has them) of a saved answer, or lines of two names.

    A first line of two unknown names above a line with a known one is a header: it is skipped, and
    standard error says so.

    Parameters
    ----------
    path
        An answer in JSON, CSV or TSV, detected from its content; or text: two names a line,
        separated by a tab, comma, space or colon; blank lines and lines that begin with ``#`` are
        skipped. ``-`` is standard input.
    resolver
        Knows which names there are.

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
        table = list(itertools.dropwhile(lambda line: line.startswith("#"), lines)) or [""]
        rows = _rows(name, "\n".join(table), "\t" if "\t" in table[0] else ",")
        if rows and {"c", "d"} <= set(rows[0]):
            pairs = _of_records(dict(zip(rows[0], row, strict=False)) for row in rows[1:])
        else:
            pairs = [_of_line(name, *line, resolver) for line in _lines(lines)]
            if has_header(pairs, resolver):
                click.echo(f"Note: {name}: {' '.join(pairs[0])!r} is taken for a header", err=True)
                del pairs[0]
    if not pairs:
        raise GeneAnalogiesError(
            f"{name} holds no pairs: it must be an answer with c and d, or lines of two names"
        )
    return SavedPairs(pairs, operation)


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


def has_header(lines: Sequence[Sequence[str]], resolver: Resolver) -> bool:
    """Return whether the first line has no known name, and the second one has."""
    known = [any(is_known(name, resolver) for name in names) for names in lines[:2]]
    return known == [False, True]


def is_known(name: str, resolver: Resolver) -> bool:
    """Return whether anything has this name, with a vector or without."""
    try:
        resolver.resolve(name, suggest=False)
    except UnknownNameError:
        return False
    except GeneAnalogiesError:
        return True
    return True


def _of_line(path: str, number: int, line: str, resolver: Resolver) -> Pair:
    """Return the two names of a line."""
    items = resolver.vocabulary.rows
    for sign in ("\t", ",", None, ":"):
        names = [name.strip(" :") if name not in items else name for name in line.split(sign)]
        names = [name for name in names if name]
        if len(names) == 2:
            return names[0], names[1]
    raise GeneAnalogiesError(f"{path}: line {number}: expected two names, found {line!r}")
