"""How genes are written in one-line messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gene_analogies.errors import AmbiguousNameError, UnknownNameError

if TYPE_CHECKING:
    from gene_analogies.genes.dates import Origin
    from gene_analogies.genes.gene import Gene

__all__ = ["LISTED", "ambiguous", "date", "describe", "either", "short"]

LISTED: Final = 8


def ambiguous(
    name: str, genes: tuple[Gene, ...], rows: Sequence[int | None], family: bool = False
) -> AmbiguousNameError:
    """Refuse to choose among genes of one name; those with a row are listed first."""
    # Sorting is stable, so the best-known genes stay in front.
    ordered = sorted(zip(genes, rows, strict=True), key=lambda pair: pair[1] is None)
    symbols = [gene.symbol for gene, _ in ordered]
    labels = [
        symbol if symbols.count(symbol) == 1 else gene.label
        for symbol, (gene, _) in zip(symbols, ordered, strict=True)
    ]
    parts = [
        _with_details(label, short(gene.full_name), "" if row is not None else "no vector")
        for label, (gene, row) in zip(labels[:LISTED], ordered, strict=False)
    ]
    more = f" and {len(labels) - LISTED} more" if len(labels) > LISTED else ""
    what = "a family of genes" if family else f"{len(labels)} genes"
    return AmbiguousNameError(
        f"{name!r} names {what}; give one of {', '.join(parts)}{more}", name, labels
    )


def date(name: str, origins: Sequence[Origin], rows: Sequence[int | None]) -> UnknownNameError:
    """Refuse a date that was the name of one of these genes."""
    parts = [
        _with_details(
            origin.gene.symbol,
            f"{'previous symbol' if origin.is_previous else 'alias'} {origin.name}",
            "" if row is not None else "no vector",
        )
        for origin, row in zip(origins, rows, strict=True)
    ]
    what = "no Entrez id but the number of a date" if name.isdecimal() else "a date"
    return UnknownNameError(
        f"{name!r} is {what}, which spreadsheets make of gene names; give {either(parts)}",
        name,
        [origin.gene.symbol for origin in origins],
    )


def describe(gene: Gene) -> str:
    """Write a gene with its full name and type."""
    return _with_details(gene.symbol, short(gene.full_name), gene.gene_type)


def short(text: str, width: int = 48) -> str:
    """Cut a full name that would fill the line."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def either(parts: Sequence[str]) -> str:
    """Join alternatives: ``A, B or C``."""
    return " or ".join((*([", ".join(parts[:-1])] if parts[1:] else []), parts[-1]))


def _with_details(label: str, *details: str) -> str:
    known = "; ".join(detail for detail in details if detail)
    return f"{label} ({known})" if known else label
