"""Answers as files: ``/pairs.csv`` and the like, in the formats that a report has."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from gene_analogies.report.html_templates import content_policy
from gene_analogies.report.registry import FORMATS, content
from gene_analogies.web.parameters import (
    NAMED,
    OfAnalogies,
    OfComplete,
    OfKnown,
    OfPairs,
    OfRelationAddress,
    OfSimilar,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import BaseModel

    from gene_analogies.web.questions import Plan, Questions

__all__ = ["file_routes"]

#: Of the endings that a question may have.
_TYPES: Final = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".md": "text/markdown",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}
_SAVED: Final = (".csv", ".tsv")
#: Letters of a file's name.
_LONGEST: Final = 60
_OF_FIGURES: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def file_routes(questions: Questions) -> APIRouter:
    """Return the routes of answers as files.

    Parameters
    ----------
    questions
        Answers them.
    """
    routes = APIRouter(include_in_schema=False)

    def add(name: str, kind: type[BaseModel], plan: Callable[[Any], Plan]) -> None:
        for format_name, one in FORMATS.items():
            if one.ending in _TYPES:
                routes.get(f"/{name}{one.ending}")(
                    _endpoint(questions, name, kind, plan, format_name, one.ending)
                )

    add("pairs", OfPairs, questions.pairs)
    add("similar", OfSimilar, questions.similar)
    add("complete", OfComplete, questions.complete)
    add("analogies", OfAnalogies, questions.analogies)
    add("relation", OfRelationAddress, lambda asked: questions.relation(questions.listed(asked)))
    add("known", OfKnown, questions.known)
    return routes


def _endpoint(
    questions: Questions,
    name: str,
    kind: type[BaseModel],
    plan: Callable[[Any], Plan],
    format_name: str,
    ending: str,
) -> Callable[..., Any]:
    """Return what answers one question in one format."""

    async def answer(request: Request, asked: Any) -> Response:  # noqa: ANN401 - a ``kind``
        found = await questions.answer(
            plan(asked), lambda answer: content(answer, format_name), request.receive
        )
        how = "attachment" if ending in _SAVED else "inline"
        called = _called([name, *_names(asked)], ending)
        headers = {"Content-Disposition": f'{how}; filename="{called}"'}
        if ending == ".html":  # it holds its style and script, unlike a page of this server
            headers["Content-Security-Policy"] = f"{content_policy()}; frame-ancestors 'none'"
        if ending == ".svg":  # it holds the colours of light and dark
            headers["Content-Security-Policy"] = _OF_FIGURES
        return Response(found, media_type=_TYPES[ending], headers=headers)

    answer.__annotations__ |= {"request": Request, "asked": Annotated[kind, Query()]}
    return answer


def _names(asked: BaseModel) -> list[str]:
    """Return the names that a question has, those of a pair together."""
    given = (getattr(asked, name, None) or [] for name in NAMED)
    a, b, *others = ([one] if isinstance(one, str) else one for one in given)
    pairs = [one for pair in zip_longest(a, b, fillvalue="") for one in pair]
    return [*pairs, *(name for one in others for name in one)]


def _called(words: Iterable[str], ending: str) -> str:
    """Return the name of a file: nothing of it can end the header that holds it."""
    name = re.sub(r"[^A-Za-z0-9_]+", "-", "-".join(words)).strip("-")
    room = _LONGEST - len(ending)
    if len(name) > room:
        name = name[: room + 1].rpartition("-")[0]
    return name + ending
