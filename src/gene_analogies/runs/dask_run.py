"""Do blocks on a Dask cluster: data are sent once, then thresholds and answers of blocks."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from gene_analogies._version import __version__
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.runs.job import Job, Solved

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["DaskSolver"]

_logger = logging.getLogger(__name__)

#: Blocks submitted for each worker: the one in progress, and the next one.
_BLOCKS_PER_WORKER = 2
#: How often a block that failed is tried again.
_RETRIES = 2
#: Seconds between two checks of the cluster while no block comes back.
_POLL_SECONDS = 1.0

#: A worker does one block at a time, whatever its number of threads: they work inside the block.
_one_at_a_time = threading.Lock()

_OTHER_VERSION = "workers have another version of gene-analogies: install the same everywhere"


def method_version() -> str:
    """Return a text that identifies this version of the method."""
    from gene_analogies.search.engine.jit import KERNELS

    return f"{__version__} {KERNELS}"


def solve_on_worker(job: Job, block: int, threshold: float, method: str) -> Solved:
    """Do one block on a worker, with as many threads as the worker has been given."""
    if method != method_version():
        raise GeneAnalogiesError(_OTHER_VERSION)
    from distributed import get_worker

    threads = get_worker().state.nthreads
    with _one_at_a_time:
        os.environ.setdefault("GENE_ANALOGIES_THREADS", str(threads))
        start = time.perf_counter()
        part = job.solve(block, threshold)
        return Solved(block, part, time.perf_counter() - start)


class DaskSolver:
    """Does blocks on the workers of a Dask cluster, two at a time for each of them.

    Dask reschedules a block whose worker is lost. What Dask cannot recover is recovered here: data
    that were lost with the last worker that had them, or with the scheduler, are sent again, and
    the blocks in progress are submitted again.

    Parameters
    ----------
    job
        What to do.
    client
        Connected to the Dask cluster.
    """

    def __init__(self, job: Job, client: Client) -> None:
        self._job = job
        self._client = client
        self._address = getattr(client.scheduler, "address", "")
        self._data: Future | None = None
        #: The block of every submitted future, and the data that it was given.
        self._submitted: dict[Future, tuple[int, Future]] = {}
        self._finished: SimpleQueue[Future] = SimpleQueue()
        self._workers, self._counted, self._warned = 0, -math.inf, False

    def workers(self) -> int:
        """Return the number of worker processes, counted at most a second ago."""
        if time.monotonic() - self._counted > _POLL_SECONDS:
            self._workers = len(self._retry(self._client.nthreads))
            self._counted = time.monotonic()
            if not self._workers and not self._warned:
                _logger.warning(
                    "the Dask cluster at %s has no workers: waiting for some", self._address
                )
            self._warned = not self._workers
        return self._workers

    def solve(
        self, blocks: Iterable[int], threshold: Callable[[], float]
    ) -> Generator[Solved, None, None]:
        """Yield the answers of blocks as they come; the first one is done alone.

        Its threshold saves the others more time than they wait for it.
        """
        waiting = deque(blocks)
        self._wait_for_workers()
        self._check_versions()
        room = 1
        try:
            while waiting or self._submitted:
                while waiting and len(self._submitted) < room:
                    self._submit(waiting.popleft(), threshold())
                future = self._next_finished()
                block, data = self._submitted.pop(future)
                solved = self._result(future)
                if solved is not None:
                    yield solved
                    room = max(_BLOCKS_PER_WORKER * self.workers(), 1)
                else:
                    waiting.appendleft(block)
                    # All blocks in progress were lost with the same data: sent again once.
                    if data is self._data:
                        self._data = None
        finally:
            with suppress(Exception):  # the scheduler is gone, or the results are not needed
                self._client.cancel([*self._submitted, *filter(None, [self._data])])
            self._submitted.clear()
            self._data = None

    def _submit(self, block: int, threshold: float) -> None:
        """Submit a block, after the data where they have not been sent."""
        if self._data is None:
            self._wait_for_workers()
            send = partial(self._client.scatter, [self._job], broadcast=True, hash=False)
            (self._data,) = self._retry(send)
        arguments = self._data, block, threshold, method_version()
        submit = partial(self._client.submit, solve_on_worker, *arguments, pure=False)
        future = self._retry(partial(submit, retries=_RETRIES))
        self._submitted[future] = block, self._data
        future.add_done_callback(self._finished.put)

    def _next_finished(self) -> Future:
        """Wait for a block; raise where the scheduler is gone."""
        while True:
            try:
                future = self._finished.get(timeout=_POLL_SECONDS)
            except Empty:
                self._wait_for_connection()
                self.workers()
            else:
                if future in self._submitted:
                    return future

    def _result(self, future: Future) -> Solved | None:
        """Return the answer of a block; None where it is lost and has to be done again."""
        from distributed import KilledWorker

        try:
            solved: Solved = future.result()
        except KilledWorker as error:
            raise GeneAnalogiesError(
                f"a block killed {error.allowed_failures + 1} workers of the Dask cluster at "
                f"{self._address}; more memory for each may help (finished blocks are kept)"
            ) from None
        except (CancelledError, OSError):
            if future.status == "error":
                raise
            self._wait_for_connection()
            return None
        return solved

    def _wait_for_workers(self) -> None:
        while not self.workers():
            time.sleep(_POLL_SECONDS)

    def _check_versions(self) -> None:
        """Refuse workers that have another version, or none, before data are sent."""
        ask = partial(self._client.run, method_version, on_error="return")
        for version in self._retry(ask).values():
            other = isinstance(version, str) and version != method_version()
            if other or isinstance(version, (ImportError, AttributeError)):
                raise GeneAnalogiesError(_OTHER_VERSION)

    def _retry(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the call returns
        """Call the scheduler, again where the connection was lost and restored."""
        for tries_left in (2, 1, 0):
            try:
                return call()
            except Exception as error:
                broken = isinstance(error, (OSError, CancelledError))
                if self._client.status == "running" and not (broken and tries_left):
                    raise
            self._wait_for_connection()
        raise self._lost()

    def _wait_for_connection(self) -> None:
        """Wait while the client reconnects to its scheduler; it gives up by itself."""
        while self._client.status == "connecting":
            time.sleep(0.1)
        if self._client.status != "running":
            raise self._lost()

    def _lost(self) -> GeneAnalogiesError:
        return GeneAnalogiesError(
            f"the Dask cluster at {self._address} is gone; finished blocks are "
            "kept, and the same run resumes from them"
        )
