"""Names that only number the rows, as pandas writes them where nobody gave any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from gene_analogies.genes.table import GeneTable

__all__ = ["ROW_NUMBERS", "are_row_numbers", "known_genes"]

#: Entry of a provenance, true where the names in the file only number its rows.
ROW_NUMBERS: Final = "row_numbers"


def are_row_numbers(names: Sequence[str]) -> bool:
    """Return whether names are 0 to n−1, or 1 to n, in any order, be they floats (``0.0``).

    They are no Entrez numbers then, though most small numbers are some gene's.

    Parameters
    ----------
    names
        The n names.

    Examples
    --------
    >>> are_row_numbers(["0", "1", "2"]), are_row_numbers(["1950", "1956"])
    (True, False)
    """
    whole = [name.removesuffix(".0") for name in names]
    if not all(name.isdecimal() and len(name) < 10 for name in whole):
        return False
    numbers = set(map(int, whole))
    first = min(numbers, default=2)
    return first < 2 and len(numbers) == len(names) == max(numbers) - first + 1


def known_genes(
    genes: GeneTable | Literal["packaged"] | None, provenance: Mapping[str, Any]
) -> GeneTable | None:
    """Return the genes that the names of an embedding may stand for.

    Parameters
    ----------
    genes
        Known genes, as the user gives them.
    provenance
        That of the embedding. Where its names number the rows of a file they stand for no gene,
        and when rows were left out one cannot see it from the names.
    """
    if provenance.get(ROW_NUMBERS):
        return None
    return GeneTable.packaged() if genes == "packaged" else genes
