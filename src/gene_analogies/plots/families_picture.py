"""Two pictures of families: a ranked list, and how alike all offsets are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gene_analogies.plots.caption import above, below, number
from gene_analogies.plots.families import PairFamilies
from gene_analogies.plots.lettering import shortened, text_width
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.shapes import Box, Colour, Line, Shape, Text, rectangle

__all__ = ["heatmap_picture", "list_picture"]

_SIZE, _ROW, _MARGIN = 9.0, 14.0, 12.0
_LONGEST_NAME = 190.0
_BAR = 180.0
_COLOURS: tuple[Colour, ...] = ("blue", "vermillion", "green", "purple")
#: The side of a cell of a heatmap, at most, and of all of them together.
_CELL, _CELLS = 14.0, 420.0
#: As many pairs stand for a family.
_TYPICAL = 3


def list_picture(
    drawn: PairFamilies,
    title: str,
    pairs: Sequence[str],
    values: NDArray[np.float64],
    called: str = "similarity",
    more: Sequence[str] = (),
) -> Picture:
    """Return a list of pairs, best first, with a bar for each in the colour of its family.

    Parameters
    ----------
    drawn
        The families.
    title
        What stands above.
    pairs, values
        What the m pairs are called, and what they are ranked by.
    called
        What that is called.
    more
        More sentences to stand below.
    """
    names = [shortened(pair, _SIZE, _LONGEST_NAME) for pair in pairs]
    first = _MARGIN + text_width(f"{len(pairs)}", _SIZE) + 8.0
    name = first + 28.0
    bars = name + max(text_width(text, _SIZE) for text in names) + 12.0
    width = bars + _BAR + 60.0
    words = [
        f"Bars: {called}, from 0. Number and colour: the family, pairs whose offsets point the "
        f"same way{_silhouette(drawn)}.{_repeated(drawn)}",
        *_families_in_words(drawn, pairs),
        *more,
    ]
    caption, bottom = below(words, width)
    height = bottom + 6.0 + _ROW * len(pairs)
    heading, top = above(title, width, height)
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    scale = _BAR / ((high - low) or 1.0)
    zero = bars - scale * low
    shapes: list[Shape] = []
    for index, label in enumerate(drawn.labels.tolist()):
        middle = height - _ROW * (index + 0.5)
        colour = _COLOURS[label % len(_COLOURS)]
        left, right = sorted((zero, zero + scale * float(values[index])))
        shapes += [
            Text.around((first - 8.0, middle), f"{index + 1}", _SIZE, anchor="end", opacity=0.75),
            rectangle(Box(first, middle - 5.0, first + 4.0, middle + 5.0), colour),
            Text.around((first + 20.0, middle), f"{label + 1}", _SIZE, anchor="end"),
            Text.around((name, middle), names[index], _SIZE, anchor="start"),
            rectangle(Box(left, middle - 4.0, right, middle + 4.0), colour, 0.85),
            Text.around(
                (width - _MARGIN, middle), number(float(values[index])), _SIZE, anchor="end"
            ),
        ]
    shapes.append(
        Line(((zero, height - _ROW * len(pairs)), (zero, height)), width=0.8, opacity=0.6)
    )
    return Picture(
        title, " ".join(words), width, top, (*shapes, *heading, *caption), (zero, height),
        (scale, _ROW),
    )  # fmt: skip


def heatmap_picture(
    drawn: PairFamilies, title: str, pairs: Sequence[str], more: Sequence[str] = ()
) -> Picture:
    """Return the cosines of all offsets with each other, bordered by family.

    Parameters
    ----------
    drawn, title, pairs, more
        As for `list_picture`.
    """
    count = len(pairs)
    cell = min(_CELL, _CELLS / count)
    size = min(_SIZE, cell)
    names = [shortened(pair, size, _LONGEST_NAME) for pair in pairs]
    left = _MARGIN + max(text_width(text, size) for text in names) + 22.0
    width = max(left + cell * count + _MARGIN, 380.0)
    words = [
        "Each square: the cosine of two pairs' offsets, that of the row and that of the column; "
        "columns have the order of rows.",
        "Blue: alike, up to 1; vermillion: opposite, down to −1; fainter: nearer to 0."
        f"{_range_in_words(drawn)}",
        f"Borders: families, pairs whose offsets point the same way{_silhouette(drawn)}.",
        *more,
    ]
    caption, bottom = below(words, width)
    height = bottom + 8.0 + cell * count
    heading, top = above(title, width, height + 4.0)
    order = drawn.order.tolist()
    shapes: list[Shape] = []
    for row, one in enumerate(order):
        upper = height - cell * row
        for column, other in enumerate(order):
            cosine = float(drawn.cosines[one, other])
            start = left + cell * column
            box = Box(start, upper - cell, start + cell, upper)
            shapes.append(
                rectangle(box, "blue" if cosine > 0.0 else "vermillion", round(abs(cosine), 2))
            )
        place = (left - 20.0, upper - cell / 2.0)
        shapes.append(Text.around(place, names[one], size, anchor="end"))
    first = 0
    for label, members in enumerate(drawn.sizes):
        box = Box(
            left + cell * first,
            height - cell * (first + members),
            left + cell * (first + members),
            height - cell * first,
        )
        shapes.append(_outline(box))
        middle = (left - 10.0, (box.bottom + box.top) / 2.0)
        shapes.append(Text.around(middle, f"{label + 1}", _SIZE, bold=True))
        shapes.append(Line(((left - 16.0, box.bottom), (left, box.bottom)), width=0.8))
        first += members
    return Picture(
        title, " ".join(words), width, top, (*shapes, *heading, *caption), (left, height),
        (cell, cell),
    )  # fmt: skip


def _outline(box: Box) -> Line:
    left, bottom, right, top = box
    corners = ((left, bottom), (right, bottom), (right, top), (left, top), (left, bottom))
    return Line(corners, width=1.5)


def _silhouette(drawn: PairFamilies) -> str:
    if len(drawn.sizes) == 1:
        return "; all are one"
    return f" (silhouette {number(drawn.silhouette, 2)})"


def _repeated(drawn: PairFamilies) -> str:
    return " Colours repeat." if len(drawn.sizes) > len(_COLOURS) else ""


def _families_in_words(drawn: PairFamilies, pairs: Sequence[str]) -> list[str]:
    words = []
    for label, size in enumerate(drawn.sizes):
        members = np.flatnonzero(drawn.labels == label)[:_TYPICAL]
        shown = ", ".join(pairs[index] for index in members)
        others = f" and {size - _TYPICAL} more" if size > _TYPICAL else ""
        words.append(f"Family {label + 1}: {shown}{others}.")
    return words


def _range_in_words(drawn: PairFamilies) -> str:
    different = drawn.cosines[~np.eye(len(drawn.cosines), dtype=bool)]
    if not len(different):
        return ""
    low, high = number(float(different.min()), 2), number(float(different.max()), 2)
    return f" Here they lie between {low} and {high}."
