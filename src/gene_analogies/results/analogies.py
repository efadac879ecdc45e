"""The answers of `analogies` and `top`: analogies a : b ≈ c : d."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.analogy_evidence import AnalogyEvidence
from gene_analogies.results.answer import Answer
from gene_analogies.util.wording import pluralise

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


#: What a row says.
_READ = "{} is to b as c is to d; similarity: the cosine of the two differences, at best 1"


@dataclass(frozen=True, repr=False, eq=False)
class _Analogies(Answer):
    """Analogies; the attributes are described in `AnalogiesResult`."""

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
    evidence: AnalogyEvidence | None = None

    def __len__(self) -> int:
        return len(self.a)

    def __iter__(self) -> Iterator[Analogy]:
        members = zip(self.a, self.b, self.c, self.d, self.similarity.tolist(), strict=True)
        for a, b, c, d, similarity in members:
            yield Analogy(a.name, b.name, c.name, d.name, similarity)

    @property
    def title(self) -> str:
        """The question, and what an answer looks like."""
        return f"{self.query}: a : b ≈ c : d"

    @property
    def explanation(self) -> tuple[str, ...]:
        """How to read a row; which analogies were left out."""
        return (_READ.format("a"), *self._rules("a"))

    def explanation_in(self, form: Literal["table", "markdown", "html"]) -> tuple[str, ...]:
        """In Markdown one sentence, which says what the similarity is, too."""
        if form != "markdown":
            return self.explanation
        rules = "".join(f"; {rule}" for rule in self._rules("a"))
        return (f"Analogies a : b ≈ c : d; similarity is the cosine of the offsets{rules}.",)

    @property
    def columns(self) -> tuple[Column, ...]:
        """``a``, ``b``, ``c``, ``d``, ``similarity`` and the first evidence."""
        return (
            Column("a", self.a, "item"),
            Column("b", self.b, "item"),
            Column("c", self.c, "item"),
            Column("d", self.d, "item"),
            Column("similarity", self.similarity, "cosine"),
            *(self.evidence.columns if self.evidence else ()),
        )

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """These, the other cosines, and the ids of human genes."""
        return (*self.columns, *(self.evidence.more_columns if self.evidence else ()))

    @property
    def facts(self) -> dict[str, Any]:
        """The options."""
        return {"max_similarity": self.max_similarity, "distinct": self.distinct}

    def _rules(self, a: str) -> tuple[str, ...]:
        """Say which analogies were left out, in one line if any; ``a`` is the first member."""
        rules = []
        if self.max_similarity < 1.0:
            rules.append(
                f"analogies of near-copies (cos({a}, c) or cos(b, d) above {self.max_similarity:g})"
            )
        if self.distinct:
            rules.append("analogies that share three items with a better one")
        return (f"left out: {'; '.join(rules)}",) if rules else ()


@dataclass(frozen=True, repr=False, eq=False)
class AnalogiesResult(_Analogies):
    """The best analogies that one item takes part in, best first.

    Attributes
    ----------
    item
        The item that was asked for.
    a, b, c, d
        The items of m analogies; ``a`` is always ``item``.
    a_rows, b_rows, c_rows, d_rows
        int64 of shape (m,): their rows in the embedding.
    similarity
        float64 of shape (m,): the cosine of ``a − b`` and ``c − d``, in (0, 1].
    max_similarity
        Highest cosine of a and c, and of b and d.
    distinct
        Whether analogies that share three of their four items with a better one of the answer
        were left out.
    notes
        What a reader should know: names that were rewritten, or left out.
    evidence
        What the analogies can be judged by; each part is worked out when it is shown or asked for.
    """

    question: ClassVar[str] = "analogies"

    item: Item = field(kw_only=True)

    @property
    def query(self) -> str:
        """The question in words."""
        return f"best analogies of {self.item.symbol}"

    @property
    def title(self) -> str:
        """What an answer looks like: ``EGF : b ≈ c : d``."""
        return f"{self.item.symbol} : b ≈ c : d"

    @property
    def explanation(self) -> tuple[str, ...]:
        """The item's full name; which analogies were left out."""
        full_name = (self.item.full_name,) if self.item.full_name else ()
        return (*full_name, _READ.format(self.item.symbol), *self._rules(self.item.symbol))

    @property
    def asked(self) -> tuple[tuple[Item, ...], ...]:
        """The item, as a."""
        return ((self.item,),)

    @property
    def columns(self) -> tuple[Column, ...]:
        """``b``, ``c``, ``d``, ``similarity`` and the first evidence."""
        return super().columns[1:]

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The same with ``a`` before them, the other cosines, and the ids of human genes."""
        return (Column("a", self.a, "item"), *super().all_columns)

    @property
    def facts(self) -> dict[str, Any]:
        """The item, and the options."""
        return {"item": described(self.item), **super().facts}


@dataclass(frozen=True, repr=False, eq=False)
class AllAnalogiesResult(_Analogies):
    """The best analogies of every item: ordered by the row of ``a``, then best first.

    Attributes
    ----------
    a, b, c, d, a_rows, b_rows, c_rows, d_rows, similarity, max_similarity, distinct, notes
        As in `AnalogiesResult`, for every item as ``a``; items without analogies have no rows.
    evidence
        As in `AnalogiesResult`.
    """

    question: ClassVar[str] = "analogies"
    ranked: ClassVar[bool] = False

    @property
    def query(self) -> str:
        """The question in words."""
        return "best analogies of every item"


@dataclass(frozen=True, repr=False, eq=False)
class TopResult(_Analogies):
    """The best analogies of all, best first; of equal analogies, the one with the earliest row.

    Attributes
    ----------
    a, b, c, d, a_rows, b_rows, c_rows, d_rows, similarity, max_similarity, distinct, notes
        As in `AnalogiesResult`; ``a`` is the item of the earliest row in each.
    evidence
        As in `AnalogiesResult`.
    pairs
        How many pairs were compared with each other; None for all of them.
    edges
        From how many nearest neighbours of each item these pairs came, if from neighbours.
    """

    question: ClassVar[str] = "top"

    pairs: int | None = None
    edges: int | None = None

    @property
    def query(self) -> str:
        """The question in words."""
        if self.pairs is None:
            return "best analogies of all"
        which = "given" if self.edges is None else "neighbouring"
        return f"best analogies among {pluralise(self.pairs, f'{which} pair')}"

    @property
    def facts(self) -> dict[str, Any]:
        """How many pairs were compared, from how many neighbours; the options."""
        return {"pairs": self.pairs, "edges": self.edges, **super().facts}
