"""The templates, the style and the script of HTML; a page that is served has the same."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["SCRIPT", "STYLE", "content_policy", "page_file", "rendered"]

#: Files in the folder ``page``.
SCRIPT, STYLE = "sort.js", "style.css"


def rendered(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever templates show
    """Return a template of the folder ``page`` with these values, escaped."""
    return _environment().get_template(template).render(**values)


@cache
def page_file(name: str) -> str:
    """Return the text of a file of the folder ``page``."""
    return files("gene_analogies.report").joinpath("page", name).read_text(encoding="utf-8")


def content_policy() -> str:
    """Return the Content-Security-Policy of a page that holds its own style and script.

    Nothing else may run, and nothing may be fetched.
    """
    return (
        f"default-src 'none'; style-src {_hash(page_file(STYLE))}; "
        f"script-src {_hash(page_file(SCRIPT))}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("gene_analogies.report", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
