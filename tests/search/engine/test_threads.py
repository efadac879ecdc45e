"""Products in our own threads, and BLAS's number of threads before, during and after."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_info

from gene_analogies.search.engine.jit import compile_time
from gene_analogies.search.engine.threads import (
    check_stop,
    interruptible,
    multiply,
    one_blas_thread,
    run_parts,
    thread_count,
    waiting_for,
)
from gene_analogies.search.layout.layout import share_kept
from gene_analogies.search.learned.gain import measure_gain
from gene_analogies.search.significance import pair_cosines


def blas_threads():
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


def set_blas_threads(threads):
    """Set them in a thread that ends: only the first that sets them is heeded, while it lives."""
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers

    def set_all():
        for one in libraries:
            one.set_num_threads(threads)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(set_all).result()


@pytest.fixture
def two_threads():
    """Let BLAS have two threads, so that one is fewer."""
    before = max(blas_threads())
    set_blas_threads(2)
    assert 2 in blas_threads()
    yield
    set_blas_threads(before)


def test_a_product_in_parts():
    rng = np.random.default_rng(0)
    for rows in (0, 1, 2, 7):
        A, B = rng.normal(size=(rows, 5)), rng.normal(size=(5, 9))
        A, B = A.astype(np.float32), B.astype(np.float32)
        out = np.empty((rows, 9), np.float32)
        assert multiply(A, B, out) is out
        np.testing.assert_allclose(out, A @ B, rtol=1e-5)


@pytest.mark.usefixtures("two_threads")
def test_a_product_with_a_vector():
    random = np.random.default_rng(4)
    for rows in (3, 5, 70):
        A, b = random.normal(size=(rows, 5)), random.normal(size=5)
        np.testing.assert_allclose(multiply(A, b, np.empty(rows)), A @ b, rtol=1e-12)


def test_blas_gets_its_threads_back():
    before = blas_threads()
    with one_blas_thread():
        assert set(blas_threads()) <= {1}
        with one_blas_thread():
            assert set(blas_threads()) <= {1}
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before
    with pytest.raises(KeyError), one_blas_thread():
        raise KeyError
    assert blas_threads() == before


@pytest.mark.usefixtures("two_threads")
def test_many_at_once_leave_blas_as_it_was():
    before = blas_threads()
    A = np.random.default_rng(0).normal(size=(60, 30)).astype(np.float32)

    def square(_):
        return multiply(A, A.T, np.empty((60, 60), np.float32))

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(square, range(64)):
            np.testing.assert_allclose(found, A @ A.T, rtol=1e-4, atol=1e-4)
    assert blas_threads() == before


class StopError(Exception):
    """Nobody waits for the answer."""


def stop():
    raise StopError


@pytest.mark.parametrize("nested", [False, True])
def test_a_stop_in_a_thread_of_the_pool_ends_all_parts(nested):
    """The caller gets that error when no part is at work any more."""
    caller, both, ready, at_work = (
        threading.get_ident(),
        threading.Barrier(2),
        threading.Event(),
        [],
    )

    def check():
        if ready.is_set() and threading.get_ident() != caller:
            raise StopError

    def go_on(part, parts):
        at_work.append(part)
        both.wait(10)
        ready.set()
        try:
            while True:
                check_stop()
                time.sleep(0.001)
        finally:
            time.sleep(0.05)
            at_work.remove(part)

    def work(part, parts):
        if nested:
            run_parts(lambda *_: go_on(part, parts), 1)
        else:
            go_on(part, parts)

    with interruptible(check), pytest.raises(StopError):
        run_parts(work, 2)
    assert at_work == []
    check_stop()  # nothing is left behind
    run_parts(lambda *_: check_stop(), 4)


def test_parts_that_have_not_begun_are_left_out_after_an_error():
    begun = []

    def work(part, parts):
        begun.append(part)
        if part == parts - 1:
            raise KeyError(part)
        while True:
            check_stop()

    parts = 50 * thread_count()
    with pytest.raises(KeyError, match=str(parts - 1)):
        run_parts(work, parts)
    assert len(begun) <= thread_count() + 1
    count = len(begun)
    time.sleep(0.05)
    assert len(begun) == count


def test_who_waits_for_a_lock_may_stop_waiting():
    lock = threading.Lock()
    with waiting_for(lock):
        assert lock.locked()
        with interruptible(stop), pytest.raises(StopError), waiting_for(lock):
            pass
    assert not lock.locked()


def test_long_stretches_heed_a_stop():
    E = np.random.default_rng(0).normal(size=(60, 5))
    rows = np.arange(20)
    for work in (
        lambda: measure_gain(E, np.stack([rows, rows + 20], axis=1)),
        lambda: share_kept(E, E[:, :2], rows),
        lambda: pair_cosines(E, rows, rows + 1),
    ):
        with interruptible(stop), pytest.raises(StopError):
            work()


def test_compiling_is_timed():
    twice = numba.njit(lambda x: 2.0 * x)  # noqa: TID251 - not kept, so that it is compiled
    with compile_time() as first:
        twice(1.5)
    with compile_time() as second:
        twice(2.5)
    assert first() > 0.0
    assert second() == 0.0
