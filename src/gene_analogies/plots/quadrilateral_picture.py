"""The picture of a quadrilateral."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from gene_analogies.plots.caption import above, below, number, title_of
from gene_analogies.plots.lettering import shortened
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.places import Label, place_labels
from gene_analogies.plots.quadrilateral import Quadrilateral
from gene_analogies.plots.shapes import Area, Box, Dot, Line, Place, Shape, arrow

__all__ = ["quadrilateral_picture"]

_WIDTH = 440.0
#: What the corners lie in, and the room for labels above and below.
_INNER = (290.0, 210.0)
_AROUND = 40.0
_DOT = 3.0
_LONGEST_NAME = 130.0
#: The radius of the arc, at most, and how much longer the line at its beginning is.
_ARC = 42.0
_DASHED = 1.5


def quadrilateral_picture(
    drawn: Quadrilateral, names: Sequence[str], called: str = "cosine", more: Sequence[str] = ()
) -> Picture:
    """Return the picture of an analogy a : b ≈ c : d.

    Parameters
    ----------
    drawn
        The analogy.
    names
        What a, b, c and d are called.
    called
        What the cosine of the two differences is called.
    more
        More sentences to stand below.
    """
    a, b, c, d = (shortened(name, 11.0, _LONGEST_NAME, bold=True) for name in names)
    words = [
        _angle_words(drawn, called),
        *more,
        "To scale: the four sides and the angle. The number at a side is the cosine of its ends.",
        _diagonals(drawn, a, b, c, d),
    ]
    caption, bottom = below(words, _WIDTH)
    scale, origin, height = _fit(drawn, bottom)
    heading, top = above(title_of(names, ":", _WIDTH), _WIDTH, height)
    frame = Box(4.0, bottom, _WIDTH - 4.0, height)
    pa, pb, pc, pd = ((origin[0] + scale * x, origin[1] + scale * y) for x, y in drawn.corners)
    shapes: list[Shape] = [
        Line((pa, pc), opacity=0.45),
        Line((pb, pd), opacity=0.45),
        *arrow(pa, _short_of(pb, pa), "blue", 2.0),
        *arrow(pc, _short_of(pd, pc), "vermillion", 2.0),
    ]
    lines = [(pa, pb), (pc, pd), (pa, pc), (pb, pd)]
    middle = _mean((pa, pb, pc, pd))
    labels = [
        Label(name, place, _from(middle, place), 11.0, True)
        for name, place in zip((a, b, c, d), (pa, pb, pc, pd), strict=True)
    ]
    labels += [
        Label(number(cosine, 2), _mean(side), _from(middle, _mean(side)))
        for cosine, side in zip(
            (drawn.cos_ab, drawn.cos_cd, drawn.cos_ac, drawn.cos_bd), lines, strict=True
        )
    ]
    angle, arc = _angle(drawn, pa, pb, pc, pd)
    shapes += angle
    if arc:
        lines.append((pc, (pc[0] + _DASHED * (arc[0][0] - pc[0]), pc[1])))
        half = arc[len(arc) // 2]
        lines += pairwise(arc)
        labels.append(Label(f"{math.degrees(drawn.angle):.1f}°", half, _from(pc, half)))
    shapes += [Dot(place, _DOT) for place in (pa, pb, pc, pd)]
    dots = [Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in (pa, pb, pc, pd)]
    shapes += place_labels(labels, frame, lines, dots)
    return Picture(
        title_of(names, ":"),
        " ".join(words),
        _WIDTH,
        top,
        (*shapes, *heading, *caption),
        origin,
        (scale, scale),
    )


def _fit(drawn: Quadrilateral, bottom: float) -> tuple[float, Place, float]:
    """Return how many points a unit has, where the origin is, and up to where there are labels."""
    xs, ys = zip(*drawn.corners, strict=True)
    wide, tall = max(xs) - min(xs), max(ys) - min(ys)
    room = min(
        _INNER[0] / wide if wide > 0.0 else math.inf, _INNER[1] / tall if tall > 0.0 else math.inf
    )
    scale = room if math.isfinite(room) else 1.0
    x = _WIDTH / 2.0 - scale * (min(xs) + wide / 2.0)
    y = bottom + _AROUND - scale * min(ys)
    return scale, (x, y), bottom + 2.0 * _AROUND + scale * tall


def _short_of(end: Place, start: Place) -> Place:
    """Return where a line must end so as to touch the dot at its end."""
    length = math.dist(start, end)
    share = 1.0 - min(1.0, _DOT / length) if length else 1.0
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _angle(
    drawn: Quadrilateral, pa: Place, pb: Place, pc: Place, pd: Place
) -> tuple[list[Shape], list[Place]]:
    """Return the first arrow's direction, dashed from c, and the arc to the second one."""
    if math.isnan(drawn.angle):
        return [], []
    first, second = math.dist(pa, pb), math.dist(pc, pd)
    radius = min(_ARC, 0.6 * min(first, second))
    dashed = Line((pc, (pc[0] + _DASHED * radius, pc[1])), "blue", 1.2, dashed=True)
    arc = [
        (
            pc[0] + radius * math.cos(drawn.angle * step / 24.0),
            pc[1] + radius * math.sin(drawn.angle * step / 24.0),
        )
        for step in range(25)
    ]
    return [Area((pc, *arc), "ink", 0.1), Line(arc, width=0.8), dashed], arc


def _angle_words(drawn: Quadrilateral, called: str) -> str:
    if math.isnan(drawn.angle):
        return "One of the two differences is zero, and has no direction."
    return (
        f"The arrows are {math.degrees(drawn.angle):.1f}° apart; their {called} is "
        f"{number(math.cos(drawn.angle))}{'' if called == 'cosine' else ', the cosine of that'}."
    )


def _diagonals(drawn: Quadrilateral, a: str, b: str, c: str, d: str) -> str:
    seen = math.dist(drawn.a, drawn.d), math.dist(drawn.b, drawn.c)
    true = [_digits(drawn.ad), _digits(drawn.bc)]
    shown = [_digits(length) for length in seen]
    if shown == true:
        return f"To scale here, too: the diagonals. {a} to {d} is {true[0]}, {b} to {c} {true[1]}."
    return (
        f"Not to scale: the diagonals. {a} to {d} is {true[0]} (drawn {shown[0]}), {b} to {c} "
        f"{true[1]} (drawn {shown[1]})."
    )


def _digits(length: float) -> str:
    """Return a length with three digits."""
    return f"{length:#.3g}".rstrip(".")


def _mean(places: Sequence[Place]) -> Place:
    return (
        sum(x for x, _ in places) / len(places),
        sum(y for _, y in places) / len(places),
    )


def _from(start: Place, end: Place) -> Place:
    """Return the way between two places; upwards where they are one."""
    if start == end:
        return 0.0, 1.0
    return end[0] - start[0], end[1] - start[1]
