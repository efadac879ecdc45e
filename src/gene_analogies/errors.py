"""The errors users can meet; each message is one line that says what to do."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "AmbiguousNameError",
    "GeneAnalogiesError",
    "ItemNameError",
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
    """No item and no known gene has this name; ``candidates`` are near spellings."""


class AmbiguousNameError(ItemNameError):
    """Several genes share this alias; ``candidates`` are their symbols."""


class NoVectorError(ItemNameError):
    """The gene is known, but this embedding has no vector for it."""
