"""The API: a route for each question, answers as the library's JSON."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from gene_analogies.report.registry import render
from gene_analogies.report.text import json_text
from gene_analogies.web.genes import GeneCard, gene_card
from gene_analogies.web.manual import manual, style
from gene_analogies.web.maps import map_json
from gene_analogies.web.names import KINDS
from gene_analogies.web.parameters import (
    PREFIX,
    OfAnalogies,
    OfComplete,
    OfGene,
    OfKnown,
    OfNames,
    OfPairs,
    OfRelation,
    OfRelationAddress,
    OfSimilar,
    Parameters,
)
from gene_analogies.web.problems import ProblemBody

if TYPE_CHECKING:
    from gene_analogies.results import Answer
    from gene_analogies.web.questions import Plan, Questions

__all__ = ["PREFIX", "api_routes"]


class AnswerBody(BaseModel):
    """An answer as `--format json` has it, and what a page says beside the rows.

    The key of the rows, a list of objects, is the question's own: `pairs`, `items`, `analogies`.
    """

    model_config = ConfigDict(extra="allow")

    query: str
    notes: list[str] = Field(description="What was done to names, and what was left out.")
    origin: dict[str, Any] | None = Field(
        default=None, description="The embedding, and what repeats it."
    )
    title: str
    explanation: list[str]
    remarks: list[str]


class NameBody(BaseModel):
    """An item, and which of its names begins with what was typed."""

    item: str
    symbol: str
    full_name: str
    matched: str = Field(description="The name that begins so, or a word in it.")
    kind: str = Field(description=f"What that is: {', '.join(KINDS)}.")
    exact: bool = Field(description="Whether it is the whole name.")


class NamesBody(BaseModel):
    """What a name may become that is being typed."""

    query: str
    embedding: str
    names: list[NameBody]


class EmbeddingBody(BaseModel):
    """An embedding that can be asked."""

    name: str
    about: str
    items: int
    dimension: int
    species: str | None = Field(description="human or mouse; null where items are no genes.")
    steps: list[str] = Field(description="How it was prepared.")
    sha256: str = Field(description="Of its names and vectors.")


class EmbeddingsBody(BaseModel):
    """The embeddings that can be asked; the first one is, unless `e` names another."""

    embeddings: list[EmbeddingBody]
    chance: bool = Field(description="Whether `pairs` takes `chance`.")


class MapBody(BaseModel):
    """Where items lie; only short distances mean something."""

    embedding: str
    method: str = Field(description="tsne or pca.")
    kept: float | None = Field(description="Share of the 10 nearest items that is kept; or null.")
    items: list[str]
    symbols: list[str] | None = Field(description="Of their genes; null where items are called so.")
    x: list[int]
    y: list[int]


_WHY: Final = {
    401: "The token is missing or wrong.",
    403: "Asked under a name that is not the server's, or by a page of another site.",
    404: "No item has this name.",
    409: "Several genes have this name.",
    413: "The address or the body is too long.",
    422: "A parameter has no meaning.",
    503: "The server is busy, or the answer takes too long.",
}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": ProblemBody, "description": why} for status, why in _WHY.items()
}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"model": AnswerBody, "description": "The answer."}, **_PROBLEMS
}  # fmt: skip


def answer_json(answer: Answer) -> bytes:
    """Return an answer as the API sends it."""
    content = json.loads(render(answer, "json"))
    content["title"] = answer.title
    content["explanation"] = list(answer.explanation)
    content["remarks"] = list(answer.remarks)
    return json_text(content, allow_nan=False).encode("utf-8", "replace")


def api_routes(questions: Questions) -> APIRouter:
    """Return the routes of the API.

    Parameters
    ----------
    questions
        Answers them.
    """
    routes = APIRouter(prefix=PREFIX)

    async def answered(request: Request, plan: Plan) -> Response:
        content = await questions.answer(plan, answer_json, request.receive)
        return Response(content, media_type="application/json")

    get = partial(routes.get, responses=_ANSWERS)

    @get("/pairs")
    async def pairs(request: Request, asked: Annotated[OfPairs, Query()]) -> Response:
        """Find the pairs that relate as a and b do; with two embeddings, what they agree on."""
        return await answered(request, questions.pairs(asked))

    @get("/similar")
    async def similar(request: Request, asked: Annotated[OfSimilar, Query()]) -> Response:
        """Find the items nearest to one, or to several together."""
        return await answered(request, questions.similar(asked))

    @get("/complete")
    async def complete(request: Request, asked: Annotated[OfComplete, Query()]) -> Response:
        """Find the items that complete an analogy: a is to b as c is to which."""
        return await answered(request, questions.complete(asked))

    @get("/analogies")
    async def analogies(request: Request, asked: Annotated[OfAnalogies, Query()]) -> Response:
        """Find the best analogies that an item takes part in; takes seconds."""
        return await answered(request, questions.analogies(asked))

    @get("/relation")
    async def relation(request: Request, asked: Annotated[OfRelationAddress, Query()]) -> Response:
        """Test whether an embedding knows the relation of the pairs a, b."""
        return await answered(request, questions.relation(questions.listed(asked)))

    @routes.post("/relation", responses=_ANSWERS)
    async def relation_of_list(request: Request, asked: Annotated[OfRelation, Body()]) -> Response:
        """Test the same for a longer list of pairs, as JSON."""
        return await answered(request, questions.relation(asked))

    @get("/known")
    async def known(request: Request, asked: Annotated[OfKnown, Query()]) -> Response:
        """Tell the papers that name two human genes, and the terms that they share."""
        return await answered(request, questions.known(asked))

    @get("/names", responses=_PROBLEMS)
    async def names(request: Request, asked: Annotated[OfNames, Query()]) -> NamesBody:
        """Complete a name that is being typed: exact matches first, then the best-known items."""
        (chosen,) = questions.chosen(asked.e)
        space = questions.spaces[chosen]

        def ask() -> NamesBody:
            found = questions.names[chosen].complete(asked.q, asked.limit)
            items = [(space.item(one.row), one) for one in found]
            rows = [
                NameBody(
                    item=item.name, symbol=item.symbol, full_name=item.full_name,
                    matched=one.matched, kind=one.kind, exact=one.exact,
                )
                for item, one in items
            ]  # fmt: skip
            return NamesBody(query=asked.q, embedding=chosen, names=rows)

        return await questions.run("quick", [chosen], ask, request.receive)

    @get("/genes/{name:path}", responses=_PROBLEMS)
    async def genes(
        request: Request,
        name: Annotated[str, Path(min_length=1, max_length=200)],
        asked: Annotated[OfGene, Query()],
    ) -> GeneCard:
        """Tell what is known of one gene, under any of its names, and what is near it."""
        (chosen,) = questions.chosen(asked.e)

        def ask() -> GeneCard:
            return gene_card(name, asked.k, chosen, questions.spaces)

        return await questions.run("quick", [chosen], ask, request.receive)

    @get("/map", responses={200: {"model": MapBody}, **_PROBLEMS})
    async def map_of_items(request: Request, asked: Annotated[Parameters, Query()]) -> Response:
        """Tell where all items lie on a map, which is for neighbourhoods alone."""
        (chosen,) = questions.chosen(asked.e)

        def ask() -> bytes:
            return map_json(questions.spaces[chosen], chosen)

        content = await questions.run("long", [chosen], ask, request.receive)
        headers = {"Cache-Control": "private, max-age=600"}
        return Response(content, media_type="application/json", headers=headers)

    @get("/embeddings", responses=_PROBLEMS)
    async def embeddings() -> EmbeddingsBody:
        """List the embeddings that can be asked."""
        return EmbeddingsBody(
            embeddings=[_about(name, questions) for name in questions.spaces],
            chance=questions.chance,
        )

    @routes.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> JSONResponse:
        return JSONResponse(_description(request))

    @routes.get("/", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        root = request.scope["root_path"]
        return HTMLResponse(manual(_description(request), root, root + PREFIX))

    @routes.get("", include_in_schema=False)
    async def docs_without_slash(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{request.scope['root_path']}{PREFIX}/")

    @routes.get("/manual.css", include_in_schema=False)
    async def manual_style() -> Response:
        return Response(style(), media_type="text/css")

    return routes


def _description(request: Request) -> dict[str, Any]:
    """Return the OpenAPI description, with where the API is for who asks."""
    return {**request.app.openapi(), "servers": [{"url": request.scope["root_path"] or "/"}]}


def _about(name: str, questions: Questions) -> EmbeddingBody:
    embedding = questions.spaces[name].embedding
    vocabulary = questions.spaces[name].resolver.vocabulary
    known = embedding.provenance
    return EmbeddingBody(
        name=name,
        about=str(known.get("title") or known.get("format") or ""),
        items=len(embedding),
        dimension=embedding.dimension,
        species=None if vocabulary.table is None else vocabulary.species,
        steps=[str(step) for step in known.get("steps") or ()],
        sha256=embedding.sha256,
    )
