"""Families of pairs: those that were planted, and silhouettes as they are defined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import planted_families
from sklearn.metrics import silhouette_samples

from gene_analogies.search.learned import families
from gene_analogies.search.learned.families import find_families, unit_offsets


def units_of(vectors, pairs, sign=-1):
    c, d = np.array(pairs).T
    return unit_offsets(vectors, c, d, sign)


@pytest.mark.parametrize("sizes", [(8, 5, 3), (6, 2), (4, 4, 4, 4, 4)])
def test_planted_families_are_found_and_counted(sizes):
    vectors, pairs, labels = planted_families(sizes)
    units, usable = units_of(vectors, pairs)
    assert usable.all()
    found = find_families(units, None, 0)
    np.testing.assert_array_equal(found.labels, labels)
    assert max(found.tried, key=lambda one: one[1])[0] == len(sizes)
    assert [number for number, _ in found.tried] == list(range(2, min(10, len(labels) - 1) + 1))
    assert found.centroid_cosines.min() > 0.99
    assert found.silhouettes.min() > 0.9


def test_the_number_may_be_given():
    vectors, pairs, _ = planted_families()
    units, _ = units_of(vectors, pairs)
    for number in (1, 2, 7, 16):
        found = find_families(units, number, 0)
        assert set(found.labels) == set(range(number))
        assert [one for one, _ in found.tried] == [number]
        sizes = np.bincount(found.labels)
        assert (np.diff(sizes) <= 0).all()


def test_offsets_are_differences_or_sums_of_length_one():
    vectors = np.array([[3.0, 0.0], [0.0, 4.0], [3.0, 0.0], [-3.0, 0.0]], np.float32)
    units, usable = units_of(vectors, [(0, 1), (0, 2), (0, 3)])
    np.testing.assert_array_equal(usable, [True, False, True])
    np.testing.assert_allclose(units, [[0.6, -0.8], [1, 0]])
    units, usable = units_of(vectors, [(0, 1), (0, 2), (0, 3)], sign=1)
    np.testing.assert_array_equal(usable, [True, True, False])
    np.testing.assert_allclose(units, [[0.6, 0.8], [1, 0]])


def test_opposites_have_no_mean():
    found = find_families(np.array([[1.0, 0.0], [-1.0, 0.0]]), 1, 0)
    np.testing.assert_array_equal(found.centroid_cosines, [0, 0])


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_copies_are_one_family(rows):
    units = np.full((rows, 3), 3**-0.5)
    for clusters in (None, rows):
        found = find_families(units, clusters, 0)
        np.testing.assert_array_equal(found.labels, np.zeros(rows))
        np.testing.assert_array_equal(found.centroid_cosines, np.ones(rows))
        np.testing.assert_array_equal(found.silhouettes, np.zeros(rows))


def test_three_kinds_of_copies_are_three_families():
    units = np.repeat(np.eye(3), [2, 4, 3], axis=0)
    found = find_families(units, None, 0)
    np.testing.assert_array_equal(found.labels, [2, 2, 0, 0, 0, 0, 1, 1, 1])
    assert found.tried[-1] == (3, 1.0)


def test_the_same_every_time():
    rng = np.random.default_rng(0)
    units, _ = units_of(rng.normal(size=(120, 9)), [(row, row + 60) for row in range(60)])
    first, second = (find_families(units, None, 3) for _ in range(2))
    for name in ("labels", "centroid_cosines", "silhouettes"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert first.tried == second.tried


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(6, 20), st.integers(1, 4))
@settings(deadline=None, max_examples=40)
def test_silhouettes_are_as_they_are_defined(seed, count, rows, dimension):
    rng = np.random.default_rng(seed)
    units = rng.integers(-2, 3, size=(rows, dimension)).astype(float)
    units[~units.any(axis=1), 0] = 1
    units /= np.linalg.norm(units, axis=1)[:, None]
    labels = np.concatenate([np.arange(count), rng.integers(0, count, rows - count)])
    wanted = silhouette_samples(units, labels, metric="cosine")
    np.testing.assert_allclose(families._silhouettes(units, labels), wanted, atol=1e-6)


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 3))
@settings(deadline=None, max_examples=25)
def test_few_and_awkward_pairs(seed, rows, dimension):
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-1, 2, size=(2 * rows, dimension)).astype(float)
    units, usable = units_of(vectors, [(row, row + rows) for row in range(rows)])
    if not usable.any():
        return
    found = find_families(units, None, 0)
    count = len(units)
    assert found.labels.shape == found.centroid_cosines.shape == found.silhouettes.shape == (count,)
    assert (np.diff(np.bincount(found.labels)) <= 0).all()
    assert (np.abs(found.centroid_cosines) <= 1).all()
    best = max(mean for _, mean in found.tried)
    assert found.silhouettes.mean() == pytest.approx(best, abs=1e-9)
    # The smallest of equally good numbers.
    assert found.labels.max() + 1 <= next(number for number, mean in found.tried if mean == best)
    means = [units[found.labels == one].mean(axis=0) for one in range(found.labels.max() + 1)]
    norms = [max(np.linalg.norm(mean), 1e-300) for mean in means]
    wanted = [
        unit @ means[one] / norms[one] if norms[one] > 1e-9 else 0
        for unit, one in zip(units, found.labels, strict=True)
    ]
    np.testing.assert_allclose(found.centroid_cosines, wanted, atol=1e-9)
