"""An answer for other programs: CSV, TSV and JSON, with all digits."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gene_analogies.results import Item, PairsResult

__all__ = ["COLUMNS", "pairs_csv", "pairs_json", "pairs_tsv"]

#: The columns of `PairsResult.to_frame`.
COLUMNS = ("c", "d", "similarity", "c_symbol", "d_symbol", "c_name", "d_name")


def pairs_csv(result: PairsResult) -> str:
    """Return an answer as comma-separated values, with a line of column names.

    Parameters
    ----------
    result
        The answer.
    """
    return _separated(result, ",")


def pairs_tsv(result: PairsResult) -> str:
    """Return an answer as tab-separated values, with a line of column names.

    Parameters
    ----------
    result
        The answer.
    """
    return _separated(result, "\t")


def pairs_json(result: PairsResult) -> str:
    """Return an answer as one JSON object.

    Its keys are ``query``, ``examples``, ``metric``, ``operation``, ``notes``,
    ``without_direction`` and ``pairs``, a list of objects keyed by :data:`COLUMNS`.

    Parameters
    ----------
    result
        The answer.
    """
    content: dict[str, Any] = {
        "query": result.query,
        "examples": [[_described(a), _described(b)] for a, b in result.examples],
        "metric": result.metric,
        "operation": result.operation,
        "notes": list(result.notes),
        "without_direction": result.without_direction,
        "pairs": [dict(zip(COLUMNS, row, strict=True)) for row in _rows(result)],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _separated(result: PairsResult, delimiter: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(result))
    return buffer.getvalue()


def _rows(result: PairsResult) -> list[tuple[str | float, ...]]:
    return [
        (c.name, d.name, score, c.symbol, d.symbol, c.full_name, d.full_name)
        for c, d, score in zip(result.c, result.d, result.similarity.tolist(), strict=True)
    ]


def _described(item: Item) -> dict[str, str]:
    return {"item": item.name, "symbol": item.symbol, "name": item.full_name}
