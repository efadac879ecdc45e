"""What may have been meant by a name that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from gene_analogies.genes.messages import short
from gene_analogies.genes.spelling import nearest, same_but_for_marks
from gene_analogies.util.names import clean_name

if TYPE_CHECKING:
    from gene_analogies.genes.vocabulary import Vocabulary

__all__ = ["Suggester", "Suggestion"]

_SUGGESTED: Final = 5
# A shorter word is a slip away from too many.
_SHORTEST_WORDS: Final = 6
_LONGEST: Final = 200
# An identifier with a wrong digit is as near to a thousand strangers.
_IDENTIFIER: Final = re.compile(
    r"[0-9]+|ENS[A-Z]*[0-9]{6,}(?:\.[0-9]+)?|[OPQ][0-9][A-Z0-9]{3}[0-9]", re.IGNORECASE
)


class Suggestion(NamedTuple):
    """A name to ask for, and how it is shown; ``leads_to_item`` unless the gene has no vector."""

    name: str
    shown: str
    leads_to_item: bool = True


class Suggester:
    """Suggests items from their symbols, aliases and full names.

    Parameters
    ----------
    vocabulary
        The embedding's names, and the genes that they stand for.
    leads_to_item
        Says whether a name leads to an item; no other name is suggested for one.
    """

    def __init__(self, vocabulary: Vocabulary, leads_to_item: Callable[[str], bool]) -> None:
        self._vocabulary = vocabulary
        self._leads_to_item = leads_to_item

    def suggest(self, name: str) -> list[Suggestion]:
        """Return what may have been meant, best first: five at most, and never the name itself.

        Items that differ in marks alone come first; then genes whose full name holds all of the
        words; then the nearest spellings; then known genes without a vector.
        """
        if len(name) > _LONGEST or _IDENTIFIER.fullmatch(name):
            return []
        found: dict[str, Suggestion] = {}
        for suggestion in self._items(name):
            if (
                suggestion.name not in found
                and name not in (suggestion.name, clean_name(suggestion.name))
                and self._leads_to_item(suggestion.name)
            ):
                found[suggestion.name] = suggestion
            if len(found) == _SUGGESTED:
                break
        return list(found.values()) or self._without_vector(name)

    def _items(self, name: str) -> Iterator[Suggestion]:
        known = self._vocabulary.spellings
        choices = [spelling for spelling, _ in known]
        for place in same_but_for_marks(name, choices):
            yield _spelled(*known[place])
        yield from self._described(name)
        for place in nearest(name, choices, 4 * _SUGGESTED):
            yield _spelled(*known[place])
        if len(name) >= _SHORTEST_WORDS:
            full_names = list(self._full_names)
            for place in nearest(name, full_names, _SUGGESTED):
                yield _described(self._full_names[full_names[place]], full_names[place])

    def _described(self, name: str) -> Iterator[Suggestion]:
        table = self._vocabulary.table
        for gene in table.described_by(name) if table is not None else ():
            if gene.number in self._vocabulary.genes_with_row:
                yield _described(gene.symbol, gene.full_name)

    def _without_vector(self, name: str) -> list[Suggestion]:
        table = self._vocabulary.table
        if table is None:
            return []
        with_row = self._vocabulary.genes_with_row
        spellings = [spelling for spelling, number in table.spellings() if number not in with_row]
        near = [spellings[place] for place in nearest(name, spellings, _SUGGESTED)]
        return [
            Suggestion(one, f"{one} (no vector in this embedding)", leads_to_item=False)
            for one in dict.fromkeys(near)
            if one != name
        ]

    @cached_property
    def _full_names(self) -> dict[str, str]:
        """The symbol of every full name of a gene with a vector."""
        table = self._vocabulary.table
        if table is None:
            return {}
        with_row = self._vocabulary.genes_with_row
        return {
            full_name: symbol
            for symbol, number, full_name, *_ in table.cells()
            if full_name and table.find_number(number) in with_row
        }


def _spelled(spelling: str, name: str) -> Suggestion:
    return Suggestion(name, name if spelling == name else f"{name} (alias {spelling})")


def _described(symbol: str, full_name: str) -> Suggestion:
    return Suggestion(symbol, f"{symbol} ({short(full_name)})")
