"""From what a user types to a row of the embedding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from gene_analogies.errors import (
    GeneAnalogiesError,
    ItemNameError,
    NoVectorError,
    UnknownNameError,
)
from gene_analogies.genes.dates import origins
from gene_analogies.genes.forms import missing, other_kind
from gene_analogies.genes.messages import LISTED, ambiguous, date, describe, either
from gene_analogies.genes.orthologs import called, meant_across
from gene_analogies.genes.other_symbols import Meant, sharing
from gene_analogies.genes.vocabulary import Vocabulary
from gene_analogies.genes.withdrawn import withdrawn
from gene_analogies.util.names import clean_name

if TYPE_CHECKING:
    from gene_analogies.genes.gene import Gene
    from gene_analogies.genes.suggestions import Suggester
    from gene_analogies.genes.table import GeneTable

__all__ = ["Resolution", "Resolver"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name was taken for.

    Attributes
    ----------
    row
        The row of the embedding.
    asked
        The name as it was asked for, without white space around it.
    name
        The embedding's own name of the row.
    note
        The rewriting to show, such as ``HER2 → ERBB2``; None where nothing was rewritten.
    """

    row: int
    asked: str
    name: str
    note: str | None


class Resolver:
    """Finds the row that a name means.

    The first hit wins: the exact name of an item; the approved symbol of a gene, first in its own
    case; an Ensembl, Entrez, HGNC or UniProt identifier, also within a longer name
    (``EGFR|1956``); the model's own symbol of an item; an item's name in another case, if only
    one item has it; the name of a family of genes, which asks back; a name that one gene had
    before or has as an alias, in any case; a symbol or identifier of the other species, human or
    mouse, by way of a one-to-one ortholog; any such name in another spelling, or a full name
    (`genes.spelled_alike`). An identifier or approved symbol of a known gene is never taken for
    another gene's alias, even when the gene has no vector. A date that a spreadsheet made of a
    gene's name (`genes.dates`) is refused, even where an item is named so.

    `genes.other_symbols` says which genes a previous or alias symbol means, and `genes.orthologs`
    which a name of the other species. Whether a gene has a vector never decides.

    Parameters
    ----------
    names
        The embedding's names, in the order of its rows.
    table
        The known genes; None for none. `Vocabulary` says when the names stand for them.
    symbols
        The model's own symbol of some items, by name.

    Attributes
    ----------
    vocabulary
        The names, and the genes that they stand for.
    """

    def __init__(
        self,
        names: Sequence[str],
        table: GeneTable | None,
        symbols: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.vocabulary = Vocabulary(names, table, symbols)

    def resolve(self, asked: str, *, suggest: bool = True) -> Resolution:
        """Return the row that a name means.

        Parameters
        ----------
        asked
            A name as a user types it.
        suggest
            Look for near spellings of an unknown name: that takes a tenth of a second.

        Raises
        ------
        AmbiguousNameError
            If the name belongs to several genes.
        NoVectorError
            If the gene is known, but is no item of the embedding.
        UnknownNameError
            If nothing has this name.
        """
        if isinstance(asked, int):  # an Entrez number
            asked = str(asked)
        if not isinstance(asked, str):
            raise UnknownNameError(f"a name must be text, not {asked!r}", str(asked))
        name = asked if asked in self.vocabulary.rows else clean_name(asked)
        if not name:
            raise UnknownNameError("a name is empty; give an item such as 'EGFR'", asked)
        self._refuse_date(name)
        row = self.vocabulary.rows.get(name)
        relation = ""
        if row is None:
            row, meant = self._search(name, suggest)
            why, relation = meant.why, meant.relation
        else:
            why = self._claimed(name, row)
        own = self.vocabulary.names[row]
        gene = self.gene(row)
        if own != name:
            symbol = "" if gene is None or gene.symbol in (name, own) else gene.symbol
            if gene is not None and name == gene.symbol and own in gene.other_symbols:
                symbol = "its symbol in this embedding"
            hint = ", ".join(filter(None, (symbol, relation)))
            note = f"{name} → {own} ({hint})" if hint else f"{name} → {own}"
        elif gene is not None and own != gene.symbol and own in gene.other_symbols:
            note = f"{name} → {gene.symbol}"
        else:
            return Resolution(row, name, own, None)
        return Resolution(row, name, own, f"{note}: {why}" if why else note)

    def gene(self, row: int) -> Gene | None:
        """Return the known gene that the name of a row stands for, or None.

        Parameters
        ----------
        row
            A row number, in [0, n).
        """
        if not 0 <= row < len(self.vocabulary.names):
            raise GeneAnalogiesError(
                f"row must lie in 0..{len(self.vocabulary.names) - 1}, not {row}"
            )
        return self.vocabulary.gene(self.vocabulary.names[row])

    def complete(self, prefix: str, limit: int = 20) -> list[str]:
        """Return names that start with a prefix, in any case; each of them resolves.

        Items come first, in the order of their rows, then the symbols and aliases that lead to
        an item, best-known gene first.

        Parameters
        ----------
        prefix
            The letters typed so far.
        limit
            The most names to return.
        """
        wanted = prefix.strip().casefold()
        found: list[str] = []
        seen: set[str] = set()
        for name in self._completions(wanted):
            if len(found) >= limit:
                break
            # Two items may differ in case only; an alias in another case adds nothing.
            if (name in self.vocabulary.rows or name.casefold() not in seen) and self._resolves(
                name
            ):
                found.append(name)
                seen.add(name.casefold())
        return found

    def _completions(self, wanted: str) -> Iterator[str]:
        for name in self.vocabulary.names:
            if name.casefold().startswith(wanted):
                yield name
        for spelling, _ in self.vocabulary.spellings:
            if spelling not in self.vocabulary.rows and spelling.casefold().startswith(wanted):
                yield spelling

    def _resolves(self, name: str) -> bool:
        try:
            self.resolve(name, suggest=False)
        except ItemNameError:
            return False
        return True

    def _refuse_date(self, name: str) -> None:
        """Refuse a date that was the name of a gene, even where an item has this name now."""
        table = self.vocabulary.table
        if table is None or (name.isdecimal() and name in self.vocabulary.rows):
            return
        found = origins(name, table)
        if found:
            raise date(name, found, [self.vocabulary.row_of(origin.gene) for origin in found])

    def _claimed(self, name: str, row: int) -> str:
        """Refuse an item's own name that is an alias of its gene and of others alike.

        Returns what to add to the note: the other genes of a previous symbol.
        """
        table = self.vocabulary.table
        gene = self.gene(row)
        if table is None or gene is None or name == gene.symbol or name not in gene.other_symbols:
            return ""
        others = tuple(other for other in sharing(name, table) if other != gene)
        if others and name not in gene.previous:
            genes = table.best_known_first((gene, *others))
            raise ambiguous(name, genes, [self.vocabulary.row_of(one) for one in genes])
        symbols = [other.symbol for other in others[:LISTED]]
        return f"its previous symbol; also a name of {', '.join(symbols)}" if symbols else ""

    def _search(self, name: str, suggest: bool) -> tuple[int, Meant]:
        """Find the row of a name that is not an item's own name, and what to say about it."""
        row = self.vocabulary.row_of_inner(name)
        if row is not None:
            return row, Meant()
        if missing(name):
            raise UnknownNameError(f"{name!r} is a missing value, and no item is named so", name)
        table = self.vocabulary.table
        meant = Meant()
        if table is not None:
            meant = Meant(called(name, table))
            row = self._row_of_one(meant, name)
        if row is None:
            row = self.vocabulary.row_of_model(name)
        if row is None:
            row = self.vocabulary.row_in_another_case(name)
        if row is None and table is not None and not meant.genes:
            meant = self._meant(name, table)
            row = self._row_of_one(meant, name)
        if row is not None:
            return row, meant
        if meant.genes:
            raise self._no_vector(name, meant.genes)
        raise self._unknown(name, suggest)

    def _meant(self, name: str, table: GeneTable) -> Meant:
        """Return the genes of a name that is no symbol or identifier, else of its spelling."""
        meant = meant_across(name, table)
        if not meant.genes and name.casefold() not in withdrawn():
            # Few names come here, and imports count against a short run of the command line.
            from gene_analogies.genes.spelled_alike import spelled_alike

            meant = spelled_alike(table).meant_by(name)
        return meant

    def _row_of_one(self, meant: Meant, name: str) -> int | None:
        """Return the row of the gene if there is one, and refuse to choose among several."""
        rows = [self.vocabulary.row_of(gene) for gene in meant.genes]
        if len(rows) > 1 and any(row is not None for row in rows):
            raise ambiguous(name, meant.genes, rows, meant.is_family)
        return next(iter(rows), None)

    def _no_vector(self, name: str, genes: tuple[Gene, ...]) -> NoVectorError:
        known = ", ".join(describe(gene) for gene in genes[:LISTED])
        if len(genes) > 1:
            message = (
                f"{name!r} names {len(genes)} genes, none with a vector in this embedding: {known}"
            )
        else:
            subject = known if name == genes[0].symbol else f"{name!r} means {known}; it"
            message = f"{subject} is a known gene, but has no vector in this embedding"
            shared = [one for one in genes[0].ensembl if one in self.vocabulary.rows]
            if shared:
                message += f" of its own: {shared[0]} belongs to other genes, too"
        others: list[str] = []
        table = self.vocabulary.table
        if table is not None:
            others = [
                gene.symbol
                for gene in sharing(name, table)
                if gene not in genes and self.vocabulary.row_of(gene) is not None
            ]
        if others:
            message += f"; it is also an alias of {', '.join(others)}"
        return NoVectorError(message, name, others)

    def _unknown(self, name: str, suggest: bool) -> UnknownNameError:
        table = self.vocabulary.table
        kind = None if table is None else other_kind(name, table.species)
        if kind is not None:
            return UnknownNameError(
                f"no item is named {name!r}: it is {kind}; give a gene symbol or an Ensembl"
                " gene id",
                name,
            )
        if table is not None and name.casefold() in withdrawn():
            return UnknownNameError(
                f"no item is named {name!r}: HGNC withdrew this symbol, and no gene has it today",
                name,
            )
        if not suggest:
            return UnknownNameError(f"no item is named {name!r}", name)
        found = self._suggester.suggest(name)
        if found:
            shown = either([suggestion.shown for suggestion in found])
            names = [suggestion.name for suggestion in found if suggestion.leads_to_item]
            return UnknownNameError(
                f"no item is named {name!r}; did you mean {shown}?", name, names
            )
        return UnknownNameError(f"no item is named {name!r}, and nothing is spelled like it", name)

    @cached_property
    def _suggester(self) -> Suggester:
        from gene_analogies.genes.suggestions import Suggester

        return Suggester(self.vocabulary, self._resolves)
