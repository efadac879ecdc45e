"""The human gene that a name means, independent of any embedding."""

from __future__ import annotations

import operator
from functools import cache
from typing import SupportsIndex

from gene_analogies.errors import GeneAnalogiesError, UnknownNameError
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable

__all__ = ["GeneName", "human_gene", "human_pair"]

#: What a gene may be given as: any name of it, its Entrez number, or the gene itself.
GeneName = str | SupportsIndex | Gene


def human_gene(name: GeneName) -> tuple[Gene, str | None]:
    """Return the gene that a name means, and the rewriting to show.

    Parameters
    ----------
    name
        A symbol, alias, full name, or identifier of Ensembl, NCBI (Entrez), HGNC or UniProt; an
        Entrez number; or a gene. Of a mouse gene the one-to-one ortholog is meant.

    Returns
    -------
    gene : Gene
        A human gene.
    note : str or None
        Such as ``HER2 → ERBB2``; None where nothing was rewritten.

    Raises
    ------
    AmbiguousNameError
        If the name belongs to several genes.
    UnknownNameError
        If no gene has this name.

    Examples
    --------
    >>> human_gene("HER2")[0].entrez, human_gene(2064)[0].symbol
    (2064, 'ERBB2')
    """
    if isinstance(name, Gene):
        if name.species == "human":
            return name, None
        if not name.ortholog:
            raise UnknownNameError(
                f"the mouse gene {name.symbol} has no one-to-one human ortholog", name.symbol
            )
        name = name.symbol
    if not isinstance(name, str):
        try:
            if isinstance(name, bool):  # an index to Python
                raise TypeError
            name = str(operator.index(name))
        except TypeError:
            raise UnknownNameError(
                f"a gene must be a name, an Entrez number or a Gene, not {name!r}", str(name)
            ) from None
    known = GeneTable.packaged().find(name)
    if known is not None:
        return known, None if name == known.symbol else f"{name} → {known.symbol}"
    found = _resolver().resolve(name)
    gene = _resolver().gene(found.row)
    if gene is None:
        raise UnknownNameError(f"no human gene is named {name!r}", name)
    return gene, found.note


def human_pair(first: GeneName, second: GeneName) -> tuple[Gene, Gene, tuple[str, ...]]:
    """Return the two genes of a pair, and the rewritings to show.

    Raises
    ------
    GeneAnalogiesError
        If both are the same gene; and as in `human_gene`.
    """
    (a, a_note), (b, b_note) = human_gene(first), human_gene(second)
    if a.entrez == b.entrez:
        raise GeneAnalogiesError(
            f"a pair needs two genes: {_shown(first)} and {_shown(second)} are both {a.symbol}"
        )
    return a, b, tuple(dict.fromkeys(note for note in (a_note, b_note) if note))


def _shown(name: GeneName) -> str:
    return name.symbol if isinstance(name, Gene) else repr(name)


@cache
def _resolver() -> Resolver:
    """Return what resolves names among all human genes, best known first."""
    table = GeneTable.packaged()
    return Resolver(list(dict.fromkeys(cells[0] for cells in table.cells())), table)
