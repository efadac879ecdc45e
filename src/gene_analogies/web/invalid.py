"""What is wrong with a parameter, in the words of the library's own errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = ["invalid"]

#: By pydantic's type of error; what it knows of the error fills the braces.
_MUST: Final = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_type": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge:,} or more",
    "less_than_equal": "{le:,} or less",
    "string_type": "a text",
    "list_type": "a list",
    "tuple_type": "a list of two names",
    "model_type": "a JSON object",
    "model_attributes_type": "a JSON object",
}
#: Where the value is missing, or too long to be shown.
_OTHER: Final = {
    "missing": "is missing",
    "extra_forbidden": "is no parameter here",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length:,} letters",
    "too_short": "needs {min_length:,} or more, and {actual_length:,} were given",
    "too_long": "takes {max_length:,} or fewer, and more were given",
    "json_invalid": "is no JSON",
}
#: Letters of a value that are shown.
_SHOWN: Final = 40


def invalid(error: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return what is wrong in one line, and the parameter that is.

    Parameters
    ----------
    error
        One of pydantic's ``errors()``.
    """
    kind, known = error["type"], error.get("ctx", {})
    # The place of an error in JSON is a character.
    place: Sequence[str] = [] if kind == "json_invalid" else [str(one) for one in error["loc"][1:]]
    where = ".".join(place) or "the body"
    if kind in _MUST:
        text = f"must be {_MUST[kind].format_map(known)}, not {_shown(error['input'])}"
    elif kind in _OTHER:
        text = _OTHER[kind].format_map(known)
    else:
        text = f"is wrong: {error['msg'][:1].lower()}{error['msg'][1:]}"
    return f"{where} {text}", place[0] if place else None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
