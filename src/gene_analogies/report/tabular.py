"""An answer for other programs: CSV, TSV and JSON, with all digits."""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.report.text import escape_controls, json_text
from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gene_analogies.report.table import Column, Table

__all__ = [
    "answer_csv",
    "answer_json",
    "answer_spreadsheet",
    "answer_tsv",
    "flat_columns",
    "plain_values",
    "separated_pieces",
]

#: Rows that are held as text at a time.
_PIECE = 1 << 16

#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def flat_columns(answer: Table) -> dict[str, Any]:
    """Return the columns of an answer as plain values, by their names in a data frame.

    Parameters
    ----------
    answer
        The answer.

    Returns
    -------
    dict
        Those of `Table.all_columns`, as :func:`plain_values` returns them.
    """
    return plain_values(answer.all_columns)


def plain_values(columns: Sequence[Column]) -> dict[str, Any]:
    """Return columns as plain values, by their names in a data frame.

    Parameters
    ----------
    columns
        Columns of one length.

    Returns
    -------
    dict
        Lists of str, and float64 and int64 arrays (masked where counts are missing), all of one
        length: first the columns in their order, items as their names; then the items' symbols
        (``c_symbol``), then their full names (``c_name``). A missing item is empty in all three.
    """
    flat: dict[str, Any] = {}
    for column in columns:
        if column.kind == "item":
            flat[column.key] = [item.name if item else "" for item in column.items]
        elif column.kind == "text":
            flat[column.key] = list(column.values)
        else:
            dtype = np.int64 if column.kind == "count" else np.float64
            masked = np.ma.isMaskedArray(column.values)
            flat[column.key] = column.values if masked else np.asarray(column.values, dtype)
    items = [column for column in columns if column.kind == "item"]
    for column in items:
        flat[f"{column.key}_symbol"] = [item.symbol if item else "" for item in column.items]
    for column in items:
        flat[f"{column.key}_name"] = [item.full_name if item else "" for item in column.items]
    return flat


def answer_csv(answer: Table) -> str:
    r"""Return an answer as comma-separated values, with a line of column names.

    Texts that hold a comma, a quotation mark or a line end are quoted, and those that begin like a
    formula; other control codes are escaped, ``\x1b``.

    Parameters
    ----------
    answer
        The answer.
    """
    return _separated(answer, ",")


def answer_spreadsheet(answer: Table) -> str:
    """Return an answer as :func:`answer_csv` does, with ``'`` before texts like formulas.

    A spreadsheet shows such a cell, ``=1+1``, and does not run it, which it does even if quoted.

    Parameters
    ----------
    answer
        The answer.
    """
    return _separated(answer, ",", mark="'")


def answer_tsv(answer: Table) -> str:
    """Return an answer as tab-separated values, with a line of column names.

    Texts are quoted and escaped as in :func:`answer_csv`.

    Parameters
    ----------
    answer
        The answer.
    """
    return _separated(answer, "\t")


def answer_json(answer: Table) -> str:
    """Return an answer as one JSON object.

    Its keys are ``query``, those of the answer's facts, ``notes``, those of its totals, ``origin``,
    and what its rows are called: a list of objects keyed by the names of :func:`flat_columns`. A
    number that is not finite is null.

    Parameters
    ----------
    answer
        The answer.
    """
    flat = _lists(flat_columns(answer))
    content = {
        "query": answer.query,
        **answer.facts,
        "notes": list(answer.notes),
        **answer.totals,
        **({} if answer.origin is None else {"origin": answer.origin.facts}),
        answer.rows_name: [dict(zip(flat, row, strict=True)) for row in _rows(flat)],
    }
    return json_text(_plain(content), allow_nan=False) + "\n"


def separated_pieces(answer: Table, delimiter: str, mark: str = "") -> Iterator[str]:
    """Yield an answer as delimited lines, some at a time: it may have millions of rows.

    Parameters
    ----------
    answer
        The answer.
    delimiter
        What stands between cells.
    mark
        What is put before texts like formulas.
    """
    columns = answer.all_columns
    for rows in row_blocks(len(answer), _PIECE) if len(answer) else [slice(0)]:
        some = [column._replace(values=column.values[rows]) for column in columns]
        flat = _lists(plain_values(some))
        lines = _rows(flat) if rows.start else [tuple(flat), *_rows(flat)]
        yield "".join(
            f"{delimiter.join(_cell(cell, delimiter, mark) for cell in line)}\n" for line in lines
        )


def _separated(answer: Table, delimiter: str, mark: str = "") -> str:
    return "".join(separated_pieces(answer, delimiter, mark))


def _cell(value: Any, delimiter: str, mark: str) -> str:  # noqa: ANN401 - text or number
    # The csv module quotes no bare carriage return and no formula.
    if not isinstance(value, str):
        missing = value is None or (isinstance(value, float) and isnan(value))
        return "" if missing else str(value)
    text = escape_controls(value)
    formula = text.startswith(_FORMULA)
    if formula:
        text = mark + text
    if formula or any(one in text for one in (delimiter, '"', "\n", "\r")):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _lists(flat: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        key: values.tolist() if isinstance(values, np.ndarray) else values
        for key, values in flat.items()
    }


def _rows(flat: dict[str, list[Any]]) -> zip[tuple[Any, ...]]:
    return zip(*flat.values(), strict=True)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever an answer tells
    """Return a value as JSON can say it."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain(value.tolist())
    if isinstance(value, float) and not isfinite(value):
        return None
    return value
