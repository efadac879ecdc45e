"""Parquet tables (https://parquet.apache.org), as pandas, polars and Hugging Face write them.

Read are tables with a column of names, or pandas' index, and columns of numbers or one of lists.
Written is a column of names and one of lists of fixed length, the layout that reads fastest:
``numpy.stack(pandas.read_parquet(path).vector)`` are the vectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import (
    VECTOR_KEYS,
    Columns,
    Kind,
    choose_names,
    first_key,
    listed,
    quoted,
)
from gene_analogies.formats.parts.names import as_names, names_of_rows
from gene_analogies.formats.parts.table_columns import columns_of_table, contents_of_table
from gene_analogies.formats.source import Source
from gene_analogies.formats.write import check_annotations, provenance_from, provenance_text
from gene_analogies.util import extras

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding

__all__ = ["read", "recognises", "write"]

_EXPECTED: Final = "a Parquet table"
_PROVENANCE: Final = b"gene-analogies"
# Numbers read at a time, and rows copied at a time: what fits a processor's caches.
_BATCH: Final = 2**22
_ROWS: Final = 256
_GROUP: Final = 2**21
# A float32 holds every whole number up to here.
_WHOLE: Final = 2**24


def recognises(source: Source) -> bool:
    """Recognise the format from the first four bytes."""
    return source.head.startswith(b"PAR1") and not source.is_gzip


def read(source: Source, options: ReadOptions) -> Contents:
    """Read a table of names and number columns, or of names and a column of lists.

    Parameters
    ----------
    source
        The file.
    options
        ``names_column`` or ``key`` is the column with the names, ``columns`` are those of the
        coordinates, with ``transpose`` those of the items; ``limit`` stops the reading early.

    Returns
    -------
    Contents
        The n names, and the vectors as (n, d) float32 or float64, the type of the columns;
        a missing number is NaN. ``details`` says which column the names are, which the vectors if
        they are lists, which were left out, and the provenance of a file that we wrote.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    FormatError
        If there are no such columns, or a list is longer than another, with its row; or if the
        items seem to be the columns, and no option says so.
    """
    pq = extras.require("pyarrow.parquet", "parquet", "reading Parquet tables")
    with source.library_errors(_EXPECTED):
        file = pq.ParquetFile(source.path)
    with file:
        with source.library_errors(_EXPECTED):
            schema = file.schema_arrow
            metadata = schema.metadata or {}
            keys = list(schema.names)
            kinds = [_kind(field.type) for field in schema]
            rows = file.metadata.num_rows
            groups = list(map(file.metadata.row_group, range(file.metadata.num_row_groups)))
            decompressed = sum(group.total_byte_size for group in groups)
            texts = max(rows, sum(group.num_rows for group in groups))
        source.check_size(max(0, decompressed), 1, 1)
        if options.limit is not None and options.names is None and not options.transpose:
            rows = min(rows, options.limit)
        index = _index(metadata, keys)
        as_numbers = options.columns is not None or options.transpose
        lists = None if as_numbers else _column_of_lists(source, schema)
        if lists is None:
            columns = columns_of_table(source, keys, kinds, options, index)
            vectors = _from_numbers(source, file, schema, columns.vectors, rows)
        else:
            names_at = choose_names(source, keys, kinds, options, index)
            others = set(range(len(keys))) - {names_at, lists}
            columns = Columns(names_at, (lists,), tuple(sorted(others)))
            vectors = _from_lists(source, file, keys[lists], rows)
        names = None
        if columns.names is not None:
            source.check_names(texts)
            texts_read = _texts(source, keys[columns.names])[:rows]
            names = as_names(texts_read, source, allow_missing=True)

    def names_in_file(count: int) -> tuple[list[str], Path]:
        return names_of_rows(source, options, count)

    made_here = provenance_from(metadata.get(_PROVENANCE, b""))
    if lists is None:
        found = contents_of_table(source, keys, columns, (names, vectors), options, names_in_file)
        return replace(found, details={**found.details, **made_here})
    details = {**columns.details(keys), "vectors": keys[lists]}
    files: tuple[Path, ...] = ()
    if names is None:
        names, path = names_in_file(rows)
        details["names"], files = path.name, (path,)
    return Contents(names, vectors, {**details, **made_here}, files)


def write(embedding: Embedding, path: Path, annotations: Mapping[str, Sequence[str]]) -> None:
    """Write the columns ``name``, the annotations, and ``vector``, a list of d numbers.

    Parameters
    ----------
    embedding
        The n items and their (n, d) vectors; their type is kept, and the provenance, as JSON in
        the table's metadata under ``gene-analogies``.
    path
        The file.
    annotations
        Columns of n texts.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    GeneAnalogiesError
        If an annotation is called ``name`` or ``vector``, or has not n texts.
    """
    pa = extras.require("pyarrow", "parquet", "writing Parquet tables")
    pq = extras.require("pyarrow.parquet", "parquet", "writing Parquet tables")
    check_annotations(annotations, len(embedding), ("name", "vector"))
    numbers = pa.array(embedding.vectors.reshape(-1))
    texts = {"name": embedding.names, **annotations}
    table = pa.table(
        {
            **{key: pa.array(list(values), pa.string()) for key, values in texts.items()},
            "vector": pa.FixedSizeListArray.from_arrays(numbers, embedding.dimension),
        },
        metadata={_PROVENANCE: provenance_text(embedding.provenance)},
    )
    pq.write_table(
        table,
        path,
        row_group_size=max(1, _GROUP // embedding.dimension),
        # The numbers of an embedding hardly shrink, and a dictionary of them is larger.
        use_dictionary=list(texts),
        compression="none",
    )


def _kind(kind: Any) -> Kind:  # noqa: ANN401 - pyarrow has no types
    """Return what a column of an Arrow type holds."""
    from pyarrow import types

    if types.is_floating(kind):
        return "number"
    if types.is_integer(kind):
        return "whole"
    if types.is_dictionary(kind):
        kind = kind.value_type
    texts = (types.is_string, types.is_large_string, types.is_string_view, types.is_binary)
    return "text" if any(test(kind) for test in texts) else "other"


def _index(metadata: Mapping[bytes, bytes], keys: Sequence[str]) -> list[int]:
    """Return the columns that are the levels of the index of pandas' frame, in their order."""
    places = {key: column for column, key in reversed(list(enumerate(keys)))}
    try:
        # An index that is a range of numbers is no column, but a dictionary here.
        levels = [
            column
            for column in json.loads(metadata[b"pandas"])["index_columns"]
            if isinstance(column, str)
        ]
    except (KeyError, TypeError, ValueError, RecursionError):
        return []
    return list(dict.fromkeys(places[level] for level in levels if level in places))


