"""The picture of a compass."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gene_analogies.plots.caption import above, below
from gene_analogies.plots.compass import Compass, UsualAngles
from gene_analogies.plots.lettering import shortened, text_width
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.places import spread
from gene_analogies.plots.shapes import Area, Dot, Line, Place, Shape, Text, arrow

__all__ = ["compass_picture"]

#: As many pairs are named; more would be too many to read.
NAMED = 50
_RADIUS = 130.0
#: Degrees between the lines of pairs that are not named.
_STEP = 0.05
#: Room left of the circle, between it and the degrees, for those, and for the names at most.
_LEFT, _BETWEEN, _DEGREES, _NAMES = 44.0, 42.0, 46.0, 190.0
_SIZE, _ROW = 9.0, 12.0
#: Where a scale is written, on the left.
_TICKS = (30, 60, 90, 120, 150)


def compass_picture(
    drawn: Compass,
    query: str,
    title: str,
    pairs: Sequence[str],
    more: Sequence[str] = (),
    *,
    marked: int | None = None,
) -> Picture:
    """Return the picture of an answer: the query points up, each pair at its angle to it.

    Angles have no sign: those of the pairs are drawn on the right, the scale on the left.

    Parameters
    ----------
    drawn
        The angles.
    query, title
        The question in words, and what stands above it.
    pairs
        What the pairs are called; the first 50 are named.
    more
        More sentences to stand below.
    marked
        Which pair stands out, from 0, if one does.
    """
    rows = min(len(pairs), NAMED)
    names = [
        shortened(pair, _SIZE, _NAMES, bold=row == marked) for row, pair in enumerate(pairs[:rows])
    ]
    widths = [text_width(name, _SIZE, bold=row == marked) for row, name in enumerate(names)]
    longest = max(widths, default=0.0)
    width = _LEFT + 2.0 * _RADIUS + _BETWEEN + _DEGREES + max(longest, 0.6 * _NAMES) + 12.0
    words = [
        "Each pair is drawn at its true angle to the query: 0° is the same direction, 90° a right "
        f"angle, 180° the opposite direction.{_unnamed(pairs)}",
        *([] if marked is None else [f"Purple: {pairs[marked]}."]),
        *more,
        *_usual_words(drawn.usual),
        *_random_words(drawn),
    ]
    caption, bottom = below(words, width)
    tall = max(2.0 * _RADIUS + 56.0, rows * _ROW + 12.0)
    heading, top = above(title, width, bottom + tall)
    # As high as lets the lines to the names be short.
    cosines = np.cos(np.radians(drawn.angles[:rows]))
    dots = _RADIUS * float(np.nanmean(cosines)) if rows else 0.0
    lowest, highest = bottom + _RADIUS + 22.0, bottom + tall - _RADIUS - 30.0
    centre = (_LEFT + _RADIUS, min(max(bottom + tall / 2.0 - dots, lowest), highest))
    shapes: list[Shape] = []
    if drawn.usual is not None:
        low, high = drawn.usual.low, drawn.usual.high
        shapes += [_wedge(centre, low, high), _wedge(centre, -low, -high)]
    shapes.append(Line([_at(centre, angle, _RADIUS) for angle in range(0, 361, 3)], opacity=0.5))
    shapes += _scale(centre)
    shapes += _random_marks(centre, drawn)
    # The others at steps that nobody can see, for there may be a million.
    others = np.unique(np.round(drawn.angles[rows:] / _STEP)) * _STEP
    angles = [*drawn.angles[:rows].tolist(), *others.tolist()]
    shapes += [Line((centre, _at(centre, angle, _RADIUS)), "blue", 0.8, 0.8) for angle in angles]
    shapes += arrow(centre, _at(centre, 0.0, _RADIUS), "ink", 2.0)
    shapes += [Dot(_at(centre, angle, _RADIUS), 2.2, "blue") for angle in angles]
    if marked is not None:
        place = _at(centre, float(drawn.angles[marked]), _RADIUS)
        shapes += [Line((centre, place), "purple", 2.4), Dot(place, 3.6, "purple")]
    name = shortened(query, 10.0, 2.0 * _RADIUS, bold=True)
    x, y = _at(centre, 0.0, _RADIUS + 10.0)
    shapes.append(Text((x, y), name, 10.0, "middle", True))
    shapes += _names(centre, angles[:rows], names, bottom, bottom + tall, marked)
    return Picture(
        title,
        " ".join([*words, *_angles_in_words(angles[:rows], pairs)]),
        width,
        top,
        (*shapes, *heading, *caption),
        centre,
        (_RADIUS, _RADIUS),
    )


def _at(centre: Place, angle: float, radius: float) -> Place:
    """Return the place at an angle in degrees, clockwise from the top."""
    turn = math.radians(angle)
    return centre[0] + radius * math.sin(turn), centre[1] + radius * math.cos(turn)


def _wedge(centre: Place, start: float, end: float) -> Area:
    steps = np.linspace(start, end, 40).tolist()
    return Area([centre, *(_at(centre, angle, _RADIUS) for angle in steps)], "ink", 0.14)


def _scale(centre: Place) -> list[Shape]:
    shapes: list[Shape] = []
    for angle in _TICKS:
        ends = (_at(centre, -angle, _RADIUS), _at(centre, -angle, _RADIUS + 4.0))
        shapes.append(Line(ends, opacity=0.5))
        place = _at(centre, -angle, _RADIUS + 8.0)
        shapes.append(Text.around(place, f"{angle}°", _SIZE, anchor="end", opacity=0.75))
    x, y = _at(centre, 180.0, _RADIUS + 14.0)
    shapes.append(Text((x, y), "180°", _SIZE, "middle", opacity=0.75))
    return shapes


def _random_marks(centre: Place, drawn: Compass) -> list[Shape]:
    """Return a stroke across the circle, on the left, for each random query's best pair."""
    return [
        Line(
            (_at(centre, -angle, _RADIUS - 9.0), _at(centre, -angle, _RADIUS)),
            "vermillion",
            0.8,
            0.7,
        )
        for angle in drawn.random_best.tolist()
    ]


