"""The application, made of spaces."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from gene_analogies._version import __version__
from gene_analogies.web.api import api_routes
from gene_analogies.web.files import file_routes
from gene_analogies.web.invalid import invalid
from gene_analogies.web.pages import page_routes
from gene_analogies.web.problem_pages import problem_page, wants_page
from gene_analogies.web.problems import ProblemBody, RefusedError
from gene_analogies.web.questions import Questions
from gene_analogies.web.rendering import Site
from gene_analogies.web.security import LOOPBACK, Guard
from gene_analogies.web.served import as_served
from gene_analogies.web.work import BusyError, LeftError, TooLongError, Work

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from gene_analogies.space import Space

__all__ = ["create_app"]

_LOG = logging.getLogger(__name__)
_ABOUT = """Exact analogies between genes: EGF is to EGFR as HGF is to MET. Parameters are called \
as the arguments of the Python library, and answers hold what its JSON holds."""
#: Nobody receives it: the client has left.
_LEFT = 499


def create_app(
    spaces: Mapping[str, Space],
    *,
    chance: bool = True,
    bound: str = "127.0.0.1",
    hosts: Iterable[str] = (),
    token: str | None = None,
    root_path: str = "",
    work: Work | None = None,
) -> ASGIApp:
    """Return the application that answers questions of some spaces.

    Parameters
    ----------
    spaces
        By the names that a client calls them; the first one is asked unless another is named.
        Nothing else can be asked: no name is ever taken for a file.
    chance
        Whether answers may be compared with those of random queries.
    bound, hosts, token, root_path
        As for `gene_analogies.web.security.Guard`.
    work
        The threads that answer; of the default numbers unless given.
    """
    work = work or Work()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        work.close()

    app = FastAPI(
        title="gene-analogies", version=__version__, description=_ABOUT, lifespan=lifespan,
        docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False,
    )  # fmt: skip
    served = {name: as_served(space, name) for name, space in spaces.items()}
    questions = Questions(served, chance=chance, work=work)
    app.include_router(api_routes(questions))
    app.include_router(file_routes(questions))
    app.state.site = Site(served, chance=chance, local=LOOPBACK if bound in LOOPBACK else ())
    app.include_router(page_routes(questions, app.state.site))
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)
    return Guard(app, bound=bound, hosts=hosts, token=token, root_path=root_path)


def _said(
    request: Request, status: int, body: ProblemBody, headers: dict[str, str] | None = None
) -> Response:
    """Say what is wrong: to a program as JSON, to a reader as a page."""
    if wants_page(request):
        return HTMLResponse(problem_page(request.app.state.site, request, body), status, headers)
    return JSONResponse(body.model_dump(), status, headers)


async def _problem(request: Request, problem: Any) -> Response:  # noqa: ANN401 - of the kind it is for
    return _said(request, problem.status, problem.body)


async def _busy(request: Request, busy: Any) -> Response:  # noqa: ANN401
    body = ProblemBody(error="busy", message=str(busy))
    return _said(request, 503, body, {"Retry-After": str(busy.seconds)})


async def _too_long(request: Request, late: Any) -> Response:  # noqa: ANN401
    return _said(request, 503, ProblemBody(error="too_long", message=str(late)))


async def _left(_: Request, __: Any) -> Response:  # noqa: ANN401
    return Response(status_code=_LEFT)


async def _invalid(request: Request, error: Any) -> Response:  # noqa: ANN401
    message, name = invalid(error.errors()[0])
    return _said(request, 422, ProblemBody(error="invalid", message=message, name=name))


async def _http(request: Request, error: Any) -> Response:  # noqa: ANN401
    kinds = {404: "not_found", 405: "not_allowed"}
    # A body that is no JSON is as wrong as a parameter.
    status = 422 if error.status_code == 400 else error.status_code
    body = ProblemBody(error=kinds.get(status, "invalid"), message=str(error.detail).lower())
    return _said(request, status, body, error.headers)


async def _internal(request: Request, error: Any) -> Response:  # noqa: ANN401
    _LOG.error("%r failed", request.url.path, exc_info=error)
    message = "the server made a mistake; its own terminal says more"
    return _said(request, 500, ProblemBody(error="internal", message=message))


_ANSWERS: dict[type[Exception], Any] = {
    RefusedError: _problem,
    BusyError: _busy,
    TooLongError: _too_long,
    LeftError: _left,
    RequestValidationError: _invalid,
    HTTPException: _http,
    Exception: _internal,
}
