"""Names that only number the rows, as pandas writes them where nobody gave any."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Literal

from gene_analogies.genes.table import GeneTable

__all__ = ["ROW_NUMBERS", "are_row_numbers", "known_genes"]

# Highly variable genes are a tenth of all; of a list of Entrez numbers nearly all are known.
_SPARSEST: Final = 20
_ENTREZ: Final = 0.9
_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.0)?", re.ASCII)

#: Entry of a provenance, true where the names in the file only number its rows.
ROW_NUMBERS: Final = "row_numbers"


def are_row_numbers(names: Sequence[str], table: GeneTable | None = None) -> bool:
    """Return whether names number rows: 0 to n−1, or 1 to n, in any order, floats (``0.0``) too.

    They are no Entrez numbers then, though four of five small numbers are some gene's. What is left
    of row numbers after others were dropped still grows from row to row; that one in five of it is
    no gene tells it from Entrez numbers.

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
    """
    if not names or not all(_NUMBER.fullmatch(name) for name in names):
        return False
    numbers = [int(name.partition(".")[0]) for name in names]
    first, last = min(numbers), max(numbers)
    if first < 2 and len(set(numbers)) == len(numbers) == last - first + 1:
        return True
    if last >= _SPARSEST * len(numbers) or any(a >= b for a, b in pairwise(numbers)):
        return False
    table = table or GeneTable.packaged()
    known = sum(table.find_number(str(number)) is not None for number in numbers)
    return known < _ENTREZ * len(numbers)


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
