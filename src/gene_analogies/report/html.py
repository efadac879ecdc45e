"""An answer as an HTML table, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gene_analogies.genes.links import protein_atlas_url
from gene_analogies.report.text import blanks_note, labels, one_line, score_texts, sign_of

if TYPE_CHECKING:
    from gene_analogies.results import Item, PairsResult

__all__ = ["pairs_html"]

# Notebooks have a style of their own for tables; these few settings work in light and in dark.
_LEFT = ' style="text-align: left; vertical-align: top"'
_RIGHT = ' style="text-align: right; vertical-align: top"'


def pairs_html(result: PairsResult) -> str:
    """Return an answer as one HTML fragment: a table, and what a reader should know below it.

    Genes are linked to their pages in the Human Protein Atlas, with their full names below.

    Parameters
    ----------
    result
        The answer.

    Returns
    -------
    str
        A ``div`` without scripts; everything that came from outside is escaped.
    """
    sign = sign_of(result)
    names = labels([*result.c, *result.d])
    title = "similarity" if result.metric == "cosine" else "similarity (negative distance)"
    parts = [
        '<div class="gene-analogies"><table>',
        f'<caption style="text-align: left"><b>{_text(result.query)}</b> ≈ c {sign} d</caption>',
        f"<thead><tr><th{_RIGHT}>rank</th><th{_LEFT}>c</th><th{_LEFT}>d</th>"
        f"<th{_RIGHT}>{title}</th></tr></thead>",
        "<tbody>",
    ]
    scores = score_texts(result)
    for rank, (c, d, score) in enumerate(zip(result.c, result.d, scores, strict=True), start=1):
        parts.append(
            f"<tr><td{_RIGHT}>{rank}</td><td{_LEFT}>{_item(c, names)}</td>"
            f"<td{_LEFT}>{_item(d, names)}</td><td{_RIGHT}>{score}</td></tr>"
        )
    if not len(result):
        parts.append(f'<tr><td colspan="4"{_LEFT}>no pairs</td></tr>')
    parts.append("</tbody></table>")
    notes = [*result.notes, blanks_note(result)]
    parts += [f"<p>{_text(note)}</p>" for note in notes if note]
    return "\n".join([*parts, "</div>\n"])


def _item(item: Item, names: dict[str, str]) -> str:
    label = _text(names[item.name])
    url = protein_atlas_url(item.gene) if item.gene else None
    if url:
        label = f'<a href="{escape(url)}" target="_blank" rel="noopener">{label}</a>'
    return f"{label}<br><small>{_text(item.full_name)}</small>" if item.full_name else label


def _text(text: str) -> str:
    return escape(one_line(text))