def _column_of_lists(source: Source, schema: Any) -> int | None:  # noqa: ANN401
    """Return the column whose cells are lists of numbers, if there is one.

    Lists of whole numbers may be anything (exons, tokens): beside columns of other numbers they
    are vectors only where they are called so.
    """
    from pyarrow import types

    tests = (types.is_list, types.is_large_list, types.is_fixed_size_list)
    found: dict[Kind, dict[str, int]] = {"number": {}, "whole": {}}
    for column, field in enumerate(schema):
        if any(test(field.type) for test in tests):
            found.setdefault(_kind(field.type.value_type), {})[field.name] = column
    lists = found["number"]
    if not lists:
        wide = any(_kind(field.type) == "number" for field in schema)
        lists = {
            key: column
            for key, column in found["whole"].items()
            if not wide or first_key(VECTOR_KEYS, [key]) is not None
        }
    if len(lists) > 1:
        key = first_key(VECTOR_KEYS, lists)
        if key is None:
            raise source.error(f"expected one column of lists, found {listed(list(lists))}")
        return lists[key]
    return next(iter(lists.values()), None)


def _batches(source: Source, file: Any, keys: Sequence[str], size: int) -> Iterator[Any]:  # noqa: ANN401
    """Yield the rows of some columns, so many at a time."""
    with source.library_errors(_EXPECTED):
        for group in range(file.num_row_groups):
            # Asked for all groups at once, Arrow reads ahead, and holds a second copy of them.
            for batch in file.iter_batches(max(1, size), row_groups=[group], columns=list(keys)):
                if batch.schema.names != list(keys):
                    # Of two columns of one name both would come.
                    raise source.error(
                        f"expected the columns {listed(keys)} once, found them twice"
                    )
                yield batch


