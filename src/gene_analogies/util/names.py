"""Names as people meant them: what editors, spreadsheets and other programs put around them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["CleanNames", "clean_name", "clean_names"]

# Zero-width characters are no white space for Python, but as invisible.
_AROUND: Final = re.compile(r"^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$")
# Hyphens of word processors, which look as the one on the keyboard.
_HYPHENS: Final = {0x2010: "-", 0x2011: "-"}
_QUOTES: Final = {'"': '"', "'": "'", "\u201c": "\u201d", "\u2018": "\u2019"}
_WHOLE_FLOAT: Final = re.compile(r"[0-9]+(\.0+)?", re.ASCII)


@dataclass(frozen=True)
class CleanNames:
    """Names, cleaned.

    Attributes
    ----------
    names
        As many as there were, in their order.
    stripped
        How many had blanks or quotes around them.
    example
        One of these, before and after; None where there is none.
    """

    names: list[str]
    stripped: int = 0
    example: tuple[str, str] | None = None


def clean_name(text: str, *, quotes: bool = True) -> str:
    r"""Return a name in Unicode's form NFC, without the blanks and quotes around it.

    Hyphens of word processors become the one on the keyboard.

    Parameters
    ----------
    text
        The name.
    quotes
        Whether a pair of quotes around it is taken off, too.

    Examples
    --------
    >>> clean_name(' "EGFR"\xa0'), clean_name("5'-nucleotidase"), clean_name("'s")
    ('EGFR', "5'-nucleotidase", "'s")
    """
    name = _AROUND.sub("", unicodedata.normalize("NFC", text).translate(_HYPHENS))
    if quotes and len(name) > 2 and _QUOTES.get(name[0]) == name[-1]:
        inner = name[1:-1]
        if name[0] not in inner and name[-1] not in inner:
            return _AROUND.sub("", inner) or name
    return name


def clean_names(names: Sequence[str], *, words: bool = False) -> CleanNames:
    """Clean all names of an embedding; where all are whole floats (``1956.0``), cut the zeros.

    A name that would then be another row's stays as it is.

    Parameters
    ----------
    names
        The n names; an empty one is a missing name.
    words
        Whether they are a list of words, where blanks, and a few pairs of quotes, may be words.
    """
    quotes = not words or all(name[:1] in _QUOTES for name in names)
    changed = {}
    for name in names:
        if name.isascii() and name[:1].isalnum() and name[-1:].isalnum():  # most names
            continue
        clean = clean_name(name, quotes=quotes)
        if clean != name and (clean or not words):
            changed[name] = clean
    if changed:
        kept = set(names).difference(changed)
        times = Counter(changed.values())
        changed = {
            name: clean
            for name, clean in changed.items()
            if not clean or (clean not in kept and times[clean] == 1)
        }
    stripped = {
        name: clean
        for name, clean in changed.items()
        if clean and clean != unicodedata.normalize("NFC", name)
    }
    return CleanNames(
        _whole_numbers([changed.get(name, name) for name in names]),
        sum(name in stripped for name in names) if stripped else 0,
        next(iter(stripped.items()), None),
    )


def _whole_numbers(names: list[str]) -> list[str]:
    """Cut ``.0`` off all names: pandas writes whole numbers so if one of the column is missing."""
    if not all(_WHOLE_FLOAT.fullmatch(name) for name in names if name):
        return names
    whole = [name.partition(".")[0] for name in names]
    return whole if len(set(whole)) == len(set(names)) else names
