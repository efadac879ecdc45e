"""Rows whose names are of no use: they are left out, and a warning counts them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gene_analogies.formats.source import Origin

__all__ = ["SKIP_ADVICE", "LeftOut", "are_utf8", "printable"]

#: What an error about a name that is no UTF-8 says besides.
SKIP_ADVICE: Final = "; bad_bytes='skip' (--bad-bytes skip) leaves out names with such bytes"

_Number = TypeVar("_Number", bound="np.floating")
_logger = logging.getLogger(__name__)


class LeftOut:
    """The rows of a file that are left out, and where they were.

    Parameters
    ----------
    place
        What the places are: ``line`` or ``row``.
    blank
        Whether rows with a blank name are left out, too.
    """

    def __init__(self, place: str, *, blank: bool) -> None:
        self._place = place
        self._blank = blank
        self._blanks: list[str] = []
        self._bad: list[str] = []

    def __len__(self) -> int:
        return len(self._blanks) + len(self._bad)

    def filter(
        self, names: Sequence[str], vectors: NDArray[_Number], places: Sequence[int] | range
    ) -> tuple[list[str], NDArray[_Number]]:
        """Return the rows that stay: those with a name that was read whole.

        Parameters
        ----------
        names
            The names; a byte that is no UTF-8 is half a surrogate pair in them.
        vectors
            Array of shape (n, d), returned itself where all rows stay.
        places
            Where the rows stand.
        """
        if (not self._blank or all(map(str.strip, names))) and are_utf8(names):
            return list(names), vectors
        kept = []
        for row, name in enumerate(names):
            if self._blank and not name.strip():
                self._blanks.append(str(places[row]))
            elif not are_utf8([name]):
                self._bad.append(str(places[row]))
            else:
                kept.append(row)
        return [names[row] for row in kept], vectors[kept]

    def warn(self, source: Origin) -> None:
        """Say how many rows were left out, and where."""
        for rows, why in (
            (self._blanks, "without a name"),
            (self._bad, "whose names are no UTF-8"),
        ):
            if rows:
                places = f"{self._place}{'s' if len(rows) > 1 else ''} {first_few(rows)}"
                _logger.warning(
                    "%s: %s %s left out: %s", source.path, pluralise(len(rows), "row"), why, places
                )


def are_utf8(names: Sequence[str]) -> bool:
    """Return whether names were read without bytes that are no UTF-8."""
    try:
        "".join(names).encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """Return text with � in place of every byte that was no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
