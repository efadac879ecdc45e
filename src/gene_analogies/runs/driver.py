"""Do the blocks of a job, keep them, merge them: in this process, or on a Dask cluster."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gene_analogies.runs.folder import RunFolder
from gene_analogies.runs.job import Arrays, Estimate, Job, Solved, Solver
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["run"]

#: Progress is reported in parts of this many.
_STEPS = 10_000
#: Blocks, spread over the work, that are measured for the estimate, unless they take too long.
_PROBES = 3
_PROBES_AT_MOST = 5.0
#: Answers up to this size are merged block by block, for their threshold.
_SMALL = 1 << 20


def run(
    job: Job,
    *,
    folder: str | Path | None = None,
    client: Client | None = None,
    progress: Progress | None = None,
    on_estimate: Callable[[Estimate], None] | None = None,
) -> Arrays:
    """Do all blocks that are not finished yet, and return the merged answer.

    Finished blocks are on disk: whatever stops a run, such as Ctrl-C, loses only the blocks in
    progress, and the same call resumes it. The answer does not depend on interruptions, on the
    number of workers, or on the order in which they finish. It is kept when the run is finished,
    and the same call then returns it at once.

    Parameters
    ----------
    job
        What to do.
    folder
        Where finished blocks are kept; a folder of the job's own in the cache folder by default.
    client
        A Dask client: blocks are done on its cluster.
    progress
        Called with what is done and with all of it, at the start and after every block.
    on_estimate
        Called once with the expected duration, when a few blocks have been measured; not at all
        where the work is finished before.

    Returns
    -------
    dict
        The arrays of the answer, by name.

    Raises
    ------
    GeneAnalogiesError
        If the folder belongs to another run or cannot be written, or the Dask cluster is lost.
    MissingExtraError
        If a client is given and Dask is not installed.
    """
    work = _Work(job, folder)
    if work.answer is not None:
        return work.answer
    if progress is not None:
        progress(*work.steps())
    with closing(work.solve_rest(_solver(job, client))) as estimates:
        for estimate in estimates:
            if on_estimate is not None and estimate is not None:
                on_estimate(estimate)
            if progress is not None:
                progress(*work.steps())
    return work.finish()


class _LocalSolver:
    """Does blocks one after another in this process; each uses all its threads."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def workers(self) -> int:
        return 1

    def solve(
        self, blocks: Iterable[int], threshold: Callable[[], float]
    ) -> Generator[Solved, None, None]:
        from gene_analogies.search.engine.jit import compile_time

        for block in blocks:
            start = time.perf_counter()
            with compile_time() as compiling:
                part = self._job.solve(block, threshold())
            yield Solved(block, part, time.perf_counter() - start - compiling())


def _solver(job: Job, client: Client | None) -> Solver:
    if client is None:
        return _LocalSolver(job)
    from gene_analogies.runs.dask_run import DaskSolver

    return DaskSolver(job, client)


class _Work:
    """One job: what is finished, what is left, and the best so far."""

    def __init__(self, job: Job, folder: str | Path | None) -> None:
        costs = np.asarray(job.costs(), np.float64)
        self._folder = RunFolder.open(job, costs, folder)
        self._costs = costs if costs.sum() > 0 else np.ones(len(costs))
        self._best = _Best(job)
        self._done = np.zeros(len(costs), np.bool_)
        for block in range(len(costs)):
            part = self._folder.block(block)
            if part is not None:
                self._best.add(part)
                self._done[block] = True
        # Asked for after the blocks: another process may just now be removing them.
        self.answer = self._folder.answer()

    def steps(self) -> tuple[int, int]:
        """Return how much is done, and of how much."""
        if self._done.all():
            return _STEPS, _STEPS
        return min(int(_STEPS * self._share()), _STEPS - 1), _STEPS

    def solve_rest(self, solver: Solver) -> Generator[Estimate | None, None, None]:
        """Do the blocks that are left, yielding after each; once the estimate, when there is one.

        The first block brings a threshold. Then come a few that are spread over the rest, for the
        estimate, and the others in their order.
        """
        order = _order(np.flatnonzero(~self._done), self._costs)
        measured: list[tuple[float, float]] = []
        start, estimated = time.perf_counter(), False
        with closing(solver.solve(order, lambda: self._best.threshold)) as solved:
            for block, part, seconds in solved:
                self._folder.keep_block(block, part)
                self._best.add(part)
                self._done[block] = True
                measured.append((self._costs[block], seconds))
                late = time.perf_counter() - start > _PROBES_AT_MOST
                estimate = None
                if not estimated and (late or len(measured) > _PROBES) and not self._done.all():
                    estimated, estimate = True, self._estimate(measured, solver)
                yield estimate

    def finish(self) -> Arrays:
        """Merge what is left to merge, and keep the answer."""
        answer = self._best.merged()
        self._folder.keep_answer(answer)
        return answer

    def _share(self) -> float:
        return float(self._costs[self._done].sum() / self._costs.sum())

    def _estimate(self, measured: list[tuple[float, float]], solver: Solver) -> Estimate:
        cost, seconds = np.sum(measured[1:] or measured, axis=0)
        left = self._costs[~self._done].sum()
        workers = max(solver.workers(), 1)
        rate = seconds / cost if cost > 0 else 0.0
        return Estimate(float(left * rate / workers), workers, self._share(), self._folder.path)


def _order(left: NDArray[np.intp], costs: NDArray[np.float64]) -> list[int]:
    """Put those to be measured, in the middles of equal shares of the cost, behind the first."""
    first, rest = left[:1], left[1:]
    reached = np.cumsum(costs[rest])
    middles = (np.arange(_PROBES) + 0.5) / _PROBES * reached[-1:].sum()
    probes = np.unique(np.searchsorted(reached, middles).clip(max=max(len(rest) - 1, 0)))
    probes = probes[: len(rest)]
    return [*first.tolist(), *rest[probes].tolist(), *np.delete(rest, probes).tolist()]


class _Best:
    """The merged answer so far.

    Small answers with a threshold (the best k) are merged with every block, to raise it. Others (a
    row for every item) wait until as much has come as there was, or each block would cost a copy
    of all.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._parts: list[Arrays] = []
        self._merged_size = 0
        self._waiting_size = 0
        self.threshold = -math.inf

    def add(self, part: Arrays) -> None:
        """Take in the answer of a block."""
        self._parts.append(part)
        self._waiting_size += _size(part)
        thresholds = self.threshold > -math.inf and self._merged_size <= _SMALL
        if thresholds or self._waiting_size >= self._merged_size:
            merged = self.merged()
            self._merged_size, self._waiting_size = _size(merged), 0
            self.threshold = max(self.threshold, self._job.threshold(merged))

    def merged(self) -> Arrays:
        """Return the answer of all that has been taken in."""
        self._parts = [self._job.merge(self._parts)]
        return self._parts[0]


def _size(part: Arrays) -> int:
    return sum(array.nbytes for array in part.values())
