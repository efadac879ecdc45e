"""An answer as a Parquet file, for programs: the columns of its data frame."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies._version import __version__
from gene_analogies.report.tabular import plain_values
from gene_analogies.report.text import json_text
from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gene_analogies.report.table import Column, Table

__all__ = ["answer_parquet"]

#: Rows in a piece: answers may have millions, and only one piece is held as plain values.
_PIECE = 1 << 18


def answer_parquet(answer: Table) -> bytes:
    """Return the content of a Parquet file with the columns of `Table.all_columns`.

    Names and texts are strings, cosines and scores float64, counts int64. The question in words
    the version that wrote it and, as JSON, where the answer came from are in the metadata of the
    schema.

    Parameters
    ----------
    answer
        The answer, of any length.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = answer.all_columns
    schema = pa.schema(
        [
            (key, pa.from_numpy_dtype(values.dtype))
            if isinstance(values, np.ndarray)
            else (key, pa.string())
            for key, values in plain_values([_cut(column, 0, 0) for column in columns]).items()
        ],
        metadata={
            "query": _sound([answer.query])[0],
            "written_by": f"gene-analogies {__version__}",
            **({} if answer.origin is None else {"origin": json_text(answer.origin.facts)}),
        },
    )
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, schema) as writer:
        for rows in row_blocks(len(answer), _PIECE):
            piece = plain_values([_cut(column, rows.start, rows.stop) for column in columns])
            arrays = [
                pa.array(values if isinstance(values, np.ndarray) else _sound(values), kind)
                for values, kind in zip(piece.values(), schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return buffer.getvalue()


def _cut(column: Column, start: int, stop: int) -> Column:
    return column._replace(values=column.values[start:stop])


def _sound(texts: Iterable[str]) -> list[str]:
    """Return texts that UTF-8 can say: a name may hold half of a letter."""
    return [
        text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
        for text in texts
    ]
