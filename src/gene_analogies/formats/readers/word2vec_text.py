"""Text with a name and its numbers a line: word2vec, GloVe, fastText's ``.vec``, Gene2vec.

The word2vec tool (https://code.google.com/archive/p/word2vec/) and fastText write the numbers of
rows and of coordinates in a first line, GloVe (https://nlp.stanford.edu/projects/glove/) and
Gene2vec (https://github.com/jingcheng-du/Gene2vec) do not. Gene2vec puts a tab behind the name,
word2vec and fastText a space behind every number. A few names of GloVe's 840B file hold spaces;
fastText writes rows whose names are blank, which are left out. Lines with # before all rows are
comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import is_name_key
from gene_analogies.formats.parts.left_out import SKIP_ADVICE, LeftOut
from gene_analogies.formats.parts.precision import as_texts, holds_long_doubles, outside_single
from gene_analogies.formats.parts.text import LONGEST_LINE
from gene_analogies.formats.parts.word_lines import (
    SPACE,
    SPACES,
    are_bare,
    check_first_number,
    check_names,
    comment_lines,
    first_row,
    is_bare,
    is_header,
    number_in,
)
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
_FIELD: Final = re.compile(f"[^{SPACE}]+")
# What NumPy splits numbers at besides.
_ODD_SPACE: Final = re.compile("[\r\v\f\x1c-\x1f]")
_FIRST_NAMES: Final = 100
# So many first lines show whether a file is such text.
_SAMPLE: Final = 5


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
    lines = head.decode(errors="replace").split("\n", _FIRST_NAMES)[:_FIRST_NAMES]
    lines = lines[comment_lines(lines) :]
    if header_of(lines[0].encode()) is not None:
        return True
    text = lines[0]
    if len(lines) == 1 and len(source.head) == 2**16:  # the last number is cut
        text = text.rstrip(SPACE).rpartition("\t" if text.count("\t") > 1 else " ")[0]
    name, numbers = first_row(text)
    rows = [first_row(line) for line in lines[1:_SAMPLE]]
    if is_name_key(name) and is_header(numbers, [row[1] for row in rows]):
        return False
    # Column numbers are the head of a table; and a matrix may have no names at all.
    columns = [[str(start + at) for at in range(len(numbers))] for start in (0, 1)]
    return (
        bool(name)
        and len(numbers) > 1
        and numbers not in columns
        and not is_bare(name)
        and not are_bare([name, *(row[0] for row in rows if row[1])])
    )


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
        differs from the number of rows; or where, without a header, it is not clear where names
        end and numbers begin: all names are the same or numbers, or the first number of every row
        is whole, as of ``miR 20`` and ``let 7``; or where a first line may be a header.
    """
    # A late number may need float64; then those before it are read again.
    contents = _read(source, options, np.float32) or _read(source, options, np.float64)
    assert contents is not None
    return contents


def _read(source: Source, options: ReadOptions, dtype: type[np.floating]) -> Contents | None:
    """Read a file, or as float32 return None where a number is found that needs float64."""
    blocks = _blocks(source, options)
    data, lines = next(blocks, (b"", [""]))
    skip = comment_lines(lines)
    top = lines[skip]
    header = header_of(top.encode("utf-8", "surrogateescape"))
    skip += header is not None
    start = (data.split(b"\n", skip)[-1], lines[skip:])
    # A blank name does not show what ends the others.
    named = (line for line in start[1] if line[:1] not in (*SPACE, ""))
    first = next(named, start[1][0] if start[1] else "")
    dimension = len(first_row(first)[1]) if header is None else header[1]
    if dimension < 1:
        place = f"line {skip + (header is None)}"
        raise source.error(f"expected a name and numbers, found {top[:60]!r}", place)
    layout = _Layout("\t" if "\t" in first.strip(SPACE) else " ", header, dimension)
    itemsize = np.dtype(dtype).itemsize
    claimed = 0 if header is None else header[0]
    check_rows(source, claimed, dimension, itemsize)
    limit = options.limit
    matrix = np.empty((claimed if limit is None else min(claimed, limit), dimension), dtype)
    names: list[str] = []
    number = 1 + skip
    left_out = LeftOut("line", blank=True)
    for data, lines in chain([start], blocks):
        found, values, places = _parse(source, layout, lines, number)
        found, values = left_out.filter(found, values, places)
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
        count = len(names) + len(left_out)
        if header is not None and claimed != count:
            raise source.error(f"expected {claimed} rows as line {skip} says, found {count}")
    if header is None:
        check_names(source, names[:_FIRST_NAMES], layout.separator)
        check_first_number(source, matrix[: len(names)], first)
    left_out.warn(source)
    names = names[:limit]
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


