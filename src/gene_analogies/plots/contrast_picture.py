"""The picture of a contrast."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from gene_analogies.plots.caption import above, below, number
from gene_analogies.plots.contrast import Contrast
from gene_analogies.plots.lettering import shortened
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.places import Label, place_labels
from gene_analogies.plots.shapes import Box, Dot, Line, Place, Shape, Text, rectangle

__all__ = ["contrast_picture"]

_LEFT, _SIDE, _RIGHT = 52.0, 340.0, 20.0
_WIDTH = _LEFT + _SIDE + _RIGHT
_SIZE = 9.0
#: As many answers are named, the first ones, if there is room.
_NAMED = 12
_DOT = 2.5
_LONGEST_NAME = 110.0
#: From similarities to places.
_Places = Callable[[Sequence[float]], Place]


def contrast_picture(
    drawn: Contrast, title: str, asked: Sequence[str], answers: Sequence[str], called: str
) -> Picture:
    """Return all items by their similarity to a and to b, the answers as dots with names.

    Parameters
    ----------
    drawn
        The numbers.
    title
        What stands above.
    asked, answers
        What a and b are called, and the answers.
    called
        What the similarity is: ``"cosine with"``, say.
    """
    a, b = (shortened(name, _SIZE, _LONGEST_NAME) for name in asked)
    words = ["Grey: all items; where there are more, it is stronger.", _answers_in_words(answers)]
    caption, bottom = below(words, _WIDTH)
    base = bottom + 40.0
    heading, top = above(title, _WIDTH, base + _SIDE + 20.0)
    low, high = float(drawn.edges[0]), float(drawn.edges[-1])
    scale = _SIDE / ((high - low) or 1.0)
    origin = (_LEFT - scale * low, base - scale * low)

    def place(point: Sequence[float]) -> Place:
        return origin[0] + scale * point[0], origin[1] + scale * point[1]

    shapes: list[Shape] = [*_squares(drawn, place), *_frame(low, high, base, place)]
    shapes += [
        Text((_LEFT + _SIDE, base - 30.0), f"{called} {a}", _SIZE, "end"),
        Text((_LEFT - 34.0, base + _SIDE + 8.0), f"{called} {b}", _SIZE),
    ]
    dots = [place(point) for point in drawn.answers.tolist()]
    ends = [place(point) for point in drawn.asked.tolist()]
    shapes += [Dot(dot, _DOT, "blue") for dot in dots]
    shapes += [Dot(end, _DOT) for end in ends]
    labels = [
        Label(name, end, (-1.0, side), _SIZE, True)
        for name, end, side in zip((a, b), ends, (1.0, -1.0), strict=True)
    ]
    labels += [
        Label(shortened(name, _SIZE, _LONGEST_NAME), dot, (1.0, -0.4), _SIZE)
        for name, dot in zip(answers[:_NAMED], dots, strict=False)
    ]
    frame = Box(_LEFT + 2.0, base + 2.0, _LEFT + _SIDE - 2.0, base + _SIDE - 2.0)
    boxes = [Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in (*ends, *dots)]
    shapes += place_labels(labels, frame, [(place((low, low)), place((high, high)))], boxes)
    return Picture(
        title, " ".join([*words, *_in_words(drawn, answers, (a, b))]), _WIDTH, top,
        (*shapes, *heading, *caption), origin, (scale, scale),
    )  # fmt: skip


def _squares(drawn: Contrast, place: _Places) -> list[Shape]:
    most = math.log1p(float(drawn.counts.max(initial=1)))
    shapes: list[Shape] = []
    for i, j in np.argwhere(drawn.counts > 0).tolist():
        left, bottom = place((drawn.edges[i], drawn.edges[j]))
        right, top = place((drawn.edges[i + 1], drawn.edges[j + 1]))
        opacity = 0.08 + 0.37 * math.log1p(float(drawn.counts[i, j])) / most
        shapes.append(rectangle(Box(left, bottom, right, top), "ink", round(opacity, 2)))
    return shapes


def _frame(low: float, high: float, base: float, place: _Places) -> list[Shape]:
    """Return both axes with their scales, and the line of equal similarity."""
    end = _LEFT + _SIDE
    shapes: list[Shape] = [
        Line(((_LEFT, base + _SIDE), (_LEFT, base), (end, base)), width=0.8),
        Line((place((low, low)), place((high, high))), width=0.8, opacity=0.6, dashed=True),
    ]
    for tick in _ticks(low, high):
        x, y = place((tick, tick))
        shapes += [
            Line(((x, base - 4.0), (x, base)), width=0.8),
            Line(((_LEFT - 4.0, y), (_LEFT, y)), width=0.8),
            Text((x, base - 15.0), f"{tick:g}".replace("-", "−"), _SIZE, "middle", opacity=0.75),
            Text.around(
                (_LEFT - 7.0, y), f"{tick:g}".replace("-", "−"), _SIZE, anchor="end", opacity=0.75
            ),
        ]
    return shapes


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers in a range, two to six of them."""
    width = high - low
    if width <= 0.0:
        return []
    power = 10.0 ** math.floor(math.log10(width))
    step = next(power * part for part in (0.2, 0.5, 1.0, 2.0) if width / (power * part) < 6.0)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [float(f"{step * index:.9g}") for index in range(first, last + 1)]


def _answers_in_words(answers: Sequence[str]) -> str:
    if not answers:
        return "There are no answers."
    return (
        f"Blue: the {len(answers):,} answers, ranked by how far they lie below the line of equal "
        "similarity."
    )


def _in_words(drawn: Contrast, answers: Sequence[str], asked: tuple[str, str]) -> list[str]:
    return [
        f"{name}: {number(to_a)} to {asked[0]}, {number(to_b)} to {asked[1]}."
        for name, (to_a, to_b) in zip(answers[:_NAMED], drawn.answers.tolist(), strict=False)
    ]
