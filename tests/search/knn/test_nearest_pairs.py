"""The nearest neighbours of every row, also beside many equal vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spaces import PAIR_SPACES as SPACES

from gene_analogies.search.knn import nearest_pairs as module
from gene_analogies.search.knn._nearest_pairs import Products, keep_nearest
from gene_analogies.search.knn.cluster_bounds import build_cluster_bounds
from gene_analogies.search.knn.index import build_index
from gene_analogies.search.knn.nearest_pairs import nearest_pairs


def brute_force(E, count):
    E = E.astype(np.float64)
    squares = ((E[:, None] - E[None]) ** 2).sum(axis=2)
    found = set()
    for row in range(len(E)):
        order = np.argsort(squares[row], kind="stable")
        found |= {(row, other) for other in order[squares[row][order] > 0][:count].tolist()}
    return found


@pytest.mark.parametrize("count", [1, 4, 16, 30, 40])
@pytest.mark.parametrize(
    ("name", "n"),
    [("gaussian", 120), ("few vectors", 240), ("zeros and copies", 120), ("gaussian", 9)],
)
def test_equals_brute_force(name, n, count):
    E = SPACES[name](n, 3, np.float64)
    found = nearest_pairs(build_cluster_bounds(E, build_index(E)), count)
    assert {tuple(pair) for pair in found.tolist()} == brute_force(E, count)


def test_ties_go_to_earlier_rows_beside_copies():
    E = SPACES["integers"](300, 3, np.float64)
    found = nearest_pairs(build_cluster_bounds(E, build_index(E)), 5)
    assert {tuple(pair) for pair in found.tolist()} == brute_force(E, 5)


@settings(deadline=None)
@given(data=st.data())
def test_ties_and_binary_vectors(data):
    n, d = data.draw(st.integers(2, 60)), data.draw(st.integers(1, 6))
    values = data.draw(st.sampled_from([(0, 1), (-1, 1), (0, 0, 0, 1), (-0.0, 0.0, 2.0**-70, 3.0)]))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    E = rng.choice(values, (n, d)).astype(data.draw(st.sampled_from([np.float32, np.float64])))
    count = data.draw(st.integers(1, n + 2))
    found = nearest_pairs(build_cluster_bounds(E, build_index(E)), count)
    assert {tuple(pair) for pair in found.tolist()} == brute_force(E, count)


@pytest.mark.parametrize("kind", ["one-hot", "binary", "far from the origin", "one far away"])
def test_rows_that_the_index_leaves_open(kind, monkeypatch):
    """More neighbours than it lists, in blocks of a few rows."""
    rng = np.random.default_rng(0)
    E = {
        "one-hot": np.eye(7)[rng.integers(0, 7, 300)],
        "binary": rng.integers(0, 2, (300, 16)),
        "far from the origin": rng.normal(size=(300, 5)) * 1e-3 + 100,
        "one far away": np.concatenate([rng.normal(size=(299, 5)), np.full((1, 5), 1e6)]),
    }[kind].astype(np.float32)
    monkeypatch.setattr(module, "_BLOCK_BYTES", 4 * 300 * 7)
    monkeypatch.setattr(module, "_PAIRS", 1000)
    found = nearest_pairs(build_cluster_bounds(E, build_index(E)), 40)
    assert len(found) == len({tuple(pair) for pair in found.tolist()})
    assert {tuple(pair) for pair in found.tolist()} == brute_force(E, 40)


@pytest.mark.parametrize("compiled", [True, False])
def test_squares_that_vanish_are_no_neighbours(compiled):
    """Rows that differ by less than a square can tell take no other row's place."""
    E = np.array([[0.0, 0], [0, 1e-170], [1e-170, 0], [1, 0], [2, 0], [4, 0]])
    X, n = E.astype(np.float32), len(E)
    near, counts = np.zeros((1, 2), np.int64), np.zeros(1, np.int64)
    kernel = keep_nearest if compiled else keep_nearest.py_func
    each = np.arange(n)
    products = Products(E, each, each, each[:1], X[:1] @ X.T, (X * X).sum(axis=1), 1e-5)
    kernel(products, 0, 1, near, counts)
    assert counts.tolist() == [2]
    assert near.tolist() == [[3, 4]]
