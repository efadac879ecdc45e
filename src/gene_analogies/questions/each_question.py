"""Many questions: what each asks, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import as_pairs

__all__ = [
    "Log",
    "PairQuestion",
    "completion_arguments",
    "completion_in_words",
    "example_pairs",
    "listed",
    "pairs_in_words",
]

#: A question of `pairs_each`: two names, or several example pairs.
PairQuestion = Sequence[str] | Sequence[tuple[str, str]]

#: Near spellings are looked for in the first questions with unknown names only: it takes a while.
_SUGGESTED = 20


@dataclass
class Log:
    """What is said of each question."""

    queries: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: int = 0

    @property
    def suggests(self) -> bool:
        """Whether near spellings of an unknown name are looked for."""
        return self.failed < _SUGGESTED

    def add(self, query: str, notes: Sequence[str] = (), error: str = "") -> None:
        """Add a question, which has no answer if there is an error."""
        self.queries.append(query)
        self.notes.append("; ".join(notes))
        self.errors.append(error)
        self.failed += bool(error)

    def table(self, sizes: Sequence[int]) -> dict[str, Any]:
        """Return what the results of many questions share, given how long each answer is."""
        lengths = np.array(sizes, np.int64)
        questions = np.repeat(np.arange(len(lengths)), np.maximum(lengths, 1))
        starts = np.cumsum(np.maximum(lengths, 1)) - np.maximum(lengths, 1)
        ranks = np.arange(1, len(questions) + 1) - starts[questions]
        return {
            "queries": tuple(self.queries),
            "errors": tuple(self.errors),
            "remarks_of": tuple(self.notes),
            "questions": questions,
            "ranks": np.where(lengths[questions] > 0, ranks, 0),
        }


def listed(queries: Iterable[Any]) -> list[Any]:
    """Return questions as a list; those of a data frame of pairs are its rows."""
    if isinstance(queries, str) or not isinstance(queries, Iterable):
        raise GeneAnalogiesError(f"queries must be a list of questions, not {queries!r}")
    framed = hasattr(queries, "columns") and hasattr(queries, "to_numpy")
    found = list(as_pairs(queries)) if framed else list(queries)
    if not found:
        raise GeneAnalogiesError("queries is empty; it needs at least one question")
    return found


def example_pairs(query: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - whatever the user gave
    """Return the example pairs of a question: two names, or several pairs."""
    given = [] if isinstance(query, str) or not isinstance(query, Iterable) else list(query)
    if not given:
        raise GeneAnalogiesError(
            f"a question must be two names, or a list of example pairs, not {query!r}"
        )
    if all(isinstance(name, str | int) for name in given):
        given = [given]
    return list(as_pairs(given))


def completion_arguments(query: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what `complete` is to be asked with, by the names of its arguments."""
    asked: dict[str, Any] = dict.fromkeys(("a", "b", "c", "positive", "negative"))
    if isinstance(query, Mapping) and query.keys() <= asked.keys():
        return {**asked, **query}
    given = [] if isinstance(query, str) or not isinstance(query, Iterable) else list(query)
    if len(given) == 2 and not isinstance(given[0], str):
        return {**asked, "a": list(as_pairs(given[0])), "c": given[1]}
    if len(given) == 3:
        return {**asked, **dict(zip("abc", given, strict=True))}
    raise GeneAnalogiesError(
        f"a question must be three names, or example pairs and a name, not {query!r}"
    )


def pairs_in_words(pairs: Iterable[tuple[str, str]], sign: str = ":") -> str:
    """Return example pairs as answers show them: ``EGF : EGFR, HGF : MET``."""
    return ", ".join(f"{a} {sign} {b}" for a, b in pairs)


def completion_in_words(
    a: Any, b: Any, c: Any, positive: Any, negative: Any  # noqa: ANN401
) -> str:  # fmt: skip
    """Return a question of `complete` as answers show it, such as ``EGF : EGFR :: HGF : ?``."""
    if positive is None and negative is None:
        pairs = [(str(a), b)] if isinstance(a, str | int) else list(a or ())
        return f"{pairs_in_words(pairs)} :: {c} : ?"
    added, subtracted = (
        [one] if isinstance(one, str) else list(one or ()) for one in (positive, negative)
    )
    return (" + ".join(map(str, added)) + "".join(f" − {one}" for one in subtracted)).lstrip()
