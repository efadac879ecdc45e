"""An answer as a figure in a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.plots.picture import Picture
    from gene_analogies.report.origin import Origin

__all__ = ["Pictured", "answer_pdf", "answer_png", "answer_svg"]


class Pictured(Protocol):
    """An answer of which there are figures."""

    @property
    def title(self) -> str:
        """The line above the answer."""

    @property
    def origin(self) -> Origin | None:
        """Where it came from, if that is known."""

    def picture(self, kind: str | None = None, row: int | None = None) -> Picture:
        """Return one of its figures."""


def answer_svg(result: Pictured, kind: str | None = None, row: int | None = None) -> bytes:
    """Return a figure of an answer as SVG.

    Parameters
    ----------
    result
        The answer.
    kind, row
        Which figure of it, as its method ``plot`` describes them.

    Raises
    ------
    GeneAnalogiesError
        If there is no such figure.
    """
    return _picture(result, kind, row).svg().encode("utf-8", "replace")


def answer_png(result: Pictured, kind: str | None = None, row: int | None = None) -> bytes:
    """Return it as PNG; the arguments are those of `answer_svg`."""
    from gene_analogies.plots.axes import image

    return image(_picture(result, kind, row), "png")


def answer_pdf(result: Pictured, kind: str | None = None, row: int | None = None) -> bytes:
    """Return it as PDF; the arguments are those of `answer_svg`."""
    from gene_analogies.plots.axes import image

    return image(_picture(result, kind, row), "pdf")


def _picture(result: Pictured, kind: str | None, row: int | None) -> Picture:
    """Return a figure whose description says where the answer came from."""
    if not hasattr(result, "picture"):
        raise GeneAnalogiesError(f"there is no figure of {result.title!r}: choose another format")
    picture = result.picture(kind, row)
    if result.origin is None:
        return picture
    lines = [*result.origin.lines, *([result.origin.repeats] if result.origin.repeats else [])]
    return replace(picture, description=" ".join([picture.description, f"{'; '.join(lines)}."]))
