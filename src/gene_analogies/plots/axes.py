"""A picture drawn with matplotlib: on axes, or as a file."""

from __future__ import annotations

import io
import logging
import warnings
from typing import TYPE_CHECKING, Literal

from gene_analogies.plots.palette import COLOURS
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.shapes import Area, Dot, Line, Place, Points, Shape
from gene_analogies.util.extras import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "image"]

_LOGGER = logging.getLogger(__name__)

_PURPOSE = "drawing figures"
_ALIGNED: dict[str, Literal["left", "center", "right"]] = {
    "start": "left", "middle": "center", "end": "right",
}  # fmt: skip
#: Points in an inch.
_INCH = 72.0
#: Dots per inch of PNG files.
_DPI = 200


def draw(picture: Picture, ax: Axes | None = None) -> Axes:
    """Draw a picture on axes of matplotlib; their coordinates are the numbers behind it.

    Parameters
    ----------
    picture
        What to draw.
    ax
        Where; the picture keeps its proportions, and letters get smaller or larger with it. New
        axes of the picture's size, in a figure of their own, unless given.

    Returns
    -------
    matplotlib.axes.Axes
        The axes.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    if ax is None:
        pyplot = require("matplotlib.pyplot", "plot", _PURPOSE)
        ax = _axes_of_size(picture, pyplot.figure())
    _draw_on(picture, ax)
    return ax


def image(picture: Picture, form: Literal["png", "pdf"]) -> bytes:
    """Return a picture as the content of a file.

    Parameters
    ----------
    picture
        What to draw.
    form
        The format of the file.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    # No pyplot: it would choose a way to show windows.
    figure = require("matplotlib.figure", "plot", f"writing .{form} files").Figure()
    _draw_on(picture, _axes_of_size(picture, figure))
    content = io.BytesIO()
    # Without the time, equal answers are equal files.
    metadata: dict[str, str | None]
    metadata = {"Title": picture.title, "Description": picture.description}
    if form == "pdf":
        metadata = {"Title": picture.title, "Subject": picture.description, "CreationDate": None}
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        figure.savefig(content, format=form, dpi=_DPI, metadata=metadata)
    if any("missing from font" in str(one.message) for one in found):
        _LOGGER.warning("letters that matplotlib's font lacks are drawn as boxes; .svg has them")
    return content.getvalue()


def _axes_of_size(picture: Picture, figure: Figure) -> Axes:
    figure.set_size_inches(picture.width / _INCH, picture.height / _INCH)
    return figure.add_axes((0.0, 0.0, 1.0, 1.0))


def _draw_on(picture: Picture, ax: Axes) -> None:
    from matplotlib import rcParams

    ax.set_axis_off()
    corners = _coordinates(picture, [(0.0, 0.0), (picture.width, picture.height)])
    (left, bottom), (right, top) = corners
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.set_box_aspect(picture.height / picture.width)
    ax.apply_aspect()
    # How much larger or smaller than it was laid out.
    size = ax.get_window_extent().width / ax.figure.dpi * _INCH / picture.width
    ink = rcParams["text.color"]
    for order, shape in enumerate(picture.shapes):
        artist = _artist(shape, picture, size, ink, ax)
        artist.set_zorder(order)
        artist.set_clip_on(False)
        ax.add_artist(artist)


def _artist(shape: Shape, picture: Picture, size: float, ink: str, ax: Axes) -> Artist:
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon
    from matplotlib.path import Path
    from matplotlib.text import Text as Lettering
    from matplotlib.transforms import IdentityTransform

    if isinstance(shape, Line):
        xs, ys = zip(*_coordinates(picture, shape.places), strict=True)
        return Line2D(
            xs,
            ys,
            color=COLOURS[shape.colour] or ink,
            linewidth=shape.width * size,
            linestyle=(0, (4.0, 3.0)) if shape.dashed else "-",
            alpha=shape.opacity,
            solid_capstyle="butt",
        )
    if isinstance(shape, Area):
        return Polygon(
            _coordinates(picture, shape.places),
            facecolor=COLOURS[shape.colour] or ink,
            linewidth=0.0,
            alpha=shape.opacity,
        )
    if isinstance(shape, Points):
        # One artist, and an image in a PDF: thousands of circles would make it slow to show.
        points = PathCollection(
            [Path.unit_circle()],
            sizes=[(shape.radius * size) ** 2],
            offsets=_coordinates(picture, shape.places),
            offset_transform=ax.transData,
            facecolor=COLOURS[shape.colour] or ink,
            linewidth=0.0,
            alpha=shape.opacity,
            rasterized=True,
        )
        # Sizes are in points, not in the coordinates of the axes.
        points.set_transform(IdentityTransform())
        return points
    if isinstance(shape, Dot):
        ((x, y),) = _coordinates(picture, [shape.place])
        return Line2D(
            [x],
            [y],
            marker="o",
            markersize=2.0 * shape.radius * size,
            color=COLOURS[shape.colour] or ink,
            markeredgewidth=0.0,
        )
    ((x, y),) = _coordinates(picture, [shape.place])
    return Lettering(
        x,
        y,
        shape.text,
        fontsize=shape.size * size,
        fontweight="bold" if shape.bold else "normal",
        ha=_ALIGNED[shape.anchor],
        va="baseline",
        color=ink,
        alpha=shape.opacity,
        # A name may hold dollar signs.
        parse_math=False,
    )


def _coordinates(picture: Picture, places: Sequence[Place]) -> list[Place]:
    """Return places as the numbers behind the picture."""
    (x0, y0), (sx, sy) = picture.origin, picture.scale
    return [((x - x0) / sx, (y - y0) / sy) for x, y in places]
