"""Run a kernel over parts of the work, one Python thread a core (kernels release the GIL)."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

__all__ = ["run_parts", "thread_count"]


@cache
def thread_count() -> int:
    """Threads to use: the cores this process may run on, or ``GENE_ANALOGIES_THREADS``."""
    asked = os.environ.get("GENE_ANALOGIES_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


@cache
def _pool(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, thread_count() - 1), thread_name_prefix="gene-analogies")


def run_parts(work: Callable[[int, int], None], parts: int | None = None) -> None:
    """Call ``work(part, parts)`` for every part and wait; the first error is raised.

    The calling thread does the last part itself, so that one core needs no other thread.
    """
    parts = thread_count() if parts is None else parts
    pool = _pool(os.getpid())  # a forked child makes its own
    waiting = [pool.submit(work, part, parts) for part in range(parts - 1)]
    try:
        work(parts - 1, parts)
    finally:
        wait(waiting)  # they write into the caller's arrays
    for future in waiting:
        future.result()
