"""The answers of `analogies` and `top`: analogies a : b ≈ c : d."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from gene_analogies.results.answer import Answer, Column, Item, described

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["AllAnalogiesResult", "AnalogiesResult", "Analogy", "TopResult"]


class Analogy(NamedTuple):
    """One analogy: item names, and the cosine of its two offsets."""

    a: str
    b: str
    c: str
    d: str
    similarity: float


@dataclass(frozen=True, repr=False)
class _Analogies(Answer):
    """Analogies, best first.

    Attributes
    ----------
    a, b, c, d
        The items of m analogies.
    a_rows, b_rows, c_rows, d_rows
        int64 of shape (m,): their rows in the embedding.
    similarity
        float64 of shape (m,): the cosine of ``a − b`` and ``c − d``, in (0, 1].
    max_similarity
        Highest cosine of a and c, and of b and d.
    distinct
        Whether analogies that share three of their four items with a better one were left out.
    notes
        What a reader should know: names that were rewritten, or left out.
    """

    rows_name: ClassVar[str] = "analogies"

    a: tuple[Item, ...]
    b: tuple[Item, ...]
    c: tuple[Item, ...]
    d: tuple[Item, ...]
    a_rows: NDArray[np.int64]
    b_rows: NDArray[np.int64]
    c_rows: NDArray[np.int64]
    d_rows: NDArray[np.int64]
    similarity: NDArray[np.float64]
    max_similarity: float
    distinct: bool
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Analogy]:
        members = zip(self.a, self.b, self.c, self.d, self.similarity.tolist(), strict=True)
        for a, b, c, d, similarity in members:
            yield Analogy(a.name, b.name, c.name, d.name, similarity)

    @property
    def title(self) -> str:
        """The question, and what an answer looks like."""
        return f"{self.query}: a : b ≈ c : d"

    @property
    def columns(self) -> tuple[Column, ...]:
        """``a``, ``b``, ``c``, ``d`` and ``similarity``."""
        return (
            Column("a", self.a, "item"),
            Column("b", self.b, "item"),
            Column("c", self.c, "item"),
            Column("d", self.d, "item"),
            Column("similarity", self.similarity, "cosine"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The options."""
        return {"max_similarity": self.max_similarity, "distinct": self.distinct}


@dataclass(frozen=True, repr=False)
class AnalogiesResult(_Analogies):
    __doc__ = f"""The best analogies that one item takes part in, always as ``a``.

    {(_Analogies.__doc__ or "").partition("    ")[2]}"""

    question: ClassVar[str] = "analogies"

    @property
    def item(self) -> Item | None:
        """The item that was asked for; None where there are no analogies."""
        return self.a[0] if self.a else None

    @property
    def query(self) -> str:
        """The question in words."""
        return f"best analogies of {self.item.symbol}" if self.item else "best analogies"

    @property
    def asked(self) -> tuple[tuple[Item, ...], ...]:
        """Nothing: a is a column."""
        return ()

    @property
    def facts(self) -> dict[str, Any]:
        """The item, and the options."""
        return {"item": described(self.item) if self.item else None, **super().facts}


@dataclass(frozen=True, repr=False)
class AllAnalogiesResult(_Analogies):
    """The best analogies of every item: ordered by a, then best first."""

    question: ClassVar[str] = "analogies"

    @property
    def query(self) -> str:
        """The question in words."""
        return "best analogies of every item"


@dataclass(frozen=True, repr=False)
class TopResult(_Analogies):
    """The best analogies of all; of its equal forms, one begins with the earliest row."""

    question: ClassVar[str] = "top"

    #: How many pairs were compared; None for all of them.
    pairs: int | None = None

    @property
    def query(self) -> str:
        """The question in words."""
        among = "" if self.pairs is None else f" among {self.pairs:,} pairs"
        return f"best analogies of all{among}"

    @property
    def facts(self) -> dict[str, Any]:
        """How many pairs were given, and the options."""
        return {"pairs": self.pairs, **super().facts}