def _blocks(source: Source, options: ReadOptions) -> Iterator[tuple[bytes, list[str]]]:
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
                lines = _decoded(source, whole, number, options).removesuffix("\n").split("\n")
                yield whole, lines
                number += len(lines)
            if not more:
                return
            if len(rest) > LONGEST_LINE:
                raise source.error("expected lines of at most 16 MiB", f"line {number}")


def _decoded(source: Source, block: bytes, number: int, options: ReadOptions) -> str:
    errors = "surrogateescape" if options.bad_bytes == "skip" else "strict"
    try:
        return (block.removeprefix(BOM) if number == 1 else block).decode(errors=errors)
    except UnicodeDecodeError as error:
        line = number + error.object.count(b"\n", 0, error.start)
        byte = error.object[error.start]
        raise source.error(
            f"expected UTF-8, found the byte 0x{byte:02x}{SKIP_ADVICE}", f"line {line}"
        ) from None


def _parse(
    source: Source, layout: _Layout, lines: list[str], number: int
) -> tuple[list[str], NDArray[np.float64], Sequence[int]]:
    """Return the names in lines, their numbers and those of the lines from ``number`` on."""
    parts = [line.rstrip(SPACE).partition(layout.separator) for line in lines]
    names = [part[0].strip(SPACE) for part in parts]
    texts = [part[2] for part in parts]
    # NumPy would skip empty lines, and split at other spaces.
    plain = texts and all(names) and all(texts) and all(map(str.isascii, texts))
    if plain and not any(map(_ODD_SPACE.search, texts)):
        try:
            rows = np.loadtxt(texts, np.float64, comments=None, ndmin=2)
        except ValueError:
            pass  # a name that holds spaces, or the error that is named below
        else:
            if rows.shape == (len(lines), layout.dimension):
                return names, rows, range(number, number + len(lines))
    return _parse_each(source, layout, lines, number)


def _parse_each(
    source: Source, layout: _Layout, lines: list[str], number: int
) -> tuple[list[str], NDArray[np.float64], Sequence[int]]:
    """Return what `_parse` does, line by line, or say which line is wrong."""
    names: list[str] = []
    rows = []
    places = []
    dimension = layout.dimension
    for place, line in enumerate(lines, number):
        text = line.rstrip(SPACE)
        if not text:
            continue
        if layout.separator == " ":
            fields = _fields(text, layout)
        else:
            name, _, rest = text.partition(layout.separator)
            fields = [name.strip(SPACE), *filter(None, SPACES.split(rest))]
        if len(fields) != dimension + 1:
            raise source.error(
                f"expected {dimension + 1} fields (a name, {dimension} numbers),"
                f" found {len(fields)}",
                f"line {place}",
            )
        values = [number_in(field) for field in fields[1:]]
        if None in values:
            wrong = fields[1 + values.index(None)]
            raise source.error(f"expected a number, found {wrong[:60]!r}", f"line {place}")
        names.append(fields[0])
        rows.append(np.array(values, np.float64))
        places.append(place)
    return names, np.array(rows, np.float64).reshape(len(names), dimension), places


def _fields(text: str, layout: _Layout) -> list[str]:
    """Take a line apart at white space: its name, which may hold some or be blank, and numbers."""
    found = list(_FIELD.finditer(text))
    fields = [field[0] for field in found]
    extra = len(fields) - 1 - layout.dimension
    if extra == -1 and text[0] in SPACE:
        return ["", *fields]
    # What stands before the last d numbers is the name, unless it is a number too many.
    if extra > 0:
        is_count = layout.header is not None and fields[extra].isdecimal()
        if is_count or number_in(fields[extra]) is None:
            fields[: extra + 1] = [text[found[0].start() : found[extra].end()]]
    return fields


def _needs_double(data: bytes, values: NDArray[np.float64], rows: NDArray[np.floating]) -> bool:
    """Return whether float32 loses of the numbers in a block what their text holds."""
    if outside_single(values, rows):
        return True
    return bool((values != rows).any()) and holds_long_doubles(data, names_first=True)
