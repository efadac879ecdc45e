"""Names of one species where the items are genes of the other, through one-to-one orthologs.

A relation that is not one-to-one leads nowhere: which gene is meant is for the user to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gene_analogies.errors import NoVectorError
from gene_analogies.genes.forms import entrez_of_concept, inner_name
from gene_analogies.genes.messages import LISTED
from gene_analogies.genes.other_symbols import Meant, meant_by, sharing, step_back

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene
    from gene_analogies.genes.table import GeneTable

__all__ = ["called", "meant_across"]

#: MGI's symbols hold small letters, or are those of the MHC; for no other name is its table read.
#: One letter is a word rather than one of the oldest symbols.
_MOUSE: Final = re.compile(
    r"(?i:ENSMUSG[0-9]{11}(?:\.[0-9]+)?|MGI:[0-9]+)|H2-\S+|(?=..)\S*[a-z]\S*"
)


def called(name: str, table: GeneTable) -> tuple[Gene, ...]:
    """Return the genes of an approved symbol, in any case, or of an identifier.

    Some human symbols are, in another case, those of another mouse gene than the ortholog: CRISP1
    has the ortholog Crisp4, and Crisp1 the ortholog CRISP3. Where the items are mouse genes, such
    a name is that of both.

    Parameters
    ----------
    name
        A symbol or identifier, or a longer name that holds one.
    table
        The known genes.
    """
    name = entrez_of_concept(name) or inner_name(name)
    genes = step_back(table.by_symbol(name)) or table.by_identifier(name)
    if not genes or any(gene.symbol == name for gene in genes):
        return genes
    across = [gene for gene in table.by_human(name) if gene.ortholog]
    return table.best_known_first((*genes, *across)) if across else genes


def meant_across(name: str, table: GeneTable) -> Meant:
    """Return what `meant_by` does, and the genes that a name of the other species leads to.

    Parameters
    ----------
    name
        A name that is no approved symbol or identifier of the table.
    table
        The known genes. The other species is known only beside a packaged table.

    Raises
    ------
    NoVectorError
        If the name is that of genes of the other species without a one-to-one ortholog.
    """
    if table.species == "mouse":
        humans = table.counterpart
        return Meant(sharing(name, table)) if humans is None else _in_mouse(name, table, humans)
    meant = meant_by(name, table)
    mouse = table.counterpart if not meant.genes and _MOUSE.fullmatch(name) else None
    return meant if mouse is None else _in_human(name, table, mouse)


def _in_mouse(name: str, table: GeneTable, humans: GeneTable) -> Meant:
    """Return the mouse genes of a synonym of MGI's, or of any name of a human gene."""
    own = sharing(name, table)
    approved = called(name, humans)
    meant = Meant(approved) if approved else meant_by(name, humans)
    related = tuple(gene for human in meant.genes for gene in table.by_human(human.symbol))
    # Of a name of one human gene, only the one-to-one ortholog will do; of several, all ask back.
    across = related
    if len(meant.genes) == 1:
        across = tuple(gene for gene in related if gene.ortholog)
    # An approved symbol and a convention go before a synonym, but an alias means no more than it.
    firm = bool(approved or meant.why) and (related or not own)
    genes = across if firm else table.best_known_first((*across, *own))
    if meant.genes and not genes:
        raise _not_one_to_one(name, meant.genes, related)
    ortholog = genes[0].ortholog if len(genes) == 1 and genes[0] not in own else ""
    return Meant(genes, meant.why, meant.is_family, _relation("human", ortholog, name))


def _in_human(name: str, table: GeneTable, mouse: GeneTable) -> Meant:
    """Return the human genes of a symbol or identifier of MGI's."""
    genes = called(name, mouse)
    symbols = [symbol for gene in genes for symbol in (gene.ortholog, *gene.related) if symbol]
    humans = tuple(human for symbol in symbols for human in table.by_symbol(symbol)[:1])
    if not all(gene.ortholog for gene in genes):
        raise _not_one_to_one(name, genes, humans)
    return Meant(humans, relation=_relation("mouse", genes[0].symbol, name) if genes else "")


def _not_one_to_one(name: str, genes: tuple[Gene, ...], related: tuple[Gene, ...]) -> NoVectorError:
    """Refuse a name of genes of the other species that have no one-to-one ortholog."""
    species = genes[0].species
    symbols = ", ".join(gene.symbol for gene in genes[:LISTED])
    if symbols == name:
        which = f"is a {species} gene without a"
    elif len(genes) == 1:
        which = f"names the {species} gene {symbols}, which has no"
    else:
        which = f"names the {species} genes {symbols}, which have no"
    candidates = [gene.symbol for gene in related]
    few = f"; related genes: {', '.join(candidates[:LISTED])}" if candidates else ""
    other = "human" if species == "mouse" else "mouse"
    message = f"{name!r} {which} one-to-one {other} ortholog{few}"
    return NoVectorError(message, name, candidates)


def _relation(species: str, symbol: str, name: str) -> str:
    """Say what a name is to the gene it leads to; the symbol is left out where it is the name."""
    if not symbol:
        return ""
    return f"{species} ortholog" if symbol == name else f"{species} ortholog {symbol}"
