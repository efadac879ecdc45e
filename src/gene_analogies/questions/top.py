"""The best analogies of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.questions.analogy_search import (
    AnalogySearch,
    check_count,
    check_run_options,
    distinct_best,
)
from gene_analogies.questions.base import as_pairs
from gene_analogies.questions.origin import with_call
from gene_analogies.results import TopResult
from gene_analogies.util.arguments import check_cosine, check_int
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from distributed import Client
    from numpy.typing import NDArray

    from gene_analogies.runs import Estimate
    from gene_analogies.search.analogies.blocks import Found

__all__ = ["Top"]


class Top(AnalogySearch):
    """`top`: the best analogies of all, with nothing given."""

    @with_call
    def top(
        self,
        *,
        k: int = 10,
        max_similarity: float = 0.8,
        distinct: bool = False,
        edges: int | None = None,
        pairs: Iterable[tuple[str, str]] | None = None,
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        folder: str | Path | None = None,
        client: Client | None = None,
        progress: Progress | None = None,
        on_estimate: Callable[[Estimate], None] | None = None,
    ) -> TopResult:
        """Find the best analogies of all; exact over all pairs of pairs, or over given pairs.

        Finished blocks are kept on disk: the same call resumes a run that was stopped.

        Parameters
        ----------
        k, max_similarity, distinct, among, truncate
            As in `analogies`.
        edges
            Only compare pairs of an item and one of its nearest neighbours, this many for each.
        pairs
            Only compare these pairs, a list or a data frame with two columns. An analogy is
            written with its pairs in this order, or else, where they point in opposite directions,
            the first of them.
        folder, client, progress, on_estimate
            As in `all_analogies`.

        Returns
        -------
        TopResult
            Best first. Of the equal analogies a:b::c:d, c:d::a:b, b:a::d:c and d:c::b:a, the one
            that begins with the earliest row, or that keeps the order of given ``pairs``.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        GeneAnalogiesError
            If an argument has no meaning, or the folder or the Dask cluster fails.
        """
        from gene_analogies.search.analogies.all_items import TopJob, pairs_of_rows
        from gene_analogies.search.knn.nearest_pairs import nearest_pairs

        check_run_options(folder, client)
        notes: list[str] = []
        k, max_similarity = check_count(k), check_cosine("max_similarity", max_similarity)
        if edges is not None and pairs is not None:
            raise GeneAnalogiesError("top takes either edges or pairs, not both")
        edges = None if edges is None else check_int("edges", edges)
        given = None if pairs is None else self._known_pairs(pairs, notes)
        rows, bounds = self._rows_and_bounds(among, truncate, notes)
        chosen = None
        if edges is not None:
            chosen = pairs_of_rows(bounds, nearest_pairs(bounds, edges))
        elif given is not None:
            inside = _indices(given, rows, len(self), notes)
            chosen = pairs_of_rows(bounds, inside)

        def search(count: int) -> Found:
            # Each count is a run of its own, and a folder holds one run.
            place = Path(folder, f"best-{count}") if folder and distinct else folder
            job = TopJob(bounds, count, max_similarity, chosen)
            return self._run(job, place, client, progress, on_estimate)

        found = distinct_best(search, k, notes) if distinct else search(k)
        if given is not None:
            found = replace(found, rows=_as_given(found.rows, inside))
        return TopResult(
            **self._analogy_columns(found, rows, max_similarity, distinct, notes),
            pairs=None if chosen is None else len(chosen[1]),
            edges=edges,
        )

    def _known_pairs(self, pairs: Iterable[tuple[str, str]], notes: list[str]) -> NDArray[np.int64]:
        """Return the rows of given pairs, int64 of shape (m, 2); unknown names leave a note."""
        listed = isinstance(pairs, Iterable) and not isinstance(pairs, str)
        given = list(as_pairs(pairs)) if listed else []
        rows: list[tuple[int, int]] = []
        missing: list[ItemNameError] = []
        for pair in given:
            try:
                rows += self._rows_of_pairs([pair], notes)
            except ItemNameError as error:
                missing.append(error)
        if not rows and missing:
            raise missing[0]
        if not rows:
            rows = self._rows_of_pairs(pairs, notes)  # says what is wrong
        if missing:
            if len(missing) == 1:
                notes.append(f"1 pair was left out: {missing[0]}")
            else:
                notes.append(f"{len(missing):,} pairs were left out; of the first, {missing[0]}")
        return np.array(rows, np.int64)


def _indices(
    pairs: NDArray[np.int64], rows: NDArray[np.int64], count: int, notes: list[str]
) -> NDArray[np.int64]:
    """Return pairs of rows as indices into the ``rows`` to search, of ``count`` in all."""
    indices = np.full(count, -1)
    indices[rows] = np.arange(len(rows))
    found = indices[pairs]
    inside = (found >= 0).all(axis=1)
    left_out = len(pairs) - np.count_nonzero(inside)
    if left_out:
        notes.append(f"{left_out:,} of {len(pairs):,} pairs hold an item outside those searched")
    return found[inside]


def _as_given(analogies: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return analogies a, b, c, d so that their pairs are in the order that was given.

    Of two pairs that point in opposite directions the first keeps its order. What is equally good
    begins with the pair that was given first.
    """
    place = {pair: i for i, pair in reversed(list(enumerate(map(tuple, pairs.tolist()))))}
    absent = len(pairs)

    def costs(analogy: tuple[int, ...]) -> tuple[bool, bool, int]:
        first, second = (place.get(analogy[i : i + 2], absent) for i in (0, 2))
        return first == absent, second == absent, first

    equal = (0, 1, 2, 3), (2, 3, 0, 1), (1, 0, 3, 2), (3, 2, 1, 0)
    written = [
        min((tuple(row[i] for i in order) for order in equal), key=costs)
        for row in analogies.tolist()
    ]
    return np.array(written, np.int64).reshape(-1, 4)
