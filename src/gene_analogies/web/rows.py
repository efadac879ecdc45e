"""The rows of an answer as a page shows them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gene_analogies.report.html_cells import Cell, HtmlTable, html_table
from gene_analogies.report.text import items_of, labels, one_line
from gene_analogies.results.evidence import urls_of_papers
from gene_analogies.web.words import EXTRA, HEADINGS, TESTS, of_genes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gene_analogies.report.table import Item, Table
    from gene_analogies.results import PairsResult

__all__ = ["CLEARLY", "P_WORDS", "Named", "PairRow", "linked_table", "named", "pair_rows"]

CLEARLY: Final = "clearly"
#: Up to which p two genes belong together, in a word.
P_WORDS: Final = ((0.01, CLEARLY), (0.05, "probably"), (0.2, "perhaps"), (1.0, "no sign"))


class Named(NamedTuple):
    """An item as it is shown: what it is called, its name in the embedding, its full name."""

    label: str
    name: str
    full_name: str


class PairRow(NamedTuple):
    """One pair of an answer; what is not known is None.

    Attributes
    ----------
    number
        Its rank, from 1.
    c, d
        The gene and its partner.
    match
        The similarity, and ``angle`` the same in degrees where it is a cosine.
    cos_cd, cos_ac, cos_bd
        Cosines; the last two are None of sums, for which of two added genes is like a is open.
    p, word
        How likely two genes are as close by chance, and what that says.
    papers, papers_url
        How many name both, and where they are.
    """

    number: int
    c: Named
    d: Named
    match: float
    angle: float | None
    cos_cd: float | None
    cos_ac: float | None
    cos_bd: float | None
    p: float | None
    word: str
    papers: int | None
    papers_url: str

    @property
    def called(self) -> str:
        """The pair in words."""
        return f"{self.c.label} : {self.d.label}"


def pair_rows(answer: PairsResult) -> list[PairRow]:
    """Return the rows of an answer of `pairs`."""
    names = labels([*answer.c, *answer.d])
    cosine = answer.metric == "cosine"
    p = answer.p if answer.p_cal is None else answer.p_cal
    if answer.pair_weight:
        p = None  # close pairs were preferred: that they are close says no more
    alike = (None, None) if answer.operation == "sum" else (answer.cos_ac, answer.cos_bd)
    numbers: list[Iterable[Any]] = [
        repeat(None) if one is None else one.tolist()
        for one in (answer.cos_cd, *alike, p, answer.papers)
    ]
    urls = repeat("") if answer.papers is None else urls_of_papers(answer.c, answer.d)
    rows = zip(answer.c, answer.d, answer.similarity.tolist(), *numbers, urls, strict=False)
    return [
        PairRow(
            number, named(c, names), named(d, names), match,
            math.degrees(math.acos(max(-1.0, min(1.0, match)))) if cosine else None,
            cos_cd, cos_ac, cos_bd, one_p, _word(one_p), papers, url,
        )
        for number, (c, d, match, cos_cd, cos_ac, cos_bd, one_p, papers, url) in enumerate(
            rows, start=1
        )
    ]  # fmt: skip


def named(item: Item, names: dict[str, str]) -> Named:
    """Return an item as it is shown."""
    return Named(names[item.name], item.name, one_line(item.full_name))


def linked_table(answer: Table, link: Callable[[str], str]) -> HtmlTable:
    """Return the table of any answer; its items lead to pages of this server.

    Parameters
    ----------
    answer
        The answer.
    link
        Makes the address of an item's page.
    """
    table = html_table(answer)
    names = labels(items_of(answer.columns))
    known = [(column.key, column.kind, _items(column)) for column in answer.columns]
    if answer.ranked:
        known.insert(0, ("", "count", [None] * len(answer)))
    keys, kinds, columns = zip(*known, strict=True)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for cells, items in zip(table.rows, zip(*columns, strict=True), strict=True):
            yield tuple(
                _short(cell, kind)
                if item is None
                else Cell(names[item.name], link(item.name), one_line(item.full_name))
                for cell, item, kind in zip(cells, items, kinds, strict=True)
            )

    genes = of_genes(answer)
    heads = [
        head._replace(
            text=_heading(HEADINGS.get((answer.question, key), head.text), of_genes=genes),
            is_extra=key in EXTRA.get(answer.question, ()),
        )
        for head, key in zip(table.heads, keys, strict=True)
    ]
    return table._replace(heads=heads, rows=rows())


def _heading(text: str, *, of_genes: bool) -> str:
    return "item" if text == "gene" and not of_genes else text


def _short(cell: Cell, kind: str) -> Cell:
    """Return a cosine with two decimals, as all pages have them, and a test as its question."""
    if kind == "text":
        return cell._replace(text=TESTS.get(cell.text, cell.text))
    if kind != "cosine" or not cell.value:
        return cell
    return cell._replace(text=f"{float(cell.value) + 0.0:.2f}")


def _items(column: Any) -> Sequence[Item | None]:  # noqa: ANN401 - a column
    return list(column.items) if column.kind == "item" else [None] * len(column.values)


def _word(p: float | None) -> str:
    if p is None or math.isnan(p):
        return ""
    return next(word for most, word in P_WORDS if p <= most)
