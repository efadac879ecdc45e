"""Many questions at once: one table of their answers, in which a wrong name costs its own row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.complete import (
    METHODS,
    Asked,
    Complete,
    CompleteMethod,
    choose_method,
)
from gene_analogies.questions.each_question import (
    Log,
    PairQuestion,
    completion_arguments,
    completion_in_words,
    example_pairs,
    listed,
    pairs_in_words,
)
from gene_analogies.questions.origin import with_call
from gene_analogies.questions.pair_search import PairOptions, PairQuery, direct, search_many
from gene_analogies.questions.pairs import Pairs
from gene_analogies.questions.similar import How, Similar, check_similar
from gene_analogies.results import CompleteEachResult, Item, PairsEachResult, SimilarEachResult
from gene_analogies.results.each_evidence import EachEvidence
from gene_analogies.util.arguments import Metric, Operation, check_choice, check_cosine, check_int
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Each"]

#: Of a question without an answer: no row, and no number.
_MISSING = np.array([-1], np.int64)
_UNKNOWN = np.array([np.nan])
#: What is found where nothing is.
_NO_ROWS, _NO_SCORES = np.empty(0, np.int64), np.empty(0)


class Each(Pairs, Similar, Complete):
    """`pairs_each`, `similar_each`, `complete_each`: many questions of one kind."""

    @with_call
    def pairs_each(
        self,
        queries: Iterable[PairQuestion],
        *,
        k: int = 10,
        metric: Metric = "cosine",
        operation: Operation = "difference",
        among: Iterable[str] | None = None,
        max_similarity: float | None = None,
        truncate: int | None = None,
        include_query: bool = False,
        pair_weight: float = 0.0,
        progress: Progress | None = None,
    ) -> PairsEachResult:
        """Answer many questions of `pairs`, each as it would alone, in less time.

        Parameters
        ----------
        queries
            Questions: two names each, or several example pairs. A data frame with two columns is a
            question in each row.
        k, metric, operation, among, max_similarity, truncate, include_query, pair_weight
            As for `pairs`, of every question.
        progress
            Called with (questions done, all questions).

        Returns
        -------
        PairsEachResult
            A table of all answers, in the order of the questions. One with an unknown name, or
            without a direction, has a single row, which says so in the column ``error``.

        Raises
        ------
        GeneAnalogiesError
            If there are no questions, or an option has no meaning.
        """
        options = PairOptions(
            k, metric, operation, max_similarity, truncate, include_query, pair_weight
        )
        if max_similarity is not None:
            check_cosine("max_similarity", max_similarity)
        asked = listed(queries)
        notes: list[str] = []
        allowed = self._allowed(among, truncate, notes)
        log, examples, answered = Log(), [], []

        def directed() -> Iterator[PairQuery]:
            for number, query in enumerate(asked):
                said: list[str] = []
                rows: list[tuple[int, int]] = []
                words = str(query)
                try:
                    pairs = example_pairs(query)
                    words = pairs_in_words(pairs, ":" if options.sign < 0 else "+")
                    rows = self._rows_of_pairs(pairs, said, suggest=log.suggests)
                    found = direct(
                        self.prepared, self.embedding.names, rows, None, allowed, options, notes
                    )
                except GeneAnalogiesError as error:
                    log.add(words, said, str(error))
                    examples.append(tuple(rows))
                    continue
                log.add(words, said)
                examples.append(tuple(rows))
                answered.append(number)
                yield found

        sizes = [0] * len(asked)
        c, d = [_MISSING] * len(asked), [_MISSING] * len(asked)
        similarity, scores = [_UNKNOWN] * len(asked), [_UNKNOWN] * len(asked)
        for place, best in enumerate(search_many(self.prepared, directed(), options)):
            number = answered[place]
            if len(best.c):
                sizes[number] = len(best.c)
                c[number], d[number], similarity[number] = best.c, best.d, best.similarity
                scores[number] = _UNKNOWN if best.score is None else best.score
            if progress is not None:
                progress(number + 1, len(asked))
        if progress is not None and log.errors[-1]:
            progress(len(asked), len(asked))
        table = log.table(sizes)
        c_rows, d_rows = np.concatenate(c), np.concatenate(d)
        items = self._items_in(c_rows, d_rows, *_flat(examples))
        evidence = EachEvidence(
            self.prepared, items, tuple(examples), table["questions"], c_rows, d_rows,
            None if options.untested else allowed, include_query,
        )  # fmt: skip
        return PairsEachResult(
            **table,
            items=items,
            options={
                "k": options.k,
                "metric": metric,
                "operation": operation,
                "max_similarity": max_similarity,
                "truncate": truncate,
                "include_query": include_query,
                "pair_weight": options.pair_weight,
            },
            notes=tuple(notes),
            examples=tuple(examples),
            c_rows=c_rows,
            d_rows=d_rows,
            similarity=np.concatenate(similarity),
            score=np.concatenate(scores) if options.pair_weight > 0.0 else None,
            evidence=evidence,
            untested=options.untested,
        )

    @with_call
    def similar_each(
        self,
        queries: Iterable[str | Iterable[str]],
        *,
        k: int = 10,
        metric: Metric = "cosine",
        how: How = "span",
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        include_query: bool = False,
        progress: Progress | None = None,
    ) -> SimilarEachResult:
        """Answer many questions of `similar`, each as it would be alone.

        Parameters
        ----------
        queries
            Questions: a name each, or several that count together.
        k, metric, how, among, truncate, include_query
            As for `similar`, of every question.
        progress
            Called with (questions done, all questions).

        Returns
        -------
        SimilarEachResult
            A table of all answers, in the order of the questions. One with an unknown name has a
            single row, which says so in the column ``error``.

        Raises
        ------
        GeneAnalogiesError
            If there are no questions, or an option has no meaning.
        """
        k = check_similar(metric, how, k)
        asked = listed(queries)
        notes: list[str] = []
        allowed = self._allowed(among, truncate, notes)
        allowed = allowed if truncate is None else allowed[:truncate]
        log, members, sizes = Log(), [], []
        found, similarity = [], []
        for number, query in enumerate(asked):
            said: list[str] = []
            rows: list[int] = []
            names = [query] if isinstance(query, str) or not isinstance(query, Iterable) else query
            words = ", ".join(map(str, names := list(names)))
            error, best, scores = "", _NO_ROWS, _NO_SCORES
            try:
                rows = self._rows_of(names, "a question", said, suggest=log.suggests)
                nearest = self._nearest(rows, None, allowed, k, metric, how, include_query, notes)
                best, scores = nearest.rows, nearest.similarity
            except GeneAnalogiesError as problem:
                error = str(problem)
            log.add(words, said, error)
            members.append(tuple(rows))
            sizes.append(len(best))
            found.append(best if len(best) else _MISSING)
            similarity.append(scores if len(best) else _UNKNOWN)
            if progress is not None:
                progress(number + 1, len(asked))
        every = np.concatenate(found)
        return SimilarEachResult(
            **log.table(sizes),
            items=self._items_in(every, *_flat(members)),
            options={
                "k": k,
                "metric": metric,
                "how": how,
                "truncate": truncate,
                "include_query": include_query,
            },
            notes=tuple(notes),
            members=tuple(members),
            rows=every,
            similarity=np.concatenate(similarity),
        )

    @with_call
    def complete_each(
        self,
        queries: Iterable[Sequence[Any] | Mapping[str, Any]],
        *,
        method: CompleteMethod | None = None,
        k: int = 10,
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        include_query: bool = False,
        progress: Progress | None = None,
    ) -> CompleteEachResult:
        """Answer many questions of `complete`, each as it would be alone.

        Parameters
        ----------
        queries
            Questions, as `complete` takes them: ``("man", "king", "woman")``; example pairs and an
            item, ``([("france", "paris"), ("italy", "rome")], "spain")``; or ``{"positive": …,
            "negative": …}``.
        method, k, among, truncate, include_query
            As for `complete`, of every question.
        progress
            Called with (questions done, all questions).

        Returns
        -------
        CompleteEachResult
            A table of all answers, in the order of the questions. One with an unknown name has a
            single row, which says so in the column ``error``.

        Raises
        ------
        GeneAnalogiesError
            If there are no questions, or an option has no meaning.
        """
        k = check_int("k", k)
        if method is not None:
            check_choice("method", method, METHODS)
        asked = listed(queries)
        notes: list[str] = []
        allowed = self._allowed(among, truncate, notes)
        allowed = allowed if truncate is None else allowed[:truncate]
        log, examples, methods, sizes = Log(), [], [], []
        cs, found, scores = [], [], []
        for number, query in enumerate(asked):
            said: list[str] = []
            rows, chosen, error = Asked([], None, [], []), "", ""
            best, score = _NO_ROWS, _NO_SCORES
            words = str(query)
            try:
                given = completion_arguments(query)
                words = completion_in_words(**given)
                rows = self._asked(**given, notes=said, suggest=log.suggests)
                chosen = choose_method(method, rows)
                completions = self._completions(rows, chosen, allowed, k, include_query, notes)
                best, score = completions.rows, completions.scores
            except GeneAnalogiesError as problem:
                error = str(problem)
            log.add(words, said, error)
            examples.append(tuple(rows.examples))
            methods.append(chosen)
            sizes.append(len(best))
            found.append(best if len(best) else _MISSING)
            scores.append(score if len(best) else _UNKNOWN)
            cs.append(np.full(len(found[-1]), -1 if rows.c is None else rows.c))
            if progress is not None:
                progress(number + 1, len(asked))
        table = log.table(sizes)
        c_rows, d_rows = np.concatenate(cs), np.concatenate(found)
        items = self._items_in(c_rows, d_rows, *_flat(examples))
        return CompleteEachResult(
            **table,
            items=items,
            options={
                "method": method,
                "k": k,
                "truncate": truncate,
                "include_query": include_query,
            },
            notes=tuple(notes),
            examples=tuple(examples),
            c_rows=c_rows,
            d_rows=d_rows,
            evidence=EachEvidence(
                self.prepared, items, tuple(examples), table["questions"], c_rows, d_rows
            ),
            scores=np.concatenate(scores),
            methods=tuple(methods),
        )

    def _items_in(self, *rows: NDArray[np.int64]) -> dict[int, Item]:
        """Return the items of rows, by row; −1 stands for none."""
        found = np.unique(np.concatenate(rows))
        return {row: self.item(row) for row in found[found >= 0].tolist()}


def _flat(rows: Iterable[Iterable[Any]]) -> list[NDArray[np.int64]]:
    """Return the rows of all questions' items as arrays."""
    return [np.array(list(some), np.int64).ravel() for some in rows]
