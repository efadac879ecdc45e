"""The coordinates of a table as a user names them: columns, ranges and prefixes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gene_analogies.formats.parts.columns import NUMBERS, Kind, listed, quoted

if TYPE_CHECKING:
    from gene_analogies.formats.source import Origin

__all__ = ["chosen_columns"]

_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
_RANGE: Final = re.compile(r"(\d{1,9})\s*[-:]\s*(\d{1,9})", re.ASCII)


def chosen_columns(
    source: Origin, keys: Sequence[str] | None, kinds: Sequence[Kind], wanted: Sequence[str]
) -> list[int]:
    """Return the numbers of the columns that are chosen, each once, in the order of the table.

    Each choice is, in this order: the name of a column; a range of names, ``first:last``; a number
    or a range of numbers, ``2-51``, which are names if there are such columns and else counted
    from 1; or what the names of several columns of numbers begin with.

    Parameters
    ----------
    source
        The table, for errors.
    keys
        What the columns are called, if they are called anything.
    kinds
        What each column holds.
    wanted
        The choices.

    Raises
    ------
    FormatError
        If a choice leads to no column, or to one that holds no numbers.
    """
    chosen: set[int] = set()
    for choice in wanted:
        columns = _columns(source, keys, kinds, choice)
        for column in columns:
            if kinds[column] not in NUMBERS:
                called = f"column {column + 1}" if keys is None else quoted(keys[column])
                raise source.error(
                    f"columns must hold numbers, but {called}, chosen by {quoted(choice)}, does not"
                )
        chosen.update(columns)
    return sorted(chosen)


def _columns(
    source: Origin, keys: Sequence[str] | None, kinds: Sequence[Kind], choice: str
) -> Sequence[int]:
    names = {} if keys is None else {key: at for at, key in reversed(list(enumerate(keys)))}
    if choice in names:
        return [names[choice]]
    first, colon, last = choice.partition(":")
    first, last = first.strip(), last.strip()
    if match := _RANGE.fullmatch(choice.strip()):
        first, last = match.groups()
    if first in names and last in names:
        return _between(source, choice, names[first], names[last])
    if match or _NUMBER.fullmatch(choice.strip()):
        numbers = [int(number) for number in (match.groups() if match else (choice, choice))]
        if min(numbers) < 1 or max(numbers) > len(kinds):
            raise source.error(
                f"there is no column {quoted(choice)} among {len(kinds)}, counted from 1"
            )
        return _between(source, choice, numbers[0] - 1, numbers[1] - 1)
    begin = [] if colon or not choice else [key for key in names if key.startswith(choice)]
    found = [names[key] for key in begin if kinds[names[key]] in NUMBERS]
    if found:
        return found
    if keys is None:
        raise source.error(
            f"there is no column {quoted(choice)}: the table has no header; choose by numbers from"
            f" 1 to {len(kinds)}, such as 2-{len(kinds)}"
        )
    raise source.error(f"there is no column {quoted(choice)}; choose from {listed(keys)}")


def _between(source: Origin, choice: str, first: int, last: int) -> Sequence[int]:
    if first > last:
        raise source.error(
            f"the range {quoted(choice)} runs backwards: its last column stands before its first"
        )
    return range(first, last + 1)
