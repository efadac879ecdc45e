"""What is worked out from vectors: once, as little of it as a question needs, and never pickled."""

import pickle

import numpy as np
import pytest

from gene_analogies.search.prepared import PreparedVectors


def prepared(n=60, d=6, scale=1.0, dtype=np.float64, **options):
    vectors = (scale * np.random.default_rng(0).normal(size=(n, d))).astype(dtype)
    return PreparedVectors(vectors, float(np.abs(vectors).max()), cache=False, **options)


def test_usual_vectors_are_not_copied():
    given = np.ones((3, 2))
    found = PreparedVectors(given, 1.0)
    assert found.vectors is given
    assert found.exponent == 0
    assert not found.vectors.flags.writeable


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e30, 1e200])
def test_others_are_scaled_by_a_power_of_two(scale):
    found, usual = prepared(scale=scale), prepared()
    np.testing.assert_array_equal(np.ldexp(found.vectors, -found.exponent), scale * usual.vectors)
    assert 1e-3 < np.abs(found.vectors).max() < 10
    np.testing.assert_allclose(found.norms, np.linalg.norm(found.vectors, axis=1), rtol=1e-14)


def test_coordinates_whose_squares_vanish_count_as_zero():
    vectors = np.array([[1.0, 1e-140], [0.0, 1e-140]])
    found = PreparedVectors(vectors, 1.0)
    np.testing.assert_array_equal(found.vectors, [[1, 0], [0, 0]])
    np.testing.assert_array_equal(found.zero_rows, [1])


def test_an_index_is_built_once():
    calls = []
    found = prepared(progress=lambda *now: calls.append(now))
    assert found.index() is found.index(-1)
    assert len(calls) == 1
    assert found.index(1).sign == 1


def test_of_the_indexes_of_first_rows_the_last_is_remembered():
    found = prepared()
    whole, few = found.index(), found.index(-1, 20)
    assert found.index(-1, 20) is few
    found.index(-1, 30)
    assert found.index(-1, 20) is not few
    assert found.index() is whole


def test_few_rows_of_many_get_an_index_of_their_own():
    found, rows = prepared(), np.array([3, 5, 40])
    part = found.indexed(rows, None, -1)
    np.testing.assert_array_equal(part.vectors, found.vectors[rows])
    np.testing.assert_array_equal(part.numbers(np.array([2, 0])), [40, 3])


def test_first_rows_get_an_index_that_is_remembered():
    found = prepared(n=5_000, d=2)
    part = found.indexed(np.arange(2_400), 2_500, -1)
    assert len(part.vectors) == 2_500
    assert part.neighbours is found.index(-1, 2_500)
    np.testing.assert_array_equal(part.numbers(np.array([7])), [7])


def test_an_index_of_all_rows_serves_any():
    found = prepared()
    index = found.index()
    assert found.indexed(np.array([3, 5, 40]), 50, -1).neighbours is index
    assert found.indexed(np.arange(50), None, -1).neighbours is index


def test_bounds_of_first_rows_are_remembered():
    found = prepared()
    assert found.cluster_bounds(np.arange(60)) is found.cluster_bounds(np.arange(60))
    assert len(found.cluster_bounds(np.array([1, 2, 5, 7, 9]))) == 5


def test_cosines_of_first_rows_are_remembered():
    found = prepared()
    part = found.indexed(np.arange(60), None, -1)
    assert found.cosines(part) is found.cosines(part)
    some = prepared(n=5_000, d=2).indexed(np.array([3, 5, 40]), None, -1)
    assert len(prepared(n=5_000, d=2).cosines(some).far) == 3


def test_a_pickled_object_holds_the_vectors_alone():
    found = prepared()
    empty = len(pickle.dumps(found))
    found.index()
    found.cluster_bounds(np.arange(60))
    found.cosines(found.indexed(np.arange(60), None, -1))
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert len(pickle.dumps(found)) == empty
    np.testing.assert_array_equal(again.vectors, found.vectors)
    np.testing.assert_array_equal(again.index().edge_r, found.index().edge_r)
