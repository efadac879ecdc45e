"""What all answers have in common; they are tables as `gene_analogies.report` writes them.

An answer says *what* there is, `gene_analogies.report` decides how it looks: see
`gene_analogies.report.table`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, overload

from gene_analogies.report.table import Column, Item, Layout

if TYPE_CHECKING:
    import pandas as pd

    from gene_analogies.report.origin import Origin

__all__ = ["Answer"]


class Answer:
    """Rows, best first, and what a reader should know about them.

    ``answer[0]`` is the first row, a named tuple, ``answer[:3]`` a list of rows, and
    ``answer["c"]`` a column of `to_frame`, a series.

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
    #: Where it came from: the embedding, and what repeats it; files hold it.
    origin: Origin | None = None

    def having_origin(self, origin: Origin) -> Self:
        """Return the same answer with another origin."""
        answer = copy.copy(self)
        object.__setattr__(answer, "origin", origin)  # an answer is frozen otherwise
        return answer

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

        More are those with the same value in every row, which reports for people show once.
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

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    @overload
    def __getitem__(self, key: int) -> Any: ...  # noqa: ANN401 - each answer has rows of its own

    @overload
    def __getitem__(self, key: slice) -> list[Any]: ...

    @overload
    def __getitem__(self, key: str) -> pd.Series[Any]: ...

    def __getitem__(self, key: int | slice | str) -> Any:
        if not isinstance(key, str):
            return list(self)[key]
        import pandas as pd

        from gene_analogies.report.tabular import plain_values

        # Columns that are shown first: others may take long to work out.
        for columns in (self.columns, self.all_columns):
            values = plain_values(columns)
            if key in values:
                return pd.Series(_nullable(values)[key], name=key)
        raise KeyError(f"no column is named {key!r}; there are {', '.join(values)}")

    def to_frame(self) -> pd.DataFrame:
        """Return the answer as a data frame.

        A column of items makes three: the items' names; their symbols (``c_symbol``); their full
        names (``c_name``), empty where no gene is known. Names come first, numbers next.
        """
        import pandas as pd

        from gene_analogies.report.tabular import flat_columns

        return pd.DataFrame(_nullable(flat_columns(self)))

    def head(self, n: int = 5) -> pd.DataFrame:
        """Return the first rows of the data frame; all but the last ``−n`` if it is negative."""
        return self.to_frame().head(n)

    def equals(self, other: object) -> bool:
        """Whether another answer is to the same question, with the same options and rows."""
        return (
            isinstance(other, Answer)
            and type(other) is type(self)
            and self.query == other.query
            and self.facts == other.facts
            and self.to_frame().equals(other.to_frame())
        )

    def to_csv(self, path: str | Path | None = None) -> str | None:
        """Return the answer as comma-separated values, or write them to a file, whole or not.

        Parameters
        ----------
        path
            The file to write; one that exists is replaced.

        Raises
        ------
        GeneAnalogiesError
            If the file cannot be written.
        """
        return self._written("csv", path)

    def to_html(self, path: str | Path | None = None) -> str | None:
        """Return the answer as an HTML page, or write it to a file, whole or not.

        The page is one file that opens without a network: the table, which sorts by its headings,
        figures where the answer has some, links, and where it came from.

        Parameters
        ----------
        path
            The file to write; one that exists is replaced.

        Raises
        ------
        GeneAnalogiesError
            If the file cannot be written.
        """
        return self._written("html", path)

    def to_markdown(self, layout: Layout = "stacked") -> str:
        """Return the answer as a Markdown table, genes linked to the Human Protein Atlas or MGI.

        Parameters
        ----------
        layout
            ``"stacked"``: full names in a second row below each; ``"flat"``: one row an answer,
            full names in columns.
        """
        from gene_analogies.report.registry import render

        return render(self, "markdown", layout=layout)

    def _written(self, name: str, path: str | Path | None) -> str | None:
        """Return the answer in a format, or write it to a file."""
        from gene_analogies.report.registry import content, render
        from gene_analogies.util.whole_files import check_target, whole_file, write_errors

        if path is None:
            return render(self, name)
        check_target(path)
        with write_errors(path), whole_file(Path(path)) as part:
            part.write_bytes(content(self, name))
        return None

    def __str__(self) -> str:
        from gene_analogies.report.registry import render

        return render(self, "table", width=None)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the answer as notebooks show it; of a long one, the first rows."""
        from gene_analogies.report.html_table import answer_html

        return answer_html(self)


def _nullable(flat: dict[str, Any]) -> dict[str, Any]:
    """Return plain values with missing counts as pandas says it, in columns of type Int64."""
    import numpy as np
    import pandas as pd

    return {
        key: pd.arrays.IntegerArray(values.data, np.ma.getmaskarray(values).copy())
        if np.ma.isMaskedArray(values)
        else values
        for key, values in flat.items()
    }