def _from_numbers(
    source: Source,
    file: Any,  # noqa: ANN401
    schema: Any,  # noqa: ANN401
    columns: Sequence[int],
    rows: int,
) -> NDArray[np.floating]:
    types = [schema.field(column).type.to_pandas_dtype() for column in columns]
    dtype = np.result_type(np.float32, *types)
    source.check_size(rows, len(columns), dtype.itemsize)
    vectors = np.empty((rows, len(columns)), dtype)
    start = 0
    keys = [schema.names[column] for column in columns]
    for batch in _batches(source, file, keys, _BATCH // len(columns)):
        with source.library_errors(_EXPECTED):
            arrays = [column.to_numpy(zero_copy_only=False) for column in batch.columns]
        for first in range(0, min(batch.num_rows, rows - start), _ROWS):
            block = vectors[start + first : start + min(first + _ROWS, batch.num_rows)]
            pieces = [array[first : first + len(block)] for array in arrays]
            np.stack(pieces, axis=1, out=block, casting="unsafe")
        start += batch.num_rows
        if start >= rows:
            break
    return _whole(source, vectors, start)


def _from_lists(source: Source, file: Any, key: str, rows: int) -> NDArray[np.floating]:  # noqa: ANN401
    # The length of the first list sets how many make a batch; what the file's metadata says of
    # a column is not asked, for pyarrow ends the process where that is damaged.
    first = next(_batches(source, file, [key], 1), None)
    lengths, values = (
        _lists(source, first) if first is not None else (np.zeros(1, int), np.zeros(0))
    )
    width = int(lengths[0])
    if width < 0:
        raise source.error("expected a list of numbers, found none", "row 0")
    whole = first is not None and _kind(first.schema.field(0).type.value_type) == "whole"
    dtype = np.dtype(np.float32) if whole else np.result_type(np.float32, values.dtype)
    source.check_size(rows, width, dtype.itemsize)
    vectors = np.empty((rows, width), dtype)
    start = 0
    for batch in _batches(source, file, [key], _BATCH // width):
        lengths, values = _lists(source, batch)
        for row in np.flatnonzero(lengths != width):
            found = "none" if lengths[row] < 0 else f"one of {lengths[row]:,}"
            raise source.error(f"expected a list of {width:,}, found {found}", f"row {start + row}")
        end = min(start + len(lengths), rows)
        large = (values > _WHOLE) | (values < -_WHOLE) if whole else np.zeros(1, bool)
        if vectors.dtype == np.float32 and large.any():
            source.check_size(rows, width, 8)
            vectors = vectors.astype(np.float64)
        vectors[start:end] = values.reshape(-1, width)[: end - start]
        start = end
        if start >= rows:
            break
    return _whole(source, vectors, start)


def _lists(source: Source, batch: Any) -> tuple[NDArray[Any], NDArray[Any]]:  # noqa: ANN401
    """Return the length of every list in a batch, −1 where there is none, and all the numbers."""
    # Not by pyarrow.compute: to import it takes longer than to read most embeddings.
    with source.library_errors(_EXPECTED):
        column = batch.column(0)
        if hasattr(column, "offsets"):
            offsets = column.offsets.to_numpy()
        else:
            size = column.type.list_size
            offsets = (column.offset + np.arange(len(column) + 1)) * size
        lengths = np.diff(offsets)
        if column.null_count:
            lengths[[not row.is_valid for row in column]] = -1
        values = column.values[int(offsets[0]) : int(offsets[-1])]
        return lengths, values.to_numpy(zero_copy_only=False)


def _whole(source: Source, vectors: NDArray[np.floating], rows: int) -> NDArray[np.floating]:
    if rows < len(vectors) or not len(vectors):
        raise source.error(f"expected {len(vectors):,} rows, found {rows:,}")
    vectors.flags.writeable = False
    return vectors


def _texts(source: Source, key: str) -> list[Any]:
    """Read the column of names, a text that comes often only once."""
    import pyarrow.parquet as pq

    names: list[Any] = []
    with source.library_errors(_EXPECTED):
        with pq.ParquetFile(source.path, read_dictionary=[key]) as file:
            columns = file.read(columns=[key]).columns
        if len(columns) != 1:
            raise source.error(f"expected one column {quoted(key)}, found {len(columns)}")
        for chunk in columns[0].chunks:
            if hasattr(chunk, "dictionary"):
                words = dict(enumerate(chunk.dictionary.to_pylist()))
                names += map(words.get, chunk.indices.to_pylist())
            else:
                names += chunk.to_pylist()
    return names
