"""A picture as SVG, without any library: for files, and for pages that hold it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from gene_analogies.plots.palette import COLOURS
from gene_analogies.plots.shapes import Area, Colour, Dot, Line, Place, Points, Shape

__all__ = ["SvgHeading", "svg_text"]

#: What a file shows where nothing says otherwise; in a page, the colour of its text is taken.
_STYLE = (
    "<style>svg.gene-analogies{color:#111;background:#fff}"
    "@media (prefers-color-scheme:dark){svg.gene-analogies{color:#e6e6e6;background:#161616}}"
    "</style>"
)
#: These have the widths that pictures are laid out for; other sans-serif fonts are narrower.
_FONTS = "DejaVu Sans, Verdana, sans-serif"


class SvgHeading(NamedTuple):
    """What stands before the shapes: texts for those who do not see them, and a size in points."""

    title: str
    description: str
    width: float
    height: float


def svg_text(heading: SvgHeading, shapes: Iterable[Shape], *, standalone: bool) -> str:
    """Return shapes as an ``svg`` element.

    Nothing in it needs a script, another file or a ``style`` attribute; text is escaped, and what
    XML cannot hold is replaced. Text and neutral lines have the colour ``currentColor``.

    Parameters
    ----------
    heading
        What stands before them.
    shapes
        What to draw, from the lower left corner.
    standalone
        As for `gene_analogies.plots.picture.Picture.svg`.
    """
    width, height = _number(heading.width), _number(heading.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="gene-analogies" '
        f'viewBox="0 0 {width} {height}" width="{width}pt" height="{height}pt" role="img" '
        f'font-family="{_FONTS}">',
        f"<title>{_text(heading.title)}</title>",
        f"<desc>{_text(heading.description)}</desc>",
    ]
    if standalone:
        parts.append(_STYLE)
    parts += [_element(shape, heading.height) for shape in shapes]
    return "\n".join([*parts, "</svg>\n"])


def _element(shape: Shape, height: float) -> str:
    if isinstance(shape, Line):
        dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
        return (
            f'<polyline points="{_places(shape.places, height)}" fill="none" '
            f'stroke="{_colour(shape.colour)}" stroke-width="{_number(shape.width)}"{dashes}'
            f"{_opacity('stroke', shape.opacity)}/>"
        )
    if isinstance(shape, Area):
        return (
            f'<polygon points="{_places(shape.places, height)}" fill="{_colour(shape.colour)}"'
            f"{_opacity('fill', shape.opacity)}/>"
        )
    if isinstance(shape, Dot):
        x, y = shape.place
        return (
            f'<circle cx="{_number(x)}" cy="{_number(height - y)}" r="{_number(shape.radius)}" '
            f'fill="{_colour(shape.colour)}"/>'
        )
    if isinstance(shape, Points):
        return (
            f'<path d="{_moves(shape.places, height)}" fill="none" '
            f'stroke="{_colour(shape.colour)}" stroke-width="{_number(2.0 * shape.radius)}" '
            f'stroke-linecap="round"{_opacity("stroke", shape.opacity)}/>'
        )
    x, y = shape.place
    bold = ' font-weight="bold"' if shape.bold else ""
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    return (
        f'<text x="{_number(x)}" y="{_number(height - y)}" font-size="{_number(shape.size)}" '
        f'fill="currentColor"{anchor}{bold}{_opacity("fill", shape.opacity)}>'
        f"{_text(shape.text)}</text>"
    )


def _colour(colour: Colour) -> str:
    return COLOURS[colour] or "currentColor"


def _opacity(what: str, opacity: float) -> str:
    return "" if opacity == 1.0 else f' {what}-opacity="{_number(opacity)}"'


def _places(places: Iterable[Place], height: float) -> str:
    return " ".join(f"{_number(x)},{_number(height - y)}" for x, y in places)


def _moves(places: Iterable[Place], height: float) -> str:
    """Return lines of no length at places, whose round ends are dots, with relative moves."""
    parts, at_x, at_y = [], 0.0, 0.0
    for x, y in places:
        # Moves add up: what is rounded is the place, not the move.
        new_x, new_y = round(x, 2), round(height - y, 2)
        parts.append(f"m{_number(new_x - at_x)} {_number(new_y - at_y)}h0".replace(" -", "-"))
        at_x, at_y = new_x, new_y
    return "".join(parts)


def _number(value: float) -> str:
    # Adding 0.0 turns a rounded −0 into 0.
    return f"{round(value, 2) + 0.0:g}" if abs(value) < 1000 else f"{value:.1f}"


def _text(text: str) -> str:
    return escape("".join(letter if letter.isprintable() else "\ufffd" for letter in text))
