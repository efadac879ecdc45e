"""The answers of `complete_each`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from gene_analogies.report.table import Column
from gene_analogies.results.each import EachOfPairs
from gene_analogies.results.each_evidence import items_of_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["CompleteEachResult", "EachCompletion"]


class EachCompletion(NamedTuple):
    """A row of `CompleteEachResult`."""

    query: str
    rank: int | None
    d: str
    score: float | None
    error: str


@dataclass(frozen=True, repr=False, eq=False)
class CompleteEachResult(EachOfPairs):
    """The answers of `complete` to many questions; ``c_rows`` hold the c of the question.

    Attributes
    ----------
    scores
        float64 of shape (r,): as in `CompleteResult`; NaN where a question has no answer.
    methods
        The method of each question.
    """

    question: ClassVar[str] = "complete"

    scores: NDArray[np.float64] = field(kw_only=True)
    methods: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[EachCompletion]:
        numbers, d = self._rank_or_none(), items_of_rows(self.d_rows, self.items)
        for (query, error), rank, item, score in zip(
            self._texts(), numbers, d, self.scores.tolist(), strict=True
        ):
            known = item is not None
            yield EachCompletion(
                query, rank, item.name if item else "", score if known else None, error
            )

    @property
    def explanation(self) -> tuple[str, ...]:
        """By what items are ordered."""
        return (f"score: by {', '.join(dict.fromkeys(filter(None, self.methods))) or 'none'}",)

    @property
    def _asked(self) -> tuple[Column, ...]:
        c = Column("c", items_of_rows(self.c_rows, self.items), "item")
        return (*self._pair_asked, c)

    @property
    def _answers(self) -> tuple[Column, ...]:
        columns = [
            Column("d", items_of_rows(self.d_rows, self.items), "item"),
            Column("score", self.scores, "score"),
        ]
        evidence = self.evidence
        if evidence is not None:
            columns.append(Column("cos_cd", evidence.cos_cd, "cosine", title="cos(c, d)"))
        if evidence is not None and evidence.papers is not None:
            counted, urls = evidence.papers, evidence.urls_of_papers
            columns.append(Column("papers", counted, "count", "", "that name c and d", urls))
        return tuple(columns)

    @property
    def _more(self) -> tuple[Column, ...]:
        method = self._of_questions("method", self.methods)
        more = () if self.evidence is None else self.evidence.more_columns(of_c=False)
        return (method, *more)
