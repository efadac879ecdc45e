"""Embeddings in memory: a pandas data frame, or names and an array."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import Kind
from gene_analogies.formats.parts.names import as_names, read_names
from gene_analogies.formats.parts.table_columns import columns_of_table, contents_of_table
from gene_analogies.formats.source import InMemory
from gene_analogies.util.sparse import dense

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["contents_of_arrays", "contents_of_frame"]


def contents_of_frame(frame: pd.DataFrame, label: str, options: ReadOptions) -> Contents:
    """Return the embedding in a data frame, as `delimited` and `parquet` read a table.

    Parameters
    ----------
    frame
        The names are its index, unless that only numbers the rows and a column of text, or one
        that is called as names are, can hold them. The numbers are copied.
    label
        What errors call it.
    options
        ``names_column`` or ``key`` is the column with the names, ``columns`` are those of the
        coordinates, with ``transpose`` those of the items; ``names`` is a file of names.

    Raises
    ------
    FormatError
        If there are no such columns, or the items seem to be the columns.
    """
    source = InMemory(label)
    levels = [frame.index.get_level_values(level) for level in range(frame.index.nlevels)]
    kinds: list[Kind] = [_kind(frame.iloc[:, at]) for at in range(frame.shape[1])]
    if _numbers_rows(frame.index) and "text" in kinds:
        levels = []
    keys = [str("" if level.name is None else level.name) for level in levels]
    keys += map(str, frame.columns)
    kinds = [*map(_kind, levels), *kinds]
    columns = columns_of_table(source, keys, kinds, options, range(len(levels)))
    numbers = frame.iloc[:, [column - len(levels) for column in columns.vectors]]
    vectors = numbers.to_numpy(_dtype(numbers), copy=True, na_value=np.nan)
    names = None
    if columns.names is not None:
        at = columns.names
        values = levels[at] if at < len(levels) else frame.iloc[:, at - len(levels)]
        names = as_names(values.tolist(), source, allow_missing=True)

    def names_in_file(count: int) -> tuple[list[str], Path]:
        if options.names is None:
            raise source.error("expected a column of names, found none")
        return _names_in(options.names, count, source), options.names

    rows = (names, _read_only(vectors))
    found = contents_of_table(source, keys, columns, rows, options, names_in_file)
    return Contents(found.names, found.vectors, {"format": "data frame", **found.details})


def contents_of_arrays(names: object, vectors: object, label: str) -> Contents:
    """Return the embedding in names and an array.

    Parameters
    ----------
    names
        The n names: texts, or whole numbers.
    vectors
        Array of shape (n, d), or a sparse matrix, as `gene_analogies.util.sparse.dense` takes it;
        copied. Numbers other than float32 and float16 become float64.
    label
        What errors call them.

    Raises
    ------
    GeneAnalogiesError
        If they are no names and vectors, or not as many.
    """
    source = InMemory(label)
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise source.error(f"expected a list of names, found {repr(names)[:60]}")
    labels = as_names(names.tolist() if hasattr(names, "tolist") else list(names), source)
    try:
        matrix = np.asarray(dense(vectors))
        if matrix.dtype.kind not in "fiub":
            raise TypeError(f"they are of type {matrix.dtype}")
    except (TypeError, ValueError) as error:
        if isinstance(error, GeneAnalogiesError):
            raise
        raise source.error(f"expected an (n, d) array of numbers: {error}") from None
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise source.error(f"expected vectors of shape (n, d), found {matrix.shape}")
    if len(labels) != len(matrix):
        raise source.error(f"expected a name for each of {len(matrix)} rows, found {len(labels)}")
    single = matrix.dtype.kind == "f" and matrix.itemsize <= 4
    copied = np.array(matrix, np.float32 if single else np.float64, order="C")
    return Contents(labels, _read_only(copied), {"format": "arrays"})


def _kind(values: Any) -> Kind:  # noqa: ANN401 - pandas' types are not installed
    """Return what a column or an index holds."""
    from pandas.api import types

    if types.is_bool_dtype(values.dtype):
        return "other"
    if types.is_integer_dtype(values.dtype):
        return "whole"
    if types.is_float_dtype(values.dtype):
        return "number"
    found = types.infer_dtype(values, skipna=True)
    if found in ("floating", "mixed-integer-float", "decimal"):
        return "number"
    texts = ("string", "bytes", "categorical", "mixed", "mixed-integer")
    return "whole" if found == "integer" else "text" if found in texts else "other"


def _numbers_rows(index: pd.Index) -> bool:
    """Whether an index only numbers the rows, from 0 or 1."""
    if _kind(index) != "whole":
        return False
    numbers = np.asarray(index, np.int64)
    return any(np.array_equal(numbers, np.arange(len(index)) + start) for start in (0, 1))


def _dtype(numbers: pd.DataFrame) -> np.dtype[Any]:
    """Return float32 where it holds what all columns do, else float64."""
    types = [getattr(dtype, "numpy_dtype", dtype) for dtype in numbers.dtypes]
    plain = [one for one in types if isinstance(one, np.dtype) and one.kind in "fiu"]
    single = len(plain) == len(types) and np.result_type(np.float32, *plain).itemsize <= 4
    return np.dtype(np.float32 if single else np.float64)


def _names_in(path: Path, count: int, source: InMemory) -> list[str]:
    names = read_names(path, count)
    if len(names) != count:
        raise source.error(
            f"expected {count:,} names for as many rows, found {len(names):,} in {path}"
        )
    return names


def _read_only(vectors: NDArray[Any]) -> NDArray[np.floating]:
    vectors = np.ascontiguousarray(vectors)
    vectors.flags.writeable = False
    return vectors
