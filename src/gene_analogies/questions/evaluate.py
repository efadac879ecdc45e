"""Analogy questions with known answers: how many of them an embedding answers right."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gene_analogies.errors import AmbiguousNameError, ItemNameError, NoVectorError
from gene_analogies.formats.analogy_questions import AnalogyQuestions, as_questions
from gene_analogies.questions.base import Base
from gene_analogies.questions.origin import with_call
from gene_analogies.results.evaluate import EvaluationResult
from gene_analogies.util.arguments import check_choice, check_int
from gene_analogies.util.progress import Progress

__all__ = ["Evaluate"]

#: Maximal number of names in a note.
_SHOWN = 5


class Evaluate(Base):
    """`evaluate`: how many analogy questions are answered right."""

    @with_call
    def evaluate(
        self,
        questions: str
        | os.PathLike[str]
        | Mapping[str, Iterable[Sequence[str]]]
        | AnalogyQuestions,
        *,
        method: Literal["3CosAdd", "3CosMul"] = "3CosAdd",
        truncate: int | None = None,
        include_query: bool = False,
        match_case: bool = False,
        progress: Progress | None = None,
    ) -> EvaluationResult:
        """Answer questions a : b :: c : ? whose answer d is known, and count the right answers.

        The counts are those of gensim's ``evaluate_word_analogies``. A question whose four names
        are not all items is not asked; the coverage is the share of those that are.

        Parameters
        ----------
        questions
            A file in the format of Google's ``questions-words.txt``: ``: name`` begins a section,
            every other line is a question of four names, with tabs between names that hold
            spaces. Or for every section a list of such questions.
        method
            The best d has the highest of: ``"3CosAdd"``, cos(d, b) − cos(d, a) + cos(d, c);
            ``"3CosMul"``, cos(d, b) · cos(d, c) / (cos(d, a) + 10⁻⁶), with the cosines shifted to
            [0, 1] (Levy & Goldberg 2014).
        truncate
            The vocabulary is the first rows only, this many: other rows do not answer, and
            questions with their names are not asked (gensim's ``restrict_vocab``).
        include_query
            Let a, b and c of a question answer it, too; they often do.
        match_case
            Distinguish names that differ only in case. Otherwise they count as one name, as in
            gensim: its first row is used in questions, any of its rows is a correct answer, and
            none of them answers a question with that name.
        progress
            Called with (rows compared, rows to compare).

        Returns
        -------
        EvaluationResult
            Counts for every section and in total, and the answer to every question.

        Raises
        ------
        GeneAnalogiesError
            If the file cannot be read, a line of it is no question, or an argument has no meaning.
        """
        check_choice("method", method, ("3CosAdd", "3CosMul"))
        given = as_questions(questions)
        count = len(self) if truncate is None else min(check_int("truncate", truncate), len(self))
        lookup = _Lookup(self, count, match_case)
        names = list(itertools.chain.from_iterable(given.questions))
        found = {name: lookup.row(name) for name in dict.fromkeys(names)}
        rows = np.array([found[name] for name in names], np.int64).reshape(-1, 4)
        notes = lookup.notes(truncated=count < len(self))
        covered = np.flatnonzero((rows >= 0).all(axis=1))
        predictions = np.full(len(rows), -1)

        from gene_analogies.search.items.evaluate import find_fourths

        vectors = self.prepared.vectors[:count]
        predictions[covered] = find_fourths(
            vectors,
            rows[covered, :3],
            multiply=method == "3CosMul",
            kinds=None if include_query else lookup.kinds,
            progress=progress,
        )
        unanswered = int(np.count_nonzero(predictions[covered] < 0))
        if unanswered:
            has = "has" if unanswered == 1 else "have"
            notes.append(
                f"{unanswered:,} of the questions {has} no answer: a, b or c has a zero vector, or "
                "no other item is left"
            )
        answered = predictions >= 0
        correct = np.zeros(len(rows), np.bool_)
        correct[answered] = lookup.kinds[predictions[answered]] == lookup.kinds[rows[answered, 3]]
        for array in (rows, predictions, correct):
            array.flags.writeable = False
        return EvaluationResult(
            source=given.source,
            sections=given.sections,
            ends=given.ends,
            questions=given.questions,
            rows=rows,
            predictions=predictions,
            predicted=tuple(
                self.embedding.names[row] if row >= 0 else "" for row in predictions.tolist()
            ),
            correct=correct,
            method=method,
            vocabulary=count,
            truncate=truncate,
            include_query=include_query,
            match_case=match_case,
            notes=tuple(notes),
        )


class _Lookup:
    """Finds the rows of names among the first ones, and collects notes.

    Without ``match_case`` the first item of the name in any case; else the item of exactly this
    name. Where there is none, and items are genes, what the resolver makes of the name.

    Attributes
    ----------
    kinds
        int64 of shape (count,): the first row whose name counts as the same one.
    """

    def __init__(self, space: Base, count: int, match_case: bool) -> None:
        self._space = space
        self._count = count
        self._match_case = match_case
        self._first: dict[str, int] = {}
        names = space.embedding.names[:count]
        self.kinds: NDArray[np.int64] = np.fromiter(
            (self._first.setdefault(self._key(name), row) for row, name in enumerate(names)),
            np.int64,
            count,
        )
        self._rewritten: list[str] = []
        self._recased: list[str] = []
        self._missing: list[str] = []

    def row(self, name: str) -> int:
        """Return the row that a name means; −1 where it has none."""
        row = self._first.get(self._key(name))
        if row is None:
            return self._resolved(name)
        if self._space.embedding.rows.get(name, row) != row:
            self._recased.append(f"{name} → {self._space.embedding.names[row]}")
        return row

    def _key(self, name: str) -> str:
        # Upper case, as in gensim: ß and SS are one.
        return name if self._match_case else name.upper()

    def _resolved(self, name: str) -> int:
        """Return the row of a gene; −1 where there is none, noting why."""
        resolver = self._space.resolver
        if resolver.vocabulary.table is None:
            self._missing.append(name)
            return -1
        try:
            found = resolver.resolve(name, suggest=False)
        except ItemNameError as error:
            self._missing.append(f"{name} {_why(error)}")
            return -1
        if found.row >= self._count:
            self._missing.append(f"{name} stands farther down")
            return -1
        if self._match_case and found.name.upper() == name.upper():
            self._missing.append(f"{name} is written {found.name}")
            return -1
        self._rewritten.append(found.note or name)
        return found.row

    def notes(self, *, truncated: bool) -> list[str]:
        """Return notes on names that were rewritten or not found."""
        among = f" among the first {self._count:,}" if truncated else ""
        notes = (
            (self._rewritten, "rewritten"),
            (self._recased, "taken for items in another case, which match_case keeps apart"),
            (self._missing, f"not found{among}"),
        )
        return [
            f"{len(names):,} {'name is' if len(names) == 1 else 'names are'} {what}: "
            + ", ".join(names[:_SHOWN])
            + (", …" if len(names) > _SHOWN else "")
            for names, what in notes
            if names
        ]


def _why(error: ItemNameError) -> str:
    if isinstance(error, AmbiguousNameError):
        return "is ambiguous"
    return "has no vector" if isinstance(error, NoVectorError) else "is unknown"
