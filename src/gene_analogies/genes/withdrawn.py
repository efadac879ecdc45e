"""Symbols that HGNC withdrew without a successor."""

from __future__ import annotations

from functools import cache

from gene_analogies.genes.packaged import packaged_lines

__all__ = ["COLUMNS", "withdrawn"]

COLUMNS = ("symbol",)


@cache
def withdrawn() -> frozenset[str]:
    """Return the symbols, casefolded; no gene has them today.

    Examples
    --------
    >>> "rn7sl639p" in withdrawn()
    True
    """
    return frozenset(symbol.casefold() for symbol in packaged_lines("withdrawn"))
