"""What templates show of an answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from gene_analogies.genes.papers import count_papers
from gene_analogies.report.plain_words import meanings
from gene_analogies.report.text import labels, one_line
from gene_analogies.results import AnalogiesResult, PairsResult, RelationResult
from gene_analogies.results.evidence import entrez_numbers
from gene_analogies.web.asked import address, as_parameters, without
from gene_analogies.web.parameters import MAX_EXAMPLES, unless_given
from gene_analogies.web.rows import P_WORDS, linked_table, pair_rows
from gene_analogies.web.sides import VIEWS, figure, marked, side
from gene_analogies.web.trust import trust, trust_in_analogies
from gene_analogies.web.words import caption, plain, title, when_to_trust

if TYPE_CHECKING:
    from starlette.requests import Request

    from gene_analogies.results import Answer
    from gene_analogies.web.asked import Given
    from gene_analogies.web.rendering import Site

__all__ = ["pairs_view", "relation_view", "table_view"]

#: The forms in which an answer can be saved, in words.
_FILES: Final = {"csv": "CSV", "json": "JSON", "md": "Markdown", "html": "report", "svg": "figure"}


def pairs_view(
    site: Site, request: Request, asked: Given, answer: PairsResult, number: int, view: str
) -> dict[str, Any]:
    """Return what the page of an answer of `pairs` shows.

    Parameters
    ----------
    site, request, asked
        The site, what is answered, and what was filled in.
    answer
        The answer.
    number
        The chosen row, from 1; the last one where there are fewer.
    view
        What stands beside the table.
    """
    rows = pair_rows(answer)
    row = rows[min(number, len(rows)) - 1] if rows else None
    (name,) = site.chosen(asked)[:1]
    page = f"{request.scope['root_path']}/pairs"
    rest = without(asked, "row", "view")
    options = without(rest, "a", "b")
    chosen = as_parameters([(row.c.name, row.d.name)] if row else [])

    def place(row: int, view: str) -> str:
        """Return the address of a row and of what stands beside it."""
        more = [("row", str(row))] if row > 1 else []
        shown = [("view", view)] if view != "pair" else []
        return address(page, [*rest, *more, *shown])

    examples = labels([one for pair in answer.examples for one in pair])
    return {
        **_common(request, asked, answer, "pairs"),
        "rows": rows,
        "row": row,
        "side": side(answer, row, view, name, site.spaces),
        "views": VIEWS,
        "place": place,
        "beside": address(f"{page}/row", rest),
        "example": [(examples[a.name], examples[b.name]) for a, b in answer.examples],
        "cos_ab": answer.evidence.cos_ab if answer.evidence else None,
        "papers_ab": _papers(answer),
        "trust": trust(rows, answer.chance),
        "why_no_chance": answer.chance.sentence
        if answer.chance and answer.chance.count is None
        else "",
        "like_this": address(page, [*options, *chosen]),
        "like_both": address(page, [*rest, *chosen]) if len(answer.examples) < MAX_EXAMPLES else "",
        "compare": address(page, [*without(rest, "chance"), ("chance", "1")])
        if not answer.chance
        else "",
        "p_words": ", ".join(f"{word} up to {most:g}" for most, word in P_WORDS[:-1]),
        "calibrated": answer.p_cal is not None,
        "operation": answer.operation,
        "weighted": f"{answer.pair_weight:g}" if answer.pair_weight else "",
        "embedding": name,
    }


def table_view(site: Site, request: Request, asked: Given, answer: Answer) -> dict[str, Any]:
    """Return what the page of any other answer shows."""
    figures = [] if getattr(answer, "contrast", None) is None else [figure(answer)]
    return {
        **_common(request, asked, answer, answer.question),
        "table": linked_table(answer, partial(site.gene_link, request, asked)),
        "more_table": None,
        "figures": figures,
        "marked": marked(answer),
        "trust": when_to_trust(answer),
        "worth": trust_in_analogies(answer) if isinstance(answer, AnalogiesResult) else "",
        "embedding": site.chosen(asked)[0],
    }


def relation_view(site: Site, request: Request, asked: Given, answer: Answer) -> dict[str, Any]:
    """Return what the page of an answer of `relation` shows: the verdict first."""
    shown = table_view(site, request, asked, answer)
    # More pairs have no room in an address.
    fit = sum(name == "a" for name, _ in asked) <= MAX_EXAMPLES
    if not fit:
        shown["files"] = []
    if isinstance(answer, RelationResult):
        shown["more_table"] = linked_table(answer.details, partial(site.gene_link, request, asked))
    shown["figures"] = [figure(answer)]
    return shown


def _common(request: Request, asked: Given, answer: Answer, path: str) -> dict[str, Any]:
    """Return what every answer says."""
    origin = answer.origin
    rest = without(asked, "row", "view")
    base = f"{request.scope['root_path']}/{path}"
    # A file has as many rows as the page.
    named = {name for name, _ in rest}
    given = [*rest, *(one for one in unless_given(path) if one[0] not in named)]
    if isinstance(answer, PairsResult) and answer.chance:
        given = [*without(given, "chance"), ("chance", "1")]
    return {
        "title": title(answer),
        "plain": plain(answer),
        "explanation": [one_line(line) for line in answer.explanation_in("html")],
        "notes": [one_line(note) for note in answer.notes],
        "remarks": [one_line(line) for line in answer.remarks],
        "meanings": meanings(answer),
        "caption": caption(answer),
        "origin": [one_line(line) for line in origin.lines] if origin else [],
        "repeats": one_line(origin.repeats) if origin else "",
        "files": _files(answer, base, given),
    }


def _papers(answer: PairsResult) -> int | None:
    """Return how many papers name both genes of the example; None of several, or of no genes."""
    if answer.papers is None or len(answer.examples) != 1:
        return None
    return int(count_papers(*(entrez_numbers([one]) for one in answer.examples[0]))[0])


def _files(answer: Answer, base: str, asked: Given) -> list[tuple[str, str]]:
    """Return what the same answer is called as files, and their addresses."""
    endings = [one for one in _FILES if one != "svg" or hasattr(answer, "picture")]
    return [(_FILES[one], address(f"{base}.{one}", asked)) for one in endings]
