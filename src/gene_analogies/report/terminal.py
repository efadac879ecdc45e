"""An answer as an aligned table for a terminal; plain text, without colour."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from gene_analogies.report.text import cell_texts, items_of, labels, one_line

if TYPE_CHECKING:
    from gene_analogies.report.table import Table

__all__ = ["answer_text"]

_GAP = "  "
#: Columns of full names narrower than this say nothing, and go; three or more are still harder
#: to tell apart.
_LEAST_NAME = 10
_LEAST_OF_MANY = 16
#: Rather than narrow items and texts below this, numbers other than the first one go.
_LEAST_TEXT = 6


class _Column(NamedTuple):
    """The cells of a column, its heading first; how it is aligned; and what may become of it.

    Full names are cut first, or go; then texts are cut; then numbers go, but are never cut.
    """

    cells: list[str]
    kind: Literal["rank", "number", "text", "full name"]

    @property
    def width(self) -> int:
        return max(map(_cells, self.cells))


def answer_text(answer: Table, width: int | None = None) -> str:
    """Return an answer as a table: rank, the columns, and the full names of the items.

    Parameters
    ----------
    answer
        The answer.
    width
        Columns to fit into, at least 1: full names are cut first, then left out, then items and
        texts are cut, then all numbers but the first are left out from the end, then lines are
        cut. 0 for no limit. By default the width of the terminal, and no limit where standard
        output is no terminal. Below the table stand the numbers that were left out.

    Returns
    -------
    str
        Lines without trailing space, each ended by a line end.
    """
    limit = _terminal_width() if width is None else width
    lines: list[str] = []
    for text in _heading(answer):
        lines += _wrap(one_line(text), limit)
    lines.append("")
    lines += _table(answer, limit) if len(answer) else _wrap(f"no {answer.rows_name}", limit)
    if answer.remarks:
        lines.append("")
    for remark in answer.remarks:
        lines += _wrap(one_line(remark), limit)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _terminal_width() -> int:
    """Return the terminal's number of columns; 0 where the output goes elsewhere."""
    # A process may have no standard output at all.
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    return shutil.get_terminal_size().columns if on_terminal else 0


def _wrap(text: str, limit: int) -> list[str]:
    if not limit:
        return [text]
    indent = _GAP if limit > 2 * len(_GAP) else ""
    return textwrap.wrap(text, limit, subsequent_indent=indent, break_on_hyphens=False)


def _heading(answer: Table) -> Iterator[str]:
    yield answer.title
    yield from answer.explanation_in("table")
    for note in answer.notes:
        yield f"note: {note}"


def _table(answer: Table, limit: int) -> list[str]:
    columns = every = list(_columns(answer))
    if limit:
        columns, widths = _fit(every, limit)
    else:
        widths = [column.width for column in columns]
    lines = []
    for row in zip(*(column.cells for column in columns), strict=True):
        parts = [
            _pad(_cut(cell, size), size, right=column.kind in ("rank", "number"))
            for cell, size, column in zip(row, widths, columns, strict=True)
        ]
        line = _GAP.join(parts).rstrip()
        lines.append(_cut(line, limit) if limit else line)
    hidden = [one.cells[0] for one in every if one.kind == "number" and one not in columns]
    if hidden:
        lines += ["", *_wrap(f"no room for {', '.join(hidden)}; files have all", limit)]
    return lines


def _columns(answer: Table) -> Iterator[_Column]:
    """Yield the columns: the rank, those of the answer, and full names where there are any."""
    if answer.ranked:
        yield _Column(["rank", *(str(rank) for rank in range(1, len(answer) + 1))], "rank")
    names = labels(items_of(answer.columns))
    for column in answer.columns:
        cells = [one_line(column.heading), *cell_texts(column, names)]
        yield _Column(cells, "text" if column.kind in ("item", "text") else "number")
    if not any(item.full_name for item in items_of(answer.columns)):
        return
    items = [column for column in answer.columns if column.kind == "item"]
    for column in items:
        heading = f"full name of {one_line(column.heading)}" if len(items) > 1 else "full name"
        full_names = [one_line(item.full_name) if item else "" for item in column.items]
        yield _Column([heading, *full_names], "full name")


def _fit(columns: list[_Column], limit: int) -> tuple[list[_Column], list[int]]:
    """Return the columns that are shown, and their widths."""
    needs = [column.width for column in columns]
    full = _places(columns, "full name")
    if full:  # They are the last ones.
        widths = _narrowed(needs, full, limit)
        least = min(_LEAST_NAME if len(full) <= 2 else _LEAST_OF_MANY, *needs[full[0] :])
        if min(widths[full[0] :]) >= least:
            return columns, widths
        columns, needs = columns[: full[0]], needs[: full[0]]
    while True:
        texts = _places(columns, "text")
        widths = _narrowed(needs, texts, limit)
        numbers = _places(columns, "number")
        if len(numbers) < 2 or all(
            widths[place] >= min(_LEAST_TEXT, needs[place]) for place in texts
        ):
            return columns, widths
        columns = columns[: numbers[-1]] + columns[numbers[-1] + 1 :]
        needs = needs[: numbers[-1]] + needs[numbers[-1] + 1 :]


def _places(columns: list[_Column], kind: str) -> list[int]:
    return [place for place, column in enumerate(columns) if column.kind == kind]


def _narrowed(needs: list[int], chosen: list[int], limit: int) -> list[int]:
    """Return the widths of all columns; the chosen ones share what the others leave."""
    widths = list(needs)
    wanted = [needs[place] for place in chosen]
    left = limit - len(_GAP) * (len(needs) - 1) - (sum(needs) - sum(wanted))
    for place, width in zip(chosen, _share(wanted, left), strict=True):
        widths[place] = width
    return widths


def _share(needs: list[int], width: int) -> list[int]:
    """Divide a width between columns: equally, and what one does not need goes to the others."""
    shares = dict.fromkeys(range(len(needs)), 0)
    open_ones = list(shares)
    while open_ones:
        equal = max(1, width // len(open_ones))
        content = [one for one in open_ones if needs[one] <= equal]
        for one in content or open_ones:
            shares[one] = min(needs[one], equal)
            width -= shares[one]
        open_ones = [one for one in open_ones if one not in content] if content else []
    return list(shares.values())


def _cells(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    # Only names outside ASCII need the table of character widths.
    from rich.cells import cell_len

    return cell_len(text)


def _cut(text: str, width: int) -> str:
    if _cells(text) <= width:
        return text
    if text.isascii():
        return text[: width - 1].rstrip() + "…"
    from rich.cells import set_cell_size

    return set_cell_size(text, width - 1).rstrip() + "…"


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _cells(text))
    return space + text if right else text + space
