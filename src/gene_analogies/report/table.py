"""What a table is to a report: rows of items and numbers, and what is said about them.

Whatever has the attributes of `Table` can be written in every format:

=================  =====================  ==========================  ==================
a table's          terminal               Markdown                    HTML (in notebooks)
=================  =====================  ==========================  ==================
``title``          first line             heading (``query`` for      heading (caption)
                                          an analogy)
``explanation``    below it               below it                    below it (caption)
``notes``          below it, ``note:``    a list                      above the table
                                                                      (below it)
``columns``        a table, full names    a table; full names in a    a table; full names
                   in columns of their    second row below each       below each item
                   own at the end         row
``remarks``        below the table        in the list                 below the table
=================  =====================  ==========================  ==================

In Markdown, an analogy a : b ≈ c : d has a shape of its own, ``Gene 1 | Gene 2 | ≈ | Gene 3 |
Gene 4``: a table is one if the keys of its columns of items are ``a, b, c, d``, or the last of
these while `Table.asked` holds the others, which are then repeated in every row. Whatever other
columns there are stay where they are, to the left or the right of it. A flat layout has one row an
answer instead, and full names in columns.

Files say where an answer came from, `Table.origin`: below the table in text, Markdown and HTML, as
``origin`` in JSON and in the metadata of Parquet, and where a header is asked for in lines that
begin with ``#`` above CSV and TSV.

CSV, TSV and Parquet hold `Table.all_columns`, a column of items as three: names, symbols, full
names. JSON is one object: ``query``, the `facts`, ``notes``, the `totals`, and under ``rows_name``
a list with an object for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gene_analogies.genes.gene import Gene
    from gene_analogies.report.origin import Origin

__all__ = ["LAYOUTS", "Column", "Item", "Layout", "Table", "described"]

#: How Markdown has an answer: in two rows, full names in the second, or in one.
Layout = Literal["stacked", "flat"]
LAYOUTS: tuple[Layout, ...] = ("stacked", "flat")


class Item(NamedTuple):
    """An item of an answer: its name in the embedding, and the known gene behind it, if any."""

    name: str
    gene: Gene | None = None

    @property
    def symbol(self) -> str:
        """The approved symbol; the item's own name where no gene is known."""
        return self.gene.symbol if self.gene else self.name

    @property
    def full_name(self) -> str:
        """The gene's full name; empty where no gene is known."""
        return self.gene.full_name if self.gene else ""


def described(item: Item) -> dict[str, str]:
    """Return an item as JSON has it."""
    return {"item": item.name, "symbol": item.symbol, "name": item.full_name}


class Column(NamedTuple):
    """One column of an answer.

    Attributes
    ----------
    key
        Its name in data frames, CSV and JSON.
    values
        One value a row: `Item` objects (None where there is none), numbers or texts, as ``kind``
        says.
    kind
        ``"item"``; ``"cosine"``, a float to four decimals; ``"score"``, the same, with an exponent
        where four decimals would say nothing; ``"p"``, a probability to two digits; ``"count"``, a
        whole number; ``"text"``. A float that is NaN, or a masked count, is empty in CSV, null in
        JSON and a dash for people.
    title
        Its heading where a person reads it; ``key`` unless given.
    note
        A few words about the values, in brackets behind the heading where there is room: in HTML.
    urls
        Pages about the values, one a row, empty where there is none: HTML links to them, and
        Markdown where the values are texts. Of items the genes are linked without them.
    """

    key: str
    values: Sequence[Item | None] | NDArray[np.float64] | NDArray[np.int64] | Sequence[str]
    kind: Literal["item", "cosine", "score", "p", "count", "text"]
    title: str = ""
    note: str = ""
    urls: Sequence[str] = ()

    @property
    def heading(self) -> str:
        """What stands above it where a person reads it."""
        return self.title or self.key

    def first(self, count: int) -> Column:
        """Return the column of the first rows alone."""
        return self._replace(values=self.values[:count], urls=self.urls[:count])

    @property
    def items(self) -> Sequence[Item | None]:
        """The values of a column of items."""
        return cast("Sequence[Item | None]", self.values)


class Table(Protocol):
    """Rows, best first, and what a reader should know about them."""

    @property
    def question(self) -> str:
        """The question, as the command and the method are called."""

    @property
    def rows_name(self) -> str:
        """What the rows are called, in the plural; the key of their list in JSON."""

    @property
    def ranked(self) -> bool:
        """Whether rows are numbered from the best; not where they are sections or groups."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Lines about what was asked: names that were rewritten, say."""

    @property
    def query(self) -> str:
        """The question in words, such as ``EGF : EGFR``."""

    @property
    def title(self) -> str:
        """The line above the rows."""

    def explanation_in(self, form: Literal["table", "markdown", "html"]) -> tuple[str, ...]:
        """Return the lines below the title for one form of report."""

    @property
    def asked(self) -> tuple[tuple[Item, ...], ...]:
        """The first members of an analogy a : b ≈ c : d that are the same in every row.

        One cell a member, a tuple of several items where several examples were asked for, and an
        empty one where no item was; a first cell without an item shows the query.
        """

    @property
    def remarks(self) -> tuple[str, ...]:
        """Lines below the rows: what was left out, and why."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a person reads, all of the same length."""

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of data frames and of files for programs."""

    @property
    def facts(self) -> dict[str, Any]:
        """What JSON holds between the query and the notes: what was asked, and the options.

        Values are texts, numbers, lists and dictionaries.
        """

    @property
    def totals(self) -> dict[str, Any]:
        """What JSON holds between the notes and the rows: figures about all rows."""

    @property
    def origin(self) -> Origin | None:
        """Where it came from; files hold it."""

    def __len__(self) -> int:
        """Return the number of rows."""
