"""An answer as an aligned table for a terminal; plain text, without colour."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gene_analogies.report.text import blanks_note, labels, one_line, score_texts, sign_of

if TYPE_CHECKING:
    from gene_analogies.results import PairsResult

__all__ = ["pairs_text"]

_GAP = "  "
#: A column of full names narrower than this says nothing, and goes.
_LEAST_NAME = 10


def pairs_text(result: PairsResult, width: int | None = None) -> str:
    """Return an answer as a table: rank, c, d, similarity and the full names of c and d.

    Parameters
    ----------
    result
        The answer.
    width
        Columns to fit into, at least 1: full names are cut first, then left out, then the rest is
        cut. 0 for no limit. By default the width of the terminal, and no limit where standard
        output is no terminal.

    Returns
    -------
    str
        Lines without trailing space, each ended by a line end.
    """
    limit = _terminal_width() if width is None else width
    lines: list[str] = []
    for text in _heading(result):
        lines += _wrap(text, limit)
    lines.append("")
    lines += _table(result, limit) if len(result) else _wrap("no pairs", limit)
    blanks = blanks_note(result)
    if blanks:
        lines.append("")
        lines += _wrap(blanks, limit)
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


def _heading(result: PairsResult) -> Iterator[str]:
    sign = sign_of(result)
    yield one_line(f"{result.query} ≈ c {sign} d")
    if len(result.examples) == 1:
        a, b = result.examples[0]
        if a.full_name and b.full_name:
            yield one_line(f"{a.full_name} {sign} {b.full_name}")
    if result.metric == "euclidean":
        yield "similarity: the negative Euclidean distance of the offsets"
    for note in result.notes:
        yield f"note: {one_line(note)}"


def _table(result: PairsResult, limit: int) -> list[str]:
    names = labels([*result.c, *result.d])
    ranks = ["rank", *(str(rank) for rank in range(1, len(result) + 1))]
    scores = ["similarity", *score_texts(result)]
    c = ["c", *(names[item.name] for item in result.c)]
    d = ["d", *(names[item.name] for item in result.d)]
    described_c = [one_line(item.full_name) for item in result.c]
    described_d = [one_line(item.full_name) for item in result.d]
    columns = [ranks, c, d, scores]
    right = [True, False, False, True]
    if any(described_c) or any(described_d):
        columns += [["full name of c", *described_c], ["full name of d", *described_d]]
        right += [False, False]
    widths = [max(map(_cells, column)) for column in columns]
    if limit:
        widths = _fit(widths, limit)
    lines = []
    for row in zip(*columns, strict=True):
        parts = [
            _pad(_cut(cell, size), size, right=to_right)
            for cell, size, to_right in zip(row, widths, right, strict=False)
        ]
        line = _GAP.join(parts).rstrip()
        lines.append(_cut(line, limit) if limit else line)
    return lines


def _fit(widths: list[int], limit: int) -> list[int]:
    """Narrow the columns: the full names, or where they do not fit, the items."""
    rank, c, d, score, *described = widths
    gap = len(_GAP)
    if described:
        left = limit - sum(widths[:4]) - gap * (len(widths) - 1)
        shared = _share(described[0], described[1], left)
        if min(shared) >= min(_LEAST_NAME, *described):
            return [rank, c, d, score, *shared]
    return [rank, *_share(c, d, limit - rank - score - gap * 3), score]


def _share(first: int, second: int, width: int) -> tuple[int, int]:
    """Divide a width between two columns: a half each, and what one does not need to the other."""
    if first + second <= width:
        return first, second
    half = max(1, width // 2)
    if first <= half:
        return first, max(1, width - first)
    if second <= half:
        return max(1, width - second), second
    return half, half


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
