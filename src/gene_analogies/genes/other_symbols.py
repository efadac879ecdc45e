"""Which genes a name means that is no approved symbol: families, previous and alias symbols.

Of a name that several genes have had or list as an alias, case does not decide, since it is not
reliable there (``p16`` in lower case is a pseudogene's), nor whether HGNC once approved it: one of
twenty previous symbols is in use for another gene today (``IL1RA`` was IL1R1's and means IL1RN).
Two things do: pseudogenes, readthrough transcripts and mapped traits without a sequence step back
behind other genes, whose names they borrow; and the names in `CONVENTIONS` have one accepted
meaning. An alias that begins the symbols of several genes (``GSTM``, ``IRF``) is the name of them
all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gene_analogies.genes.conventions import CONVENTIONS
from gene_analogies.genes.families import begun_with, families

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene
    from gene_analogies.genes.table import GeneTable

__all__ = ["Meant", "meant_by", "renamed", "sharing", "step_back"]


class Meant(NamedTuple):
    """The genes that a name means.

    Attributes
    ----------
    genes
        Several where the name is ambiguous.
    why
        Why just these, where that needs saying.
    is_family
        Whether it is the name of them all.
    relation
        What the name is to the gene, if it is that of a gene of another species.
    """

    genes: tuple[Gene, ...] = ()
    why: str = ""
    is_family: bool = False
    relation: str = ""


def meant_by(name: str, table: GeneTable) -> Meant:
    """Return the genes of a family, or of a previous or alias symbol, in any case.

    Parameters
    ----------
    name
        A name that is no approved symbol.
    table
        The known genes.
    """
    convention = CONVENTIONS.get(name.casefold())
    by_convention = table.by_symbol(convention.symbol) if convention is not None else ()
    if convention is not None and by_convention:
        return Meant(by_convention, convention.reason)
    named = sharing(name, table)
    family = families().get(name.casefold())
    members: tuple[Gene, ...] = ()
    if family is not None:
        members = tuple(gene for symbol in family.members for gene in table.by_symbol(symbol)[:1])
    elif not table.by_previous(name):
        # SMN, of SMN1, STMN1 and SNRPN: of several, only the first of a numbered family tells.
        first = [gene for gene in named if gene.symbol.upper() == f"{name.upper()}1"]
        for gene in named if len(named) == 1 else first[:1]:
            members = begun_with(name, gene, table)
    if len(members) > 1:
        members = table.best_known_first(members)
        others = tuple(gene for gene in named if gene not in members)
        return Meant((*members, *others), is_family=True)
    return Meant(_without_hyphens(name, named, table))


def _without_hyphens(name: str, named: tuple[Gene, ...], table: GeneTable) -> tuple[Gene, ...]:
    """Add the genes that an alias is a name of but for its hyphens, which papers put at will.

    HSF-1 is an alias of NR5A1 (``hSF-1``) and a spelling of HSF1; MT-1 is one of ALG1, and of
    metallothioneins.
    """
    joined = name.replace("-", "")
    if not named or joined in ("", name) or table.by_previous(name):
        return named
    others = step_back(table.by_symbol(joined)) or sharing(joined, table)
    if any(gene in named for gene in others):
        return named
    return step_back(table.best_known_first((*named, *others)))


def sharing(name: str, table: GeneTable) -> tuple[Gene, ...]:
    """Return the genes that had a name before, or list it as an alias, best known first."""
    # One letter is as well a complex, a factor or a vitamin.
    aliases = table.by_alias(name) if len(name) > 1 else ()
    genes = table.best_known_first((*table.by_previous(name), *aliases))
    return renamed(name, step_back(genes))


def step_back(genes: tuple[Gene, ...]) -> tuple[Gene, ...]:
    """Leave out the genes that borrow their name from another one, unless all do."""
    own = tuple(
        gene
        for gene in genes
        if gene.gene_type not in ("pseudo", "unknown") and "readthrough" not in gene.full_name
    )
    return own or genes


def renamed(name: str, genes: tuple[Gene, ...]) -> tuple[Gene, ...]:
    """Return the gene whose symbol was made from this old one of its own, else all: QARS → QARS1.

    Either a 1 was put behind it, or letters before its number: SEPT2 → SEPTIN2, Sept2 → Septin2.
    An alias was never a symbol: MCT1, one of SLC16A1 and of MCTS1, is not the latter for its
    letters. MGI does not tell previous symbols from other synonyms.
    """
    if not name[:1].isupper():  # p38 is no symbol
        return genes
    name = name.upper()
    stem = name.rstrip("0123456789")
    number = name[len(stem) :]
    symbols = {
        gene: gene.symbol.upper()
        for gene in genes
        if gene.species == "mouse" or name in map(str.upper, gene.previous)
    }
    for made in (
        tuple(gene for gene, symbol in symbols.items() if symbol == f"{name}1"),
        tuple(
            gene
            for gene, symbol in symbols.items()
            if symbol.startswith(stem)
            and symbol[len(stem) :].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == number
        ),
    ):
        if len(made) == 1:
            return made
    return genes
