"""The best analogies of one item, of every item, and of all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.questions.base import Base
from gene_analogies.results import AllAnalogiesResult, AnalogiesResult, TopResult
from gene_analogies.util.arguments import check_cosine, check_int
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from distributed import Client
    from numpy.typing import NDArray

    from gene_analogies.runs import Arrays, Job
    from gene_analogies.search.analogies.blocks import Found
    from gene_analogies.search.knn.cluster_bounds import ClusterBounds

__all__ = ["Analogies", "Runner"]

#: Analogies that are kept at a time, at most.
_MOST = 10_000


class Runner(Protocol):
    """Does a job, here or elsewhere."""

    def __call__(self, job: Job, *, folder: str | None) -> Arrays:
        """Return the arrays of a job whose finished blocks are kept in a folder."""


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
        k, max_similarity = _count(k), check_cosine("max_similarity", max_similarity)
        row = self._row(a, notes)
        rows, field = self._field(among, truncate, notes, row)
        place = int(np.searchsorted(rows, row))

        def search(count: int) -> Found:
            return find_analogies(
                field, place, k=count, max_similarity=max_similarity, progress=progress
            )

        found = _distinct(search, k, notes) if distinct else search(k)
        members = self._members(found, rows, max_similarity, distinct, notes)
        return AnalogiesResult(**members, item=self.item(row))

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
            _here(client, progress), _text(folder), k, max_similarity, among, truncate
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
            _here(client, progress), _text(folder), k, max_similarity, distinct, edges, pairs,
            among, truncate,
        )  # fmt: skip

    def _all_analogies(
        self,
        run: Runner,
        folder: str | None,
        k: int,
        max_similarity: float,
        among: Iterable[str] | None,
        truncate: int | None,
    ) -> AllAnalogiesResult:
        from gene_analogies.search.analogies.blocks import Found
        from gene_analogies.search.analogies.one_item import AnalogiesJob

        notes: list[str] = []
        k, max_similarity = _count(k), check_cosine("max_similarity", max_similarity)
        rows, field = self._field(among, truncate, notes)
        arrays = run(AnalogiesJob(field, k, max_similarity), folder=folder)
        found = Found(arrays["rows"], arrays["scores"])
        return AllAnalogiesResult(**self._members(found, rows, max_similarity, False, notes))

    def _top(
        self,
        run: Runner,
        folder: str | None,
        k: int,
        max_similarity: float,
        distinct: bool,
        edges: int | None,
        pairs: Iterable[tuple[str, str]] | None,
        among: Iterable[str] | None,
        truncate: int | None,
    ) -> TopResult:
        from gene_analogies.search.analogies.all_items import TopJob, pairs_of_rows
        from gene_analogies.search.analogies.blocks import Found
        from gene_analogies.search.knn.nearest_pairs import nearest_pairs

        notes: list[str] = []
        k, max_similarity = _count(k), check_cosine("max_similarity", max_similarity)
        if edges is not None and pairs is not None:
            raise GeneAnalogiesError("top takes either edges or pairs, not both")
        edges = None if edges is None else check_int("edges", edges)
        given = None if pairs is None else self._known_pairs(pairs, notes)
        rows, field = self._field(among, truncate, notes)
        chosen = None
        if edges is not None:
            chosen = pairs_of_rows(field, nearest_pairs(field, edges))
        elif given is not None:
            chosen = pairs_of_rows(field, _places(given, rows, len(self), notes))

        def search(count: int) -> Found:
            # Each count is a run of its own, and a folder holds one run.
            place = str(Path(folder, f"best-{count}")) if folder and distinct else folder
            arrays = run(TopJob(field, count, max_similarity, chosen), folder=place)
            return Found(arrays["rows"], arrays["scores"])

        found = _distinct(search, k, notes) if distinct else search(k)
        return TopResult(
            **self._members(found, rows, max_similarity, distinct, notes),
            pairs=None if chosen is None else len(chosen[1]),
            edges=edges,
        )

    def _known_pairs(self, pairs: Iterable[tuple[str, str]], notes: list[str]) -> NDArray[np.int64]:
        """Return the rows of given pairs, int64 of shape (m, 2); unknown names leave a note."""
        given = list(pairs) if isinstance(pairs, Iterable) and not isinstance(pairs, str) else []
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

    def _field(
        self,
        among: Iterable[str] | None,
        truncate: int | None,
        notes: list[str],
        always: int | None = None,
    ) -> tuple[NDArray[np.int64], ClusterBounds]:
        """Return the rows to search, in their order, and what is known of them."""
        allowed = self._allowed(among, truncate, notes)
        if always is not None:
            allowed[always] = True
        if np.count_nonzero(allowed) < 4:
            why = "".join(f"; {note}" for note in notes)
            raise GeneAnalogiesError(f"fewer than four items are left to make an analogy of{why}")
        rows = np.flatnonzero(allowed)
        return rows, self.prepared.cluster_bounds(rows)

    def _members(
        self,
        found: Found,
        rows: NDArray[np.int64],
        max_similarity: float,
        distinct: bool,
        notes: list[str],
    ) -> dict[str, Any]:
        """Return what every answer of analogies holds."""
        if len(found.rows) == 0 and max_similarity < 1.0:
            notes.append(
                f"no analogy has cos(a, c) and cos(b, d) of at most {max_similarity:g}: allow more "
                "with max_similarity, or center the embedding if all its vectors point one way"
            )
        quads = rows[found.rows]
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
    k = check_int("k", k)
    if k > _MOST:
        raise GeneAnalogiesError(f"k must be at most {_MOST:,}, not {k:,}")
    return k


def _text(folder: str | Path | None) -> str | None:
    if folder is not None and not isinstance(folder, (str, os.PathLike)):
        raise GeneAnalogiesError(f"folder must be a path or None, not {folder!r}")
    return None if folder is None else os.fspath(folder)


def _places(
    pairs: NDArray[np.int64], rows: NDArray[np.int64], count: int, notes: list[str]
) -> NDArray[np.int64]:
    """Return the places of pairs of rows among the ``rows`` to search, of ``count`` ones."""
    places = np.full(count, -1)
    places[rows] = np.arange(len(rows))
    found = places[pairs]
    inside = (found >= 0).all(axis=1)
    left_out = len(pairs) - np.count_nonzero(inside)
    if left_out:
        notes.append(f"{left_out:,} of {len(pairs):,} pairs hold an item outside those searched")
    return found[inside]


def _here(client: Client | None, progress: Progress | None) -> Runner:
    if client is not None:
        from gene_analogies.runs.clients import check_client

        check_client(client)

    def run_job(job: Job, *, folder: str | None) -> Arrays:
        from gene_analogies.runs import run

        return run(job, folder=folder, client=client, progress=progress)

    return run_job


def _first_count(k: int) -> int:
    """Return among how many of the best analogies ``k`` distinct ones are looked for first."""
    return min(_MOST, max(200, 30 * k))


def _distinct(search: Callable[[int], Found], k: int, notes: list[str]) -> Found:
    """Search more and more analogies until enough of them are distinct."""
    from gene_analogies.search.analogies.blocks import Found
    from gene_analogies.search.analogies.distinct import distinct_rows

    count = _first_count(k)
    while True:
        found = search(count)
        kept = distinct_rows(found.rows, k)
        if len(kept) == k or len(found.rows) < count or count == _MOST:
            break
        count = min(_MOST, 10 * count)
    if len(kept) < k and len(found.rows) == count:
        notes.append(f"of the {count:,} best analogies, {len(kept)} are distinct")
    return Found(found.rows[kept], found.scores[kept])
