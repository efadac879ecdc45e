"""Where labels go: inside a frame, apart from each other, and off the lines if that can be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gene_analogies.plots.lettering import ASCENT, DESCENT, text_width
from gene_analogies.plots.shapes import Box, Line, Place, Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Label", "crosses", "place_labels", "spread"]

#: Points from what a label names to its box, the best first.
_DISTANCES = (6.0, 9.0, 13.0, 20.0, 30.0, 45.0, 65.0, 90.0, 120.0, 160.0, 210.0)
#: How far lines should stay off a label.
_OFF = 1.5
#: A label farther away than this gets a line to what it names.
_FAR = 12.0
#: Degrees by which a label may turn away from its direction, the best first.
_TURNS = tuple(sign * turn for turn in range(0, 181, 15) for sign in (1, -1))


class Label(NamedTuple):
    """A text near a place.

    Attributes
    ----------
    text
        What it says.
    place
        What it names.
    direction
        To which side of the place it should be, as a vector of any length but 0.
    size, bold
        Of the letters.
    """

    text: str
    place: Place
    direction: Place
    size: float = 9.0
    bold: bool = False


def place_labels(
    labels: Iterable[Label],
    frame: Box,
    lines: Sequence[tuple[Place, Place]] = (),
    taken: Iterable[Box] = (),
    gap: float = 0.0,
) -> list[Text | Line]:
    """Return the texts of labels, one after another, and lines to those that are far away.

    Each lies inside the frame and overlaps no other, and of such places crosses as few lines as can
    be, as near as can be. A label that fits nowhere is left out.

    Parameters
    ----------
    labels
        The most important ones first.
    frame
        What they must lie in.
    lines
        Their ends: what labels should not lie on.
    taken
        What they must not overlap.
    gap
        How far labels must be apart, at least.
    """
    boxes, lines = list(taken), list(lines)
    found: list[Text | Line] = []
    for label in labels:
        # There may be a thousand of either.
        best = _best(label, frame, np.reshape(lines, (-1, 2, 2)), np.reshape(boxes, (-1, 4)))
        if best is None:
            continue
        text, distance = best
        left, bottom, right, top = text.box
        boxes.append(Box(left - gap, bottom - gap, right + gap, top + gap))
        if distance > _FAR:
            line = label.place, _nearest(text.box, label.place)
            lines.append(line)
            found.append(Line(line, width=0.5))
        found.append(text)
    return found


def _best(
    label: Label, frame: Box, lines: NDArray[np.float64], taken: NDArray[np.float64]
) -> tuple[Text, float] | None:
    best, fewest = None, math.inf
    for distance, texts in _candidates(label):
        boxes = np.array([text.box for text in texts])
        fits = [frame.holds(text.box) for text in texts] & ~_overlap(boxes, taken)
        boxes = boxes[fits]
        if not len(boxes):
            continue
        around = np.add(boxes, (-_OFF, -_OFF, _OFF, _OFF))
        crossed = crosses(around[:, None], lines[:, 0], lines[:, 1]).sum(axis=1)
        if distance > _FAR:
            nearest = np.clip(label.place, boxes[:, :2], boxes[:, 2:])
            crossed += crosses(taken, label.place, nearest[:, None]).sum(axis=1)
        first = int(crossed.argmin())
        if crossed[first] < fewest:
            best, fewest = (texts[np.flatnonzero(fits)[first]], distance), crossed[first]
        if fewest == 0:
            break
    return best


def _candidates(label: Label) -> Iterator[tuple[float, list[Text]]]:
    """Yield texts around what a label names by their distances, the best first."""
    half = text_width(label.text, label.size, bold=label.bold) / 2.0
    tall = (ASCENT + DESCENT) * label.size / 2.0
    towards = math.atan2(label.direction[1], label.direction[0])
    for distance in _DISTANCES:
        texts = []
        for turn in _TURNS:
            angle = towards + math.radians(turn)
            x, y = math.cos(angle), math.sin(angle)
            # From the centre of the box to its edge in this direction.
            reach = min(half / max(abs(x), 1e-9), tall / max(abs(y), 1e-9)) + distance
            centre = (label.place[0] + reach * x, label.place[1] + reach * y)
            texts.append(Text.around(centre, label.text, label.size, bold=label.bold))
        yield distance, texts


def _nearest(box: Box, place: Place) -> Place:
    """Return the place in a box that is nearest to another."""
    return (
        min(max(place[0], box.left), box.right),
        min(max(place[1], box.bottom), box.top),
    )


def _overlap(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether rectangles have more than a line in common with any of others."""
    left, bottom, right, top = boxes[:, None].transpose(2, 0, 1)
    common = (left < others[:, 2]) & (others[:, 0] < right)
    common &= (bottom < others[:, 3]) & (others[:, 1] < top)
    found: NDArray[np.bool_] = common.any(axis=1)
    return found


def crosses(boxes: ArrayLike, starts: ArrayLike, ends: ArrayLike) -> NDArray[np.bool_]:
    """Whether straight lines pass through the insides of rectangles, each through its own.

    Parameters
    ----------
    boxes
        Array of shape (..., 4): left, bottom, right, top.
    starts, ends
        Of the lines, arrays of shape (..., 2).
    """
    box, start, end = (np.asarray(one, np.float64) for one in (boxes, starts, ends))
    # The share of the line that lies between both pairs of edges (Liang and Barsky).
    first: NDArray[np.float64] = np.zeros(1)
    last: NDArray[np.float64] = np.ones(1)
    for axis in (0, 1):
        low, high, at = box[..., axis], box[..., axis + 2], start[..., axis]
        step = end[..., axis] - at
        with np.errstate(all="ignore"):  # no step, or hardly any
            one, other = (low - at) / step, (high - at) / step
        # A line along a pair of edges lies between them throughout, or nowhere.
        between = (low < at) & (at < high)
        near = np.where(step == 0.0, np.where(between, 0.0, 1.0), np.minimum(one, other))
        far = np.where(step == 0.0, np.where(between, 1.0, 0.0), np.maximum(one, other))
        first, last = np.maximum(first, near), np.minimum(last, far)
    found: NDArray[np.bool_] = first < last
    return found


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return heights from top to bottom, at least ``gap`` apart, as near to those wanted as can be.

    Parameters
    ----------
    wanted
        Heights, decreasing.
    gap
        The least distance between two.
    low, high
        Between which they lie, if there is room for them.

    Examples
    --------
    >>> spread([5.0, 5.0, 1.0], 2.0, 0.0, 10.0)
    [6.0, 4.0, 1.0]
    """
    # With a gap added for each one above, it is enough that they do not increase: isotonic
    # regression, by pooling neighbours that do.
    pools: list[tuple[float, int]] = []
    for index, height in enumerate(wanted):
        mean, count = height + index * gap, 1
        while pools and pools[-1][0] < mean:
            above, more = pools.pop()
            mean, count = (mean * count + above * more) / (count + more), count + more
        pools.append((mean, count))
    floor = low + (len(wanted) - 1) * gap
    levels = [max(floor, min(high, mean)) for mean, count in pools for _ in range(count)]
    return [level - index * gap for index, level in enumerate(levels)]
