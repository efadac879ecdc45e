"""The picture of a map: all items as dots, some of them marked and named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.plots.caption import above, below
from gene_analogies.plots.lettering import shortened
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.places import Label, place_labels
from gene_analogies.plots.shapes import Box, Dot, Place, Points, Shape

__all__ = ["Mark", "map_picture"]

_MARGIN = 12.0
#: The longer side of the map; items are drawn at whole points, each place once.
_SIDE = 460.0
_LEAST_HEIGHT = 120.0
_WIDTH = _SIDE + 2.0 * _MARGIN
_SIZE = 9.0
_LONGEST_NAME = 110.0
_DOT = 3.0
#: As many marked items are named, the first ones, if there is room.
_NAMED = 60
#: Of dots with at least so many items: how strong they are.
_OPACITIES = ((1, 0.3), (2, 0.5), (3, 0.7), (5, 0.9))
_RADIUS = 0.7


class Mark(NamedTuple):
    """An item to be named, its coordinates, and whether it was asked for."""

    name: str
    coordinates: tuple[float, float]
    asked: bool


def map_picture(
    coordinates: NDArray[np.float64], title: str, marks: Sequence[Mark], words: Sequence[str]
) -> Picture:
    """Return a map with the names of some items, as many as fit without overlap.

    Parameters
    ----------
    coordinates
        Where all m items lie, array of shape (m, 2).
    title
        What stands above.
    marks
        The items to name, the most important ones first.
    words
        What the map is, in sentences.
    """
    ends = np.array([mark.coordinates for mark in marks]).reshape(-1, 2)
    both = np.concatenate([coordinates, ends])
    low, high = both.min(axis=0), both.max(axis=0)
    scale = _SIDE / (float((high - low).max()) or 1.0)
    height = max(_LEAST_HEIGHT, scale * float(high[1] - low[1]))
    said = [*words, *_marks_in_words(marks)]
    caption, bottom = below(said, _WIDTH)
    base = bottom + 14.0
    heading, top = above(title, _WIDTH, base + height + 10.0)
    middle = (low + high) / 2.0
    origin = (
        _WIDTH / 2.0 - scale * float(middle[0]),
        base + height / 2.0 - scale * float(middle[1]),
    )
    shapes: list[Shape] = [*_dots(coordinates * scale + origin)]
    places = [(origin[0] + scale * x, origin[1] + scale * y) for x, y in ends.tolist()]
    # The query on top, and its names first.
    for mark, place in reversed([*zip(marks, places, strict=True)]):
        shapes.append(Dot(place, _DOT, "vermillion" if mark.asked else "blue"))
    shapes += place_labels(
        [_label(mark, place) for mark, place in zip(marks[:_NAMED], places, strict=False)],
        Box(2.0, base - 10.0, _WIDTH - 2.0, base + height + 8.0),
        taken=[Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in places],
        gap=1.5,
    )
    return Picture(
        title, " ".join(said), _WIDTH, top, (*shapes, *heading, *caption), origin, (scale, scale)
    )


def _label(mark: Mark, place: Place) -> Label:
    outwards = 1.0 if place[0] >= _WIDTH / 2.0 else -1.0
    name = shortened(mark.name, _SIZE, _LONGEST_NAME, bold=mark.asked)
    return Label(name, place, (outwards, 0.3), _SIZE, mark.asked)


def _dots(places: NDArray[np.float64]) -> list[Points]:
    """Return a dot for every whole point at which items lie, stronger where there are more."""
    found, counts = np.unique(np.rint(places[:, ::-1]).astype(np.int64), axis=0, return_counts=True)
    limits = [*(count for count, _ in _OPACITIES), np.inf]
    shapes = []
    for (_, opacity), low, high in zip(_OPACITIES, limits[:-1], limits[1:], strict=True):
        some = found[(counts >= low) & (counts < high)].tolist()
        if some:
            shapes.append(Points([(float(x), float(y)) for y, x in some], _RADIUS, "ink", opacity))
    return shapes


def _marks_in_words(marks: Sequence[Mark]) -> list[str]:
    if not marks:
        return []
    asked = sum(mark.asked for mark in marks)
    kinds = ["vermillion: what was asked for"] if asked else []
    if asked < len(marks):
        kinds.append("blue: the answer")
    line = "; ".join(kinds)
    more = f"; the first {_NAMED:,} are named, if there is room" if len(marks) > _NAMED else ""
    return [f"{line[0].upper()}{line[1:]}{more}."]
