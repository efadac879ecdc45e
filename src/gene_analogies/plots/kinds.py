"""The kinds of figures."""

from __future__ import annotations

__all__ = ["PAIR_KINDS"]

#: Of an answer of `pairs`; the first shows all of it, the others one pair.
PAIR_KINDS = ("compass", "quadrilateral", "receipt")
