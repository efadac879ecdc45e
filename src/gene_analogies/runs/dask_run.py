"""Do blocks on a Dask cluster: the data go there once, thresholds and answers of blocks travel."""

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

__all__ = ["OnCluster"]

_logger = logging.getLogger(__name__)

#: Blocks begun for each worker: the one in work, and one to go on with at once.
_EACH = 2
#: So often is a block begun again that ended in an error.
_RETRIES = 2
#: Seconds between two looks at the cluster while no block comes back.
_LOOK = 1.0

#: A worker does one block at a time, whatever its number of threads: they work inside the block.
_one_at_a_time = threading.Lock()

_OTHER_VERSION = "workers have another version of gene-analogies: install the same everywhere"


def method_version() -> str:
    """Return what tells this version of the method from others."""
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


class OnCluster:
    """Does blocks on the workers of a cluster, two for each of them at a time.

    Dask begins a block again elsewhere where its worker is lost. What Dask cannot mend is mended
    here: data that were lost with the last worker that had them, or with the scheduler, are sent
    again, and the blocks that were under way are begun again.

    Parameters
    ----------
    job
        What to do.
    client
        Connected to the cluster.
    """

    def __init__(self, job: Job, client: Client) -> None:
        self._job = job
        self._client = client
        self._address = getattr(client.scheduler, "address", "")
        self._data: Future | None = None
        #: The block of every future that is under way, and the data that it was given.
        self._begun: dict[Future, tuple[int, Future]] = {}
        self._ended: SimpleQueue[Future] = SimpleQueue()
        self._workers, self._counted, self._warned = 0, -math.inf, False

    def workers(self) -> int:
        """Return the number of worker processes; counted now, or a moment ago."""
        if time.monotonic() - self._counted > _LOOK:
            self._workers = len(self._ask(self._client.nthreads))
            self._counted = time.monotonic()
            if not self._workers and not self._warned:
                _logger.warning("the cluster at %s has no workers: waiting for some", self._address)
            self._warned = not self._workers
        return self._workers

    def solve(
        self, blocks: Iterable[int], threshold: Callable[[], float]
    ) -> Generator[Solved, None, None]:
        """Yield the answers of blocks as they come; the first one goes ahead alone.

        Its threshold is worth more to all others than the time they wait for it.
        """
        waiting = deque(blocks)
        self._wait_for_workers()
        self._check_versions()
        room = 1
        try:
            while waiting or self._begun:
                while waiting and len(self._begun) < room:
                    self._begin(waiting.popleft(), threshold())
                future = self._next_ended()
                block, data = self._begun.pop(future)
                solved = self._result(future)
                if solved is not None:
                    yield solved
                    room = max(_EACH * self.workers(), 1)
                else:
                    waiting.appendleft(block)
                    # All that was under way was lost with the same data: sent again once.
                    if data is self._data:
                        self._data = None
        finally:
            with suppress(Exception):  # nobody is there any more, or nobody needs them
                self._client.cancel([*self._begun, *filter(None, [self._data])])
            self._begun.clear()
            self._data = None

    def _begin(self, block: int, threshold: float) -> None:
        """Have a block done, with the data where there are none yet."""
        if self._data is None:
            self._wait_for_workers()
            send = partial(self._client.scatter, [self._job], broadcast=True, hash=False)
            (self._data,) = self._ask(send)
        arguments = self._data, block, threshold, method_version()
        submit = partial(self._client.submit, solve_on_worker, *arguments, pure=False)
        future = self._ask(partial(submit, retries=_RETRIES))
        self._begun[future] = block, self._data
        future.add_done_callback(self._ended.put)

    def _next_ended(self) -> Future:
        """Wait for a block; notice where nothing can come any more."""
        while True:
            try:
                future = self._ended.get(timeout=_LOOK)
            except Empty:
                self._connected()
                self.workers()
            else:
                if future in self._begun:
                    return future

    def _result(self, future: Future) -> Solved | None:
        """Return what a block gave; None where it is lost and to be done again."""
        from distributed import KilledWorker

        try:
            solved: Solved = future.result()
        except KilledWorker as error:
            raise GeneAnalogiesError(
                f"a block ended {error.allowed_failures + 1} workers of the cluster at "
                f"{self._address}; more memory for each may help (finished blocks are kept)"
            ) from None
        except (CancelledError, OSError):
            if future.status == "error":
                raise
            self._connected()
            return None
        return solved

    def _wait_for_workers(self) -> None:
        while not self.workers():
            time.sleep(_LOOK)

    def _check_versions(self) -> None:
        """Refuse workers that have another version, or none, before anything is sent."""
        ask = partial(self._client.run, method_version, on_error="return")
        for theirs in self._ask(ask).values():
            other = isinstance(theirs, str) and theirs != method_version()
            if other or isinstance(theirs, (ImportError, AttributeError)):
                raise GeneAnalogiesError(_OTHER_VERSION)

    def _ask(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the call returns
        """Ask the scheduler something, again where the connection was lost and came back."""
        for tries_left in (2, 1, 0):
            try:
                return call()
            except Exception as error:
                broken = isinstance(error, (OSError, CancelledError))
                if self._client.status == "running" and not (broken and tries_left):
                    raise
            self._connected()
        raise self._lost()

    def _connected(self) -> None:
        """Wait while the client looks for its scheduler; it gives up by itself."""
        while self._client.status == "connecting":
            time.sleep(0.1)
        if self._client.status != "running":
            raise self._lost()

    def _lost(self) -> GeneAnalogiesError:
        return GeneAnalogiesError(
            f"the cluster at {self._address} is gone; finished blocks are kept, and the same run "
            "goes on from there"
        )
