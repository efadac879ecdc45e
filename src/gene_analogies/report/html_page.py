"""An answer as an HTML page: one file that opens without a network."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from gene_analogies._version import __version__
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.report.html_cells import html_table
from gene_analogies.report.html_templates import (
    SCRIPT,
    STYLE,
    content_policy,
    page_file,
    rendered,
)
from gene_analogies.report.plain_words import meanings, plain_words
from gene_analogies.report.text import cell_texts, items_of, labels, one_line
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from gene_analogies.report.table import Table

__all__ = ["answer_page", "answer_section", "sections_of", "session_page"]

#: Rows of an answer whose own figures a page holds, and a section of a session.
_PICTURED_ROWS = 20
_PICTURED_IN_SESSION = 3

_GENERATOR = "gene-analogies"
_SESSION = "A session of gene-analogies"
_SECTION = re.compile(r'<section class="question".*?\n</section>\n', re.DOTALL)
_HEADING = re.compile(r'<h2 id="question-(\d+)">(.*?)</h2>')


class _Figure(NamedTuple):
    title: str
    svg: Markup


def answer_page(answer: Table) -> str:
    """Return an answer as an HTML page.

    It has the question, the table, which sorts by its headings, what the columns mean, figures
    where the answer has some, the embedding and the command that repeats it. It fetches nothing;
    everything that came from outside is escaped.

    Parameters
    ----------
    answer
        The answer. Where it has figures, those of the first 20 rows are shown, too.
    """
    return _page(one_line(answer.title), view=_view(answer, _PICTURED_ROWS))


def answer_section(answer: Table, number: int) -> str:
    """Return an answer as a section of the page of a session.

    Parameters
    ----------
    answer
        The answer. Of its rows, the first three have figures of their own.
    number
        Which question it is, from 1.
    """
    return rendered("section.html", view=_view(answer, _PICTURED_IN_SESSION), number=number)


def session_page(sections: Sequence[str]) -> str:
    """Return the page of a session; `answer_section` makes its sections."""
    from markupsafe import Markup

    found = _HEADING.findall("".join(sections))
    questions = [(number, Markup(title)) for number, title in found]
    safe = [Markup(section) for section in sections]
    return _page(_SESSION, sections=safe, questions=questions)


def sections_of(page: str) -> list[str] | None:
    """Return the sections of the page of a session; None if it is none."""
    return _SECTION.findall(page) if f"<title>{_SESSION}</title>" in page else None


def _page(title: str, **values: Any) -> str:  # noqa: ANN401 - of either kind of page
    from markupsafe import Markup

    return rendered(
        "page.html",
        title=title,
        policy=content_policy(),
        generator=f"{_GENERATOR} {__version__}",
        style=Markup(page_file(STYLE)),
        script=Markup(page_file(SCRIPT)),
        **{"view": None, **values},
    )


def _view(answer: Table, pictured_rows: int) -> dict[str, Any]:
    """Return what the template of an answer shows."""
    origin = answer.origin
    rows = pluralise(len(answer), "row")
    return {
        "title": one_line(answer.title),
        "plain": plain_words(answer),
        "explanation": [one_line(line) for line in answer.explanation_in("html")],
        "notes": [one_line(note) for note in answer.notes],
        "caption": f"{rows}, the best first" if answer.ranked else rows,
        "table": html_table(answer),
        "remarks": [one_line(line) for line in answer.remarks],
        "meanings": meanings(answer),
        "figures": list(_figures(answer)),
        "row_figures": list(_row_figures(answer, pictured_rows)),
        "origin": [one_line(line) for line in origin.lines] if origin else [],
        "repeats": one_line(origin.repeats) if origin else "",
    }


def _row_figures(answer: Table, count: int) -> Iterator[tuple[str, list[_Figure]]]:
    """Yield what a row is called, and its figures, for the first rows that have some."""
    kinds = getattr(answer, "row_kinds", ())
    columns = [column.first(count) for column in answer.columns if column.kind == "item"]
    names = labels(items_of(columns))
    rows = zip(*(cell_texts(column, names) for column in columns), strict=True)
    for row, cells in enumerate(rows if kinds else ()):
        figures = [one for kind in kinds for one in _figures(answer, kind, row)]
        if figures:
            yield f"{row + 1}. {' : '.join(cells)}", figures


def _figures(answer: Table, *which: Any) -> Iterator[_Figure]:  # noqa: ANN401 - kind and row
    """Yield a figure, if the answer has it."""
    if not hasattr(answer, "picture"):
        return
    from markupsafe import Markup

    with suppress(GeneAnalogiesError):
        picture = answer.picture(*which)
        yield _Figure(
            picture.title,
            Markup(picture.svg(standalone=False)),
        )
