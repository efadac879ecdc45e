"""What may be wrong with an embedding, and what to do, from its figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gene_analogies.describe.figures import Figures
from gene_analogies.describe.geometry import Spectrum
from gene_analogies.genes.row_numbers import ROW_NUMBERS

__all__ = ["advice_on"]

# Above this, two items that have nothing in common look a third alike.
_HIGH_COSINE: Final = 0.3
# Where one direction holds a quarter of the variance, most offsets lie along it.
_DOMINANT: Final = 0.25
# In so few dimensions many unrelated offsets are parallel.
_FEW_DIMENSIONS: Final = 10.0
# The offset of a vector and one ten times as long is the long one's direction.
_UNEVEN_NORMS: Final = 10.0
# No model makes vectors so much longer than most, or so long or short: the numbers are misread.
_ABSURD_RATIO: Final = 1e6
_ABSURD_NORM: Final = 1e9
# Word vectors reach about 6; an even cloud of any dimension stays below 1.
_HIGH_SKEWNESS: Final = 5.0


def advice_on(info: Figures) -> tuple[str, ...]:
    """Return what to look at or to do, a sentence each; nothing where no figure is bad."""
    return (*_advice_on_rows(info), *_advice_on_geometry(info))


def _advice_on_rows(info: Figures) -> Iterator[str]:
    if info.not_finite_rows:
        rows = _rows(info, "not_finite_rows", "holds", "hold")
        yield (
            f"{rows} NaN or infinity: loading refuses them, or leaves them out with --drop-missing"
        )
    if info.nameless_rows:
        have = "row has" if info.nameless_rows == 1 else "rows have"
        yield f"{info.nameless_rows:,} {have} no name: loading leaves them out"
    if info.duplicates:
        rows = _rows(info, "duplicates", "has", "have")
        yield f"{rows} a name that came before: --duplicates says which row the name gets"
    if info.zero_rows:
        rows = _rows(info, "zero_rows", "is", "are")
        yield f"{rows} zero and without direction: --among leaves items out"
    if info.kinds.get("date"):
        count, names = info.kinds["date"], ", ".join(map(repr, info.examples["dates"]))
        more = ", …" if count > len(info.examples["dates"]) else ""
        yield (
            f"{count:,} {'name is a date' if count == 1 else 'names are dates'} ({names}{more}): "
            "a spreadsheet made them of gene names such as MARCH1; take the names from the source"
        )
    if info.details.get(ROW_NUMBERS):
        yield "the names number the rows: --names-column or --names says what the items are"
    elif info.kinds and not info.genes:
        yield "the names are not human or mouse genes: answers show them as they are"


def _advice_on_geometry(info: Figures) -> Iterator[str]:
    if info.norms is not None:
        yield from _advice_on_norms(*info.norms)
    if info.mean_cosine is not None and info.mean_cosine > _HIGH_COSINE:
        yield (
            f"mean cosine {info.mean_cosine:.2f}: all vectors lean to one side: consider --center"
        )
    if info.spectrum is not None:
        yield from _advice_on_spectrum(info.spectrum, min(info.dimension, info.rows - 1))
    if info.hubs is not None and info.hubs.skewness > _HIGH_SKEWNESS:
        yield (
            f"N_{info.hubs.neighbours} skewness {info.hubs.skewness:.1f}: "
            "a few items are neighbours of many"
        )


def _advice_on_norms(least: float, median: float, most: float) -> Iterator[str]:
    """Judge the lengths of the rows."""
    uneven = most / _ABSURD_RATIO > median
    if uneven or median > _ABSURD_NORM or median < 1.0 / _ABSURD_NORM:
        yield (
            f"norms from {least:.2g} to {most:.2g} (median {median:.2g}) are no embedding's: the "
            "file is damaged or misread, or has columns that are no coordinates; trust no answer "
            "before you know which"
        )
    elif median / _ABSURD_RATIO > least:
        yield (
            f"norms go down to {least:.2g} (median {median:.2g}): such a vector is zero but for "
            "rounding, and its direction means nothing: --among leaves items out"
        )
    elif most > _UNEVEN_NORMS * least:
        ratio = most / least
        yield f"norms differ {ratio:,.0f}-fold, and long vectors rule offsets: consider --unit"


def _advice_on_spectrum(found: Spectrum, most: int) -> Iterator[str]:
    """Judge a spectrum by the number of dimensions that it could have at most."""
    dominant = found.first_component > max(_DOMINANT, 5.0 / most)
    low = found.effective_dimension < min(_FEW_DIMENSIONS, most / 10.0)
    if dominant:
        yield (
            f"the first component holds {found.first_component:.0%} of the variance: "
            "consider --remove-components 1"
        )
    elif low:
        yield (
            f"effective dimension {found.effective_dimension:.1f}: a few components hold nearly "
            "all of the variance: consider --remove-components 1"
        )


def _rows(info: Figures, fault: str, one: str, many: str) -> str:
    """Write how many rows have a fault, and which: ``2 rows ('A', 'B') are``."""
    count = getattr(info, fault)
    examples = info.examples[fault]
    names = ", ".join(repr(name) for name in examples)
    more = ", …" if count > len(examples) else ""
    return (
        f"{count:,} {'row' if count == 1 else 'rows'} ({names}{more}) {one if count == 1 else many}"
    )
