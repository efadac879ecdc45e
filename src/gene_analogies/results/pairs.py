"""The answer of `pairs`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.answer import Answer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Pair", "PairsResult"]


class Pair(NamedTuple):
    """One pair of an answer: item names and the similarity of its offset to the query's."""

    c: str
    d: str
    similarity: float


@dataclass(frozen=True, repr=False, eq=False)
class PairsResult(Answer):
    """The pairs that relate as the query does, best first.

    Attributes
    ----------
    examples
        The pairs that were asked for; empty where a ready offset was given.
    c, d
        The k first and second items.
    c_rows, d_rows
        int64 of shape (k,): their rows in the embedding.
    similarity
        float64 of shape (k,): the cosine of the two offsets in [−1, 1], or the negative of their
        Euclidean distance, in units of the embedding.
    metric
        ``"cosine"`` or ``"euclidean"``.
    operation
        ``"difference"`` or ``"sum"``.
    notes
        What a reader should know: names that were rewritten, or left out.
    without_direction
        Number of pairs left out because they have no direction (two equal vectors).
    pair_weight
        How much cos(c, d) counts beside the similarity; 0 unless it was asked for.
    cos_cd, score
        float64 of shape (k,): the cosine of c and d, and similarity + ``pair_weight`` · cos_cd, by
        which the pairs are ordered; None where ``pair_weight`` is 0.
    """

    question: ClassVar[str] = "pairs"
    rows_name: ClassVar[str] = "pairs"

    examples: tuple[tuple[Item, Item], ...]
    c: tuple[Item, ...]
    d: tuple[Item, ...]
    c_rows: NDArray[np.int64]
    d_rows: NDArray[np.int64]
    similarity: NDArray[np.float64]
    metric: str
    operation: str
    notes: tuple[str, ...] = ()
    without_direction: int = 0
    pair_weight: float = 0.0
    cos_cd: NDArray[np.float64] | None = None
    score: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.c)

    def __iter__(self) -> Iterator[Pair]:
        for c, d, similarity in zip(self.c, self.d, self.similarity.tolist(), strict=True):
            yield Pair(c.name, d.name, similarity)

    @property
    def query(self) -> str:
        """The question in words, such as ``EGF : EGFR``."""
        sign = ":" if self.operation == "difference" else "+"
        return ", ".join(f"{a.symbol} {sign} {b.symbol}" for a, b in self.examples) or "an offset"

    @property
    def title(self) -> str:
        """The question and what an answer looks like: ``EGF : EGFR ≈ c : d``."""
        return f"{self.query} ≈ c {':' if self.operation == 'difference' else '+'} d"

    @property
    def explanation(self) -> tuple[str, ...]:
        """The full names of a single example; how to read a row; what the similarity is."""
        lines = []
        if len(self.examples) == 1:
            a, b = self.examples[0]
            if a.full_name and b.full_name:
                sign = ":" if self.operation == "difference" else "+"
                lines.append(f"{a.full_name} {sign} {b.full_name}")
        about = f"similarity: {self._about}"
        if self.pair_weight:
            best = f"{1.0 + self.pair_weight:g}"
            about = f"score: {self._weighted}, at best {best}; {about}"
        return (*lines, self._reading + about)

    @property
    def _weighted(self) -> str:
        """What the score is made of."""
        return f"similarity + {self.pair_weight:g} · cos(c, d)"

    @property
    def _reading(self) -> str:
        """How to read a row aloud; nothing for sums, which have no order, and for an offset."""
        if self.operation == "sum" or not self.examples:
            return ""
        if len(self.examples) > 1:
            return "c is to d as in the examples; "
        a, b = self.examples[0]
        return f"{a.symbol} is to {b.symbol} as c is to d; "

    @property
    def _about(self) -> str:
        """What the similarity is, and its best value."""
        kind, best, to = "cosine", 1, "with"
        if self.metric == "euclidean":
            kind, best, to = "negative Euclidean distance", 0, "from"
        sign = "−" if self.operation == "difference" else "+"
        both = f"c {sign} d {to} the offset"
        if len(self.examples) == 1:
            both = f"the two {self.operation}s"
        elif self.examples:
            both = f"c {sign} d {to} the mean {self.operation} of the examples"
        return f"the {kind} of {both}, at best {best}"

    def explanation_in(self, form: Literal["table", "markdown", "html"]) -> tuple[str, ...]:
        """In Markdown one sentence; nothing in HTML, where the column says what a score is."""
        if form == "table":
            return self.explanation
        if form == "html":
            return ()
        about = "cosine" if self.metric == "cosine" else "negative Euclidean distance"
        line = f"Pairs with the same {self.operation}; similarity is the {about} of the offsets"
        return (f"{line}, score {self._weighted}." if self.pair_weight else f"{line}.",)

    @property
    def asked(self) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """The first members of all examples, and the second ones."""
        return tuple(a for a, _ in self.examples), tuple(b for _, b in self.examples)

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many pairs were left out because they have no direction."""
        if not self.without_direction:
            return ()
        same = "equal" if self.operation == "difference" else "opposite"
        single = self.without_direction == 1
        return (
            f"{self.without_direction:,} {'pair' if single else 'pairs'} of {same} vectors "
            f"{'has' if single else 'have'} no direction and {'is' if single else 'are'} left out",
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """``c``, ``d`` and ``similarity``; with a pair weight ``cos_cd`` and ``score``, too."""
        weighted: tuple[Column, ...] = ()
        if self.cos_cd is not None and self.score is not None:
            weighted = (
                Column("cos_cd", self.cos_cd, "cosine", title="cos(c, d)"),
                Column("score", self.score, "score", note=self._weighted),
            )
        return (
            Column("c", self.c, "item"),
            Column("d", self.d, "item"),
            Column("similarity", self.similarity, "cosine")
            if self.metric == "cosine"
            else Column("similarity", self.similarity, "score", note="negative distance"),
            *weighted,
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The examples, the metric and the operation, and the pair weight if there is one."""
        weighted = {"pair_weight": self.pair_weight} if self.pair_weight else {}
        return {
            "examples": [[described(a), described(b)] for a, b in self.examples],
            "metric": self.metric,
            "operation": self.operation,
            **weighted,
        }

    @property
    def totals(self) -> dict[str, Any]:
        """How many pairs have no direction."""
        return {"without_direction": self.without_direction}
