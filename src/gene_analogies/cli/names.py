"""From the words on a command line, and the lines of a file, to names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from gene_analogies.cli.reading import file_name, read_text
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.names import clean_name

__all__ = ["colons", "parse_examples", "read_names"]

_EXAMPLE = "give two names, as in EGF EGFR, or example pairs, as in EGF:EGFR HGF:MET"

# The colon of an identifier (HGNC:3236) stands between no two names.
_COLON: Final = re.compile(
    r"(?<!\bHGNC)(?<!\bMGI)(?<!\bGENEID)(?<!\bENTREZ)(?<!\bNCBIGENE):|:(?![0-9])", re.IGNORECASE
)


def colons(word: str) -> list[int]:
    """Return where the colons are that may stand between two names.

    Examples
    --------
    >>> colons("EGF:EGFR"), colons("HGNC:3229"), colons("HGNC:3229:HGNC:3236")
    ([3], [], [9])
    """
    return [found.start() for found in _COLON.finditer(word)]


def parse_examples(words: Sequence[str], is_item: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Return the example pairs that words stand for.

    Parameters
    ----------
    words
        ``A B`` for one pair; ``A:B C:D …`` for one or more, with or without space around the
        colons and commas between. An item whose name contains a colon may be one of ``A B``.
    is_item
        Whether an item of the embedding has exactly this name.

    Raises
    ------
    GeneAnalogiesError
        If the words are neither.
    """
    given = [word if is_item(word) else word.strip(",;") for word in words]
    while ":" in given[1:-1]:
        colon = given.index(":", 1)
        given[colon - 1 : colon + 2] = [f"{given[colon - 1]}:{given[colon + 1]}"]
    if len(given) == 2 and all(not colons(word) or is_item(word) for word in given):
        return [(given[0], given[1])]
    joined = [word for word in given if colons(word)]
    if not joined:
        count = "one name makes" if len(given) == 1 else f"{len(given)} names make"
        raise GeneAnalogiesError(f"{count} no pair: {_EXAMPLE}")
    if len(joined) != len(given):
        bare = next(word for word in given if not colons(word))
        raise GeneAnalogiesError(f"{bare!r} stands beside {joined[0]!r}: {_EXAMPLE}")
    return [_split(word, is_item) for word in given]


def _split(word: str, is_item: Callable[[str], bool]) -> tuple[str, str]:
    """Split ``A:B``; where several colons allow it, so that both parts are items."""
    splits = [(word[:colon].strip(), word[colon + 1 :].strip()) for colon in colons(word)]
    if len(splits) > 1:
        splits = [(a, b) for a, b in splits if is_item(a) and is_item(b)]
    if len(splits) != 1:
        raise GeneAnalogiesError(
            f"{word!r} has several colons, and it is not clear which separates the items; "
            "give the two names as two words"
        )
    a, b = splits[0]
    if not a or not b:
        raise GeneAnalogiesError(f"{word!r} lacks a name beside its colon: {_EXAMPLE}")
    return a, b


def read_names(path: Path) -> list[str]:
    """Return the names in a text file, one a line; blank lines and # comments are skipped.

    Parameters
    ----------
    path
        A file in UTF-8; ``-`` is standard input.

    Raises
    ------
    GeneAnalogiesError
        If the file cannot be read, is not text, or holds no name.
    """
    text = read_text(path, "it must hold one name a line")
    lines = [clean_name(line) for line in text.splitlines()]
    names = [line for line in lines if line and not line.startswith("#")]
    if not names:
        raise GeneAnalogiesError(f"{file_name(path)} holds no names; it must hold one a line")
    return names
