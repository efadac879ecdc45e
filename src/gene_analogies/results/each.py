"""The answers to many questions, in one table: what those of `pairs_each` and the like share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gene_analogies.report.table import Column, Item
from gene_analogies.results.answer import Answer
from gene_analogies.results.each_evidence import EachEvidence, counts, items_of_rows
from gene_analogies.util.lazy_values import LazyValues
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EachOfPairs", "EachResult"]


@dataclass(frozen=True, repr=False, eq=False)
class EachResult(Answer):
    """The answers to q questions in one table of r rows, in the order of the questions.

    A question without an answer has one row, which says why.

    Attributes
    ----------
    queries
        The q questions in words, with names as they were given.
    errors
        Why a question has no answer; empty where it has one.
    remarks_of
        What a reader should know of each: names that were rewritten.
    questions
        int64 of shape (r,): which question a row belongs to, increasing from 0.
    ranks
        int64 of shape (r,): from 1 in each answer; 0 in the row of a question without one.
    items
        The items of all rows of the embedding that occur, by row.
    options
        The options, by name.
    notes
        What a reader should know of all questions: names to search among that were left out.
    """

    rows_name: ClassVar[str] = "rows"
    ranked: ClassVar[bool] = False

    queries: tuple[str, ...]
    errors: tuple[str, ...]
    remarks_of: tuple[str, ...]
    questions: NDArray[np.int64]
    ranks: NDArray[np.int64]
    items: Mapping[int, Item]
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.questions)

    @property
    def failed(self) -> int:
        """How many questions have no answer."""
        return sum(map(bool, self.errors))

    @property
    def query(self) -> str:
        """How many questions there are."""
        return pluralise(len(self.queries), "question")

    @property
    def title(self) -> str:
        """What was asked, and how often."""
        return f"{self.question}: {self.query}"

    @property
    def failure(self) -> str:
        """Which questions have no answer, and why: the first few. Empty where all have one."""
        if not self.failed:
            return ""
        have = "has" if self.failed == 1 else "have"
        which = [
            f"{query} ({error})"
            for query, error in zip(self.queries, self.errors, strict=True)
            if error
        ]
        return f"{self.failed:,} of {self.query} {have} no answer: {first_few(which)}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Which questions have no answer."""
        return (self.failure,) if self.failed else ()

    @property
    def facts(self) -> dict[str, Any]:
        """The options."""
        return dict(self.options)

    @property
    def totals(self) -> dict[str, Any]:
        """How many questions there are, and how many have no answer."""
        return {"questions": len(self.queries), "failed": self.failed}

    @property
    def columns(self) -> tuple[Column, ...]:
        """``query``, ``rank``, the answers and their first evidence; a remark has the errors."""
        return (self._of_questions("query", self.queries), self._rank, *self._answers)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """These, what was asked, the other evidence, ids of human genes, ``note``, ``error``."""
        return (
            self._of_questions("query", self.queries),
            *self._asked,
            self._rank,
            *self._answers,
            *self._more,
            self._of_questions("note", self.remarks_of),
            self._error,
        )

    @property
    def _asked(self) -> tuple[Column, ...]:
        """The items that a question was asked with, where they are so many."""
        raise NotImplementedError

    @property
    def _answers(self) -> tuple[Column, ...]:
        """The answers, their scores and their first evidence."""
        raise NotImplementedError

    @property
    def _more(self) -> tuple[Column, ...]:
        """The other evidence."""
        return ()

    @property
    def _error(self) -> Column:
        return self._of_questions("error", self.errors)

    @property
    def _rank(self) -> Column:
        return Column("rank", counts(self.ranks, self.ranks == 0), "count")

    def _of_questions(self, key: str, texts: tuple[str, ...]) -> Column:
        """Return a column of a text of each row's question."""

        def of(first: int, last: int) -> list[str]:
            return [texts[question] for question in self.questions[first:last].tolist()]

        return Column(key, LazyValues(len(self), of), "text")

    def _member(self, key: str, rows: NDArray[np.int64]) -> Column:
        """Return a column of an item of each row's question; −1 for none."""
        return Column(key, items_of_rows(rows[self.questions], self.items), "item")

    def _rank_or_none(self) -> list[int | None]:
        return [rank or None for rank in self.ranks.tolist()]

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Yield the question and the error of each row."""
        for question in self.questions.tolist():
            yield self.queries[question], self.errors[question]


@dataclass(frozen=True, repr=False, eq=False)
class EachOfPairs(EachResult):
    """Answers whose rows hold a pair c, d, or c and its completion.

    Attributes
    ----------
    examples
        The rows of the example pairs of each question.
    c_rows, d_rows
        int64 of shape (r,): rows in the embedding; −1 where there is none.
    evidence
        What the pairs can be judged by; each part is worked out when it is shown or asked for.
    """

    examples: tuple[tuple[tuple[int, int], ...], ...] = ()
    c_rows: NDArray[np.int64] = field(kw_only=True)
    d_rows: NDArray[np.int64] = field(kw_only=True)
    evidence: EachEvidence | None = None

    @property
    def _pair_asked(self) -> tuple[Column, Column]:
        """The a and b of questions of one example."""
        single = np.array(
            [one[0] if len(one) == 1 else (-1, -1) for one in self.examples], np.int64
        ).reshape(-1, 2)
        return self._member("a", single[:, 0]), self._member("b", single[:, 1])
