"""The best analogies, of one item and of all, equal a brute force over all quadruples."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from quad_oracle import all_analogies, best_of_all, best_with
from spaces import PAIR_SPACES as SPACES
from spaces import spaces

from gene_analogies.search.analogies import all_items, blocks
from gene_analogies.search.analogies.all_items import TopJob, pairs_of_rows
from gene_analogies.search.analogies.one_item import find_analogies
from gene_analogies.search.knn import cluster_bounds
from gene_analogies.search.knn.cluster_bounds import build_cluster_bounds
from gene_analogies.search.knn.index import build_index


def find_top(job):
    """Do all blocks of a job here and now."""
    merged = job.merge([])
    for block in range(len(job.costs())):
        merged = job.merge([merged, job.solve(block, job.threshold(merged))])
    return blocks.Found(merged["rows"], merged["scores"])


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """Make even small inputs fall into clusters, blocks and tiles."""
    monkeypatch.setattr(cluster_bounds, "_ROWS_A_CLUSTER", 3)
    monkeypatch.setattr(blocks, "_WIDEST", 16)
    monkeypatch.setattr(all_items, "_EDGES", 20)
    monkeypatch.setattr(all_items, "_ROWS", 7)
    monkeypatch.setattr(all_items, "_PARTNERS", 4)


def make(E, neighbours):
    return build_cluster_bounds(E, build_index(E, neighbours=neighbours))


def check_one(E, a, k, max_similarity, neighbours, known=None):
    found = find_analogies(make(E, neighbours), a, k=k, max_similarity=max_similarity)
    rows, scores = best_with(known or all_analogies(E, max_similarity), a, k)
    np.testing.assert_array_equal(found.scores, scores)
    np.testing.assert_array_equal(found.rows, rows)


def check_all(E, k, max_similarity, neighbours, pairs=None, known=None):
    bounds = make(E, neighbours)
    listed = None if pairs is None else pairs_of_rows(bounds, np.array(pairs).reshape(-1, 2))
    found = find_top(TopJob(bounds, k, max_similarity, listed))
    rows, scores = best_of_all(known or all_analogies(E, max_similarity, pairs), k)
    np.testing.assert_array_equal(found.scores, scores)
    np.testing.assert_array_equal(found.rows, rows)


@cache
def small(name, dtype):
    """Vectors, and all of their analogies."""
    E = SPACES[name](22, 6, dtype)
    return E, all_analogies(E, 0.8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("k", [1, 12])
def test_one_item_equals_brute_force(name, dtype, k):
    E, known = small(name, dtype)
    for a in (0, 7):
        for neighbours in (2, 32):
            check_one(E, a, k, 0.8, neighbours, known)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("k", [1, 12])
def test_all_items_equal_brute_force(name, dtype, k):
    E, known = small(name, dtype)
    for neighbours in (2, 32):
        check_all(E, k, 0.8, neighbours, known=known)


@pytest.mark.parametrize("name", ["gaussian", "clusters", "decaying", "integers"])
def test_given_pairs_equal_brute_force(name):
    E = SPACES[name](22, 6, np.float32)
    rng = np.random.default_rng(0)
    pairs = [tuple(rng.choice(22, 2, replace=False).tolist()) for _ in range(60)]
    for max_similarity in (0.3, 1.0):
        check_all(E, 9, max_similarity, 2, pairs)


def pairwise_cosines(E):
    """The cosines of rows that are not zero, in no particular rounding."""
    E = np.asarray(E, np.float64)
    units = E[E.any(axis=1)]
    units = units / np.linalg.norm(units, axis=1, keepdims=True)
    return (units @ units.T).ravel().clip(-1, 1).tolist()


@given(
    hnp.arrays(np.float64, st.tuples(st.integers(4, 12), st.just(3)), elements=st.integers(-4, 4)),
    st.sampled_from([np.float32, np.float64]),
    st.data(),
)
@settings(deadline=None, max_examples=40)
def test_a_limit_that_is_the_cosine_of_two_rows(E, dtype, data):
    """Rows exactly at the limit are not above it; others are further from it than 10⁻⁹."""
    if not E.any():
        return
    limit = data.draw(st.sampled_from(pairwise_cosines(E)))
    E = E.astype(dtype)
    known = all_analogies(E, limit + 1e-9)
    check_one(E, data.draw(st.integers(0, len(E) - 1)), 500, limit, 3, known)
    check_all(E, 500, limit, 3, known=known)


@given(
    spaces(),
    st.integers(1, 40),
    st.sampled_from([-1.0, 0.0, 0.5, 0.8, 1.0]),
    st.integers(1, 6),
)
@settings(deadline=None)
def test_whatever_the_input(E, k, max_similarity, neighbours):
    E = E[:14]
    if len(E) < 2:
        return
    known = all_analogies(E, max_similarity)
    check_one(E, len(E) - 1, k, max_similarity, neighbours, known)
    check_all(E, k, max_similarity, neighbours, known=known)


@pytest.mark.parametrize("name", ["gaussian", "decaying", "clusters", "shifted"])
def test_larger_inputs(name, monkeypatch):
    monkeypatch.setattr(blocks, "_WIDEST", 512)
    E = SPACES[name](70, 24, np.float32)
    rows, scores = all_analogies(E, 0.6)
    known = make(E, 4)
    for a in (3, 40):
        found = find_analogies(known, a, k=30, max_similarity=0.6)
        np.testing.assert_array_equal(found.scores, np.sort(scores[rows[:, 0] == a])[::-1][:30])
    best = np.sort(scores[rows[:, 0] == rows.min(axis=1)])[::-1][:30]
    np.testing.assert_array_equal(find_top(TopJob(known, 30, 0.6)).scores, best)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_far_out_cost_no_answer(dtype):
    E = SPACES["gaussian"](24, 6, dtype)
    E[5] *= 1e6
    E[11] = E[5] + 1
    for a in (0, 5, 11):
        check_one(E, a, 10, 0.8, 3)
    check_all(E, 10, 0.8, 3)
    pairs = [(0, 5), (3, 11), (5, 11), (2, 9), (4, 6), (7, 5)]
    check_all(E, 10, 1.0, 3, pairs)


@pytest.mark.parametrize("max_similarity", [-0.5, 0.3, 0.9, 0.99])
def test_most_rows_too_similar(max_similarity):
    """Where most pairs are forbidden, they are left out beforehand, by cosine."""
    for shift in (0, 2, 10):
        E = SPACES["gaussian"](26, 5, np.float32) + np.float32(shift)
        check_one(E, 3, 10, max_similarity, 3)
        check_all(E, 10, max_similarity, 3)


def test_near_copies_beyond_the_list():
    """Pairs closer than float32 can tell, of which the index lists only some."""
    for noise in (1e-6, 1e-9, 1e-12):
        E = SPACES["gaussian"](3, 5, np.float64)[np.arange(24) % 3]
        E += noise * np.random.default_rng(0).normal(size=E.shape)
        check_one(E, 3, 10, 1.0, 2)
        check_all(E, 10, 1.0, 2)


def test_blocks_merge_in_any_order():
    E = SPACES["gaussian"](22, 6, np.float32)
    job = TopJob(make(E, 3), 8, 0.8)
    parts = [job.solve(block, -np.inf) for block in range(len(job.costs()))]
    assert len(parts) > 3
    one = job.merge(parts)
    other = job.merge([job.merge(parts[::-2]), job.merge(parts[-2::-2]), parts[0]])
    rows, scores = best_of_all(all_analogies(E, 0.8), 8)
    for answer in (one, other):
        np.testing.assert_array_equal(answer["rows"], rows)
        np.testing.assert_array_equal(answer["scores"], scores)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_so_short_that_products_vanish(dtype):
    """None of them counts as too similar because of that."""
    rng = np.random.default_rng(0)
    E = np.zeros((24, 5))
    E[:6] = rng.integers(-3, 4, (6, 5))
    E[6:12] = -E[:6]
    E[12:] = 3e-23 * rng.normal(size=(12, 5))
    for max_similarity in (-0.5, 0.3, 0.8):
        for a in (0, 13):
            check_one(E.astype(dtype), a, 400, max_similarity, 3)
        check_all(E.astype(dtype), 2000, max_similarity, 3)
