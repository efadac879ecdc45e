"""An answer of a space says where it came from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from gene_analogies.report.origin import Origin
from gene_analogies.results.on_map import MappedAnswer, OnMap

if TYPE_CHECKING:
    from gene_analogies.questions.base import Base
    from gene_analogies.results import Answer

__all__ = ["call_text", "with_call"]

P = ParamSpec("P")
A = TypeVar("A", bound="Answer")

#: A longer call is no line to read, nor to copy.
_LONGEST = 1_000


def with_call(method: Callable[P, A]) -> Callable[P, A]:
    """Let a question of a space note the space and the call in its answer's ``origin``.

    Answers that can be drawn on the map of the space learn where that is.
    """

    @functools.wraps(method)
    def ask(*arguments: P.args, **options: P.kwargs) -> A:
        answer = method(*arguments, **options)
        given: Any = arguments
        space: Base = given[0]
        call = None
        if space.loaded_by is not None:
            asked = call_text(method.__name__, given[1:], options)
            call = asked and f"{space.loaded_by}.{asked}"
        if isinstance(answer, MappedAnswer):
            answer = answer.having_map(OnMap(lambda rows: space.layouts.of(rows), space.embedding))
        return answer.having_origin(Origin((space.embedding,), call))

    return ask


def call_text(name: str, arguments: Sequence[Any], options: Mapping[str, Any]) -> str | None:
    """Return a call as Python has it; None where a value is not plain, or it is too long.

    Examples
    --------
    >>> call_text("pairs", ["EGF", "EGFR"], {"k": 3})
    "pairs('EGF', 'EGFR', k=3)"
    """
    if not all(map(_is_plain, (*arguments, *options.values()))):
        return None
    values = [*map(repr, arguments), *(f"{key}={value!r}" for key, value in options.items())]
    text = f"{name}({', '.join(values)})"
    return text if len(text) <= _LONGEST else None


def _is_plain(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return type(value) in (list, tuple) and all(map(_is_plain, value))
    return value is None or type(value) in (str, int, float, bool)
