"""What an embedding is, as text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Final

from gene_analogies.describe.advice import advice_on
from gene_analogies.describe.figures import Figures
from gene_analogies.report.text import labels, one_line

__all__ = ["info_text"]

#: What a name of each kind is called: one, and several.
_KINDS: Final = {
    "symbol": ("symbol", "symbols"),
    "ensembl": ("Ensembl id", "Ensembl ids"),
    "ensembl_version": ("Ensembl id with a version", "Ensembl ids with a version"),
    "entrez": ("Entrez number", "Entrez numbers"),
    "hgnc": ("HGNC id", "HGNC ids"),
    "mgi": ("MGI id", "MGI ids"),
    "uniprot": ("UniProt accession", "UniProt accessions"),
    "alias": ("alias", "aliases"),
    "unused_alias": ("alias of another item's gene", "aliases of other items' genes"),
    "date": ("date", "dates"),
    "other": ("other name", "other names"),
}

_OTHERS: Final = ("unused_alias", "date", "other")
_GENES: Final = tuple(kind for kind in _KINDS if kind not in _OTHERS)

#: Details, and what they are called, are cut to so many characters; JSON holds all.
_DETAIL: Final = 200
_LABEL: Final = 30


def info_text(info: Figures, width: int = 100) -> str:
    """Return what is known of an embedding as lines of label and value, and the advice.

    Parameters
    ----------
    info
        What is known.
    width
        Columns to fit into, at least 40.

    Returns
    -------
    str
        Lines without trailing space, each ended by a line end.
    """
    figures = [(label, one_line(value)) for label, value in _figures(info)]
    details = [(one_line(label)[:_LABEL], one_line(value)) for label, value in _details(info)]
    indent = max(len(label) for label, _ in figures + details) + 2
    lines = _aligned(figures, indent, width)
    if details:
        lines += ["", "Details", *_aligned(details, indent, width)]
    advice = advice_on(info)
    if advice:
        lines += ["", "Advice"]
        for sentence in advice:
            lines += textwrap.wrap(
                one_line(sentence),
                max(width, 40),
                initial_indent="- ",
                subsequent_indent="  ",
                break_on_hyphens=False,
            )
    return "".join(f"{line}\n" for line in lines)


def _figures(info: Figures) -> Iterator[tuple[str, str]]:
    yield "format", info.format
    yield (
        "vectors",
        f"{info.rows:,} × {info.dimension:,}, {info.dtype}, {_size(info.nbytes)} in memory",
    )
    if info.kinds:
        share = f"{info.genes:,} of {info.rows:,} names ({info.genes / max(1, info.rows):.0%})"
        known = _counts(info, _GENES)
        yield f"{info.species} genes", f"{share}: {known}" if known else share
        other = _counts(info, _OTHERS)
        if other:
            yield "not known", other
    yield "duplicate names", _count(info.duplicates)
    yield "zero rows", _count(info.zero_rows)
    yield "rows not finite", _count(info.not_finite_rows)
    if info.nameless_rows:
        yield "rows without name", _count(info.nameless_rows)
    if info.norms is not None:
        low, middle, high = (f"{norm:.4g}" for norm in info.norms)
        yield "norms", f"{low} to {high}, median {middle}"
    if info.mean_cosine is not None:
        yield "mean cosine", f"{round(info.mean_cosine, 4) + 0.0:.4f} (exact, all pairs of rows)"
    if info.spectrum is not None:
        yield (
            "effective dimension",
            f"{info.spectrum.effective_dimension:,.1f} (participation ratio, Gao et al. 2017)",
        )
        yield "first component", f"{info.spectrum.first_component:.1%} of the variance"
    if info.hubs is not None:
        rows = f"a sample of {info.hubs.rows:,} rows" if info.hubs.sampled else "all rows"
        k = info.hubs.neighbours
        yield (
            "hubness",
            f"skewness of N_{k} {info.hubs.skewness:.2f} (cosine, {rows}; Radovanović et al. 2010)",
        )
        symbols = labels(info.hub_items)
        hubs = [
            f"{symbols[item.name]} {times:,}"
            for item, (_, times) in zip(info.hub_items, info.hubs.largest, strict=True)
        ]
        yield "largest hubs", ", ".join(hubs)


def _counts(info: Figures, kinds: Sequence[str]) -> str:
    counts = [(kind, info.kinds[kind]) for kind in kinds]
    return ", ".join(f"{count:,} {_KINDS[kind][count != 1]}" for kind, count in counts if count)


def _aligned(entries: list[tuple[str, str]], indent: int, width: int) -> list[str]:
    lines = []
    for label, value in entries:
        first, *rest = textwrap.wrap(value, max(width, 40) - indent, break_on_hyphens=False) or [""]
        lines += [f"{label:{indent}}{first}".rstrip(), *(" " * indent + line for line in rest)]
    return lines


def _details(info: Figures) -> Iterator[tuple[str, str]]:
    for key, value in info.details.items():
        text = value if isinstance(value, str) else _compact(value)
        yield str(key).replace("_", " "), text if len(text) <= _DETAIL else f"{text[:_DETAIL]}…"


def _compact(value: Any) -> str:  # noqa: ANN401 - whatever a reader tells
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.1f} kB"


def _count(number: int) -> str:
    return f"{number:,}" if number else "none"
