"""A picture: shapes in a rectangle, whatever draws them."""

from __future__ import annotations

from dataclasses import dataclass

from gene_analogies.plots.shapes import Place, Shape, Text
from gene_analogies.plots.svg import SvgHeading, svg_text

__all__ = ["Picture"]


@dataclass(frozen=True, repr=False)
class Picture:
    """Shapes in a rectangle, first those that others may cover.

    Attributes
    ----------
    title, description
        What it shows, for those who do not see it.
    width, height
        In points.
    shapes
        What there is to draw.
    origin, scale
        Where the numbers behind it have their zero, and how many points their unit has, by axis:
        axes of matplotlib get these numbers as their coordinates.
    """

    title: str
    description: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    origin: Place = (0.0, 0.0)
    scale: Place = (1.0, 1.0)

    @property
    def texts(self) -> tuple[Text, ...]:
        """The texts in it."""
        return tuple(shape for shape in self.shapes if isinstance(shape, Text))

    def svg(self, *, standalone: bool = True) -> str:
        """Return it as SVG, for which nothing needs to be installed.

        Parameters
        ----------
        standalone
            Whether it is a file of its own, which chooses light or dark as its reader does; else
            it is a part of a page, and has the colour of its text.
        """
        heading = SvgHeading(self.title, self.description, self.width, self.height)
        return svg_text(heading, self.shapes, standalone=standalone)

    def __repr__(self) -> str:
        size = f"{self.width:.0f} × {self.height:.0f} points"
        return f"{type(self).__name__}({self.title!r}: {size}, {len(self.shapes)} shapes)"

    def _repr_svg_(self) -> str:
        """Return it as notebooks show it."""
        return self.svg()
