"""An answer as a Markdown table, in the shape that the first tool of this name wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gene_analogies.genes.links import protein_atlas_url
from gene_analogies.report.text import blanks_note, labels, one_line, score_texts, sign_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gene_analogies.results import Item, PairsResult

__all__ = ["pairs_markdown"]

_MARKS = re.compile(r"[\\`*_\[\]<>|~$&#]")
_HEAD = "| Gene 1 | Gene 2 | ≈ | Gene 3 | Gene 4 | Similarity |\n|---|---|:-:|---|---|--:|\n"


def pairs_markdown(result: PairsResult) -> str:
    """Return an answer as Markdown: a header with the query, and two rows for every pair.

    The first row holds the genes, each linked to its page in the Human Protein Atlas, the second
    one their full names. Items that are no genes stand unlinked, and a second row that would be
    empty is left out. Several example pairs share the cells of Gene 1 and Gene 2.

    Parameters
    ----------
    result
        The answer.

    Returns
    -------
    str
        Markdown that ends with a line end.
    """
    firsts = [a for a, _ in result.examples]
    seconds = [b for _, b in result.examples]
    names = labels([*firsts, *seconds, *result.c, *result.d])
    about = "cosine" if result.metric == "cosine" else "negative Euclidean distance"
    parts = [
        f"# {_escape(result.query)}\n\n",
        f"Pairs with the same {'difference' if sign_of(result) == ':' else 'sum'}; "
        f"similarity is the {about} of the offsets.\n\n",
    ]
    parts += [f"- {_escape(note)}\n" for note in result.notes]
    blanks = blanks_note(result)
    if blanks:
        parts.append(f"- {blanks}\n")
    if result.notes or blanks:
        parts.append("\n")
    if not len(result):
        return "".join([*parts, "No pairs.\n"])
    parts.append(_HEAD)
    asked = [_linked(firsts, names) or "an offset", _linked(seconds, names)]
    described = [_described(firsts), _described(seconds)]
    for c, d, score in zip(result.c, result.d, score_texts(result), strict=True):
        parts.append(_row([*asked, "≈", _linked([c], names), _linked([d], names), score]))
        second = [*described, "", _described([c]), _described([d]), ""]
        if any(second):
            parts.append(_row(second))
    return "".join(parts)


def _row(cells: Sequence[str]) -> str:
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|\n"


def _linked(items: Sequence[Item], names: dict[str, str]) -> str:
    return "<br>".join(_link(item, names[item.name]) for item in items)


def _link(item: Item, label: str) -> str:
    url = protein_atlas_url(item.gene) if item.gene else None
    return f"[{_escape(label)}]({url})" if url else _escape(label)


def _described(items: Sequence[Item]) -> str:
    texts = [_escape(item.full_name) for item in items]
    return "<br>".join(texts) if any(texts) else ""


def _escape(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", one_line(text))
