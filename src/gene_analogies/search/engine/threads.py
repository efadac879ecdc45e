"""Run a kernel over parts of the work, one Python thread a core (kernels release the GIL).

Any number of threads may do so at once: they share the pool, and none waits for another's parts.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

__all__ = [
    "check_stop",
    "interruptible",
    "multiply",
    "one_blas_thread",
    "run_parts",
    "thread_count",
    "waiting_for",
]

#: Seconds until whoever waits for a lock looks whether to go on waiting.
_PATIENCE = 0.2

_asking = threading.local()


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


class _EndedError(Exception):
    """Another part of the run failed."""


class _Run:
    """One piece of work in parts; the first error ends it.

    Every part looks out for that error, and for what stops the thread that asked, whichever thread
    it runs in: wherever `check_stop` is called.
    """

    def __init__(self, work: Callable[[int, int], None], parts: int) -> None:
        self._work, self._parts = work, parts
        self._check: Callable[[], None] | None = getattr(_asking, "check", None)
        self.error: BaseException | None = None

    def do(self, part: int) -> None:
        with interruptible(self.check):
            try:
                self.check()
                self._work(part, self._parts)
            except BaseException as error:
                self.fail(error)

    def check(self) -> None:
        if self.error is not None:
            raise _EndedError
        if self._check is not None:
            self._check()

    def fail(self, error: BaseException) -> None:
        # The error of a part that was ended comes after another one.
        if self.error is None:
            self.error = error


def run_parts(work: Callable[[int, int], None], parts: int | None = None) -> None:
    """Call ``work(part, parts)`` for every part and wait; the first error is raised.

    The calling thread does the last part itself, so that one core needs no other thread, and those
    that the pool, which other threads use, too, has not begun by then. When a part fails, those
    that have not begun are left out, and the others end where they next call `check_stop`.
    """
    parts = thread_count() if parts is None else parts
    run, waiting = _Run(work, parts), list[Future[None]]()
    try:
        if parts > 1:
            pool = _pool(os.getpid())  # a forked child makes its own
            for part in range(parts - 1):
                waiting.append(pool.submit(run.do, part))
        run.do(parts - 1)
        for part, future in enumerate(waiting):
            if future.cancel():
                run.do(part)
    except BaseException as error:  # Ctrl-C between two parts
        run.fail(error)
    # Those that have begun write into the caller's arrays.
    begun = [future for future in waiting if not future.cancel()]
    try:
        wait(begun)
    except BaseException as error:
        run.fail(error)
        wait(begun)
    failed, run.error = run.error, None
    if failed is not None:
        try:
            raise failed
        finally:
            del failed  # it knows this frame, which holds arrays


@contextmanager
def interruptible(check: Callable[[], None]) -> Iterator[None]:
    """Let ``check`` stop the searches of this thread: it is called between blocks, and may raise.

    A block takes a fraction of a second. The threads of the pool that work for this one call it,
    too, maybe several at once.
    """
    before = getattr(_asking, "check", None)
    _asking.check = check
    try:
        yield
    finally:
        _asking.check = before


def check_stop() -> None:
    """Call what `interruptible` was given in the thread that asked, if anything."""
    check: Callable[[], None] | None = getattr(_asking, "check", None)
    if check is not None:
        check()


@contextmanager
def waiting_for(lock: threading.Lock) -> Iterator[None]:
    """Hold a lock that other threads may hold for long; `check_stop` ends the wait."""
    while not lock.acquire(timeout=_PATIENCE):
        check_stop()
    try:
        yield
    finally:
        lock.release()


def multiply(
    A: NDArray[np.float32], B: NDArray[np.float32], out: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return ``A @ B`` in ``out``, a part of the rows in each thread, or of the columns if more.

    ``B`` is a matrix or a vector.
    """
    wide = B.ndim > 1 and B.shape[1] > len(A)
    count = B.shape[1] if wide else len(A)

    def part_of(part: int, parts: int) -> None:
        some = slice(count * part // parts, count * (part + 1) // parts)
        # What is long is read once, by one thread or the other.
        if wide:
            np.matmul(A, B[:, some], out=out[:, some])
        else:
            np.matmul(A[some], B, out=out[some])

    with one_blas_thread():
        run_parts(part_of)
    return out


class _Keeper(threading.Thread):
    """Holds BLAS to one thread from its start until it is let go.

    threadpoolctl heeds only the thread that first set a limit, as long as that thread lives: so
    the limit is set and lifted by a thread that then ends.
    """

    def __init__(self) -> None:
        super().__init__(name="gene-analogies-blas", daemon=True)
        self._set, self._done = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with _blas().limit(limits=1, user_api="blas"):
                self._set.set()
                self._done.wait()
        finally:
            self._set.set()  # nobody is to wait for what has failed

    def hold(self) -> None:
        self.start()
        try:
            self._set.wait()
        except BaseException:  # Ctrl-C, most likely
            self._done.set()
            raise

    def let_go(self) -> None:
        self._done.set()
        self.join()


_blas_lock = threading.Lock()
_blas_users = 0
_keeper = _Keeper()


def _start_anew() -> None:
    """Forget, in a forked child, what threads that it does not have were about to do."""
    global _blas_lock, _blas_users
    _blas_lock, _blas_users = threading.Lock(), 0


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_start_anew)


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep BLAS to the thread that calls it.

    After a product, OpenBLAS's own threads go on spinning for a while, on cores that the kernels
    need: with them, two threads are hardly faster than one.
    """
    global _blas_users, _keeper
    with _blas_lock:
        if _blas_users == 0:
            _keeper = _Keeper()
            _keeper.hold()
        _blas_users += 1
    try:
        yield
    finally:
        with _blas_lock:
            _blas_users -= 1
            if _blas_users == 0:
                _keeper.let_go()


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
