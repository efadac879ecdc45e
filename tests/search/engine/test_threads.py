"""Products in our own threads, and BLAS's number of threads before, during and after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_info

from gene_analogies.search.engine.jit import compile_time
from gene_analogies.search.engine.threads import multiply, one_blas_thread


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


def test_compiling_is_timed():
    twice = numba.njit(lambda x: 2.0 * x)  # noqa: TID251 - not kept, so that it is compiled
    with compile_time() as first:
        twice(1.5)
    with compile_time() as second:
        twice(2.5)
    assert first() > 0.0
    assert second() == 0.0
