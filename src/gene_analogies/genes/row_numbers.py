"""Names that only number the rows, as pandas writes them where nobody gave any.

AnnData's own tutorials call them ``Gene_0``, ``Gene_1``, …, as BioConceptVec does Entrez numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Literal

from gene_analogies.genes.table import GeneTable

__all__ = ["ROW_NUMBERS", "are_row_numbers", "known_genes", "row_number"]

# Highly variable genes are a tenth of all; of a list of Entrez numbers nearly all are known.
_SPARSEST: Final = 20
_ENTREZ: Final = 0.9
_NUMBER: Final = re.compile(r"(?:gene_)?([0-9]{1,9})(?:\.0)?", re.ASCII | re.IGNORECASE)
# Of fewer in any order, nine of ten may be genes by chance.
_MIN_UNORDERED: Final = 100

#: Entry of a provenance, true where the names in the file only number its rows.
ROW_NUMBERS: Final = "row_numbers"


def are_row_numbers(names: Sequence[str], table: GeneTable | None = None) -> bool:
    """Return whether names number rows: 0 to n−1, or 1 to n, in any order, floats (``0.0``) too.

    They are no Entrez numbers then, though four of five small numbers are some gene's. That one in
    five of them is no gene tells what is left of row numbers, after others were dropped, from
    Entrez numbers: where it grows from row to row, or is a sample of a hundred or more.

    Parameters
    ----------
    names
        The n names.
    table
        Known genes, by which the latter is found; the packaged table unless given.

    Examples
    --------
    >>> are_row_numbers(["0", "1", "2"]), are_row_numbers(["1950", "1956"])
    (True, False)
    >>> are_row_numbers(["3", "6", "7", "12"]), are_row_numbers(["3", "9", "10", "12"])
    (True, False)
    >>> are_row_numbers(["Gene_0", "Gene_1", "Gene_2"])
    True
    """
    numbers = []
    for name in names:
        number = row_number(name)
        if number is None:
            return False
        numbers.append(number)
    if not numbers or len(set(numbers)) < len(numbers):
        return False
    first, last = min(numbers), max(numbers)
    if first < 2 and len(numbers) == last - first + 1:
        return True
    ordered = all(a < b for a, b in pairwise(numbers))
    if last >= _SPARSEST * len(numbers) or not (ordered or len(numbers) >= _MIN_UNORDERED):
        return False
    table = table or GeneTable.packaged()
    known = sum(table.find_number(str(number)) is not None for number in numbers)
    return known < _ENTREZ * len(numbers)


def row_number(name: str) -> int | None:
    """Return the number of a row that a name may be, or None.

    Examples
    --------
    >>> row_number("7"), row_number("7.0"), row_number("gene_7"), row_number("EGFR")
    (7, 7, 7, None)
    """
    number = _NUMBER.fullmatch(name)
    return int(number[1]) if number else None


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
