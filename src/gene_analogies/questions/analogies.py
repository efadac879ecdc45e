"""The best analogies of one item, and of every item."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.questions.analogy_search import (
    AnalogySearch,
    check_count,
    check_run_options,
    distinct_best,
)
from gene_analogies.questions.origin import with_call
from gene_analogies.results import AllAnalogiesResult, AnalogiesResult
from gene_analogies.util.arguments import check_cosine
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from distributed import Client

    from gene_analogies.runs import Estimate
    from gene_analogies.search.analogies.blocks import Found

__all__ = ["Analogies"]


class Analogies(AnalogySearch):
    """`analogies` and `all_analogies`: the best analogies with a given a."""

    @with_call
    def analogies(
        self,
        a: str,
        *,
        k: int = 10,
        max_similarity: float = 0.8,
        distinct: bool = False,
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        progress: Progress | None = None,
    ) -> AnalogiesResult:
        """Find the best analogies a : b ≈ c : d that an item takes part in; exact over all b, c, d.

        Any analogy can be turned so that a stands first, with the same similarity.

        Parameters
        ----------
        a
            The name of an item.
        k
            How many, up to 10,000; fewer come back where there are fewer with a positive score.
        max_similarity
            Leave out analogies with cos(a, c) or cos(b, d) above this, in [−1, 1]: pairs of
            near-copies would win, and say nothing.
        distinct
            Leave out an analogy that shares three of its four items with a better one of the
            answer.
        among
            Names to which b, c and d are restricted.
        truncate
            Search the first rows only, this many, and a.
        progress
            Called with (directions done, all of them).

        Returns
        -------
        AnalogiesResult
            Best first, four different items in each; the similarity is the cosine of the two
            offsets (PairDirection). Pairs of equal vectors have no direction, and are left out.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        GeneAnalogiesError
            If an argument has no meaning.
        """
        from gene_analogies.search.analogies.one_item import find_analogies

        notes: list[str] = []
        k, max_similarity = check_count(k), check_cosine("max_similarity", max_similarity)
        row = self._row(a, notes)
        rows, bounds = self._rows_and_bounds(among, truncate, notes, row)
        index = int(np.searchsorted(rows, row))

        def search(count: int) -> Found:
            return find_analogies(
                bounds, index, k=count, max_similarity=max_similarity, progress=progress
            )

        found = distinct_best(search, k, notes) if distinct else search(k)
        shared = self._analogy_columns(found, rows, max_similarity, distinct, notes)
        return AnalogiesResult(**shared, item=self.item(row))

    @with_call
    def all_analogies(
        self,
        *,
        k: int = 10,
        max_similarity: float = 0.8,
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        folder: str | Path | None = None,
        client: Client | None = None,
        progress: Progress | None = None,
        on_estimate: Callable[[Estimate], None] | None = None,
    ) -> AllAnalogiesResult:
        """Find the best analogies of every item; exact.

        Finished blocks are kept on disk: the same call resumes a run that was stopped.

        Parameters
        ----------
        k, max_similarity, among, truncate
            As in `analogies`, for every item.
        folder
            Where finished blocks are kept; in the user's cache folder by default.
        client
            A Dask client, to work on its cluster.
        progress
            Called with (done, total) after every block.
        on_estimate
            Called once with the expected duration, after the first few blocks.

        Raises
        ------
        GeneAnalogiesError
            If an argument has no meaning, or the folder or the Dask cluster fails.
        """
        from gene_analogies.search.analogies.one_item import AnalogiesJob

        check_run_options(folder, client)
        notes: list[str] = []
        k, max_similarity = check_count(k), check_cosine("max_similarity", max_similarity)
        rows, bounds = self._rows_and_bounds(among, truncate, notes)
        job = AnalogiesJob(bounds, k, max_similarity)
        found = self._run(job, folder, client, progress, on_estimate)
        return AllAnalogiesResult(
            **self._analogy_columns(found, rows, max_similarity, False, notes)
        )
