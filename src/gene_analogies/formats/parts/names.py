"""Names that lie in a file beside the vectors.

``google_news_embeddings_30k.npy`` beside ``google_news_words_30k.npy`` is the older layout of
this project; ``vocab.json`` (name → row) is scGPT's and Hugging Face's.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from gene_analogies.formats.parts import npy
from gene_analogies.formats.parts.columns import (
    column_of_names,
    is_name_key,
    is_number,
    listed,
    quoted,
)
from gene_analogies.formats.parts.text import open_bytes, parse_json, read_text
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from gene_analogies.formats.contents import ReadOptions

__all__ = ["WORDS", "as_names", "names_beside", "names_of_rows", "read_names"]

#: Endings of files of names, the likeliest first.
_ENDINGS: Final = (".npy", ".txt", ".json", ".csv", ".tsv", ".txt.gz", ".csv.gz", ".tsv.gz")
#: What a list of names is called, in a file's name or in it.
WORDS: Final = (
    "names", "genes", "words", "gene_names", "symbols", "gene_symbols", "ids", "gene_ids",
    "vocab", "vocabulary", "tokens", "labels", "index",
)  # fmt: skip
# Python writes larger floats with an exponent.
_LARGEST: Final = 10.0**15
_VECTORS: Final = re.compile("embeddings?|vectors?|vecs?|embs?|matrix|features|weights")


def read_names(path: Path, count: int | None = None, column: str | None = None) -> list[str]:
    """Read a file of names, one for every row.

    Parameters
    ----------
    path
        Text with a name a line; a CSV or TSV table with a column of names; JSON with a list of
        names, or with the row of every name (``vocab.json``), or the name of every row; or a
        NumPy array of text. Text may be compressed with gzip.
    count
        How many names there should be; it settles whether a table's first row is a header.
    column
        The column with the names, where it is a table.

    Raises
    ------
    GeneAnalogiesError
        If there is no such file.
    FormatError
        If it holds anything else, or a row without a name.
    """
    source = Source(path)
    if source.is_folder:
        raise source.error("expected a file of names, found a folder")
    if column is not None and not _is_table(source):
        raise source.error(f"there is no column {quoted(column)}: it is no table")
    if source.head.startswith(npy.MAGIC):
        with open_bytes(source) as stream:
            header = npy.read_header(stream, source)
            source.check_names(header.size)
            return as_names(npy.read_texts(stream, header, source), source)
    if b"\0" in source.head:
        raise source.error(
            "expected a file of names: text, JSON, a CSV or TSV table, or a NumPy array of text"
        )
    text = read_text(source)
    if source.name.endswith(".json"):
        return as_names(_from_json(parse_json(text, source), source), source)
    source.check_names(text.count("\n"))
    if _is_table(source):
        return as_names(_from_table(text, source, count, column), source)
    # Not splitlines, which also ends a line at characters that names may hold.
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    return as_names(lines if lines != [""] else [], source)


def names_beside(source: Source) -> Path | None:
    """Find the file of names that belongs to an array file.

    For ``X.npy`` that is the first of ``X_names``, ``X_genes``, ``X_words`` … and ``X`` itself
    with an ending of text, JSON, a table or an array; then X with ``embeddings`` (or
    ``vectors`` …) replaced by ``words``, ``genes`` or the like; then a file called ``genes``,
    ``names``, ``words`` or ``vocab`` in the same folder, where there is just one.

    Returns
    -------
    Path or None
        None where there is none, or none that is the only one of its kind.
    """
    try:
        files = {path.name.lower(): path for path in sorted(source.beside("").iterdir())}
    except OSError:
        return None
    files.pop(source.path.name.lower(), None)
    for stem in _stems(source):
        for ending in _ENDINGS:
            if stem + ending in files:
                return files[stem + ending]
    lone = [files[word + ending] for word in WORDS for ending in _ENDINGS if word + ending in files]
    return lone[0] if len(lone) == 1 else None


def names_of_rows(source: Source, options: ReadOptions, count: int) -> tuple[list[str], Path]:
    """Read the names of an array file's rows, from the file given or else the one beside it.

    Returns
    -------
    list of str
        The names, as many as there are rows.
    Path
        The file they came from.

    Raises
    ------
    FormatError
        If there is no such file, or it does not hold as many names as there are rows.
    """
    path = options.names or names_beside(source)
    if path is None:
        stem = source.path.stem
        raise source.error(
            f"expected the names of {count:,} rows in a file beside it ({stem}_names.npy,"
            f" {stem}_genes.txt, {stem}.txt, {stem}.json, names.txt, genes.txt, …), found none;"
            " give one (names=, --names)"
        )
    names = read_names(path, count, options.names_column)
    if len(names) != count:
        raise source.error(
            f"expected {count:,} names for as many rows, found {len(names):,} in {path}"
        )
    return names, path


class _NamesErrors(Protocol):
    """A `Source`, or whatever else makes an error of a message and a place."""

    @property
    def error(self) -> Callable[[str, str], Exception]: ...


def as_names(
    values: Sequence[Any],
    source: _NamesErrors,
    place: str = "row",
    *,
    allow_missing: bool = False,
) -> list[str]:
    """Return names as texts: text as it is, bytes as UTF-8, whole numbers (Entrez) in digits.

    Whole floats stay floats (``1956.0``): one alone does not tell that the column is of ids.

    Parameters
    ----------
    values
        The names.
    source
        What makes the errors.
    place
        What an error calls a row.
    allow_missing
        Whether missing names (None, NaN) become empty ones, as in a column of a table.

    Raises
    ------
    Exception
        What ``source`` makes: with the row that holds no name, or one that is no Unicode text.
    """
    names = list(values)
    if not all(type(name) is str for name in names):
        names = [
            "" if allow_missing and _is_missing(name) else _as_name(name, source, f"{place} {row}")
            for row, name in enumerate(names)
        ]
    try:
        "".join(names).encode()
    except UnicodeEncodeError:
        row = next(row for row, name in enumerate(names) if not _is_unicode(name))
        found = ascii(names[row][:60])
        raise source.error(f"expected a name, found {found}", f"{place} {row}") from None
    return names


def _is_missing(value: object) -> bool:
    # pandas' NA is told by its type, since pandas need not be there.
    is_nan = isinstance(value, float) and math.isnan(value)
    return value is None or is_nan or type(value).__name__ == "NAType"


def _as_name(value: object, source: _NamesErrors, place: str) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise source.error(f"expected a name in UTF-8, found {value[:60]!r}", place) from None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 64:
        return str(value)
    if isinstance(value, float) and value.is_integer() and 0 <= value <= _LARGEST:
        return str(float(value))
    raise source.error(f"expected a name, found {repr(value)[:60]}", place)


def _is_unicode(name: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _from_json(value: object, source: Source) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        if all(isinstance(name, str) for name in value.values()):
            # The other way round, as in Hugging Face's id2label.
            rows = {name: row for row, name in value.items() if re.fullmatch("[0-9]{1,9}", row)}
            value = (
                {name: int(row) for name, row in rows.items()} if len(rows) == len(value) else {}
            )
        names = {row: name for name, row in value.items() if type(row) is int}
        if names and len(names) == len(value) and set(names) == set(range(len(names))):
            return [names[row] for row in range(len(names))]
        raise source.error(
            "expected a list of names, or the row of every name, each from 0 on and once;"
            f" found {len(value):,} keys that are no such thing"
        )
    raise source.error(f"expected a list of names, found {repr(value)[:60]}")


def _is_table(source: Source) -> bool:
    """Return whether a file of names is a table: by its ending, or for a tab in the first line."""
    head = source.head
    if head.startswith(npy.MAGIC) or b"\0" in head or source.name.endswith(".json"):
        return False
    return source.name.endswith((".csv", ".tsv")) or b"\t" in head.split(b"\n", 1)[0]


def _from_table(text: str, source: Source, count: int | None, column: str | None) -> list[str]:
    first = text.split("\n", 1)[0]
    rows = list(
        _rows(text, next((delimiter for delimiter in "\t;," if delimiter in first), ","), source)
    )
    if not rows:
        return []
    header = rows[0] if any(map(is_name_key, rows[0])) else None
    if count in (len(rows) - 1, len(rows)):
        header = rows[0] if count < len(rows) else None
    if column is not None:
        if header is None:
            raise source.error(f"there is no column {quoted(column)}: the table has no header")
        if column not in header:
            choices = listed(header)
            raise source.error(f"there is no column {quoted(column)}; choose from {choices}")
        return [row[header.index(column)] for row in rows[1:]]
    body = rows[header is not None :]
    numbers = [all(map(is_number, column)) for column in zip(*body[:100], strict=True)]
    texts = [column for column, number in enumerate(numbers) if not number]
    chosen = column_of_names(
        header, texts or range(len(rows[0])), lambda column: [row[column] for row in body]
    )
    return [row[chosen] for row in body]


def _rows(text: str, delimiter: str, source: Source) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width = 0
    try:
        for row in filter(None, reader):
            width = width or len(row)
            if len(row) != width:
                raise source.error(
                    f"expected {width} cells, found {len(row)}", f"line {reader.line_num}"
                )
            yield row
    except csv.Error as error:
        raise source.error(f"expected a table ({error})", f"line {reader.line_num}") from None


def _stems(source: Source) -> Iterator[str]:
    stem = Path(source.name).stem
    for word in WORDS:
        yield f"{stem}_{word}"
    yield stem
    if _VECTORS.search(stem):
        for word in WORDS:
            yield _VECTORS.sub(word, stem)
