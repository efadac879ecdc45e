"""What all pages have: templates, addresses, style and scripts."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from gene_analogies.report.html_templates import SCRIPT, STYLE, page_file
from gene_analogies.web.asked import Given, address, as_parameters
from gene_analogies.web.examples import example_pairs, example_relations
from gene_analogies.web.parameters import ROWS, OfAnalogies

if TYPE_CHECKING:
    from starlette.requests import Request

    from gene_analogies.space import Space

__all__ = ["TABS", "Site", "refused_page", "static_file", "static_version"]

#: The pages by their paths, as their tabs call them.
TABS: Final = {
    "pairs": "Pairs like this pair",
    "similar": "Similar genes",
    "analogies": "One gene",
    "complete": "Fill the gap",
    "relation": "Is it real?",
}
#: Files of ours; those of reports are served beside them.
_OWN: Final = ("page.css", "names.js", "rows.js", "map.js")
_TYPES: Final = {"css": "text/css", "js": "text/javascript"}
_FIELDS: Final = ("a", "b", "c", "k", "names", "contrast", "pair_weight", "unordered", "pairs")
#: How many embeddings a page asks at once, where that is not one.
_SEVERAL: Final[dict[str, int | None]] = {"": None, "pairs": 2, "relation": None}


@cache
def static_file(name: str) -> tuple[bytes, str] | None:
    """Return a style or a script with its type; None if there is none of this name."""
    if name in (STYLE, SCRIPT):
        text = page_file(name).encode()
    elif name in _OWN:
        text = (files("gene_analogies.web") / "static" / name).read_bytes()
    else:
        return None
    return text, _TYPES[name.rpartition(".")[2]]


@cache
def static_version() -> str:
    """Return what changes when a style or a script does."""
    digest = hashlib.sha256()
    for name in (STYLE, SCRIPT, *_OWN):
        digest.update((static_file(name) or (b"", ""))[0])
    return digest.hexdigest()[:12]


@cache
def _environment() -> Environment:
    found = Environment(
        loader=ChoiceLoader(
            [PackageLoader("gene_analogies.web"), PackageLoader("gene_analogies.report", "page")]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    found.globals["rows_unless_given"] = ROWS
    return found


def refused_page(root: str, title: str, message: str, form: Given | None = None) -> bytes:
    """Return a page for who may not see the others.

    Parameters
    ----------
    root
        What the addresses of the server begin with.
    title, message
        What is wrong.
    form
        What else was asked, to be asked again with a token; None asks for no token.
    """
    page = (
        _environment()
        .get_template("refused.html")
        .render(static=f"{root}/static/{static_version()}", title=title, message=message, form=form)
    )
    return page.encode("utf-8", "replace")


class Site:
    """Makes pages of templates.

    Parameters
    ----------
    spaces
        By the names that a server has them under.
    chance
        Whether answers are compared with those of random queries.
    local
        The names under which nobody but its own computer reaches the server.
    """

    def __init__(
        self, spaces: Mapping[str, Space], *, chance: bool, local: Collection[str]
    ) -> None:
        self.spaces = spaces
        self._shared: dict[str, Any] = {
            "tabs": TABS,
            "chance": chance,
            "embeddings": {name: _about(space) for name, space in spaces.items()},
        }
        self._local = local
        self._pairs = {name: example_pairs(space) for name, space in spaces.items()}
        self._relations = {name: example_relations(space) for name, space in spaces.items()}

    def render(self, template: str, request: Request, asked: Given, **values: Any) -> bytes:  # noqa: ANN401
        """Return a page.

        Parameters
        ----------
        template
            The name of its template.
        request
            What it answers.
        asked
            What was filled in.
        **values
            What the template shows beside this.
        """
        root = request.scope["root_path"]
        chosen = self.chosen(asked)

        def link(path: str, *parameters: tuple[str, str]) -> str:
            """Return the address of another page, which asks the same embeddings."""
            return address(f"{root}/{path}", [*parameters, *self._embeddings(asked, path)])

        shown = {
            **self._shared,
            "root": root,
            "asked": asked,
            "values": _lists(asked),
            "chosen": chosen,
            "examples": self._pairs[chosen[0]],
            "relations": [
                (called, link("relation", *as_parameters(of)))
                for called, of in self._relations[chosen[0]]
            ],
            "host": request.url.hostname,
            "local": request.url.hostname in self._local,
            "static": f"{root}/static/{static_version()}",
            "link": link,
            "gene_link": partial(self.gene_link, request, asked),
            **values,
        }
        page = _environment().get_template(template).render(shown)
        return page.encode("utf-8", "replace")

    def chosen(self, asked: Given) -> list[str]:
        """Return the names of the embeddings that are asked."""
        known = [value for name, value in asked if name == "e" and value in self.spaces]
        return list(dict.fromkeys(known)) or [next(iter(self.spaces))]

    def gene_link(
        self, request: Request, asked: Given, name: str, embedding: str | None = None
    ) -> str:
        """Return the address of the page of an item, in the embedding that is asked or named."""
        root = request.scope["root_path"]
        named = self._embeddings(asked, "gene") if embedding is None else [("e", embedding)]
        if name in (".", ".."):  # which are no part of a path, however they are written
            return address(f"{root}/similar", [("names", name), *named])
        return address(f"{root}/gene/{quote(name, safe='')}", named)

    def _embeddings(self, asked: Given, path: str) -> list[tuple[str, str]]:
        """Return the embeddings that were asked for, as many as a page takes."""
        if not any(name == "e" for name, _ in asked):
            return []
        return [("e", one) for one in self.chosen(asked)][: _SEVERAL.get(path, 1)]


def _lists(asked: Given) -> dict[str, list[str]]:
    """Return the values of all fields that a form may have."""
    found: dict[str, list[str]] = {name: [] for name in _FIELDS}
    for name, value in asked:
        found.setdefault(name, []).append(value)
    return found


def _tried(count: int, things: str) -> str:
    """Return what `analogies` compares unless it is told otherwise."""
    most = OfAnalogies.model_fields["truncate"].default
    if count <= most:
        return f"All pairs of {things}"
    return f"All pairs of the first {most:,} {things} of the data, of {count:,},"


def _about(space: Space) -> dict[str, Any]:
    count = len(space)
    vocabulary = space.resolver.vocabulary
    known = space.embedding.provenance
    genes = vocabulary.table is not None
    one = "gene" if genes else "item"
    return {
        "title": str(known.get("title") or ""),
        "count": f"{count:,}",
        "pairs": f"{count * (count - 1):,}",
        "genes": f"{vocabulary.species} genes" if genes else "items",
        "one": one,
        "tried": _tried(count, f"{one}s"),
    }
