"""An answer as an HTML table, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gene_analogies.genes.links import gene_url, registry_url
from gene_analogies.report.text import cell_texts, items_of, labels, one_line

if TYPE_CHECKING:
    from gene_analogies.report.table import Column, Item, Table

__all__ = ["answer_html"]

# Notebooks have a style of their own for tables; these few settings work in light and in dark.
_LEFT = ' style="text-align: left; vertical-align: top"'
_RIGHT = ' style="text-align: right; vertical-align: top"'

#: A notebook is no place for more rows.
_MOST_ROWS = 200


def answer_html(answer: Table) -> str:
    """Return an answer as one HTML fragment: a table, and what a reader should know below it.

    Genes are linked to their pages in the Human Protein Atlas, those of mouse in MGI, with their
    full names below and HGNC's report on them. Of more than 200 rows the first 200 are shown, and
    a line says how many there are besides.

    Parameters
    ----------
    answer
        The answer.

    Returns
    -------
    str
        A ``div`` without scripts; everything that came from outside is escaped.
    """
    columns = [column._replace(values=column.values[:_MOST_ROWS]) for column in answer.columns]
    shown = min(len(answer), _MOST_ROWS)
    names = labels(items_of(columns))
    heads = [_cell("th", _heading(column), column) for column in columns]
    cells = [_cells(column, names) for column in columns]
    if answer.ranked:
        heads.insert(0, f"<th{_RIGHT}>rank</th>")
        cells.insert(0, [f"<td{_RIGHT}>{rank}</td>" for rank in range(1, shown + 1)])
    parts = [
        '<div class="gene-analogies"><table>',
        f'<caption style="text-align: left">{_caption(answer)}</caption>',
        f"<thead><tr>{''.join(heads)}</tr></thead>",
        "<tbody>",
    ]
    parts += [f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True)]
    if not len(answer):
        parts.append(f'<tr><td colspan="{len(heads)}"{_LEFT}>no {answer.rows_name}</td></tr>')
    parts.append("</tbody></table>")
    if len(answer) > shown:
        more = f"{len(answer) - shown:,} more {answer.rows_name}"
        parts.append(f"<p>… and {more} that are not shown here; to_frame() has all</p>")
    parts += [f"<p>{_text(note)}</p>" for note in (*answer.notes, *answer.remarks)]
    parts += [f"<p><small>{line}</small></p>" for line in _origin(answer)]
    return "\n".join([*parts, "</div>\n"])


def _origin(answer: Table) -> list[str]:
    """Return lines on where the answer came from."""
    if answer.origin is None:
        return []
    repeats = answer.origin.repeats
    code = [f"<code>{_text(repeats)}</code>"] if repeats else []
    return [*map(_text, answer.origin.lines), *code]


def _caption(answer: Table) -> str:
    """Return the title, the question in it bold, and the explanation below."""
    bold = answer.query if answer.title.startswith(answer.query) else answer.title
    title = f"<b>{_text(bold)}</b>{_text(answer.title.removeprefix(bold))}"
    return "<br>".join([title, *map(_text, answer.explanation_in("html"))])


def _heading(column: Column) -> str:
    return _text(f"{column.heading} ({column.note})" if column.note else column.heading)


def _cells(column: Column, names: dict[str, str]) -> list[str]:
    texts = [escape(text) for text in cell_texts(column, names)]
    if column.kind == "item":
        texts = [_item(item, text) for item, text in zip(column.items, texts, strict=True)]
    return [_cell("td", text, column) for text in texts]


def _cell(tag: str, content: str, column: Column) -> str:
    return f"<{tag}{_LEFT if column.kind in ('item', 'text') else _RIGHT}>{content}</{tag}>"


def _item(item: Item | None, label: str) -> str:
    if item is None:
        return ""
    gene = item.gene
    if gene is None:
        return label
    below = [_text(gene.full_name), _link(registry_url(gene), gene.registered)]
    label = _link(gene_url(gene), label)
    return f"{label}<br><small>{' '.join(filter(None, below))}</small>" if any(below) else label


def _link(url: str | None, label: str) -> str:
    if not url:
        return label
    return f'<a href="{escape(url)}" target="_blank" rel="noopener">{label}</a>'


def _text(text: str) -> str:
    return escape(one_line(text))