def _names(
    centre: Place,
    angles: Sequence[float],
    names: Sequence[str],
    bottom: float,
    top: float,
    marked: int | None,
) -> list[Shape]:
    """Return the names of pairs in a column, by angle, each with a line from its dot."""
    shapes: list[Shape] = []
    order = sorted(range(len(angles)), key=angles.__getitem__)
    dots = [_at(centre, angles[index], _RADIUS) for index in order]
    heights = spread([y for _, y in dots], _ROW, bottom + _ROW / 2.0, top - _ROW / 2.0)
    edge = centre[0] + _RADIUS
    for index, dot, height in zip(order, dots, heights, strict=True):
        end = edge + _BETWEEN - 4.0
        line = (dot, (edge + 8.0, dot[1]), (end - 4.0, height), (end, height))
        shapes.append(Line(line, "ink", 0.5, 0.4))
        degrees = (end + _DEGREES - 6.0, height)
        bold = index == marked
        angle = f"{angles[index]:.1f}°"
        shapes.append(Text.around(degrees, angle, _SIZE, anchor="end", bold=bold))
        place = (end + _DEGREES, height)
        shapes.append(Text.around(place, names[index], _SIZE, anchor="start", bold=bold))
    return shapes


def _unnamed(pairs: Sequence[str]) -> str:
    return f" The first {NAMED} of {len(pairs):,} pairs are named." if len(pairs) > NAMED else ""


def _angles_in_words(angles: Sequence[float], pairs: Sequence[str]) -> list[str]:
    """Return the angles for those who do not see them."""
    return [f"{pair}: {angle:.1f}°." for pair, angle in zip(pairs, angles, strict=False)]


def _usual_words(usual: UsualAngles | None) -> list[str]:
    if usual is None:
        return []
    of = f" (of {usual.pairs:,} drawn at random)" if usual.sampled else ""
    return [f"Grey: 99.9 % of all pairs{of} lie between {usual.low:.1f}° and {usual.high:.1f}°."]


def _random_words(drawn: Compass) -> list[str]:
    best = drawn.random_best
    if not len(best):
        return []
    return [
        f"Vermillion: the best pair of each of {len(best):,} random queries, from {best[0]:.1f}° "
        f"to {best[-1]:.1f}°; half of them within {float(np.median(best)):.1f}°."
    ]
