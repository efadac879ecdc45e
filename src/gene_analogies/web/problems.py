"""What goes wrong, as the API says it: a status, and one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, Field

from gene_analogies.errors import (
    AmbiguousNameError,
    GeneAnalogiesError,
    ItemNameError,
    NoVectorError,
)
from gene_analogies.genes.table import GeneTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gene_analogies.genes.gene import Gene
    from gene_analogies.space import Space

__all__ = [
    "Candidate",
    "ProblemBody",
    "RefusedError",
    "not_together",
    "problem_of",
    "refused",
]


class Candidate(BaseModel):
    """What may have been meant: a name to ask for, and its gene's full name."""

    name: str
    full_name: str


class ProblemBody(BaseModel):
    """Why there is no answer."""

    error: str = Field(description="What went wrong, in a word: unknown, ambiguous, invalid …")
    message: str = Field(description="One line that says what to do.")
    name: str | None = Field(default=None, description="The name or the parameter that is wrong.")
    candidates: list[Candidate] = Field(
        default_factory=list, description="What may have been meant, best first."
    )
    embeddings: list[str] = Field(
        default_factory=list, description="Embeddings here that know the name."
    )


class RefusedError(Exception):
    """A request without an answer.

    Parameters
    ----------
    status
        Of HTTP.
    body
        What is said.
    retry_after
        Seconds until it is worth asking again, if it is.
    """

    def __init__(self, status: int, body: ProblemBody, retry_after: int | None = None) -> None:
        super().__init__(body.message)
        self.status = status
        self.body = body
        self.retry_after = retry_after


def refused(message: str, name: str) -> RefusedError:
    """Return that a parameter is wrong, and how."""
    return RefusedError(422, ProblemBody(error="invalid", message=message, name=name))


def not_together(a: Sequence[str], b: Sequence[str]) -> RefusedError:
    """Return that the members of pairs are not as many."""
    return refused(f"a and b go together, and {len(a)} and {len(b)} were given", "b")


class _Kind(NamedTuple):
    status: int
    error: str


def _kind(error: GeneAnalogiesError) -> _Kind:
    if isinstance(error, AmbiguousNameError):
        return _Kind(409, "ambiguous")
    if isinstance(error, NoVectorError):
        return _Kind(404, "no_vector")
    if isinstance(error, ItemNameError):
        return _Kind(404, "unknown")
    return _Kind(422, "invalid")


def problem_of(
    error: GeneAnalogiesError, asked: Sequence[str], spaces: Mapping[str, Space]
) -> RefusedError:
    """Return an error of the library as the API says it.

    Parameters
    ----------
    error
        What was raised.
    asked
        Names of the embeddings that were asked.
    spaces
        All of them by name.
    """
    kind = _kind(error)
    body = ProblemBody(error=kind.error, message=str(error))
    if isinstance(error, ItemNameError):
        table = _table(asked, spaces)
        body.name = error.name
        body.candidates = [
            Candidate(name=one, full_name=_full_name(table.find(one))) for one in error.candidates
        ]
        if kind.status == 404 and asked:
            # Of two that are asked, one may have it.
            body.embeddings = [
                name
                for name, space in spaces.items()
                if (name not in asked or len(asked) > 1) and error.name in space
            ]
        if body.embeddings:
            has = "has" if len(body.embeddings) == 1 else "have"
            body.message += f"; {' and '.join(body.embeddings)} {has} it"
    return RefusedError(kind.status, body)


def _full_name(gene: Gene | None) -> str:
    return "" if gene is None else gene.full_name


def _table(asked: Sequence[str], spaces: Mapping[str, Space]) -> GeneTable:
    """Return the genes of the first embedding that was asked, else all human ones."""
    table = spaces[asked[0]].resolver.vocabulary.table if asked else None
    return GeneTable.packaged() if table is None else table
