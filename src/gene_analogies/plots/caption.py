"""What stands above and below the drawing in a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gene_analogies.plots.lettering import shortened, text_width, wrapped
from gene_analogies.plots.shapes import Text

__all__ = ["above", "below", "number", "title_of"]

_MARGIN = 12.0
_TITLE, _WORDS = 12.0, 9.0
_LINE = 13.0


def above(title: str, width: float, bottom: float) -> tuple[list[Text], float]:
    """Return the title above a height, and the height of the whole picture.

    Parameters
    ----------
    title
        Shortened where it is too long.
    width
        Of the picture.
    bottom
        The height above which it stands.
    """
    text = shortened(title, _TITLE, width - 2.0 * _MARGIN, bold=True)
    return [Text((_MARGIN, bottom + 8.0), text, _TITLE, bold=True)], bottom + 8.0 + _TITLE + 6.0


def title_of(names: Sequence[str], between: str, width: float = math.inf) -> str:
    """Return an analogy as a title, ``a : b ≈ c : d``, its names shortened to fit a width.

    Parameters
    ----------
    names
        What a, b, c and d are called.
    between
        What stands between the members of a pair.
    width
        Of the picture.
    """
    form = f"{{}} {between} {{}} ≈ {{}} {between} {{}}"
    room = width - 2.0 * _MARGIN
    if text_width(form.format(*names), _TITLE, bold=True) <= room:
        return form.format(*names)
    each = (room - text_width(form.replace("{}", ""), _TITLE, bold=True)) / 4.0
    return form.format(*(shortened(name, _TITLE, each, bold=True) for name in names))


def below(words: Sequence[str], width: float) -> tuple[list[Text], float]:
    """Return sentences at the bottom of a picture, and the height at which there is room.

    Parameters
    ----------
    words
        The sentences; each begins a line, and is wrapped.
    width
        Of the picture.
    """
    lines = [line for one in words for line in wrapped(one, _WORDS, width - 2.0 * _MARGIN)]
    top = _MARGIN + _LINE * len(lines)
    return [
        Text((_MARGIN, top - _LINE * (index + 1) + 3.0), line, _WORDS)
        for index, line in enumerate(lines)
    ], top


def number(value: float, decimals: int = 4, *, signed: bool = False) -> str:
    """Return a number with some decimals, or with as many digits where those would say nothing.

    Examples
    --------
    >>> number(-0.25), number(0.25, 2, signed=True), number(123456.0)
    ('−0.2500', '+0.25', '1.2346e+05')
    """
    plain = abs(value) < 1e4 and (value == 0.0 or abs(value) >= 10.0**-decimals)
    # Adding 0.0 turns a rounded −0 into 0.
    text = f"{round(value, decimals) + 0.0:+.{decimals}f}" if plain else f"{value:+.{decimals}e}"
    return text.replace("-", "−") if signed else text.replace("-", "−").removeprefix("+")
