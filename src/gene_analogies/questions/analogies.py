"""The best analogies of one item, of every item, and of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.arguments import Progress, cosine, whole
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.results import AllAnalogiesResult, AnalogiesResult, TopResult

if TYPE_CHECKING:
    from distributed import Client
    from numpy.typing import NDArray

    from gene_analogies.runs import Arrays, Job
    from gene_analogies.search.blocks import Found
    from gene_analogies.search.field import Field

__all__ = ["Analogies", "Runner"]

#: Does a job and returns its arrays.
Runner = Callable[["Job"], "Arrays"]

#: Analogies that are kept at a time, at most.
_MOST = 10_000


class Analogies(Base):
    """`analogies`, `all_analogies` and `top`: the best analogies, with nothing given but an a."""

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
            Leave out an analogy that shares three of its four items with a better one.
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
        from gene_analogies.search.analogies import find_analogies

        notes: list[str] = []
        k, max_similarity = _count(k), cosine("max_similarity", max_similarity)
        row = self._row(a, notes)
        rows, field = self._field(among, truncate, notes, row)
        place = row if rows is None else int(np.flatnonzero(rows == row)[0])

        def search(count: int) -> Found:
            return find_analogies(
                field, place, k=count, max_similarity=max_similarity, progress=progress
            )

        found = _distinct(search, k, notes) if distinct else search(k)
        return AnalogiesResult(**self._members(found, rows, max_similarity, distinct, notes))

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
    ) -> AllAnalogiesResult:
        """Find the best analogies of every item; exact.

        Finished blocks are kept on disk: what is stopped goes on when it is asked again.

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

        Raises
        ------
        GeneAnalogiesError
            If an argument has no meaning, or the folder or the cluster fails.
        """
        return self._all_analogies(
            _here(folder, client, progress), k, max_similarity, among, truncate
        )

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
    ) -> TopResult:
        """Find the best analogies of all; exact over all pairs of pairs, or over given pairs.

        Finished blocks are kept on disk: what is stopped goes on when it is asked again.

        Parameters
        ----------
        k, max_similarity, distinct, among, truncate
            As in `analogies`.
        edges
            Only compare pairs of an item and one of its nearest neighbours, this many for each.
        pairs
            Only compare these pairs, in any order.
        folder, client, progress
            As in `all_analogies`.

        Returns
        -------
        TopResult
            Best first. Of the equal forms a:b::c:d, c:d::a:b, b:a::d:c and d:c::b:a, the one
            that begins with the earliest row.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        GeneAnalogiesError
            If an argument has no meaning, or the folder or the cluster fails.
        """
        return self._top(
            _here(folder, client, progress), k, max_similarity, distinct, edges, pairs, among,
            truncate,
        )  # fmt: skip

    def _all_analogies(
        self,
        run: Runner,
        k: int,
        max_similarity: float,
        among: Iterable[str] | None,
        truncate: int | None,
    ) -> AllAnalogiesResult:
        from gene_analogies.search.analogies import AnalogiesJob
        from gene_analogies.search.blocks import Found

        notes: list[str] = []
        k, max_similarity = _count(k), cosine("max_similarity", max_similarity)
        rows, field = self._field(among, truncate, notes)
        arrays = run(AnalogiesJob(field, k, max_similarity))
        found = Found(arrays["rows"], arrays["scores"])
        return AllAnalogiesResult(**self._members(found, rows, max_similarity, False, notes))

    def _top(
        self,
        run: Runner,
        k: int,
        max_similarity: float,
        distinct: bool,
        edges: int | None,
        pairs: Iterable[tuple[str, str]] | None,
        among: Iterable[str] | None,
        truncate: int | None,
    ) -> TopResult:
        from gene_analogies.search.blocks import Found
        from gene_analogies.search.top import TopJob, nearest_pairs, pairs_of_rows

        notes: list[str] = []
        k, max_similarity = _count(k), cosine("max_similarity", max_similarity)
        if edges is not None and pairs is not None:
            raise GeneAnalogiesError("top takes either edges or pairs, not both")
        given = None if pairs is None else np.array(self._rows_of_pairs(pairs, notes))
        rows, field = self._field(among, truncate, notes)
        chosen = None
        if edges is not None:
            chosen = nearest_pairs(field, whole("edges", edges))
        elif given is not None:
            if rows is not None:
                places = np.full(len(self), -1)
                places[rows] = np.arange(len(rows))
                given = places[given]
                given = given[(given >= 0).all(axis=1)]
            chosen = pairs_of_rows(field, given)

        def search(count: int) -> Found:
            arrays = run(TopJob(field, count, max_similarity, chosen))
            return Found(arrays["rows"], arrays["scores"])

        found = _distinct(search, k, notes) if distinct else search(k)
        number = None if chosen is None else len(chosen[1])
        return TopResult(
            **self._members(found, rows, max_similarity, distinct, notes), pairs=number
        )

    def _field(
        self,
        among: Iterable[str] | None,
        truncate: int | None,
        notes: list[str],
        always: int | None = None,
    ) -> tuple[NDArray[np.int64] | None, Field]:
        """Return the rows to search (None for all), and what is known of them."""
        from gene_analogies.search.field import build_field
        from gene_analogies.search.index import build_index, read_only

        allowed = self._allowed(among, truncate, notes)
        if always is not None:
            allowed[always] = True
        if np.count_nonzero(allowed) < 4:
            why = "".join(f"; {note}" for note in notes)
            raise GeneAnalogiesError(f"fewer than four items are left to make an analogy of{why}")
        vectors = self._scaled[0]
        if allowed.all():
            if self._known_field is None:
                self._known_field = build_field(vectors, self.index())
            return None, self._known_field
        rows = np.flatnonzero(allowed)
        part = read_only(vectors[rows])
        return rows, build_field(part, build_index(part, progress=self._progress))

    def _members(
        self,
        found: Found,
        rows: NDArray[np.int64] | None,
        max_similarity: float,
        distinct: bool,
        notes: list[str],
    ) -> dict[str, Any]:
        """Return what every answer of analogies holds."""
        quads = found.rows if rows is None else rows[found.rows]
        known = {row: self.item(row) for row in np.unique(quads).tolist()}
        members: dict[str, Any] = {}
        for name, column in zip("abcd", quads.T, strict=True):
            members[name] = tuple(known[row] for row in column.tolist())
            members[f"{name}_rows"] = np.ascontiguousarray(column)
        return {
            **members,
            "similarity": found.scores,
            "max_similarity": max_similarity,
            "distinct": distinct,
            "notes": tuple(notes),
        }


def _count(k: int) -> int:
    k = whole("k", k)
    if k > _MOST:
        raise GeneAnalogiesError(f"k must be at most {_MOST:,}, not {k:,}")
    return k


def _here(folder: str | Path | None, client: Client | None, progress: Progress | None) -> Runner:
    def run_job(job: Job) -> Arrays:
        from gene_analogies.runs import run

        return run(job, folder=folder, client=client, progress=progress)

    return run_job


def _distinct(search: Callable[[int], Found], k: int, notes: list[str]) -> Found:
    """Search more and more analogies until enough of them are distinct."""
    from gene_analogies.search.blocks import Found
    from gene_analogies.search.distinct import distinct_rows

    count = min(_MOST, max(200, 30 * k))
    while True:
        found = search(count)
        kept = distinct_rows(found.rows, k)
        if len(kept) == k or len(found.rows) < count or count == _MOST:
            break
        count = min(_MOST, 10 * count)
    if len(kept) < k and len(found.rows) == count:
        notes.append(f"of the {count:,} best analogies, {len(kept)} are distinct")
    return Found(found.rows[kept], found.scores[kept])
