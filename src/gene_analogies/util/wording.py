"""Turns of phrase that notes, titles and errors share."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["first_few", "pluralise"]


def pluralise(count: int, one: str, many: str = "") -> str:
    """Return a number and what is counted, in the plural where it is not 1.

    Parameters
    ----------
    count
        How many.
    one, many
        What they are called: one of them, and several; ``one`` with an s unless given.

    Examples
    --------
    >>> pluralise(1, "pair"), pluralise(1_200, "pair"), pluralise(2, "family", "families")
    ('1 pair', '1,200 pairs', '2 families')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def first_few(texts: Sequence[str], most: int = 5) -> str:
    """Return texts in one line: the first ones, and an ellipsis where there are more.

    Examples
    --------
    >>> first_few(["a", "b", "c"], 2)
    'a, b, …'
    """
    return ", ".join(texts[:most]) + (", …" if len(texts) > most else "")
