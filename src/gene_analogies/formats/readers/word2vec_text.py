"""Text with a name and its numbers a line: word2vec, GloVe, fastText's ``.vec``, Gene2vec.

The word2vec tool (https://code.google.com/archive/p/word2vec/) and fastText write the numbers of
rows and of coordinates in a first line, GloVe (https://nlp.stanford.edu/projects/glove/) and
Gene2vec (https://github.com/jingcheng-du/Gene2vec) do not. Gene2vec puts a tab behind the name,
word2vec and fastText a space behind every number. A few names of GloVe's 840B file hold spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.precision import as_texts, holds_long_doubles, outside_single
from gene_analogies.formats.parts.text import LONGEST_LINE
from gene_analogies.formats.parts.words import (
    BOM,
    check_rows,
    header_of,
    names_to_write,
    open_to_write,
)
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding

__all__ = ["read", "recognises", "write"]

_BLOCK: Final = 2**20
_SPACE: Final = " \t\r"
_SPACES: Final = re.compile(f"[{_SPACE}]+")
# A file without a header is refused if so many first rows have the same name.
_SAME_NAMES: Final = 3
_FIRST_NAMES: Final = 100


@dataclass(frozen=True)
class _Layout:
    """How the lines of a file are written: what ends a name, and the numbers behind it."""

    separator: str
    header: tuple[int, int] | None
    dimension: int


def recognises(source: Source) -> bool:
    """Return whether the first line is word2vec's header, or a name with numbers."""
    head = source.head.removeprefix(BOM)
    if b"\0" in head:
        return False
    line, *more = head.split(b"\n", 1)
    if header_of(line) is not None:
        return True
    text = line.decode(errors="replace")
    if not more and len(source.head) == 2**16:  # the last number is cut
        text = text.rstrip(_SPACE).rpartition("\t" if text.count("\t") > 1 else " ")[0]
    name, numbers = _first_row(text)
    # Column numbers are the head of a table; and a matrix may have no names at all.
    columns = [[str(start + at) for at in range(len(numbers))] for start in (0, 1)]
    bare = re.search("[0-9]", name) and not name.isdigit() and _number(name) is not None
    return bool(name) and len(numbers) > 1 and numbers not in columns and not bare


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the names and numbers; float64 where float32 cannot hold what is written.

    That is where a number of ten digits or more equals no float32, or one is out of its range.

    Parameters
    ----------
    source
        The file, which may be compressed with gzip.
    options
        ``limit`` stops the reading early.

    Returns
    -------
    Contents
        The n names, and the numbers as (n, d) float32 or float64, rounded from the nearest float64.

    Raises
    ------
    FormatError
        With the line that is not UTF-8 or not a name with d numbers; where the header's n
        differs from the number of rows; or where, without a header, all names are the same, as
        the names ``miR 20`` and ``miR 21`` would seem to be.
    """
    # A late number may need float64; then those before it are read again.
    contents = _read(source, options, np.float32) or _read(source, options, np.float64)
    assert contents is not None
    return contents


def _read(source: Source, options: ReadOptions, dtype: type[np.floating]) -> Contents | None:
    """Read a file, or as float32 return None where a number is found that needs float64."""
    blocks = _blocks(source)
    start = next(blocks, (b"", [""]))
    header = header_of(start[1][0].encode())
    skip = 0 if header is None else 1
    first = start[1][skip] if len(start[1]) > skip else ""
    dimension = len(_first_row(first)[1]) if header is None else header[1]
    if dimension < 1:
        raise source.error(f"expected a name and numbers, found {start[1][0][:60]!r}", "line 1")
    layout = _Layout("\t" if "\t" in first.rstrip() else " ", header, dimension)
    itemsize = np.dtype(dtype).itemsize
    claimed = 0 if header is None else header[0]
    check_rows(source, claimed, dimension, itemsize)
    limit = options.limit
    matrix = np.empty((claimed if limit is None else min(claimed, limit), dimension), dtype)
    names: list[str] = []
    number = 1 + skip
    for data, lines in chain([(start[0], start[1][skip:])], blocks):
        found, values = _parse(source, layout, lines, number)
        with np.errstate(over="ignore"):  # as in C, what is too large is infinite
            rows = values.astype(dtype, copy=False)
        if rows is not values and _needs_double(data, values, rows):
            return None
        number += len(lines)
        known = len(names)
        names += found
        if len(names) > len(matrix):
            check_rows(source, len(names), dimension, itemsize)
            # In place: a list of blocks to join would take twice the memory.
            matrix.resize((max(len(names), len(matrix) * 3 // 2), dimension), refcheck=False)
        matrix[known : len(names)] = rows
        if limit is not None and len(names) >= limit:
            break
    else:
        if header is not None and claimed != len(names):
            raise source.error(f"expected {claimed} rows as line 1 says, found {len(names)}")
    names = names[:limit]
    if header is None and layout.separator == " ":
        _check_names(source, names[:_FIRST_NAMES])
    matrix.resize((len(names), dimension), refcheck=False)
    matrix.flags.writeable = False
    return Contents(names, matrix)


def write(
    embedding: Embedding,
    path: Path,
    annotations: Mapping[str, Sequence[str]],  # noqa: ARG001 - the format has no place for them
) -> None:
    """Write text with word2vec's header, as gensim does; numbers read back equal.

    Parameters
    ----------
    embedding
        The n items and their (n, d) vectors.
    path
        The file; compressed where it ends in ``.gz``.
    annotations
        Not written.

    Raises
    ------
    GeneAnalogiesError
        If a name is empty or holds a space.
    """
    names = names_to_write(embedding.names, "word2vec text")
    with open_to_write(path) as file:
        file.write(b"%d %d\n" % embedding.vectors.shape)
        for name, row in zip(names, embedding.vectors, strict=True):
            file.write(name + b" " + " ".join(as_texts(row)).encode() + b"\n")


def _blocks(source: Source) -> Iterator[tuple[bytes, list[str]]]:
    """Yield the file's bytes and their lines, so many at a time that numbers are parsed fast."""
    number, rest = 1, b""
    with source.open() as stream:
        while True:
            with source.library_errors("text"):
                more = stream.read(_BLOCK)
            block = rest + more
            end = block.rfind(b"\n") + 1 if more else len(block)
            whole, rest = block[:end], block[end:]
            if whole:
                lines = _decoded(source, whole, number).removesuffix("\n").split("\n")
                yield whole, lines
                number += len(lines)
            if not more:
                return
            if len(rest) > LONGEST_LINE:
                raise source.error("expected lines of at most 16 MiB", f"line {number}")


