"""Names of gene families and complexes, which stand for no gene alone: MEK, Notch, AMPK."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from gene_analogies.genes.packaged import packaged_lines

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene
    from gene_analogies.genes.table import GeneTable

__all__ = ["COLUMNS", "Family", "families", "numbered_alike"]

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


def numbered_alike(alias: str, gene: Gene, table: GeneTable) -> tuple[Gene, ...]:
    """Return the genes whose symbols continue an alias as its gene's symbol does.

    Where there are several, the alias is the name of them all, whoever lists it: ``GSTM``, an
    alias of GSTM2 alone, is the stem of GSTM1 to GSTM5.

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
        Protein-coding genes, best known first; none where the symbol does not start so.
    """
    stem = alias.upper()
    shape = _shape(gene.symbol.removeprefix(stem))
    if not gene.symbol.startswith(stem) or (stem[-1:].isdigit() and shape.startswith("0")):
        return ()
    return tuple(
        other
        for other in table.starting_with(stem)
        if other.gene_type == "protein-coding" and _shape(other.symbol[len(stem) :]) == shape
    )


def _shape(ending: str) -> str:
    return re.sub("[A-Z]", "A", re.sub("[0-9]+", "0", ending))
