"""What `analogies`, `all_analogies` and `top` share: which rows to search, and what is found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.results.analogy_evidence import AnalogyEvidence
from gene_analogies.util.arguments import check_int
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from distributed import Client
    from numpy.typing import NDArray

    from gene_analogies.runs import Estimate, Job
    from gene_analogies.search.analogies.blocks import Found
    from gene_analogies.search.knn.cluster_bounds import ClusterBounds

__all__ = ["AnalogySearch", "check_count", "check_run_options", "distinct_best"]

_MAX_COUNT = 10_000


class AnalogySearch(Base):
    """The rows to search for analogies, the run of long work, and the columns of every answer."""

    def _rows_and_bounds(
        self,
        among: Iterable[str] | None,
        truncate: int | None,
        notes: list[str],
        always: int | None = None,
    ) -> tuple[NDArray[np.int64], ClusterBounds]:
        """Return the rows to search, in their order, and their cluster bounds."""
        allowed = self._allowed(among, truncate, notes)
        if always is not None:
            allowed[always] = True
        if np.count_nonzero(allowed) < 4:
            why = "".join(f"; {note}" for note in notes)
            raise GeneAnalogiesError(f"fewer than four items are left to make an analogy of{why}")
        rows = np.flatnonzero(allowed)
        return rows, self.prepared.cluster_bounds(rows)

    def _run(
        self,
        job: Job,
        folder: str | Path | None,
        client: Client | None,
        progress: Progress | None,
        on_estimate: Callable[[Estimate], None] | None,
    ) -> Found:
        """Return the analogies that a job finds."""
        from gene_analogies.runs import run
        from gene_analogies.search.analogies.blocks import Found

        arrays = run(job, folder=folder, client=client, progress=progress, on_estimate=on_estimate)
        return Found(arrays["rows"], arrays["scores"])

    def _analogy_columns(
        self,
        found: Found,
        rows: NDArray[np.int64],
        max_similarity: float,
        distinct: bool,
        notes: list[str],
    ) -> dict[str, Any]:
        """Return the fields that every answer of analogies has."""
        if len(found.rows) == 0 and max_similarity < 1.0:
            notes.append(
                f"no analogy has cos(a, c) and cos(b, d) of at most {max_similarity:g}: allow more "
                "with max_similarity, or center the embedding if all its vectors point one way"
            )
        quads = rows[found.rows]
        known = {row: self.item(row) for row in np.unique(quads).tolist()}
        columns: dict[str, Any] = {}
        for name, column in zip("abcd", quads.T, strict=True):
            columns[name] = tuple(known[row] for row in column.tolist())
            columns[f"{name}_rows"] = np.ascontiguousarray(column)
        items = {name: columns[name] for name in "abcd"}
        of_items = {name: columns[f"{name}_rows"] for name in "abcd"}
        return {
            **columns,
            "evidence": AnalogyEvidence(self.prepared, items, of_items),
            "similarity": found.scores,
            "max_similarity": max_similarity,
            "distinct": distinct,
            "notes": tuple(notes),
        }


def check_count(k: int) -> int:
    """Return how many analogies to find, at most 10,000."""
    k = check_int("k", k)
    if k > _MAX_COUNT:
        raise GeneAnalogiesError(f"k must be at most {_MAX_COUNT:,}, not {k:,}")
    return k


def check_run_options(folder: str | Path | None, client: Client | None) -> None:
    """Refuse a folder or client that a run cannot use, before anything that takes long."""
    if client is not None:
        from gene_analogies.runs.clients import check_client

        check_client(client)
    if folder is not None and not isinstance(folder, (str, os.PathLike)):
        raise GeneAnalogiesError(f"folder must be a path or None, not {folder!r}")


def _first_count(k: int) -> int:
    """Return among how many of the best analogies ``k`` distinct ones are looked for first."""
    return min(_MAX_COUNT, max(200, 30 * k))


def distinct_best(search: Callable[[int], Found], k: int, notes: list[str]) -> Found:
    """Search for more and more analogies until ``k`` of them are distinct."""
    from gene_analogies.search.analogies.blocks import Found
    from gene_analogies.search.analogies.distinct import distinct_rows

    count = _first_count(k)
    while True:
        found = search(count)
        kept = distinct_rows(found.rows, k)
        if len(kept) == k or len(found.rows) < count or count == _MAX_COUNT:
            break
        count = min(_MAX_COUNT, 10 * count)
    if len(kept) < k and len(found.rows) == count:
        notes.append(f"of the {count:,} best analogies, {len(kept)} are distinct")
    return Found(found.rows[kept], found.scores[kept])
