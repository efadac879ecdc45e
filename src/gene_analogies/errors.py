"""The errors users can meet; each message is one line that says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = [
    "AmbiguousNameError",
    "FormatError",
    "GeneAnalogiesError",
    "ItemNameError",
    "MissingExtraError",
    "NoVectorError",
    "UnknownNameError",
]


class GeneAnalogiesError(ValueError):
    """Bad input: an argument, a name or a file. The message is one line."""


class ItemNameError(GeneAnalogiesError):
    """A name that does not lead to one row of the embedding.

    Attributes
    ----------
    name
        The name as it was asked for.
    candidates
        Names that may have been meant, best first.
    """

    def __init__(self, message: str, name: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.candidates = tuple(candidates)


class UnknownNameError(ItemNameError):
    """Nothing has this name; ``candidates`` are what may have been meant."""


class AmbiguousNameError(ItemNameError):
    """Several genes have this name, or it is a family's; ``candidates`` are their symbols."""


class NoVectorError(ItemNameError):
    """The gene is known, but this embedding has no vector for it."""


class FormatError(GeneAnalogiesError):
    """A file that cannot be read as an embedding.

    Attributes
    ----------
    path
        The file or folder.
    place
        Where in it: a line, a row, a key; empty where that is not known.
    """

    def __init__(self, path: str | Path, message: str, place: str = "") -> None:
        super().__init__(": ".join(filter(None, (str(path), place, message))))
        self.path = Path(path)
        self.place = place


class MissingExtraError(GeneAnalogiesError):
    """An optional dependency is not installed; the message says which command brings it."""
