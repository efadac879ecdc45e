"""The answer of `evaluate`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np

from gene_analogies.report.table import Column
from gene_analogies.results.answer import Answer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.analogy_questions import Four

__all__ = ["AnsweredQuestion", "EvaluationDetails", "EvaluationResult", "Section"]

#: What the row below the sections is called.
TOTAL = "total"

_FORMULAS = {
    "3CosAdd": "cos(d, b) − cos(d, a) + cos(d, c)",
    "3CosMul": "cos(d, b) · cos(d, c) / cos(d, a), cosines shifted to 0..1",
}


class Section(NamedTuple):
    """One section, or the total: how many questions, asked and right; NaN for a share of none."""

    section: str
    questions: int
    asked: int
    correct: int
    accuracy: float
    coverage: float


class AnsweredQuestion(NamedTuple):
    """One question as it was given, what was predicted for d, and the verdict on it."""

    section: str
    a: str
    b: str
    c: str
    d: str
    predicted: str
    verdict: str


@dataclass(frozen=True, repr=False, eq=False)
class EvaluationResult(Answer):
    """How many of m analogy questions are answered right: a row for each section, then the total.

    Attributes
    ----------
    source
        The name of the file; empty for questions that came from Python.
    sections
        Names of the s sections.
    ends
        For every section, how many questions there are up to its end.
    questions
        The m questions, each of four names as they were given.
    rows
        int64 of shape (m, 4): rows of a, b, c and d; −1 for a name without an item.
    predictions
        int64 of shape (m,): the row that answers each question best; −1 for questions that are
        not asked, since a name has no item, or have no answer.
    predicted
        The m names of these items; empty where there is none.
    correct
        bool of shape (m,): which questions are answered right.
    method
        ``"3CosAdd"`` or ``"3CosMul"``.
    vocabulary
        How many first rows could answer.
    truncate
        To how many first rows the vocabulary was restricted, as it was asked for; None if to none.
    include_query
        Whether a, b and c could answer, too.
    match_case
        Whether names in another case counted as others.
    notes
        What became of names that are not items as they were given.
    """

    question: ClassVar[str] = "evaluate"
    rows_name: ClassVar[str] = "sections"
    ranked: ClassVar[bool] = False

    source: str
    sections: tuple[str, ...]
    ends: tuple[int, ...]
    questions: tuple[Four, ...]
    rows: NDArray[np.int64]
    predictions: NDArray[np.int64]
    predicted: tuple[str, ...]
    correct: NDArray[np.bool_]
    method: Literal["3CosAdd", "3CosMul"]
    vocabulary: int
    truncate: int | None
    include_query: bool
    match_case: bool
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.sections) + 1

    def __iter__(self) -> Iterator[Section]:
        """Yield the sections, then the total."""
        values = [
            column.values if column.kind == "text" else np.asarray(column.values).tolist()
            for column in self.columns
        ]
        yield from map(Section._make, zip(*values, strict=True))

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """Which questions are asked, bool of shape (m,): those whose four names are items."""
        covered = np.asarray((self.rows >= 0).all(axis=1))
        covered.flags.writeable = False
        return covered

    @property
    def accuracy(self) -> float:
        """The share of the questions asked that are answered right; NaN where none is asked."""
        _, asked, correct = self._totals()
        return float(_shares(correct, asked)[-1])

    @property
    def coverage(self) -> float:
        """The share of the questions that are asked."""
        questions, asked, _ = self._totals()
        return float(_shares(asked, questions)[-1])

    @property
    def details(self) -> EvaluationDetails:
        """Every question with its answer."""
        return EvaluationDetails(self)

    @property
    def query(self) -> str:
        """Where the questions came from."""
        return self.source or "analogy questions"

    @property
    def title(self) -> str:
        """The questions, and what is asked: ``questions-words.txt: a : b ≈ c : ?``."""
        return f"{self.query}: a : b ≈ c : ?"

    @property
    def explanation(self) -> tuple[str, ...]:
        """What is asked and what answers it; what the counts and shares are."""
        return (
            self.reading,
            "asked: questions whose four names are among these items; correct: the answer is the "
            "one given in the question; accuracy: correct / asked; coverage: asked / questions",
        )

    @property
    def reading(self) -> str:
        """What is asked, and which item answers it."""
        first = "" if self.truncate is None else "first "
        others = "" if self.include_query else " other than a, b and c"
        return (
            "a is to b as c is to which item d? The answer is the one with the highest "
            f"{_FORMULAS[self.method]} ({self.method}), of the {first}{self.vocabulary:,} items"
            f"{others}"
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """``section``, ``questions``, ``asked``, ``correct``, ``accuracy``, ``coverage``."""
        questions, asked, correct = self._totals()
        return (
            Column("section", (*self.sections, TOTAL), "text"),
            Column("questions", questions, "count"),
            Column("asked", asked, "count"),
            Column("correct", correct, "count"),
            Column("accuracy", _shares(correct, asked), "cosine"),
            Column("coverage", _shares(asked, questions), "cosine"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The method, the vocabulary and the other options."""
        return {
            "method": self.method,
            "vocabulary": self.vocabulary,
            "truncate": self.truncate,
            "include_query": self.include_query,
            "match_case": self.match_case,
        }

    def _totals(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Count the questions, those asked and the right answers, in each section and in all."""
        every = np.ones(len(self.questions), np.bool_)
        return self._counts(every), self._counts(self.covered), self._counts(self.correct)

    def _counts(self, which: NDArray[np.bool_]) -> NDArray[np.int64]:
        sums = np.concatenate([[0], np.cumsum(which)])
        return np.append(np.diff(sums[[0, *self.ends]]), sums[-1])


def _shares(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # of nothing there is no share
        return part / whole


class EvaluationDetails(Answer):
    """Every analogy question with the answer to it.

    Parameters
    ----------
    result
        The evaluation.
    """

    question: ClassVar[str] = "evaluate"
    rows_name: ClassVar[str] = "questions"
    ranked: ClassVar[bool] = False

    def __init__(self, result: EvaluationResult) -> None:
        self._result = result
        self.notes = result.notes

    def __len__(self) -> int:
        return len(self._result.questions)

    def __iter__(self) -> Iterator[AnsweredQuestion]:
        values = [column.values for column in self.columns]
        yield from map(AnsweredQuestion._make, zip(*values, strict=True))

    @property
    def query(self) -> str:
        """As of the evaluation."""
        return self._result.query

    @property
    def title(self) -> str:
        """As of the evaluation."""
        return self._result.title

    @property
    def explanation(self) -> tuple[str, ...]:
        """What is asked and what answers it; which of the columns is which."""
        return (
            self._result.reading,
            "d: the answer given in the question; predicted: the answer that is found",
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """``section``, ``a`` to ``d`` as given, ``predicted``, ``verdict``.

        The verdict is ``right``, ``wrong``, or ``not asked`` where a name has no item.
        """
        result = self._result
        sizes = np.diff([0, *result.ends])
        verdicts = np.where(result.correct, "right", "wrong")
        verdicts = np.where(result.covered, verdicts, "not asked")
        sections = np.repeat(np.array(result.sections, object), sizes)
        members = zip(*result.questions, strict=True)
        return (
            Column("section", sections.tolist(), "text"),
            *(Column(key, names, "text") for key, names in zip("abcd", members, strict=True)),
            Column("predicted", result.predicted, "text"),
            Column("verdict", verdicts.tolist(), "text"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """As of the evaluation."""
        return self._result.facts
