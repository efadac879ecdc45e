"""The pages: a route for each question, answered by the same calls as the API."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gene_analogies.results import AgreementResult, PairsResult
from gene_analogies.web.asked import (
    Given,
    address,
    as_parameters,
    given,
    pairs_in,
    parsed,
    without,
)
from gene_analogies.web.genes import gene_card
from gene_analogies.web.parameters import (
    MAX_RELATION,
    OfAnalogies,
    OfComplete,
    OfGene,
    OfPairs,
    OfRelation,
    OfSimilar,
    unless_given,
)
from gene_analogies.web.problems import ProblemBody, RefusedError, not_together, refused
from gene_analogies.web.rendering import Site, static_file, static_version
from gene_analogies.web.sides import VIEWS
from gene_analogies.web.views import pairs_view, relation_view, table_view

if TYPE_CHECKING:
    from gene_analogies.results import Answer
    from gene_analogies.web.questions import Plan, Questions

__all__ = ["page_routes"]

#: An address that can be sent has at most so many letters.
_LONGEST_ADDRESS: Final = 6_000
_MOST_FIELDS: Final = 100
_FOREVER: Final = "public, max-age=31536000, immutable"


def page_routes(questions: Questions, site: Site) -> APIRouter:
    """Return the routes of the pages.

    Parameters
    ----------
    questions
        Answers them.
    site
        Makes the pages.
    """
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def page(template: str, request: Request, asked: Given, **values: Any) -> Response:  # noqa: ANN401
        return HTMLResponse(site.render(template, request, asked, **values))

    async def answered(request: Request, plan: Plan, show: Any) -> Response:  # noqa: ANN401
        return HTMLResponse(await questions.answer(plan, show, request.receive))

    @routes.get("/")
    async def first(request: Request) -> Response:
        return page("start.html", request, given(request.query_params), tab="pairs")

    @routes.get("/pairs")
    async def pairs(request: Request) -> Response:
        asked = given(request.query_params)
        if not _has(asked, "a", "b"):
            return page("start.html", request, asked, tab="pairs")
        parameters, row, view = _of_pairs(asked)

        def show(answer: Answer) -> bytes:
            if isinstance(answer, AgreementResult):
                shown = table_view(site, request, asked, answer)
                return site.render("answer_page.html", request, asked, tab="pairs", **shown)
            assert isinstance(answer, PairsResult)
            shown = pairs_view(site, request, asked, answer, row, view)
            return site.render("pairs.html", request, asked, tab="pairs", **shown)

        return await answered(request, questions.pairs_with_chance(parameters), show)

    @routes.get("/pairs/row")
    async def pairs_row(request: Request) -> Response:
        """Answer with what stands beside the table, for a row that was pointed at."""
        asked = given(request.query_params)
        parameters, row, view = _of_pairs(asked)

        def show(answer: Answer) -> bytes:
            if not isinstance(answer, PairsResult):
                raise refused("a row is of one embedding: give e once", "e")
            shown = pairs_view(site, request, asked, answer, row, view)
            return site.render("side.html", request, asked, tab="pairs", **shown)

        return await answered(request, questions.pairs_with_chance(parameters), show)

    def add(name: str, kind: Any, plan: Any, *needed: str, check: Any = None) -> None:  # noqa: ANN401
        @routes.get(f"/{name}", name=name)
        async def of_table(request: Request) -> Response:
            asked = given(request.query_params)
            if not _has(asked, *needed):
                return page("start.html", request, asked, tab=name)
            if check is not None:
                check(asked)
            parameters = parsed(kind, [*unless_given(name), *asked])

            def show(answer: Answer) -> bytes:
                shown = table_view(site, request, asked, answer)
                return site.render("answer_page.html", request, asked, tab=name, **shown)

            return await answered(request, plan(parameters), show)

    add("similar", OfSimilar, questions.similar, "names", "contrast", check=_check_similar)
    add("analogies", OfAnalogies, questions.analogies, "a")
    of_gap = "a", "b", "c", "positive"
    add("complete", OfComplete, questions.complete, *of_gap, check=_check_complete)

    @routes.get("/relation")
    async def relation(request: Request) -> Response:
        asked = given(request.query_params)
        values = dict(asked)
        typed = [*_typed(asked), *pairs_in(values.get("pairs", ""))]
        if not typed:
            return page("start.html", request, asked, tab="relation")
        return await examined(request, typed, without(asked, "a", "b", "pairs"))

    @routes.post("/relation")
    async def relation_of_form(request: Request) -> Response:
        """Lead to the address of the answer, where the pairs have room in one."""
        body = (await request.body()).decode("utf-8", "replace")
        try:
            filled = parse_qsl(body, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise refused(f"a form has at most {_MOST_FIELDS} fields here", "pairs") from None
        request.state.asked = filled
        typed = [*pairs_in(dict(filled).get("pairs", ""))]
        options = without(filled, "pairs")
        asked = [*options, *as_parameters(typed)]
        there = address(f"{request.scope['root_path']}/relation", asked)
        if typed and len(there) <= _LONGEST_ADDRESS and all(a and b for a, b in typed):
            return RedirectResponse(there, 303)
        return await examined(request, typed, options)

    async def examined(
        request: Request, typed: list[tuple[str, str]], options: list[tuple[str, str]]
    ) -> Response:
        if not typed:
            raise refused("pairs are missing: write two genes a line", "pairs")
        for number, (a, b) in enumerate(typed, start=1):
            if not (a and b):
                raise refused(
                    f"two genes make a pair: {a or b!r}, number {number}, stands alone", "pairs"
                )
        if len(typed) > MAX_RELATION:
            raise refused(
                f"{len(typed):,} pairs are too many here: at most {MAX_RELATION}", "pairs"
            )
        parameters = parsed(_RelationOptions, options)
        plan = questions.relation(
            OfRelation(pairs=typed, **parameters.model_dump(exclude={"pairs"}))
        )
        asked = [*options, *as_parameters(typed)]

        def show(answer: Answer) -> bytes:
            shown = relation_view(site, request, asked, answer)
            return site.render("answer_page.html", request, asked, tab="relation", **shown)

        return await answered(request, plan, show)

    @routes.get("/gene/{name:path}")
    async def gene(request: Request, name: str) -> Response:
        asked = given(request.query_params)
        if not name.strip():
            raise RefusedError(404, ProblemBody(error="not_found", message="not found"))
        k = parsed(OfGene, asked).k
        (chosen,) = questions.chosen([value for key, value in asked if key == "e"])

        def show() -> bytes:
            card = gene_card(name, k, chosen, questions.spaces)
            return site.render("gene.html", request, asked, tab="", card=card)

        return HTMLResponse(await questions.run("quick", [chosen], show, request.receive))

    @routes.get("/static/{version}/{name}")
    async def static(version: str, name: str) -> Response:
        found = static_file(name)
        if found is None:
            raise RefusedError(404, ProblemBody(error="not_found", message="not found"))
        text, kind = found
        kept = {"Cache-Control": _FOREVER} if version == static_version() else {}
        return Response(text, media_type=kind, headers=kept)

    return routes


class _RelationOptions(OfRelation):
    """What `OfRelation` has beside the pairs."""

    pairs: Any = None


def _has(asked: Given, *names: str) -> bool:
    """Whether any of these parameters was filled in."""
    return any(name in names and value.strip() for name, value in asked)


def _of_pairs(asked: Given) -> tuple[OfPairs, int, str]:
    """Return what is asked, the chosen row from 1, and what stands beside the table."""
    _check_pairs(asked)
    values = dict(asked)
    view = values.get("view", "pair")
    if view not in VIEWS:
        raise refused(f"view must be one of {', '.join(VIEWS)}, not {view!r}", "view")
    row = values.get("row", "1")
    if not (row.isascii() and row.isdecimal() and 1 <= int(row[:9]) <= 1000):
        raise refused(f"row must be a whole number in 1..1000, not {row!r}", "row")
    rest = without(asked, "row", "view")
    return parsed(OfPairs, [*unless_given("pairs"), *rest]), int(row), view


def _check_pairs(asked: Given) -> None:
    """Refuse a pair of one gene."""
    for first, second in zip_longest(*_members(asked), fillvalue=""):
        if not (first and second):
            which = f"the partner of {first}" if first else f"the gene whose partner {second} is"
            raise refused(f"two genes make a pair: fill in {which}, too", "b" if first else "a")


def _check_complete(asked: Given) -> None:
    """Refuse an analogy of which more than the fourth gene is missing."""
    if _has(asked, "positive", "negative"):
        return
    _check_pairs(asked)
    if not (_has(asked, "a") and _has(asked, "c")):
        raise refused("one gene is looked for: fill in the other three", "c")


def _check_similar(asked: Given) -> None:
    """Refuse a contrast with none, or with more than one gene."""
    if not _has(asked, "names"):
        raise refused("“but unlike” goes with one gene: fill in what the answer is like", "names")
    if _has(asked, "contrast") and sum(name == "names" for name, _ in asked) > 1:
        raise refused("“but unlike” goes with one gene: leave out the others", "contrast")


def _typed(asked: Given) -> list[tuple[str, str]]:
    """Return the pairs of an address; what one lacks is empty."""
    a, b = _members(asked)
    if a and b and len(a) != len(b):
        raise not_together(a, b)
    return [*zip_longest(a, b, fillvalue="")]


def _members(asked: Given) -> tuple[list[str], list[str]]:
    """Return the first and the second members of the pairs of an address."""
    a, b = ([value.strip() for key, value in asked if key == name] for name in ("a", "b"))
    return a, b
