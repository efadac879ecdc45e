"""An answer as an HTML table, for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gene_analogies.report.html_cells import html_table
from gene_analogies.report.html_templates import rendered
from gene_analogies.report.text import one_line

if TYPE_CHECKING:
    from gene_analogies.report.table import Table

__all__ = ["answer_html"]

#: A notebook is no place for more rows.
_MOST_ROWS = 200


def answer_html(answer: Table) -> str:
    """Return an answer as one HTML fragment: a table, and what a reader should know below it.

    Genes are linked to their pages in the Human Protein Atlas, those of mouse in MGI, with their
    full names and other pages below; numbers of papers are linked to these papers in PubMed. Of
    more than 200 rows the first 200 are shown, and a line says how many there are besides.

    Parameters
    ----------
    answer
        The answer.

    Returns
    -------
    str
        A ``div`` without scripts and classes of its own: notebooks have a style for tables, and
        take away others. Everything that came from outside is escaped.
    """
    bold = answer.query if answer.title.startswith(answer.query) else answer.title
    hidden = len(answer) - _MOST_ROWS
    return rendered(
        "notebook.html",
        bold=one_line(bold),
        rest=one_line(answer.title.removeprefix(bold)),
        explanation=[one_line(line) for line in answer.explanation_in("html")],
        table=html_table(answer, _MOST_ROWS),
        hidden=f"{hidden:,} more {answer.rows_name}" if hidden > 0 else "",
        remarks=[one_line(line) for line in (*answer.notes, *answer.remarks)],
        origin=[one_line(line) for line in answer.origin.lines] if answer.origin else (),
        repeats=one_line(answer.origin.repeats) if answer.origin else "",
    )
