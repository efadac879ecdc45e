"""Many questions a : b :: c : ? at once: the best row of each, exact.

The distinct items of the questions are few, so their cosines with all rows are one product, made
block by block; a question then reads three rows of it. Rows that come too near to the best for the
rounding errors of that product are scored again, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.search.items._evaluate import (
    SLOTS,
    Leaders,
    Questions,
    new_leaders,
    scan,
)
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.items.multiplied import multiplied, shifted_cosines
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["find_fourths"]

#: Questions and distinct items at a time; and numbers of a block of rows, and of their cosines.
_QUESTIONS = 1 << 17
_WORDS = 4096
_NUMBERS = 1 << 21


@retry_on_corrupt_cache
def find_fourths(
    vectors: NDArray[Any],
    questions: NDArray[np.int64],
    *,
    multiply: bool,
    kinds: NDArray[np.int64] | None,
    progress: Progress | None = None,
) -> NDArray[np.int64]:
    """Return the best d of every question a : b :: c : d; ties by row number.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, whose squares are finite: the rows that may
        answer.
    questions
        int64 of shape (m, 3): the rows a, b and c of each question.
    multiply
        3CosMul, cos(d, b) · cos(d, c) / (cos(d, a) + 10⁻⁶) of cosines shifted to [0, 1], instead
        of 3CosAdd, cos(d, b) − cos(d, a) + cos(d, c) (Levy & Goldberg 2014).
    kinds
        int64 of shape (n,), none negative: a row answers no question that holds a row of its
        kind. None where every row may answer every question.
    progress
        Called with (rows done, rows to do).

    Returns
    -------
    numpy.ndarray
        int64 of shape (m,); −1 where a, b or c is zero, or no row may answer. A zero row never
        answers: it has no cosine.
    """
    norms = row_norms(vectors)
    found = np.full(len(questions), -1)
    asked = np.flatnonzero((norms[questions] > 0.0).all(axis=1))
    word = np.arange(len(vectors)) if kinds is None else kinds
    excluded = np.full_like(questions, -2) if kinds is None else kinds[questions]
    word = np.where(norms > 0.0, word, -1)
    parts = list(_parts(questions, asked, max(3, min(_WORDS, _NUMBERS // vectors.shape[1]))))
    for done, part in enumerate(parts):
        search = _Search(vectors, norms, word, questions[part], excluded[part], multiply)
        found[part] = search.run(_steps(progress, done, len(parts)))
    return found


def _steps(progress: Progress | None, part: int, parts: int) -> Progress | None:
    """Return what is to be called with the rows done of one part."""
    if progress is None:
        return None
    return lambda done, n: progress(part * n + done, parts * n)


def _parts(
    questions: NDArray[np.int64], asked: NDArray[np.int64], max_rows: int
) -> Iterator[NDArray[np.int64]]:
    """Split the questions into parts that hold at most ``max_rows`` distinct rows each."""
    # Questions that share items stand together, and find them in the processor's cache.
    asked = asked[np.lexsort(questions[asked].T[::-1])]
    begin, seen = 0, set[int]()
    for i, three in enumerate(questions[asked].tolist()):
        seen.update(three)
        if i - begin == _QUESTIONS or len(seen) > max_rows:
            yield asked[begin:i]
            begin, seen = i, set(three)
    if begin < len(asked):
        yield asked[begin:]


class _Search:
    """Questions with few distinct items."""

    def __init__(
        self,
        vectors: NDArray[Any],
        norms: NDArray[np.float64],
        kinds: NDArray[np.int64],
        questions: NDArray[np.int64],
        excluded: NDArray[np.int64],
        multiply: bool,
    ) -> None:
        self._vectors, self._norms, self._kinds = vectors, norms, kinds
        self._questions, self._excluded, self._multiply = questions, excluded, multiply

    def run(self, progress: Progress | None) -> NDArray[np.int64]:
        """Return the best row of every question, int64 of shape (m,)."""
        found = np.full(len(self._questions), -1)
        which = np.arange(len(found))
        for dtype in (np.float32, np.float64):
            found[which], dense = self._compare(which, dtype, progress)
            which = which[dense]
            if not len(which):
                return found
            progress = None
        found[which] = self._compare_all(which)
        return found

    def _compare(
        self, which: NDArray[np.int64], dtype: type[np.floating], progress: Progress | None
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Answer some of the questions from cosines of a type.

        Returns
        -------
        found, dense
            The best rows; and for which questions too many rows might be, bool of shape (m,).
        """
        n, d = self._vectors.shape
        rows, words = np.unique(self._questions[which], return_inverse=True)
        units = self._unit(rows).astype(dtype)
        # Of a cosine: coordinates are rounded, multiplied and added; the exact one is rounded, too.
        eps = float(np.finfo(dtype).eps)
        error = (d + 8) * eps + QUANTUM
        error = 0.5 * error + 2.0 * eps if self._multiply else 3.0 * error + 8.0 * eps
        questions = Questions(
            self._kinds, words.reshape(-1, 3), self._excluded[which], self._multiply, error,
            8.0 * eps,
        )  # fmt: skip
        leaders = new_leaders(len(which))
        for part in row_blocks(n, _NUMBERS // max(d, len(rows))):
            block = self._unit(np.arange(part.start, part.stop)).astype(dtype)
            values = units @ block.T
            if self._multiply:
                values += 1.0
                values *= 0.5
            self._scan(values, part.start, questions, leaders)
            if progress is not None:
                progress(part.stop, n)
        floor = leaders.best - 8.0 * eps * np.abs(leaders.best)
        return self._settle(leaders, floor, which), leaders.lost >= floor

    def _unit(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return unit vectors in float64; a zero row stays one."""
        norms = self._norms[rows]
        wide = self._vectors[rows].astype(np.float64)
        wide /= np.where(norms > 0.0, norms, 1.0)[:, None]
        return wide

    def _scan(
        self,
        values: NDArray[Any],
        first: int,
        questions: Questions,
        leaders: Leaders,
    ) -> None:
        """Offer a block of rows to questions, on every core."""
        m = len(questions.words)

        def work(part: int, parts: int) -> None:
            scan(values, first, questions, m * part // parts, m * (part + 1) // parts, leaders)

        run_parts(work)

    def _settle(
        self, leaders: Leaders, floor: NDArray[np.float64], which: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Decide among the rows that may be the best; of equal ones the first wins."""
        near = (np.arange(SLOTS) < leaders.size[:, None]) & (leaders.upper >= floor[:, None])
        found = np.where(near.any(axis=1), leaders.rows[np.arange(len(near)), near.argmax(1)], -1)
        several = np.flatnonzero(np.count_nonzero(near, axis=1) > 1)
        some, slots = np.nonzero(near[several])
        scores = np.full((len(several), SLOTS), -np.inf)
        rows = leaders.rows[several[some], slots]
        scores[some, slots] = self._scores(rows, which[several[some]])
        # Rows went by in order, so the first of the highest has the lowest number.
        found[several] = leaders.rows[several, scores.argmax(axis=1)]
        return found

    def _scores(self, rows: NDArray[np.int64], which: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the score of each row as an answer to a question, in float64.

        It is rounded, so that noise does not decide between equal ones. No row is zero.
        """
        cosines = np.empty((3, len(rows)))
        for part in row_blocks(len(rows), _NUMBERS // self._vectors.shape[1]):
            some = rows[part]
            for word in range(3):
                asked, each = np.unique(self._questions[which[part], word], return_inverse=True)
                others = self._unit(asked)
                if self._multiply:
                    cosines[word, part] = shifted_cosines(self._vectors, some, others, each)
                else:
                    cosines[word, part] = np.einsum("ij,ij->i", self._unit(some), others[each])
        a, b, c = cosines
        if self._multiply:
            return multiplied(np.stack([b, c, a]), 2)
        return np.asarray(np.rint((b - a + c) / QUANTUM))

    def _compare_all(self, which: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the best rows of questions that more rows answer equally well than are kept."""
        n, d = self._vectors.shape
        found, best = np.full(len(which), -1), np.full(len(which), -np.inf)
        for part in row_blocks(n, _NUMBERS // d):
            rows = np.arange(part.start, part.stop)
            rows = rows[self._kinds[rows] >= 0]
            kinds = self._kinds[rows]
            for i, q in enumerate(which):
                scores = self._scores(rows, np.full(len(rows), q))
                scores[np.isin(kinds, self._excluded[q])] = -np.inf
                top = int(scores.argmax()) if len(rows) else -1
                if top >= 0 and scores[top] > best[i]:
                    found[i], best[i] = rows[top], scores[top]
        return found
