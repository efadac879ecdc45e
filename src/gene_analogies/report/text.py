"""Pieces of text that every report shares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gene_analogies.report.origin import Origin
    from gene_analogies.report.table import Column, Item

__all__ = [
    "cell_texts",
    "comment_lines",
    "escape_controls",
    "items_of",
    "json_text",
    "labels",
    "one_line",
]

#: Control codes and Unicode's line ends, but for the tab and the line ends that CSV quotes.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")

#: What people see where a number is not known.
_UNKNOWN = "–"


def one_line(text: str) -> str:
    """Return text with every character that is not printable replaced.

    Names come from files of any origin; an escape sequence in one must not reach a terminal.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def comment_lines(origin: Origin | None) -> str:
    """Return where an answer came from as lines that begin with ``#``; nothing if not known."""
    if origin is None:
        return ""
    repeats = [f"repeat: {origin.repeats}"] if origin.repeats else []
    return "".join(f"# {one_line(line)}\n" for line in (*origin.lines, *repeats))


def escape_controls(text: str) -> str:
    r"""Return text with control codes as programs write them, ``\x1b`` for an escape.

    A tab, a line feed and a carriage return stay.

    Examples
    --------
    >>> print(escape_controls("\x1b[2J"))
    \x1b[2J
    """
    if text.isprintable():
        return text
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


def json_text(content: Any, **options: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return JSON with letters as they are and every control code escaped.

    Parameters
    ----------
    content, **options
        As for `json.dumps`.
    """
    text = json.dumps(content, ensure_ascii=False, indent=2, **options)
    # JSON itself escapes those below U+0020 only; no others stand outside its strings.
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def labels(items: Iterable[Item]) -> dict[str, str]:
    """Return what to call each item, by its name: the symbol, where that tells it from others.

    Two items with one symbol (two Ensembl ids, say) are told apart by their own names.

    Examples
    --------
    >>> from gene_analogies.report.table import Item
    >>> labels([Item("king"), Item("queen")])
    {'king': 'king', 'queen': 'queen'}
    """
    symbols = {item.name: item.symbol for item in items}
    owners: dict[str, int] = {}
    for symbol in symbols.values():
        owners[symbol] = owners.get(symbol, 0) + 1
    return {
        name: one_line(symbol if owners[symbol] == 1 or symbol == name else f"{symbol} ({name})")
        for name, symbol in symbols.items()
    }


def items_of(columns: Iterable[Column]) -> list[Item]:
    """Return the items in some columns, column by column."""
    return [
        item
        for column in columns
        if column.kind == "item"
        for item in column.items
        if item is not None
    ]


def cell_texts(column: Column, names: dict[str, str]) -> list[str]:
    """Return the values of a column as people read them, one line each.

    Parameters
    ----------
    column
        The column.
    names
        From :func:`labels`, for a column of items.
    """
    if column.kind == "item":
        return ["" if item is None else names[item.name] for item in column.items]
    if column.kind == "text":
        return [one_line(str(value)) for value in column.values]
    if column.kind == "count":
        return [_UNKNOWN if value is np.ma.masked else f"{value:,d}" for value in column.values]
    numbers = np.asarray(column.values, dtype=np.float64).tolist()
    if column.kind == "p":
        return [_UNKNOWN if isnan(value) else f"{value:.2g}" for value in numbers]
    return _number_texts(numbers, plain=column.kind == "cosine")


def _number_texts(values: list[float], *, plain: bool) -> list[str]:
    """Return numbers with as many digits as a reader needs.

    Cosines get four decimals. Distances are in units of the embedding, so they get an exponent
    where four decimals would say nothing.
    """
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    plain = plain or largest == 0.0 or 0.01 <= largest < 1e6
    # Adding 0.0 turns a rounded −0 into 0.
    return [
        _UNKNOWN if isnan(value) else f"{round(value, 4) + 0.0:.4f}" if plain else f"{value:.4e}"
        for value in values
    ]
