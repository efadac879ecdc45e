"""The cells of an answer in HTML, with their links: for pages and for notebooks."""

from __future__ import annotations

from itertools import chain, repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gene_analogies.genes.links import gene_links, gene_url
from gene_analogies.report.text import cell_texts, items_of, labels, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gene_analogies.report.table import Column, Item, Table

__all__ = ["Cell", "Head", "HtmlTable", "html_table"]


class Cell(NamedTuple):
    """What a cell shows; templates escape it.

    Attributes
    ----------
    text, url
        Its text, and the page it is linked to, if any.
    full_name, links
        Of a gene: what stands below, the links by the names of their sites.
    value
        Of a number that is known: all its digits.
    """

    text: str
    url: str = ""
    full_name: str = ""
    links: Mapping[str, str] = MappingProxyType({})
    value: str = ""

    @property
    def below(self) -> bool:
        """Whether anything stands below the text."""
        return bool(self.full_name or self.links)


class Head(NamedTuple):
    """The heading of a column.

    Attributes
    ----------
    text
        What it says.
    is_number
        Whether its cells are numbers.
    first
        In which order it is sorted first: the best values on top.
    is_sorted
        Whether the rows are in its order, ascending.
    is_extra
        Whether narrow screens go without it.
    """

    text: str
    is_number: bool
    first: str = "ascending"
    is_sorted: bool = False
    is_extra: bool = False


class HtmlTable(NamedTuple):
    """Headings and rows of cells; what rows are called."""

    heads: list[Head]
    rows: Iterator[tuple[Cell, ...]]
    rows_name: str


def html_table(answer: Table, count: int | None = None) -> HtmlTable:
    """Return an answer as headings and rows, which can be read once.

    Parameters
    ----------
    answer
        The answer.
    count
        How many rows, at most; all unless given.
    """
    shown = len(answer) if count is None else min(len(answer), count)
    columns = [column.first(shown) for column in answer.columns]
    names = labels(items_of(columns))
    heads = [_head(column) for column in columns]
    cells = [_cells(column, names) for column in columns]
    if answer.ranked:
        heads.insert(0, Head("rank", is_number=True, is_sorted=True))
        cells.insert(0, (Cell(str(rank), value=str(rank)) for rank in range(1, shown + 1)))
    return HtmlTable(heads, zip(*cells, strict=True), answer.rows_name)


def _head(column: Column) -> Head:
    text = f"{column.heading} ({column.note})" if column.note else column.heading
    is_number = column.kind not in ("item", "text")
    largest_first = column.kind in ("cosine", "score", "count") and "rank" not in column.key
    return Head(one_line(text), is_number, "descending" if largest_first else "ascending")


def _cells(column: Column, names: dict[str, str]) -> Iterator[Cell]:
    texts = cell_texts(column, names)
    if column.kind == "item":
        return (_item(item, text) for item, text in zip(column.items, texts, strict=True))
    urls = chain(column.urls, repeat("")) if len(column.urls) else repeat("")
    values = repeat("") if column.kind == "text" else map(_value, column.values)
    return (
        Cell(text, url, value=value) for text, url, value in zip(texts, urls, values, strict=False)
    )


def _value(number: object) -> str:
    if number is np.ma.masked or number != number:
        return ""
    return str(number)


def _item(item: Item | None, label: str) -> Cell:
    if item is None or item.gene is None:
        return Cell(label)
    return Cell(
        label, gene_url(item.gene) or "", one_line(item.gene.full_name), gene_links(item.gene)
    )
