"""The kinds of figures."""

from __future__ import annotations

__all__ = ["ONE_PAIR_KINDS", "PAIR_KINDS", "SIMILAR_KINDS"]

#: Of an answer of `pairs`; the first is the usual one.
PAIR_KINDS = ("compass", "quadrilateral", "receipt", "families", "heatmap", "distribution")
#: Those that show one pair; the others show all.
ONE_PAIR_KINDS = ("quadrilateral", "receipt")
#: Of an answer of `similar`.
SIMILAR_KINDS = ("contrast",)