def _decoded(source: Source, block: bytes, number: int) -> str:
    try:
        return (block.removeprefix(BOM) if number == 1 else block).decode()
    except UnicodeDecodeError as error:
        line = number + error.object.count(b"\n", 0, error.start)
        byte = error.object[error.start]
        raise source.error(f"expected UTF-8, found the byte 0x{byte:02x}", f"line {line}") from None


def _parse(
    source: Source, layout: _Layout, lines: list[str], number: int
) -> tuple[list[str], NDArray[np.float64]]:
    """Return the names in lines and their numbers; ``number`` is that of the first line."""
    parts = [line.rstrip().partition(layout.separator) for line in lines]
    names = [part[0].strip(" ") for part in parts]
    texts = [part[2] for part in parts]
    # NumPy would skip empty lines, and split at spaces that are no ASCII.
    if texts and all(names) and all(texts) and all(map(str.isascii, texts)):
        try:
            rows = np.loadtxt(texts, np.float64, comments=None, ndmin=2)
        except ValueError:
            pass  # a name that holds spaces, or the error that is named below
        else:
            if rows.shape == (len(lines), layout.dimension):
                return names, rows
    return _parse_each(source, layout, lines, number)


def _parse_each(
    source: Source, layout: _Layout, lines: list[str], number: int
) -> tuple[list[str], NDArray[np.float64]]:
    """Return what `_parse` does, line by line, or say which line is wrong."""
    names: list[str] = []
    rows = []
    dimension = layout.dimension
    for place, line in enumerate(lines, number):
        text = line.strip(_SPACE) if layout.separator == " " else line.rstrip(_SPACE)
        if not text:
            continue
        if layout.separator == " ":
            fields = _SPACES.split(text)
            # What stands before the last d numbers is the name, unless it is a number too many.
            extra = max(0, len(fields) - 1 - dimension)
            is_count = layout.header is not None and fields[extra].isdecimal()
            if not extra or is_count or _number(fields[extra]) is None:
                fields[: extra + 1] = [" ".join(fields[: extra + 1])]
        else:
            name, _, rest = text.partition(layout.separator)
            fields = [name.strip(" "), *filter(None, _SPACES.split(rest))]
        if len(fields) != dimension + 1:
            raise source.error(
                f"expected {dimension + 1} fields (a name, {dimension} numbers),"
                f" found {len(fields)}",
                f"line {place}",
            )
        if not fields[0]:
            raise source.error("expected a name before the numbers, found none", f"line {place}")
        values = [_number(field) for field in fields[1:]]
        if None in values:
            wrong = fields[1 + values.index(None)]
            raise source.error(f"expected a number, found {wrong[:60]!r}", f"line {place}")
        names.append(fields[0])
        rows.append(np.array(values, np.float64))
    return names, np.array(rows, np.float64).reshape(len(names), dimension)


def _first_row(line: str) -> tuple[str, list[str]]:
    """Take a line of unknown dimension apart: the name, and the numbers it ends in."""
    line = line.rstrip(_SPACE)
    if "\t" in line:
        name, _, rest = line.partition("\t")
        numbers = [field for field in _SPACES.split(rest) if field]
        return name, numbers if all(_number(field) is not None for field in numbers) else []
    fields = _SPACES.split(line.lstrip(_SPACE))
    found = sum(1 for _ in takewhile(lambda field: _number(field) is not None, fields[:0:-1]))
    at = len(fields) - found
    return " ".join(fields[:at]), fields[at:]


def _number(field: str) -> float | None:
    """Return the number a field holds, if it is one that C would read too."""
    if "_" in field or not field.isascii():
        return None
    try:
        return float(field)
    except ValueError:
        return None


def _needs_double(data: bytes, values: NDArray[np.float64], rows: NDArray[np.floating]) -> bool:
    """Return whether float32 loses of the numbers in a block what their text holds."""
    if outside_single(values, rows):
        return True
    return bool((values != rows).any()) and holds_long_doubles(data, names_first=True)


def _check_names(source: Source, names: Sequence[str]) -> None:
    """Refuse names whose numbers were taken for a coordinate, as of miR 20 and miR 21."""
    if len(names) >= _SAME_NAMES and len(set(names)) == 1:
        raise source.error(
            f"expected different names, found {names[0][:60]!r} in each of the first"
            f" {len(names)} rows; where names hold spaces, a first line 'n d' (the numbers of rows"
            " and of coordinates) must tell where they end"
        )
