"""What pictures are made of: lines, areas, dots and texts at places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from gene_analogies.plots.lettering import ASCENT, DESCENT, text_width

__all__ = [
    "Anchor",
    "Area",
    "Box",
    "Colour",
    "Dot",
    "Line",
    "Place",
    "Points",
    "Shape",
    "Text",
    "arrow",
    "rectangle",
]

#: A place in points (1/72 inch), from the lower left corner of the picture.
Place = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
#: ``ink`` is what text is written with: black on white, or the reverse. The others are of Okabe and
#: Ito's palette, which people with any kind of colour vision can tell apart.
Colour = Literal["ink", "blue", "vermillion", "green", "purple"]


class Box(NamedTuple):
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """Whether two rectangles have more than a line in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def holds(self, other: Box) -> bool:
        """Whether another rectangle lies inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.bottom <= other.bottom
            and other.top <= self.top
        )


@dataclass(frozen=True)
class Line:
    """A line through some places."""

    places: Sequence[Place]
    colour: Colour = "ink"
    width: float = 1.0
    opacity: float = 1.0
    dashed: bool = False


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    places: Sequence[Place]
    colour: Colour = "ink"
    opacity: float = 1.0


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    place: Place
    radius: float
    colour: Colour = "ink"


@dataclass(frozen=True)
class Points:
    """Many filled circles of one size, where opacities do not add up."""

    places: Sequence[Place]
    radius: float
    colour: Colour = "ink"
    opacity: float = 1.0


@dataclass(frozen=True)
class Text:
    """A line of text; its place is on the line that the letters stand on."""

    place: Place
    text: str
    size: float = 9.0
    anchor: Anchor = "start"
    bold: bool = False
    opacity: float = 1.0

    @property
    def box(self) -> Box:
        """What it covers, at most."""
        x, y = self.place
        width = text_width(self.text, self.size, bold=self.bold)
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * width
        return Box(left, y - DESCENT * self.size, left + width, y + ASCENT * self.size)

    @classmethod
    def around(
        cls,
        centre: Place,
        text: str,
        size: float = 9.0,
        *,
        anchor: Anchor = "middle",
        bold: bool = False,
        opacity: float = 1.0,
    ) -> Text:
        """Return text whose box has its middle at the height of a place."""
        x, y = centre
        return cls((x, y - (ASCENT - DESCENT) / 2.0 * size), text, size, anchor, bold, opacity)


Shape = Line | Area | Dot | Points | Text


def arrow(
    start: Place, end: Place, colour: Colour, width: float = 1.5, *, head: float = 7.0
) -> Iterable[Shape]:
    """Yield the line and the head of an arrow; nothing where both ends are one place."""
    length = math.dist(start, end)
    if length == 0.0:
        return
    x, y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    size = min(head, length)
    base = (end[0] - size * x, end[1] - size * y)
    yield Line((start, base), colour, width)
    wing = 0.4 * size
    sides = ((base[0] - wing * y, base[1] + wing * x), (base[0] + wing * y, base[1] - wing * x))
    yield Area((end, *sides), colour)


def rectangle(box: Box, colour: Colour, opacity: float = 1.0) -> Area:
    """Return a filled rectangle."""
    left, bottom, right, top = box
    return Area(((left, bottom), (right, bottom), (right, top), (left, top)), colour, opacity)
