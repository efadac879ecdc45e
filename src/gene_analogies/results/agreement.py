"""The answer of `agree`: one question about pairs, in two embeddings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.answer import Answer
from gene_analogies.results.evidence import entrez_numbers, urls_of_papers

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["AgreedPair", "AgreementResult"]


class AgreedPair(NamedTuple):
    """A pair, and what it is in the two embeddings; None where it is no answer in one."""

    c: str
    d: str
    similarity_1: float | None
    rank_1: int | None
    similarity_2: float | None
    rank_2: int | None


@dataclass(frozen=True, repr=False, eq=False)
class AgreementResult(Answer):
    """The best pairs of two embeddings: those that both find, then the others.

    Attributes
    ----------
    embeddings
        What the two are called.
    examples
        The pairs that were asked for.
    c, d
        The m first and second items, as the first embedding calls them.
    similarity
        float64 of shape (2, m): in either embedding, as in `PairsResult`; NaN where a pair is no
        answer.
    ranks
        Masked int64 of shape (2, m): the place among all pairs in either; masked where a pair is
        no answer.
    agreeing
        How many pairs are among the first k of both; they come first.
    random_agreeing
        How many are for random pairs of items, the mean over fifty; None where these have no
        answer.
    k
        How many pairs were looked for in each.
    items
        How many items both have and were searched.
    metric, operation, pair_weight, notes
        As in `PairsResult`.
    """

    question: ClassVar[str] = "pairs"
    rows_name: ClassVar[str] = "pairs"
    ranked: ClassVar[bool] = False

    embeddings: tuple[str, str]
    examples: tuple[tuple[Item, Item], ...]
    c: tuple[Item, ...]
    d: tuple[Item, ...]
    similarity: NDArray[np.float64]
    ranks: np.ma.MaskedArray[Any, np.dtype[np.int64]]
    agreeing: int
    random_agreeing: float | None
    k: int
    items: int
    metric: str
    operation: str
    pair_weight: float
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.c)

    def __iter__(self) -> Iterator[AgreedPair]:
        # A missing similarity is NaN, which is no value to compare.
        first, second = (
            [None if np.isnan(one) else one for one in row] for row in self.similarity.tolist()
        )
        ranks = self.ranks.tolist()
        for c, d, *numbers in zip(self.c, self.d, first, ranks[0], second, ranks[1], strict=True):
            yield AgreedPair(c.name, d.name, *numbers)

    @cached_property
    def papers(self) -> NDArray[np.int64] | None:
        """How many papers name both c and d, int64 of shape (m,); None without human genes."""
        c, d = entrez_numbers(self.c), entrez_numbers(self.d)
        if not (c.any() or d.any()):
            return None
        from gene_analogies.genes.papers import count_papers

        return count_papers(c, d)

    @property
    def query(self) -> str:
        """The question in words, such as ``EGF : EGFR``."""
        return ", ".join(f"{a.symbol} {self._sign} {b.symbol}" for a, b in self.examples)

    @property
    def title(self) -> str:
        """The question, and where it was asked."""
        first, second = self.embeddings
        return f"{self.query} ≈ c {self._sign} d in {first} and in {second}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """How many pairs both find, and how many they do for random pairs."""
        are = "is" if self.agreeing == 1 else "are"
        line = f"{self.agreeing:,} of the {self.k:,} best pairs {are} found by both"
        if self.random_agreeing is not None:
            line += f"; for random pairs of items {self.random_agreeing:.1f} are, on average"
            if self.agreeing <= self.random_agreeing:
                line += ", so that agreement is no evidence here"
        kind = "cosine" if self.metric == "cosine" else "negative Euclidean distance"
        about = f"similarity: the {kind} of the offsets; rank: the place among all pairs"
        if self.pair_weight:
            about += f", by similarity + {self.pair_weight:g} · cos(c, d)"
        return line, about

    @property
    def columns(self) -> tuple[Column, ...]:
        """``c``, ``d``, similarity and rank in either embedding, and papers."""
        kind: Any = "cosine" if self.metric == "cosine" else "score"
        columns = [Column("c", self.c, "item"), Column("d", self.d, "item")]
        for number, name in enumerate(self.embeddings, start=1):
            row = self.similarity[number - 1]
            columns.append(Column(f"similarity_{number}", row, kind, f"similarity in {name}"))
            ranks: Any = self.ranks[number - 1]
            columns.append(Column(f"rank_{number}", ranks, "count", f"rank in {name}"))
        if self.papers is not None:
            urls = urls_of_papers(self.c, self.d)
            columns.append(Column("papers", self.papers, "count", "", "that name c and d", urls))
        return tuple(columns)

    @property
    def facts(self) -> dict[str, Any]:
        """The examples, the embeddings, the metric and the operation."""
        return {
            "examples": [[described(a), described(b)] for a, b in self.examples],
            "embeddings": list(self.embeddings),
            "k": self.k,
            "metric": self.metric,
            "operation": self.operation,
            **({"pair_weight": self.pair_weight} if self.pair_weight else {}),
        }

    @property
    def totals(self) -> dict[str, Any]:
        """How many pairs both find, and do for random pairs; how many items were searched."""
        return {
            "agreeing": self.agreeing,
            "random_agreeing": self.random_agreeing,
            "items": self.items,
        }

    @property
    def _sign(self) -> str:
        return ":" if self.operation == "difference" else "+"
