"""The kinds of figures."""

from __future__ import annotations

__all__ = [
    "MAP_KINDS",
    "ONE_PAIR_KINDS",
    "PAIR_KINDS",
    "RELATION_KINDS",
    "ROW_KINDS",
    "SIMILAR_KINDS",
]

#: Of an answer of `pairs`; the first is the usual one.
PAIR_KINDS = ("compass", "quadrilateral", "receipt", "families", "heatmap", "distribution", "map")
#: Those that show one pair; the others show all.
ONE_PAIR_KINDS = ("quadrilateral", "receipt")
#: Those of which a row may be chosen.
ROW_KINDS = (*ONE_PAIR_KINDS, "compass")
#: Of an answer of `similar`.
SIMILAR_KINDS = ("contrast", "map")
#: Of one of `map`, and of `complete`.
MAP_KINDS = ("map",)
#: Of one of `relation`.
RELATION_KINDS = ("relation",)
