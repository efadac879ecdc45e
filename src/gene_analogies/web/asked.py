"""What a page was asked, out of an address and back into one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar, get_origin
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

__all__ = ["Given", "address", "as_parameters", "given", "pairs_in", "parsed", "without"]

M = TypeVar("M", bound=BaseModel)
#: Names and values of parameters, in their order.
Given = Sequence[tuple[str, str]]

#: What stands between the two genes of a line, the first of these that is there.
_BETWEEN = tuple(
    re.compile(sign) for sign in (r"\t", ";", ",", r"\s+(?:->|[-–—>→:/])\s+", r":\s+", r"\s+", ":")
)


def given(query: QueryParams) -> list[tuple[str, str]]:
    """Return what was filled in: forms send their empty fields, too.

    Of a pair of which one is empty both are kept, so that no other takes its place.
    """
    items = query.multi_items()
    a, b = ([value.strip() for key, value in items if key == name] for name in ("a", "b"))
    partners = {"a": iter(b), "b": iter(a)} if len(a) == len(b) else {}
    found = []
    for name, value in items:
        partner = next(partners[name]) if name in partners else ""
        if value.strip() or partner:
            found.append((name, value))
    return found


def as_parameters(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pairs as parameters a and b."""
    return [one for a, b in pairs for one in (("a", a), ("b", b))]


def without(asked: Given, *names: str) -> list[tuple[str, str]]:
    """Return parameters without some of them."""
    return [(name, value) for name, value in asked if name not in names]


def address(path: str, asked: Given) -> str:
    """Return the address of a page."""
    return f"{path}?{urlencode(asked, errors='surrogatepass')}" if asked else path


def parsed(kind: type[M], asked: Given) -> M:
    """Return parameters as a question has them.

    Raises
    ------
    RequestValidationError
        If one of them has no meaning.
    """
    values: dict[str, str | list[str]] = {}
    for name, value in asked:
        field = kind.model_fields.get(name)
        if field is not None and get_origin(field.annotation) is list:
            values[name] = [*values.get(name, ()), value]
        else:
            values[name] = value
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        found = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(found) from None


def pairs_in(text: str) -> Iterable[tuple[str, str]]:
    """Yield the pairs of a text, one a line, as people type them or paste them from a table.

    A line that holds one gene gives an empty second one.
    """
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        between = next((sign for sign in _BETWEEN if sign.search(stripped)), _BETWEEN[0])
        first, second, *_ = [*between.split(stripped), ""]
        yield first.strip(' "'), second.strip(' "')
