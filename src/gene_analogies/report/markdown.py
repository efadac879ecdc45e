"""An answer as a Markdown table; analogies in the shape that the first tool of this name wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gene_analogies.genes.links import gene_url
from gene_analogies.report.table import LAYOUTS
from gene_analogies.report.text import cell_texts, items_of, labels, one_line
from gene_analogies.util.arguments import check_choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gene_analogies.report.table import Column, Item, Layout, Table

__all__ = ["answer_markdown"]

_MARKS = re.compile(r"[\\`*_\[\]<>|~$&#]")
#: What GitHub would link; and what, at the beginning of a line, begins a list or a rule.
_ADDRESS = re.compile(r"(?<=:)//|(?i:(?<=\bwww)\.)")
_BEGINNING = re.compile(r"^(\d*)([-+=.)])(?=[\s=-]|$)")
_MEMBERS = ("a", "b", "c", "d")
_LEFT, _CENTER, _RIGHT = "---", ":-:", "--:"


class _Column(NamedTuple):
    """A heading, its alignment, and for every row of the answer a cell and the one below it."""

    heading: str
    align: str
    cells: list[str]
    below: list[str]


def answer_markdown(answer: Table, layout: Layout = "stacked") -> str:
    """Return an answer as Markdown: a heading, what a reader should know, and a table.

    Every row of the answer makes two, unless the layout is flat: items, each gene linked to its
    page in the Human Protein Atlas, and numbers; then full names with HGNC's ids. Items that are no
    genes stand unlinked, and a second row that would be empty is left out. An analogy has the
    columns Gene 1, Gene 2, ≈, Gene 3 and Gene 4, those that were asked for being repeated; several
    example pairs share their cells.

    Parameters
    ----------
    answer
        The answer; see `gene_analogies.results.answer` for what makes it an analogy.
    layout
        ``"stacked"``, as described; ``"flat"`` has one row an answer, its columns as they are, and
        full names in columns at the end.

    Returns
    -------
    str
        Markdown that ends with a line end.
    """
    check_choice("layout", layout, LAYOUTS)
    keys = tuple(column.key for column in answer.columns if column.kind == "item")
    is_analogy = keys != () and keys == _MEMBERS[len(answer.asked) :] and layout == "stacked"
    parts = [f"# {_paragraph(answer.query if is_analogy else answer.title)}\n\n"]
    parts += [f"{_paragraph(line)}\n\n" for line in answer.explanation_in("markdown")]
    notes = [*answer.notes, *answer.remarks]
    if notes:
        parts += [*(f"- {_paragraph(note)}\n" for note in notes), "\n"]
    if not len(answer):
        return "".join([*parts, f"No {answer.rows_name}.\n", *_origin(answer)])
    if layout == "flat":
        columns = [column._replace(below=[""] * len(answer)) for column in _flat(answer)]
    else:
        columns = list(_analogy(answer) if is_analogy else _plain(answer))
    parts.append(_row([column.heading for column in columns]))
    parts.append(f"|{'|'.join(column.align for column in columns)}|\n")
    rows = zip(*(column.cells for column in columns), strict=True)
    rows_below = zip(*(column.below for column in columns), strict=True)
    for row, below in zip(rows, rows_below, strict=True):
        parts.append(_row(row))
        if any(below):
            parts.append(_row(below))
    return "".join([*parts, *_origin(answer)])


def _origin(answer: Table) -> Iterator[str]:
    """Yield a paragraph on where the answer came from."""
    if answer.origin is None:
        return
    lines = [_paragraph(line) for line in answer.origin.lines]
    code = one_line(answer.origin.repeats)
    if code:
        # In code nothing is escaped; a backtick in it would end it.
        lines.append(f"{_fence(code)} {code} {_fence(code)}" if "`" in code else f"`{code}`")
    yield "\n" + "  \n".join(lines) + "\n"


def _plain(answer: Table) -> Iterator[_Column]:
    """Yield the columns as they are."""
    names = labels(items_of(answer.columns))
    for column in answer.columns:
        yield _shown(column, names, _capital(column.heading))


def _flat(answer: Table) -> Iterator[_Column]:
    """Yield the columns as they are, the rank first, and full names where there are any."""
    if answer.ranked:
        yield _Column("Rank", _RIGHT, [str(rank) for rank in range(1, len(answer) + 1)], [])
    yield from _plain(answer)
    for column in answer.columns:
        if column.kind == "item" and any(item and item.full_name for item in column.items):
            names = [_escape(item.full_name) if item else "" for item in column.items]
            yield _Column(f"Full name of {_escape(column.heading)}", _LEFT, names, [])


def _analogy(answer: Table) -> Iterator[_Column]:
    """Yield the columns, those of items as Gene 1, Gene 2, ≈, Gene 3, Gene 4."""
    asked = [item for cell in answer.asked for item in cell]
    names = labels([*asked, *items_of(answer.columns)])
    # The sign stands between the second and the third.
    equal = _Column("≈", _CENTER, ["≈"] * len(answer), [""] * len(answer))
    gene = 0
    for column in answer.columns:
        if column.kind != "item":
            yield _shown(column, names, _capital(column.heading))
            continue
        if gene == 0:
            for items in answer.asked:
                gene += 1
                yield from [equal] if gene == 3 else []
                yield _repeated(items, names, f"Gene {gene}", answer)
        gene += 1
        yield from [equal] if gene == 3 else []
        yield _shown(column, names, f"Gene {gene}")


def _repeated(items: Sequence[Item], names: dict[str, str], heading: str, answer: Table) -> _Column:
    """Return a cell of what was asked for as a column."""
    cell = "<br>".join(_link(item, names[item.name]) for item in items)
    if not cell and heading == "Gene 1":
        cell = _escape(answer.query)
    texts = [_full_name(item) for item in items]
    below = "<br>".join(texts) if any(texts) else ""
    return _Column(heading, _LEFT, [cell] * len(answer), [below] * len(answer))


def _shown(column: Column, names: dict[str, str], heading: str) -> _Column:
    """Return a column of the answer."""
    if column.kind == "item":
        return _Column(
            heading,
            _LEFT,
            [_link(item, names[item.name]) if item else "" for item in column.items],
            [_full_name(item) if item else "" for item in column.items],
        )
    return _Column(
        heading,
        _LEFT if column.kind == "text" else _RIGHT,
        _texts(column, cell_texts(column, names)),
        [""] * len(column.values),
    )


def _texts(column: Column, texts: list[str]) -> list[str]:
    """Return cells, texts linked to the pages about them; numbers stand alone."""
    if column.kind != "text" or not len(column.urls):
        return [_escape(text) for text in texts]
    return [
        f"<{url}>" if url == text else f"[{_escape(text)}]({url})" if url else _escape(text)
        for text, url in zip(texts, column.urls, strict=True)
    ]


def _capital(heading: str) -> str:
    """Return a heading with a capital; single letters are names, and stay."""
    return _escape(heading[:1].upper() + heading[1:] if len(heading) > 1 else heading)


def _row(cells: Sequence[str]) -> str:
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|\n"


def _link(item: Item, label: str) -> str:
    url = gene_url(item.gene) if item.gene else None
    return f"[{_escape(label)}]({url})" if url else _escape(label)


def _full_name(item: Item) -> str:
    """Return the full name of a gene and its source, as Ensembl describes genes."""
    registered = _escape(item.gene.registered) if item.gene else ""
    authority = registered.partition(":")[0]
    source = f" [Source:{authority} Symbol;Acc:{registered}]" if registered else ""
    return (_escape(item.full_name) + source).lstrip()


def _fence(code: str) -> str:
    """Return more backticks than code has in a row."""
    return "`" * (1 + max(map(len, re.findall("`+", code))))


def _paragraph(text: str) -> str:
    """Return text that begins no list, rule or code where it stands alone in a line."""
    return _BEGINNING.sub(r"\1\\\2", _escape(text.strip()))


def _escape(text: str) -> str:
    text = _MARKS.sub(r"\\\g<0>", one_line(text))
    return _ADDRESS.sub(lambda found: "".join(f"\\{letter}" for letter in found[0]), text)
