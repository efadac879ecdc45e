"""Answers with a row for every item, as a Parquet file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies._version import __version__
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.extras import require
from gene_analogies.runs.arrays import replace_file

__all__ = ["write_table"]

#: Rows in a piece; names are looked up for one piece at a time.
_PIECE = 1 << 18


def write_table(
    path: Path, columns: Mapping[str, NDArray[Any]], *, items: Collection[str], names: Sequence[str]
) -> None:
    """Write columns of equal length; rows of the embedding are written as names.

    Parameters
    ----------
    path
        The file: written whole, or left as it was.
    columns
        Arrays of shape (rows,) by their names.
    items
        Those of them that hold rows of the embedding, int64.
    names
        The names of all rows.

    Raises
    ------
    GeneAnalogiesError
        If the file cannot be written.
    MissingExtraError
        If PyArrow is not installed.
    """
    arrow = require("pyarrow", "parquet", "writing .parquet files")
    parquet = require("pyarrow.parquet", "parquet", "writing .parquet files")
    known = arrow.array(names, arrow.string())
    schema = arrow.schema(
        [
            (name, arrow.string() if name in items else arrow.from_numpy_dtype(values.dtype))
            for name, values in columns.items()
        ],
        metadata={"written_by": f"gene-analogies {__version__}"},
    )
    count = min(map(len, columns.values()), default=0)

    def write(file: IO[bytes]) -> None:
        with parquet.ParquetWriter(file, schema) as writer:
            for start in range(0, count, _PIECE):
                piece = {name: values[start : start + _PIECE] for name, values in columns.items()}
                arrays = [
                    known.take(arrow.array(np.ascontiguousarray(values)))
                    if name in items
                    else arrow.array(values)
                    for name, values in piece.items()
                ]
                writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))

    try:
        replace_file(path, write)
    except OSError as error:
        raise GeneAnalogiesError(
            f"{path} could not be written: {error.strerror or error}"
        ) from None
