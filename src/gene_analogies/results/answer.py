"""What all answers have in common: rows of items and numbers, and how they are shown.

An answer says *what* there is; `gene_analogies.report` decides how it looks:

=================  =====================  ==========================  ==================
an answer's        terminal               Markdown                    HTML
=================  =====================  ==========================  ==================
``title``          first line             heading (``query`` for      caption
                                          an analogy)
``explanation``    below it               below it                    in the caption
``notes``          below it, ``note:``    a list                      below the table
``columns``        a table, full names    a table; full names in a    a table; full names
                   in columns of their    second row below each       below each item
                   own at the end         row
``remarks``        below the table        in the list                 below the table
=================  =====================  ==========================  ==================

In Markdown, an analogy a : b ≈ c : d has a shape of its own, ``Gene 1 | Gene 2 | ≈ | Gene 3 |
Gene 4``: an answer is one if the keys of its columns of items are ``a, b, c, d``, or the last of
these while `Answer.asked` holds the others, which are then repeated in every row. Whatever other
columns there are stay where they are, to the left or the right of it.

CSV, TSV and Parquet are the data frame of `Answer.to_frame`. JSON is one object: ``query``, the
`facts`, ``notes``, the `totals`, and under ``rows_name`` a list with an object for each row of that
frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, cast

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from gene_analogies.genes.table import Gene

__all__ = ["Answer", "Column", "Item", "described"]


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
        where four decimals would say nothing; ``"count"``, a whole number; ``"text"``. A float
        that is NaN is empty in CSV, null in JSON and a dash for people.
    title
        Its heading where a person reads it; ``key`` unless given.
    note
        A few words about the values, in brackets behind the heading where there is room: in HTML.
    """

    key: str
    values: Sequence[Item | None] | NDArray[np.float64] | NDArray[np.int64] | Sequence[str]
    kind: Literal["item", "cosine", "score", "count", "text"]
    title: str = ""
    note: str = ""

    @property
    def heading(self) -> str:
        """What stands above it where a person reads it."""
        return self.title or self.key

    @property
    def items(self) -> Sequence[Item | None]:
        """The values of a column of items."""
        return cast("Sequence[Item | None]", self.values)


class Answer:
    """Rows, best first, and what a reader should know about them.

    Every answer is a frozen dataclass that derives from this class and says what its columns are;
    reports know nothing else about it.
    """

    #: The question, as the command and the method are called.
    question: ClassVar[str]
    #: What its rows are called, in the plural; the key of their list in JSON.
    rows_name: ClassVar[str]
    #: Whether rows are numbered from the best; not where they are sections or groups.
    ranked: ClassVar[bool] = True

    notes: tuple[str, ...]

    @property
    def query(self) -> str:
        """The question in words, such as ``EGF : EGFR``."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """The line above the answer."""
        return self.query

    @property
    def explanation(self) -> tuple[str, ...]:
        """Lines below the title: what was asked, in full; what the numbers are."""
        return ()

    def explanation_in(self, form: Literal["table", "markdown", "html"]) -> tuple[str, ...]:
        """Return the explanation for one form of report; an answer may word them differently."""
        del form
        return self.explanation

    @property
    def asked(self) -> tuple[tuple[Item, ...], ...]:
        """The first members of an analogy a : b ≈ c : d that are the same in every row.

        One cell a member, a tuple of several items where several examples were asked for, and an
        empty one where no item was; a first cell without an item shows the query.
        """
        return ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Lines below the rows: what was left out, and why."""
        return ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, all of the same length."""
        raise NotImplementedError

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of data frames and of files for programs; `columns`, unless there are more.

        More are those that say the same in every row, which a reader is told once.
        """
        return self.columns

    @property
    def facts(self) -> dict[str, Any]:
        """What JSON holds between the query and the notes: what was asked, and the options.

        Values are texts, numbers, lists and dictionaries.
        """
        return {}

    @property
    def totals(self) -> dict[str, Any]:
        """What JSON holds between the notes and the rows: figures about all rows."""
        return {}

    def __len__(self) -> int:
        return len(self.columns[0].values)

    def to_frame(self) -> pd.DataFrame:
        """Return the answer as a data frame.

        A column of items makes three: the items' names; their symbols (``c_symbol``); their full
        names (``c_name``), empty where no gene is known. Names come first, numbers next.
        """
        import pandas as pd

        from gene_analogies.report.tabular import flat_columns

        return pd.DataFrame(flat_columns(self))

    def to_markdown(self) -> str:
        """Return the answer as a Markdown table, genes linked to the Human Protein Atlas."""
        from gene_analogies.report.formats import render

        return render(self, "markdown")

    def __str__(self) -> str:
        from gene_analogies.report.formats import render

        return render(self, "table", width=None)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the answer as notebooks show it; of a long one, the first rows."""
        from gene_analogies.report.html import answer_html

        return answer_html(self)
