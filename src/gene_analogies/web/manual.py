"""The page that describes the API, made from its OpenAPI description."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, Template

__all__ = ["manual", "style"]


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("gene_analogies.web"), autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("manual.html")


@cache
def style() -> bytes:
    """Return the page's style sheet."""
    return (files("gene_analogies.web") / "static" / "manual.css").read_bytes()


def manual(description: dict[str, Any], root: str, base: str) -> str:
    """Return the page.

    Parameters
    ----------
    description
        The API as OpenAPI has it.
    root, base
        What the addresses of the server and of the API begin with, without the host.
    """
    schemas = description["components"]["schemas"]
    routes = [
        {
            "method": method.upper(),
            "path": path,
            "about": one.get("description", ""),
            "parameters": one.get("parameters", []) or _of_body(one, schemas),
            "answers": one["responses"],
        }
        for path, methods in description["paths"].items()
        for method, one in methods.items()
    ]
    return _template().render(
        about=description["info"], routes=routes, root=root, base=base, kind_of=_kind_of
    )


def _of_body(one: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the members of a body as parameters."""
    if "requestBody" not in one:
        return []
    named = one["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = schemas[named.rpartition("/")[2]]
    return [
        {
            "name": name,
            "required": name in schema.get("required", ()),
            "description": about.get("description", ""),
            "schema": about,
        }
        for name, about in schema["properties"].items()
    ]


def _kind_of(schema: dict[str, Any]) -> str:
    """Return what a value may be, in words: its type or its choices, its range, its default."""
    choices = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    one = choices[0] if choices else schema
    repeated = one.get("type") == "array"
    inner = one.get("items", {}) if repeated else one
    words = [", ".join(inner["enum"]) if "enum" in inner else inner.get("type", "list")]
    least, most = inner.get("minimum"), inner.get("maximum")
    if least is not None and most is not None:
        words.append(f"{least:g} to {int(most):,}")
    if repeated:
        words.append(f"up to {one['maxItems']:,} times" if "maxItems" in one else "repeated")
    default = schema.get("default")
    if default not in (None, []):
        shown = f"{default:g}" if isinstance(default, float) else str(default)
        words.append(f"{shown.lower() if isinstance(default, bool) else shown} by default")
    return "; ".join(words)
