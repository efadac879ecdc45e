"""What goes wrong, as a page says it: with the form as it was filled in, and links that go on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from gene_analogies.web.asked import Given, address, as_parameters, given, pairs_in, without
from gene_analogies.web.parameters import NAMED, PREFIX
from gene_analogies.web.rendering import TABS

if TYPE_CHECKING:
    from starlette.requests import Request

    from gene_analogies.web.problems import ProblemBody
    from gene_analogies.web.rendering import Site

__all__ = ["problem_page", "wants_page"]

_HEADINGS: Final = {
    "unknown": "No gene here is called {}",
    "ambiguous": "{} may be several genes",
    "busy": "The server is busy",
    "too_long": "This takes too long",
    "not_found": "There is no such page",
    "internal": "Something went wrong",
}
_INVALID: Final = "This cannot be asked"


def wants_page(request: Request) -> bool:
    """Whether a page was asked for, rather than a file or something of the API."""
    path = _path(request)
    first = path.strip("/").partition("/")[0]
    return not path.startswith(PREFIX) and ("." not in first)


def problem_page(site: Site, request: Request, body: ProblemBody) -> bytes:
    """Return the page of a problem.

    Parameters
    ----------
    site
        Makes it.
    request
        What cannot be answered.
    body
        Why.
    """
    asked: Given = getattr(request.state, "asked", None) or given(request.query_params)
    tab = _path(request).strip("/").partition("/")[0]
    name = body.name or ""
    lacking = [one for one in site.chosen(asked) if one not in body.embeddings]

    def instead(other: str) -> str:
        """Return the address with another name in the place of the wrong one."""
        if tab == "gene":
            return site.gene_link(request, asked, other)
        kept = [
            (key, other if key in NAMED and value.strip() == name.strip() else value)
            for key, value in asked
            if key not in ("row", "view")
        ]
        return address(request.scope["root_path"] + _path(request), kept)

    def elsewhere(embedding: str) -> str:
        if tab == "gene":
            return site.gene_link(request, asked, name, embedding)
        path = request.scope["root_path"] + _path(request)
        return address(path, [*without(asked, "e", "row", "view"), ("e", embedding)])

    # What may be meant is listed, with links; that it is unknown, the heading says.
    message = body.message.partition("; ")[0] if body.candidates else body.message
    if (body.error == "unknown" and body.candidates) or body.error == "not_found":
        message = ""
    pairs = _two_genes(site, asked, name) if body.error == "unknown" else []
    if pairs:
        message = "these are two genes: write each in a field of its own"
    heading = _HEADINGS.get(body.error, _INVALID).format(name)
    if body.error == "no_vector" or body.embeddings:
        heading = f"{name} is not in the data that is searched ({' or '.join(lacking)})"
    return site.render(
        "problem.html",
        request,
        asked,
        tab=tab if tab in TABS else "",
        heading=heading,
        message=_sentence(message, body.name) if message else "",
        choose="Which one?" if body.error == "ambiguous" else "Did you mean",
        candidates=[(one.name, one.full_name, instead(one.name)) for one in body.candidates]
        if not pairs
        else [],
        pairs=pairs,
        elsewhere=[(one, elsewhere(one)) for one in body.embeddings],
        again=address(quote(request.scope["path"]), asked)
        if body.error == "busy" and request.method == "GET"
        else "",
    )


def _two_genes(site: Site, asked: Given, name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the pair, and how it is asked about, that was written into one field."""
    space = site.spaces[site.chosen(asked)[0]]
    return [
        (f"{a} : {b}", as_parameters([(a, b)]))
        for a, b in pairs_in(name)
        if a in space and b in space
    ]


def _sentence(message: str, name: str | None) -> str:
    """Return a message as a sentence; names of parameters are not written large."""
    # Of a and b together, a comes first.
    is_name = name is not None and re.split(r"[ .]", message)[0] in (name, "a")
    begins = message if is_name else message[:1].upper() + message[1:]
    return f"{begins}."


def _path(request: Request) -> str:
    return str(request.scope["path"]).removeprefix(request.scope["root_path"])
