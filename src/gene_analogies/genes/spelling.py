"""Spellings near to a name that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["loose", "nearest", "same_but_for_marks"]

_GREEK: Final = str.maketrans(
    {"α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "κ": "k", "λ": "l", "μ": "m"}
)
_LETTERS: Final = {"alpha": "a", "beta": "b", "gamma": "g", "delta": "d", "kappa": "k"}
_MARKS: Final = re.compile(r"[\W_]+")
_SPELLED_GREEK: Final = re.compile("|".join(_LETTERS))


def loose(name: str) -> str:
    """Write a name without case, hyphens and spaces, and with Latin letters for Greek ones.

    Examples
    --------
    >>> loose("IFN-γ"), loose("IFN-gamma"), loose("IFNG")
    ('ifng', 'ifng', 'ifng')
    """
    plain = _MARKS.sub("", name.casefold().translate(_GREEK))
    return _SPELLED_GREEK.sub(lambda letter: _LETTERS[letter[0]], plain)


def same_but_for_marks(name: str, choices: Sequence[str]) -> list[int]:
    """Return the places of the choices that differ only in case, marks or Greek letters."""
    wanted = loose(name)
    # Only a Greek letter or a mark in front can become another first letter.
    return [
        place
        for place, choice in enumerate(choices)
        if (choice[:1].casefold() == wanted[:1] or not (choice.isascii() and choice[:1].isalnum()))
        and loose(choice) == wanted
    ]


def nearest(name: str, choices: Sequence[str], limit: int) -> list[int]:
    """Return the places of the choices that are the fewest slips of the keyboard away.

    A slip is a letter too many, missing, wrong, or swapped with its neighbour; case is no slip.
    Longer names may hold up to three. Only the nearest choices are returned, in their order.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 0 if len(name) < 3 else 1 if len(name) < 5 else 2 if len(name) < 8 else 3
    found = process.extract(
        name.casefold(),
        choices,
        scorer=OSA.distance,
        processor=str.casefold,
        score_cutoff=slips,
        limit=limit,
    )
    return [place for _, distance, place in found if distance == found[0][1]]
