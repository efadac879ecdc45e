"""Numbers that may be no coordinates: clusters, counts, positions, parts of names, a header."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from gene_analogies.formats.parts.columns import one_line
from gene_analogies.util.wording import first_few

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.source import Origin

__all__ = ["first_is_whole", "integers_above_decimals", "shown_numbers", "warn_of_odd_columns"]

# Fewer rows may have whole numbers by chance.
_MIN_ROWS: Final = 3
# Rows that show what a column holds, before all are looked at.
_SAMPLE: Final = 1000
# Above this every float32 is whole.
_LARGEST: Final = 2**24
# A column dwarfs the others where its root mean square is so many times theirs.
_RATIO: Final = 20.0

_logger = logging.getLogger(__name__)


def integers_above_decimals(rows: NDArray[np.floating]) -> bool:
    """Return whether the first row may be a header, such as ``3 4 5``.

    It has whole numbers, each once, and in every column below most are not whole.

    Parameters
    ----------
    rows
        Array of shape (n, d); the first rows suffice.
    """
    first, below = rows[:1], rows[1:_SAMPLE]
    if not len(below) or rows.shape[1] < 2 or not _are_whole(first).all():
        return False
    if len(np.unique(first)) < first.size:
        return False
    return bool((2 * np.count_nonzero(_are_whole(below), axis=0) < len(below)).all())


def first_is_whole(rows: NDArray[np.floating]) -> bool:
    """Return whether the first column, and not all, holds whole numbers alone, and several.

    Parameters
    ----------
    rows
        Array of shape (n, d).
    """
    if len(rows) < _MIN_ROWS or not _are_whole(rows[:, 0]).all():
        return False
    return len(np.unique(rows[:, 0])) > 1 and not _are_whole(rows[:_SAMPLE]).all()


def shown_numbers(rows: NDArray[np.floating]) -> str:
    """Return the first few of the first column, all of them whole, for an error."""
    return ", ".join(f"{number:.0f}" for number in rows[:3, 0]) + ", …"


def warn_of_odd_columns(
    source: Origin, called: Sequence[str], vectors: NDArray[np.floating]
) -> None:
    """Warn which columns of a table may be no coordinates, by what they hold.

    These are columns of whole numbers among others, and those whose scale dwarfs the rest.

    Parameters
    ----------
    source
        The table.
    called
        What the d columns are called, or else their numbers.
    vectors
        Array of shape (n, d).
    """
    if len(vectors) < _MIN_ROWS:
        return
    whole = _whole_columns(vectors)
    if len(whole) == vectors.shape[1]:
        whole = []
    large = [column for column in _dwarfing_columns(vectors) if column not in whole]
    odd = {*whole, *large}
    rest = [column for column in range(len(called)) if column not in odd]
    choice = ""
    if len(rest) > 1 and rest[-1] - rest[0] == len(rest) - 1:
        choice = f" {one_line(called[rest[0]])}:{one_line(called[rest[-1]])}"
    for columns, what in (
        (whole, "of whole numbers among others"),
        (large, "that dwarf the others"),
    ):
        if columns:
            _logger.warning(
                "%s: columns %s: %s; they are taken for coordinates, unless columns (--columns%s)"
                " leaves them out",
                source.path,
                what,
                first_few([one_line(called[column]) for column in columns]),
                choice,
            )


def _are_whole(numbers: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return which numbers are whole; one that is missing or infinite may be anything."""
    with np.errstate(invalid="ignore"):
        whole: NDArray[np.bool_] = ~np.isfinite(numbers) | (
            (numbers == np.rint(numbers)) & (abs(numbers) < _LARGEST)
        )
    return whole


def _whole_columns(vectors: NDArray[np.floating]) -> list[int]:
    """Return the columns of whole numbers that are not all the same."""
    candidates = np.flatnonzero(_are_whole(vectors[:_SAMPLE]).all(axis=0))
    return [
        int(column)
        for column in candidates
        if _are_whole(vectors[:, column]).all()
        and len(np.unique(vectors[np.isfinite(vectors[:, column]), column])) > 1
    ]


def _dwarfing_columns(vectors: NDArray[np.floating]) -> list[int]:
    """Return the columns, less than half of all, whose root mean square dwarfs the others'."""
    scales = np.array([_scale(vectors[:, column]) for column in range(vectors.shape[1])])
    order = np.argsort(-scales, kind="stable")
    for count in range(1, (len(scales) + 1) // 2):
        if scales[order[count - 1]] >= _RATIO * scales[order[count]] > 0.0:
            return sorted(order[:count].tolist())
    return []


def _scale(column: NDArray[np.floating]) -> float:
    """Return the root mean square of the numbers that are not missing."""
    numbers = column[np.isfinite(column)].astype(np.float64)
    with np.errstate(over="ignore"):
        return float(np.sqrt(np.mean(numbers**2))) if numbers.size else 0.0
