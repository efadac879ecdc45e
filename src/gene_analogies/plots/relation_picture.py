"""The picture of the tests of a relation: direction, pairing and prediction, side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gene_analogies.plots.caption import above, below, number
from gene_analogies.plots.lettering import shortened
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.shapes import Box, Dot, Line, Shape, Text, rectangle

__all__ = ["Effect", "Tested", "relation_picture"]

_MARGIN, _SIZE = 12.0, 9.0
_PANEL, _GAP = 168.0, 24.0
_WIDTH = 2.0 * _MARGIN + 3.0 * _PANEL + 2.0 * _GAP
#: Room for what a row of a panel is called, and for a number at its end.
_CALLED, _NUMBER = 58.0, 34.0
_LINE = 15.0


class Effect(NamedTuple):
    """The effect of a test with its 95 % interval and its p, and that of the control."""

    value: float
    low: float
    high: float
    p: float
    control: float


class Tested(NamedTuple):
    """What one embedding knows of a relation.

    Attributes
    ----------
    name
        What stands above its panels: the embedding and the verdict; empty where it is the only one.
    direction, pairing
        The effects; None where one was not tested.
    rules
        The mean of 1/rank of partners by every rule, that of the mean offset first; empty where
        prediction was not tested.
    gain
        The gain over the best rule without the offset, in words.
    """

    name: str
    direction: Effect | None
    pairing: Effect | None
    rules: Mapping[str, float]
    gain: str


def relation_picture(title: str, tested: Sequence[Tested], words: Sequence[str]) -> Picture:
    """Return three panels for each embedding, one embedding below the other.

    Parameters
    ----------
    title
        What stands above: the pairs and the verdict.
    tested
        What each embedding knows.
    words
        Sentences to stand below.
    """
    caption, bottom = below(words, _WIDTH)
    longest = max((len(one.rules) for one in tested), default=0)
    tall = max(2, longest) * _LINE + 58.0
    heights = [tall + (18.0 if one.name else 0.0) for one in tested]
    top = bottom + 16.0 + sum(heights)
    heading, height = above(title, _WIDTH, top + 4.0)
    shapes: list[Shape] = []
    for one, needed in zip(tested, heights, strict=True):
        if one.name:
            name = shortened(one.name, 10.0, _WIDTH - 2.0 * _MARGIN, bold=True)
            shapes.append(Text((_MARGIN, top - 12.0), name, 10.0, bold=True))
        shapes += _panels(one, top - (18.0 if one.name else 0.0))
        top -= needed
    said = " ".join([*_in_words(tested), *words])
    return Picture(title, said, _WIDTH, height, (*shapes, *heading, *caption))


def _panels(one: Tested, top: float) -> Iterator[Shape]:
    lefts = [_MARGIN + index * (_PANEL + _GAP) for index in range(3)]
    yield from _effect(lefts[0], top, "direction: mean cosine", one.direction, 0.0)
    yield from _effect(lefts[1], top, "pairing: share (AUC)", one.pairing, 0.5)
    yield from _rules(lefts[2], top, one)


def _effect(
    left: float, top: float, called: str, effect: Effect | None, chance: float
) -> Iterator[Shape]:
    """Yield a scale with the effect and its interval, the control, and where chance lies."""
    yield Text((left, top - 14.0), called, _SIZE, bold=True)
    if effect is None or math.isnan(effect.value):
        why = "not tested" if effect is None else "cannot be told"
        yield Text((left, top - 34.0), why, _SIZE, opacity=0.75)
        return
    known = [value for value in effect if not math.isnan(value)]
    lowest = 0.0 if chance else -0.25 if min(known) >= -0.25 else -1.0
    start, end = left + _CALLED, left + _PANEL - _NUMBER
    scale = (end - start) / (1.0 - lowest)

    def at(value: float) -> float:
        return start + scale * (value - lowest)

    base = top - 26.0 - 2.0 * _LINE
    yield Line(((at(chance), base), (at(chance), top - 22.0)), width=0.8, opacity=0.6, dashed=True)
    yield Line(((start, base), (end, base)), width=0.8)
    for tick in (0.0, 0.5, 1.0) if lowest > -1.0 else (-1.0, 0.0, 1.0):
        yield Line(((at(tick), base - 3.0), (at(tick), base)), width=0.8)
        yield Text((at(tick), base - 13.0), number(tick, 1), 8.0, "middle", opacity=0.75)
    rows = (("these pairs", effect.value), ("control", effect.control))
    for index, (name, value) in enumerate(rows):
        y = top - 22.0 - _LINE * (index + 0.5)
        yield Text.around((left, y), name, _SIZE, anchor="start")
        if math.isnan(value):
            continue
        if index == 0 and not math.isnan(effect.low):
            yield Line(((at(effect.low), y), (at(effect.high), y)), "blue", 1.5)
        yield Dot((at(value), y), 3.0, "blue" if index == 0 else "ink")
        yield Text.around((left + _PANEL, y), _fixed(value, 2), _SIZE, anchor="end")
    if not math.isnan(effect.p):
        p = f"p = {effect.p:.2g}".replace("-", "−")
        yield Text((left, base - 26.0), p, _SIZE, opacity=0.75)


def _rules(left: float, top: float, one: Tested) -> Iterator[Shape]:
    """Yield a bar for every rule of prediction, that of the mean offset first and blue."""
    yield Text((left, top - 14.0), "prediction: mean 1/rank", _SIZE, bold=True)
    if not one.rules:
        yield Text((left, top - 34.0), one.gain, _SIZE, opacity=0.75)
        return
    start = left + _CALLED
    scale = (_PANEL - _CALLED - _NUMBER) / (max(one.rules.values()) or 1.0)
    y = top - 22.0
    for index, (rule, value) in enumerate(one.rules.items()):
        y = top - 22.0 - _LINE * (index + 0.5)
        yield Text.around((left, y), shortened(rule, _SIZE, _CALLED - 4.0), _SIZE, anchor="start")
        bar = Box(start, y - 4.0, start + scale * value, y + 4.0)
        yield rectangle(bar, "blue") if index == 0 else rectangle(bar, "ink", 0.4)
        yield Text.around((left + _PANEL, y), _fixed(value, 3), _SIZE, anchor="end")
    yield Line(((start, y - 7.0), (start, top - 22.0)), width=0.8)
    yield Text((left, y - 24.0), one.gain, _SIZE, opacity=0.75)


def _fixed(value: float, decimals: int) -> str:
    # Adding 0.0 turns a rounded −0 into 0.
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def _in_words(tested: Sequence[Tested]) -> Iterator[str]:
    for one in tested:
        told = [
            f"{name} {number(effect.value)}, control {number(effect.control)}"
            for name, effect in (("direction", one.direction), ("pairing", one.pairing))
            if effect is not None and not math.isnan(effect.value)
        ]
        told += [f"{rule} {number(value)}" for rule, value in one.rules.items()]
        yield f"{f'{one.name}: ' if one.name else ''}{'; '.join([*told, one.gain])}."
