"""Names of gene families and complexes, which stand for no gene alone: MEK, Notch, AMPK."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from gene_analogies.genes.packaged import packaged_lines

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene
    from gene_analogies.genes.table import GeneTable

__all__ = ["COLUMNS", "Family", "begun_with", "families"]

COLUMNS = ("family", "names", "members")


class Family(NamedTuple):
    """A family or complex of FamPlex, and the approved symbols of its genes, two at least."""

    name: str
    members: tuple[str, ...]


@cache
def families() -> dict[str, Family]:
    """Return the packaged families under each of their names, casefolded.

    Examples
    --------
    >>> families()["mek"].members
    ('MAP2K1', 'MAP2K2')

    References
    ----------
    Bachman, Gyori and Sorger, *FamPlex: a resource for entity recognition and relationship
    resolution of human protein families and complexes in biomedical text mining*, BMC
    Bioinformatics, 2018.
    """
    found: dict[str, Family] = {}
    for line in packaged_lines("families"):
        family, names, members = line.split("\t")
        known = Family(family, tuple(members.split("|")))
        for name in names.split("|"):
            found.setdefault(name, known)
    return found


def begun_with(alias: str, gene: Gene, table: GeneTable) -> tuple[Gene, ...]:
    """Return the genes whose symbols begin with an alias, as those of a family do.

    Where there are several, the alias is the name of them all, whoever lists it: ``GSTM``, an
    alias of GSTM2 alone, begins GSTM1 to GSTM5; ``IRF``, an alias of TRIM63, begins IRF1 to IRF9.

    Parameters
    ----------
    alias
        An alias symbol, in any case.
    gene
        The gene that lists it.
    table
        The known genes.

    Returns
    -------
    tuple of Gene
        Protein-coding genes, best known first. Two or more whose symbols end as that of the gene
        does, or three or more that end with a number; else none.
    """
    stem = alias.upper()
    endings = {
        other: _shape(other.symbol[len(stem) :])
        for other in table.starting_with(stem)
        if other.gene_type == "protein-coding"
    }
    if stem[-1:].isdigit():  # its number is not over where another digit follows
        endings = {other: shape for other, shape in endings.items() if shape[:1] != "0"}
    alike = tuple(other for other, shape in endings.items() if shape == endings.get(gene))
    numbered = tuple(other for other, shape in endings.items() if shape in ("0", "0A"))
    if len(alike) > 1:
        return alike
    return numbered if len(numbered) > 2 else ()


def _shape(ending: str) -> str:
    return re.sub("[A-Z]", "A", re.sub("[0-9]+", "0", ending))
