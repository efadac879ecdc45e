"""Genes whose name is spelled in another way: ``caspase 3``, ``IL-1β``, ``NFkB``, ``factor VIII``.

Another spelling counts only where nobody has the name as it is typed, and never chooses: a name is
compared with symbols, previous and alias symbols, names of families and full names at once, and
all that it could be is looked up as if it had been typed so. It is compared

1. without case, hyphens and blanks, and with Latin letters (as in symbols) or names for Greek ones,
   and with Arabic numbers for Roman ones;
2. with a letter behind its word (``β-actin``, ``E-selectin``);
3. with the stem of symbols for a word (``E-cadherin`` as CDHE),

and the first of the three that fits decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from gene_analogies.genes.conventions import CONVENTIONS
from gene_analogies.genes.families import families
from gene_analogies.genes.orthologs import meant_across
from gene_analogies.genes.other_symbols import Meant
from gene_analogies.genes.spelling import latin, numbered, plain, turned

if TYPE_CHECKING:
    from gene_analogies.genes.table import GeneTable

__all__ = ["SpelledAlike", "spelled_alike"]

# Shorter ones are nearly all a gene's: AB, 7B.
_SHORTEST: Final = 3
# Words of full names that people leave out: ITGB1 is integrin subunit beta 1, COL2A1 collagen type
# II alpha 1 chain, F8 coagulation factor VIII, CFH complement factor H.
_FILLER: Final = re.compile(
    r"\b(?:(?:subunit|chain|type) ?|(?:coagulation|complement) (?=factor\b))", re.IGNORECASE
)


@lru_cache(maxsize=2)
def spelled_alike(table: GeneTable) -> SpelledAlike:
    """Return the spellings of a table, which take a quarter of a second to gather."""
    return SpelledAlike(table)


class SpelledAlike:
    """The names in a table of genes, and what other spellings of them mean.

    Parameters
    ----------
    table
        The known genes.
    """

    def __init__(self, table: GeneTable) -> None:
        self._table = table
        # First all names that can be typed, then the full names of genes that have a sound one.
        self._names: list[str] = []
        self._described: list[tuple[str, str, str]] = []
        for symbol, number, full_name, gene_type, previous, aliases in table.cells():
            if symbol.startswith("LOC"):
                continue
            # INS IGF2 are two genes, not the readthrough INS-IGF2.
            readthrough = "readthrough" in full_name
            self._names += () if readthrough else (symbol,)
            for others in (previous, aliases):
                if others:
                    self._names += others.split("|")
            if full_name and not readthrough and gene_type not in ("pseudo", "unknown"):
                self._described.append((full_name, number, symbol))
        self._greek = len(self._names)
        self._names += (*CONVENTIONS, *families())

    def meant_by(self, name: str) -> Meant:
        """Return the genes that a name means in the first of the readings that fits.

        Parameters
        ----------
        name
            A name that is no symbol, previous symbol or alias, and that of no family.
        """
        name = _FILLER.sub("", unicodedata.normalize("NFKC", name))
        behind = turned(name)
        meant = self._under(plain(name), latin(plain(name)), plain(numbered(name)))
        if behind is not None:
            meant = meant or self._under(plain(behind)) or self._under_letter(behind)
        return meant or Meant(())

    def _under(self, *keys: str) -> Meant | None:
        """Return what the names of the table mean that a key fits, as if they had been typed."""
        if any(len(key) < _SHORTEST or key.isdecimal() for key in keys):
            return None
        first, more = self._index
        places = {first[key] for key in keys if key in first}
        places.update(place for key in keys for place in more.get(key, ()))
        meanings = [self._meaning(place) for place in sorted(places)]
        genes = self._table.best_known_first(gene for one in meanings for gene in one.genes)
        return Meant(genes, is_family=any(one.is_family for one in meanings)) if genes else None

    def _meaning(self, place: int) -> Meant:
        if place >= len(self._names):
            return Meant(self._table.by_identifier(self._described[place - len(self._names)][1]))
        symbol = self._table.by_symbol(self._names[place])
        return Meant(symbol) if symbol else meant_across(self._names[place], self._table)

    def _under_letter(self, behind: str) -> Meant | None:
        """Return what a symbol of a word and letter means: CDHE of ``cadherin E``."""
        word, _, letter = behind.casefold().rpartition(" ")
        meant = self._under(plain(f"{self._stems[word]}{letter}")) if word in self._stems else None
        return meant if meant and all(word in gene.full_name for gene in meant.genes) else None

    @cached_property
    def _index(self) -> tuple[dict[str, int], dict[str, list[int]]]:
        """The first place of every key, and its other ones: of names and of what they are like."""
        full_names = [_FILLER.sub("", full_name) for full_name, _, _ in self._described]
        # Names with Greek letters apart, for they take longer.
        symbols, others = (
            self._names[part] for part in (slice(self._greek), slice(self._greek, None))
        )
        keys = [*_each(plain, symbols), *_each(plain, others), *_each(plain, full_names)]
        first: dict[str, int] = {}
        more: defaultdict[str, list[int]] = defaultdict(list)
        for place, key in enumerate(keys):
            if first.setdefault(key, place) != place:
                more[key].append(place)
        for place, (key, in_latin) in enumerate(zip(keys, _each(latin, keys), strict=True)):
            if in_latin != key:
                more[in_latin].append(place)
            # Who drops the hyphen of ERVK3-1 writes ERVK31, which may as well be ERVK-31.
            if "~" in key and (joined := key.replace("~", "")) in first:
                more[joined].append(place)
        in_numbers = zip(full_names, _each(numbered, full_names), strict=True)
        for place, (full_name, number) in enumerate(in_numbers, len(self._names)):
            if number != full_name:
                more[plain(number)].append(place)
        return first, more

    @cached_property
    def _stems(self) -> dict[str, str]:
        """What symbols have for a word of full names, if it is the same in three or more."""
        stems: defaultdict[str, list[str]] = defaultdict(list)
        for full_name, _, symbol in self._described:
            word, _, ending = full_name.rpartition(" ")
            if word.isalpha() and symbol.endswith(ending):
                stems[word].append(symbol.removesuffix(ending))
        return {
            word: found[0]
            for word, found in stems.items()
            if len(found) >= 3 and len(set(found)) == 1 and len(found[0]) > 1
        }


def _each(rewrite: Callable[[str], str], names: list[str]) -> list[str]:
    """Rewrite names all at once, which is quicker."""
    return rewrite("\n".join(names)).split("\n") if names else []
