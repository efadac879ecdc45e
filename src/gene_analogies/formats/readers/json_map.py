"""JSON of name → list of numbers: GenePT, scELMo, BioConceptVec, and this project's older files.

``gene_embeddings_*.json`` is {gene: [..]}; others hold {gene: {"embeddings": [..]}}, or
{"genes": [..], "embeddings": [[..], ..]}; data frames and web services write lists of records,
[{"gene": .., "embedding": [..]}, ..].
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator, Sequence
from types import NoneType
from typing import Any, Final

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import NAME_KEYS, VECTOR_KEYS, first_key, listed, quoted
from gene_analogies.formats.parts.mapping import contents_of_mapping
from gene_analogies.formats.parts.names import names_of_rows
from gene_analogies.formats.parts.text import check_json, read_text
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]

_OF_PANDAS: Final = (
    "the numbers of a data frame, as of pandas' to_json; in Python, save it as Parquet or CSV:"
    " frame.to_parquet(NEW)"
)
_CELLS: Final = frozenset([str, int, float, bool, NoneType])
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_START: Final = re.compile(rb'(\xef\xbb\xbf)?\s*(\{\s*("|\}|$)|\[\s*\{\s*("|$))')
_START_OF_ANY: Final = re.compile(rb"(\xef\xbb\xbf)?\s*[{\[]")


def recognises(source: Source) -> bool:
    """Recognise the format from the first letters: an object with a name, or a list of such."""
    start = _START_OF_ANY if source.name.endswith(".json") else _START
    return start.match(source.head) is not None


def read(source: Source, options: ReadOptions) -> Contents:
    """Read names and vectors out of JSON; NaN and Infinity may stand in it as Python writes them.

    Parameters
    ----------
    source
        The file, which may be compressed with gzip.
    options
        ``names_column`` or ``key`` is the entry that holds the names, in records or beside a list
        of all vectors.

    Returns
    -------
    Contents
        The names in the order of the file, one that comes twice twice; the vectors as (n, d)
        float32, to which lists of numbers are rounded.

    Raises
    ------
    FormatError
        With the line and column where it is no JSON, or with the name whose vector is none or is
        of another length.
    """
    text = read_text(source)
    check_json(text, source)
    parts = _parts(text, source)
    details: dict[str, Any] = {}
    if text[_SPACE.match(text).end() :][:1] == "[":  # type: ignore[union-attr]
        pairs = list(_pairs_of_records(parts, source, options.column, details))
        key = None
    else:
        pairs = list(parts)
        key = options.column
    _refuse_frames(pairs, source)
    # A dictionary would keep the last vector of a name, and nobody would know.
    unique: dict[Any, Any] = {}
    again: dict[str, str] = {}
    for number, (name, vector) in enumerate(pairs):
        called = name
        while called in unique:
            called = f"{called} (entry {number})"
            again[called] = name
        unique[called] = vector
    contents = contents_of_mapping(unique, source, key=key, details=details)
    if options.names is not None:
        names, path = names_of_rows(source, options, len(contents.vectors))
        return Contents(names, contents.vectors, {**contents.details, "names": path.name})
    names = [str(again.get(name, name)) for name in contents.names]
    return Contents(names, contents.vectors, contents.details)


def _refuse_frames(pairs: Sequence[tuple[Any, Any]], source: Source) -> None:
    """Refuse what pandas writes of a data frame: cells by row and column, or lists of rows."""
    names = {name for name, _ in pairs}
    first = pairs[0][1] if pairs else None
    of_cells = isinstance(first, dict) and first and _CELLS.issuperset(map(type, first.values()))
    if of_cells or names in ({"index", "columns", "data"}, {"schema", "data"}):
        raise source.error(f"expected name → list of numbers, found {_OF_PANDAS}")


def _parts(text: str, source: Source) -> Iterator[tuple[Any, Any]]:
    """Yield the entries of an object, or the elements of a list with their number from 0.

    One at a time: lists of floats take four times the memory of the numbers in them.
    """

    def skip(at: int) -> int:
        return _SPACE.match(text, at).end()  # type: ignore[union-attr] # it matches nothing too

    scan = json.JSONDecoder().raw_decode
    try:
        at = skip(0)
        mark = text[at : at + 1]
        if mark not in ("{", "["):
            raise json.JSONDecodeError("Expecting an object or a list", text, at)
        end = "}" if mark == "{" else "]"
        number = 0
        at = skip(at + 1)
        while text[at : at + 1] != end or number:
            name: Any = number
            if end == "}":
                if text[at : at + 1] != '"':
                    raise json.JSONDecodeError("Expecting a name in double quotes", text, at)
                name, at = scan(text, at)
                at = skip(at)
                if text[at : at + 1] != ":":
                    raise json.JSONDecodeError("Expecting ':'", text, at)
                at = skip(at + 1)
            value, at = scan(text, at)
            yield name, _compact(value)
            number += 1
            at = skip(at)
            if text[at : at + 1] == end:
                break
            if text[at : at + 1] != ",":
                raise json.JSONDecodeError(f"Expecting ',' or {end!r}", text, at)
            at = skip(at + 1)
        at = skip(at + 1)
        if text[at : at + 1] in ("{", "["):
            raise json.JSONDecodeError(
                "Extra data, as in JSON lines: `jq -s . FILE > NEW` makes one list", text, at
            )
        if at < len(text):
            raise json.JSONDecodeError("Extra data", text, at)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise source.error(f"expected JSON ({error.msg})", place) from None
    except RecursionError:
        raise source.error("expected JSON, found values nested too deep") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise source.error(f"expected JSON ({str(error).split(';')[0]})") from None


def _compact(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return an array for a list of numbers, here and in the entries of an object.

    Of whole numbers alone there is none: they may be names, as Entrez has them.
    """
    if isinstance(value, dict):
        return {
            key: _compact(held) if isinstance(held, list) else held for key, held in value.items()
        }
    if isinstance(value, list) and {float} <= set(map(type, value)) <= {int, float}:
        try:
            return array("d", value)
        except OverflowError:
            return value
    return value


def _pairs_of_records(
    parts: Iterator[tuple[int, Any]], source: Source, key: str | None, details: dict[str, Any]
) -> Iterator[tuple[Any, Any]]:
    """Yield the name and the vector of every record."""
    vector_key = ""
    for number, record in parts:
        place = f"record {number}"
        if not isinstance(record, dict):
            raise source.error("expected a record with a name and a vector", place)
        if not details:
            lists = [key for key, value in record.items() if isinstance(value, (array, list))]
            others = [key for key, value in record.items() if isinstance(value, (str, int))]
            found = lists[0] if len(lists) == 1 else first_key(VECTOR_KEYS, lists)
            named = key or first_key(NAME_KEYS, others)
            if found is None or named not in others:
                advice = f": {_OF_PANDAS}" if not lists else ""
                raise source.error(
                    f"expected a name{f' in {quoted(key)}' if key else ''} and a vector,"
                    f" found {listed(list(record))}{advice}",
                    place,
                )
            vector_key, key = found, named
            details |= {"names": key, "vectors": vector_key}
        if vector_key not in record or not isinstance(record.get(key), (str, int)):
            raise source.error(
                f"expected a name in {quoted(str(key))} and a vector in {quoted(vector_key)}", place
            )
        yield record[key], record[vector_key]
