"""What stands beside the table: one pair, all answers, the map; and the cards of two genes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.terms import shared_terms
from gene_analogies.report.text import labels
from gene_analogies.results import SimilarResult
from gene_analogies.web.genes import GeneCard, gene_card
from gene_analogies.web.rows import Named, PairRow, named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gene_analogies.genes.gene import Gene
    from gene_analogies.results import Answer, PairsResult
    from gene_analogies.space import Space

__all__ = ["VIEWS", "Figure", "Side", "figure", "marked", "side"]

#: What can stand beside the table, as its tabs call it.
VIEWS: Final = {"pair": "This pair", "all": "All answers", "map": "Map"}
#: Of what two genes share, the most specific.
_TERMS: Final = 6
_NEIGHBOURS: Final = 6


class Figure(NamedTuple):
    """A drawing, and what it is called."""

    title: str
    svg: Markup


class Shared(NamedTuple):
    """Terms that two genes share, each with its page; how many are not listed."""

    first: str
    second: str
    terms: list[tuple[str, str]]
    more: int


class Side(NamedTuple):
    """What stands beside a table.

    Attributes
    ----------
    view
        One of `VIEWS`.
    row
        The chosen pair; None where there is no answer.
    figures, why_none
        Drawings, or why there are none.
    shared
        What the genes of the pair share with each other, and with those asked about.
    marked
        The items to mark on the map: those asked about first, then those of the answer, with
        ``"asked"``, ``"chosen"`` (of the pair) or ``"found"``.
    cards
        Both genes of the pair.
    """

    view: str
    row: PairRow | None
    figures: list[Figure]
    why_none: str
    shared: list[Shared]
    marked: list[tuple[Named, str]]
    cards: list[GeneCard]


def side(
    answer: PairsResult, row: PairRow | None, view: str, name: str, spaces: Mapping[str, Space]
) -> Side:
    """Return what stands beside the table of an answer of `pairs`.

    Parameters
    ----------
    answer
        The answer.
    row
        The chosen row.
    view
        One of `VIEWS`.
    name, spaces
        The embedding that was asked, and all.
    """
    found = Side(view, row, [], "", [], [], [])
    if row is None:
        return found
    index = row.number - 1
    cards = [gene_card(one.name, _NEIGHBOURS, name, spaces) for one in (row.c, row.d)]
    found = found._replace(cards=cards)
    if view == "map":
        return found._replace(marked=marked(answer, row))
    if view == "all":
        return found._replace(figures=[figure(answer, "compass", index)])
    figures, why = [], ""
    if len(answer.examples) == 1:
        kinds = ["receipt"] if answer.operation == "sum" else ["quadrilateral", "receipt"]
        figures = [figure(answer, kind, index) for kind in kinds]
    else:
        why = "With several examples there is a drawing of all answers, not of one pair"
    return found._replace(figures=figures, why_none=why, shared=_shared(answer, index))


def figure(answer: Any, *which: Any) -> Figure:  # noqa: ANN401 - an answer of which there are some
    """Return a figure of an answer.

    Raises
    ------
    GeneAnalogiesError
        If there is no such figure.
    """
    picture = answer.picture(*which)
    return Figure(picture.title, Markup(picture.svg(standalone=False)))


def marked(answer: Answer, row: PairRow | None = None) -> list[tuple[Named, str]]:
    """Return the items of an answer, each once, and what they are: see `Side`."""
    asked = [item for member in answer.asked for item in member]
    if isinstance(answer, SimilarResult):
        asked += [*answer.members, *([answer.contrast] if answer.contrast else [])]
    found = [
        item
        for column in answer.columns
        if column.kind == "item"
        for item in column.items
        if item is not None
    ]
    names = labels([*asked, *found])
    kinds = dict.fromkeys((row.c.name, row.d.name), "chosen") if row else {}
    kinds |= {item.name: "asked" for item in asked}
    each = {item.name: item for item in (*asked, *found)}
    return [(named(item, names), kinds.get(item.name, "found")) for item in each.values()]


def _shared(answer: PairsResult, index: int) -> list[Shared]:
    c, d = answer.c[index], answer.d[index]
    pairs = [(c.gene, d.gene)]
    if len(answer.examples) == 1:
        a, b = answer.examples[0]
        pairs += [(a.gene, c.gene), (b.gene, d.gene)]
    return [one for first, second in pairs if (one := _terms(first, second))]


def _terms(first: Gene | None, second: Gene | None) -> Shared | None:
    """Return what two genes share; None where nothing is known of one."""
    if first is None or second is None:
        return None
    with suppress(GeneAnalogiesError):
        terms = shared_terms(first, second).terms
        listed = [(term.name, term.url) for term in terms[:_TERMS]]
        return Shared(first.symbol, second.symbol, listed, len(terms) - len(listed))
    return None
