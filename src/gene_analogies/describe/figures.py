"""What is measured of an embedding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gene_analogies.describe.geometry import Hubs, Spectrum
from gene_analogies.genes.gene import Species
from gene_analogies.report.table import Item

__all__ = ["KINDS", "Figures"]

#: Kinds of names: those of known genes, other spellings of such genes, and the rest.
KINDS: Final = (
    "symbol", "ensembl", "ensembl_version", "entrez", "hgnc", "mgi", "uniprot", "alias",
    "unused_alias", "date", "other",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """What is measured of an embedding.

    Attributes
    ----------
    format
        The name of its format.
    rows, dimension
        The shape of its matrix.
    dtype, nbytes
        The type of its numbers, and their bytes, in memory.
    kinds
        How many names are of which of `KINDS`: ``symbol`` to ``alias`` (a previous or other symbol)
        are known genes. An ``unused_alias`` is a symbol of a gene that has a row of another name,
        and a ``date`` what a spreadsheet made of one. All are ``other`` where so few names are
        known that they are taken for those of something else. Empty where no genes were given.
    duplicates, zero_rows, not_finite_rows
        Rows whose name came before; that are all zero; that hold NaN or infinity.
    nameless_rows
        Rows whose name is missing.
    examples
        A few names for each of the first three, where there are any, and for ``dates``.
    norms
        The smallest, median and largest norm of the rows that are finite and not zero, on which
        all figures below rest, too. None where there are none.
    mean_cosine
        Of all pairs of rows, exactly; None where there is no pair.
    spectrum
        Effective dimension and the first component's share; None where all rows are equal.
    hubs
        Skewness of the numbers of occurrences among nearest neighbours; None for few rows.
    hub_items
        The items of ``hubs.largest``.
    details
        What the reader chose or found, or the provenance.
    species
        Of the known genes: ``human`` or ``mouse``; ``human`` where there are none.
    """

    format: str
    rows: int
    dimension: int
    dtype: str
    nbytes: int
    kinds: Mapping[str, int]
    duplicates: int
    zero_rows: int
    not_finite_rows: int
    nameless_rows: int
    examples: Mapping[str, tuple[str, ...]]
    norms: tuple[float, float, float] | None
    mean_cosine: float | None
    spectrum: Spectrum | None
    hubs: Hubs | None
    hub_items: tuple[Item, ...]
    details: Mapping[str, Any]
    species: Species = "human"

    @property
    def genes(self) -> int:
        """How many names are known genes."""
        return sum(self.kinds.get(kind, 0) for kind in KINDS[: KINDS.index("unused_alias")])
