"""Print the peak memory of every question beyond the embedding and its index, as JSON, in bytes.

Run as a process of its own by :mod:`benchmarks.speed.questions`, so that nothing else is counted.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from benchmarks.data_sets import DATA_SETS
from benchmarks.measure import memory, reset_peak
from benchmarks.speed.question_checks import EDGES, METHODS, MOST, K
from benchmarks.speed.question_times import warm_up
from gene_analogies import Space
from gene_analogies.search.analogies.all_items import TopJob, pairs_of_rows
from gene_analogies.search.knn.nearest_pairs import nearest_pairs

__all__ = ["main"]


def _settle() -> int:
    """Return what the process holds, without what has been freed and not been given back."""
    gc.collect()
    with suppress(OSError, AttributeError):  # other C libraries give back by themselves
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return memory("VmRSS")


def _peak(call: Callable[[], object]) -> int:
    _settle()
    reset_peak()
    call()
    return memory("VmHWM")


def main() -> None:
    """Ask about the first rows, as many as the second argument says, of the named data set."""
    embedding = DATA_SETS[sys.argv[1]]().truncate(int(sys.argv[2]))
    warm_up(embedding)
    space = Space(embedding, keep_index=False)
    space.index()
    names = embedding.names

    def top_all() -> None:
        job = TopJob(space._rows_and_bounds(None, None, [])[1], K, MOST)
        job.solve(0, -1.0)
        job.solve(len(job.costs()) - 1, 0.99)
        job.solve(job._edge_blocks, 0.99)

    def top_edges() -> None:
        clusters = space._rows_and_bounds(None, None, [])[1]
        TopJob(clusters, K, MOST, pairs_of_rows(clusters, nearest_pairs(clusters, EDGES))).solve(
            0, -1.0
        )

    before = _settle()
    peaks = {"similar": _peak(lambda: space.similar(names[0], k=K))}
    peaks["several"] = _peak(lambda: space.similar(names[:3], k=K))
    for method in METHODS:
        peaks[method] = _peak(partial(space.complete, *names[:3], method=method, k=K))
    # From here on the clusters and their table of bounds are there, and count.
    peaks["field"] = _peak(lambda: space._rows_and_bounds(None, None, []))
    peaks["analogies"] = _peak(lambda: space.analogies(names[0], k=K, max_similarity=MOST))
    peaks["top"] = _peak(top_all)
    peaks["edges"] = _peak(top_edges)
    peaks["overall"] = _peak(lambda: space.similar_overall(k=K))
    print(json.dumps({name: peak - before for name, peak in peaks.items()}))


if __name__ == "__main__":
    main()
