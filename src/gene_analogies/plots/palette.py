"""The colours of pictures."""

from __future__ import annotations

from gene_analogies.plots.shapes import Colour

__all__ = ["COLOURS"]

#: Those of Okabe and Ito (2008) that stand out from white and from black; none for the ink.
COLOURS: dict[Colour, str] = {
    "ink": "",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
}
