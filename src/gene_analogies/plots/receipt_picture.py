"""The picture of a receipt."""

from __future__ import annotations

from collections.abc import Sequence

from gene_analogies.plots.caption import above, below, number, title_of
from gene_analogies.plots.lettering import shortened
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.receipt import Receipt
from gene_analogies.plots.shapes import Box, Colour, Line, Shape, Text, rectangle

__all__ = ["receipt_picture"]

_WIDTH = 460.0
_SIZE, _ROW = 9.5, 22.0
#: Where what a term is begins, where its value ends, where bars lie, and where shares end.
_NAME, _VALUE, _BARS, _SHARE = 12.0, 220.0, (236.0, 384.0), 448.0
_LONGEST_NAME = 64.0
_TALL = 6.0
_TERMS = {
    "cosine": "cos({}, {})",
    "product": "{} · {}",
    "squared distance": "‖{} − {}‖²",
}


def receipt_picture(
    drawn: Receipt,
    names: Sequence[str],
    operation: str = "difference",
    called: str = "cosine",
    more: Sequence[str] = (),
) -> Picture:
    """Return the picture of a similarity as the sum of four signed bars.

    Parameters
    ----------
    drawn
        The terms.
    names
        What a, b, c and d are called.
    operation
        ``"difference"`` or ``"sum"``: what the offsets are.
    called
        What the cosine of the two offsets is called.
    more
        More sentences to stand below.
    """
    short = dict(
        zip("abcd", (shortened(name, _SIZE, _LONGEST_NAME) for name in names), strict=True)
    )
    between, sign = (":", "−") if operation == "difference" else ("+", "+")
    words = [_reason(short, operation, called), _division(drawn, short, sign), *more]
    caption, bottom = below(words, _WIDTH)
    bottom += 10.0
    rows = [bottom + _ROW * (4.5 - index) for index in range(5)]
    top_of_bars = bottom + _ROW * 5.0
    heading, top = above(title_of(names, between, _WIDTH), _WIDTH, top_of_bars + 6.0)
    shares = [term.share for term in drawn.terms]
    low, high = min(0.0, drawn.total, *shares), max(0.0, drawn.total, *shares)
    scale = (_BARS[1] - _BARS[0]) / ((high - low) or 1.0)
    zero = _BARS[0] - scale * low
    shapes: list[Shape] = []
    for term, height in zip(drawn.terms, rows, strict=False):
        name = _TERMS[drawn.kind].format(short[term.first], short[term.second])
        shapes.append(Text.around((_NAME, height), name, _SIZE, anchor="start"))
        value = Text.around((_VALUE, height), number(term.value), _SIZE, anchor="end", opacity=0.75)
        shapes.append(value)
        shapes += _bar(zero, scale * term.share, height, "blue" if term.share > 0 else "vermillion")
        amount = number(term.share, signed=True)
        shapes.append(Text.around((_SHARE, height), amount, _SIZE, anchor="end"))
    rule = bottom + _ROW
    shapes.append(Line(((_NAME, rule), (_SHARE, rule)), width=0.8))
    shapes.append(Text.around((_NAME, rows[4]), called, _SIZE, anchor="start", bold=True))
    shapes += _bar(zero, scale * drawn.total, rows[4], "ink")
    total = number(drawn.total, signed=True)
    shapes.append(Text.around((_SHARE, rows[4]), total, _SIZE, anchor="end", bold=True))
    shapes.append(Line(((zero, bottom), (zero, top_of_bars)), width=0.8, opacity=0.6))
    return Picture(
        title_of(names, between),
        " ".join([*_amounts(drawn, short), *words]),
        _WIDTH,
        top,
        (*shapes, *heading, *caption),
        (zero, rows[4]),
        (scale, _ROW),
    )


def _bar(zero: float, length: float, height: float, colour: Colour) -> list[Shape]:
    left, right = sorted((zero, zero + length))
    box = Box(left, height - _TALL, right, height + _TALL)
    return [rectangle(box, colour, 0.85)]


def _reason(short: dict[str, str], operation: str, called: str) -> str:
    a, b, c, d = short.values()
    if operation == "sum":
        return f"The {called} is high where {a} and {b} are like {c} and {d}."
    return (
        f"The {called} is high where {a} is like {c} and {b} like {d} (upper bars), and {a} unlike "
        f"{d} and {b} unlike {c} (lower bars)."
    )


def _division(drawn: Receipt, short: dict[str, str], sign: str) -> str:
    a, b, c, d = short.values()
    twice = "twice " if drawn.kind == "squared distance" else ""
    return (
        f"Each bar is the number before it, divided by {twice}‖{a} {sign} {b}‖ · ‖{c} {sign} {d}‖ "
        f"= {number(drawn.divisor)}."
    )


def _amounts(drawn: Receipt, short: dict[str, str]) -> list[str]:
    """Return the bars in words."""
    bars = [
        f"{_TERMS[drawn.kind].format(short[term.first], short[term.second])}: "
        f"{number(term.share, signed=True)}."
        for term in drawn.terms
    ]
    return [*bars, f"Sum: {number(drawn.total, signed=True)}."]
