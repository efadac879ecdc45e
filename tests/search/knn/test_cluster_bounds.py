"""What is known of the rows beforehand, against all distances in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spaces import PAIR_SPACES as SPACES
from spaces import spaces

from gene_analogies.search.knn import cluster_bounds
from gene_analogies.search.knn.cluster_bounds import build_cluster_bounds
from gene_analogies.search.knn.exclusion import exclusion_mask
from gene_analogies.search.knn.index import build_index


@pytest.fixture(autouse=True)
def _small_clusters(monkeypatch):
    monkeypatch.setattr(cluster_bounds, "_ROWS_A_CLUSTER", 3)


def distances(E):
    """Return those of all pairs, from their differences."""
    X = np.asarray(E, np.float64)
    return np.sqrt(((X[:, None] - X[None, :]) ** 2).sum(axis=2))


def listed(found):
    """Return which pairs are listed, (n, n), in the order of the clusters."""
    near = np.zeros((len(found), len(found)), bool)
    c = np.repeat(np.arange(len(found)), np.diff(found.start))
    near[c, found.edge_d] = near[found.edge_d, c] = True
    return near


def check(E, neighbours):
    """Check every promise that cluster bounds make."""
    n = len(E)
    index = build_index(E, neighbours=neighbours)
    found = build_cluster_bounds(E, index)
    assert (len(found), found.X.dtype, found.order.dtype) == (n, np.float32, np.int64)
    np.testing.assert_array_equal(np.sort(found.order), np.arange(n))
    np.testing.assert_array_equal(found.position[found.order], np.arange(n))
    assert (found.cluster_start[0], found.cluster_start[-1]) == (0, n)
    assert (np.diff(found.cluster_start) >= 0).all()
    assert found.table.shape == (len(found.cluster_start) - 1, n)

    # float32 of what float64 says, one rounding of its own apart.
    X = (E - found.mean)[found.order]
    size = max(np.abs(E).max(initial=0), 1e-30)
    np.testing.assert_allclose(found.X, X, rtol=0, atol=4e-7 * size)
    np.testing.assert_allclose(
        found.squares, (found.X.astype(np.float64) ** 2).sum(axis=1), rtol=1e-6, atol=1e-30
    )
    assert (found.error > 2.0**-24 * np.sqrt(found.squares)).all()

    # The pairs of the index, each once, nearest first in every row.
    edge_c = np.repeat(np.arange(n), np.diff(index.start))
    theirs = {frozenset(pair) for pair in zip(edge_c.tolist(), index.edge_d.tolist(), strict=True)}
    c = np.repeat(np.arange(n), np.diff(found.start))
    pairs = zip(found.order[c].tolist(), found.order[found.edge_d].tolist(), strict=True)
    ours = [frozenset(pair) for pair in pairs]
    assert len(ours) == len(set(ours)) == len(index.edge_d)
    assert set(ours) == theirs
    for row in range(n):
        assert (np.diff(found.edge_r[found.start[row] : found.start[row + 1]]) >= 0).all()

    # Bounds that hold: never above a distance.
    D = distances(E)[np.ix_(found.order, found.order)]
    above = 1 + 1e-12
    assert (found.edge_r <= D[c, found.edge_d] * above).all()
    far = ~listed(found) & ~np.eye(n, dtype=bool)
    real = far & (D > 0)
    assert (
        np.maximum(found.knn_radius[:, None], found.knn_radius[None, :])[real] <= D[real] * above
    ).all()
    for cluster in range(len(found.cluster_start) - 1):
        some = slice(found.cluster_start[cluster], found.cluster_start[cluster + 1])
        nearest = np.where(far[:, some], D[:, some], np.inf).min(axis=1, initial=np.inf)
        assert (found.table[cluster] <= nearest * above).all()
    return found


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SPACES)
def test_bounds_hold(name, dtype):
    found = check(SPACES[name](60, 6, dtype), 4)
    assert len(found.cluster_start) > 2


@given(spaces(), st.integers(1, 6))
@settings(deadline=None)
def test_bounds_hold_whatever_the_input(E, neighbours):
    check(E, neighbours)


def test_bounds_are_of_use():
    """Where clusters are far apart, the table says so."""
    centres = 100 * SPACES["gaussian"](5, 6, np.float32)
    E = centres[np.arange(60) % 5] + SPACES["gaussian"](60, 6, np.float32)
    found = check(E, 3)
    far = (found.table > 30) & np.isfinite(found.table)
    assert far.mean() > 0.5


def test_blocks_change_nothing(monkeypatch):
    E = SPACES["gaussian"](60, 6, np.float32)
    whole = check(E, 4)
    monkeypatch.setattr(cluster_bounds, "_BLOCK_BYTES", 4 * 60 * 7)
    parts = check(E, 4)
    np.testing.assert_array_equal(parts.order, whole.order)
    np.testing.assert_allclose(parts.table, whole.table, rtol=1e-5)


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("max_similarity", [-1.0, -0.3, 0.0, 0.8, 1.0])
def test_rows_that_are_excluded(name, max_similarity):
    """All listed ones are marked, never an allowed one, and nearly all where there are many."""
    E = SPACES[name](40, 6, np.float64)
    found = build_cluster_bounds(E, build_index(E, neighbours=5))
    rows = E[found.order]
    norms = np.linalg.norm(rows, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosines = np.nan_to_num(rows @ rows.T / (norms[:, None] * norms))
    cosines = np.rint(cosines * 2.0**40) / 2.0**40
    known = exclusion_mask(found, max_similarity)
    assert exclusion_mask(found, max_similarity) is known
    itself = np.eye(40, dtype=bool)
    for some in (np.arange(40), np.array([7, 3, 3]), np.arange(5, 9)):
        masked = known.mask(some)
        excluded = (cosines > max_similarity)[some]
        assert (masked <= (excluded | itself[some])).all()
        assert (masked >= ((excluded & listed(found)[some]) | itself[some])).all()
        if known.dense:
            clear = (cosines > max_similarity + 1e-3)[some] & (norms > 0.1 * norms.max())
            clear &= norms[some, None] > 0.1 * norms.max()
            assert (masked >= clear).all() or name == "shifted"
    beyond = (cosines > max_similarity + 1e-3).sum() - 40
    assert known.dense or name == "of all sizes" or beyond < 40 * 12


def test_a_common_direction_is_seen():
    E = SPACES["gaussian"](300, 6, np.float32)
    for shift, max_similarity, dense in ((0, 0.99, False), (10, 0.8, True), (0, -0.5, True)):
        found = build_cluster_bounds(E + np.float32(shift), build_index(E + np.float32(shift)))
        assert exclusion_mask(found, max_similarity).dense == dense


def test_few_rows_are_outliers():
    E = SPACES["gaussian"](300, 6, np.float32)
    assert len(build_cluster_bounds(E, build_index(E)).outliers) == 0
    E[5] *= 1e6
    found = build_cluster_bounds(E, build_index(E))
    assert found.order[found.outliers].tolist() == [5]
    # It does not move the mean, either.
    others = np.delete(E, 5, axis=0).mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(found.mean, others, rtol=1e-5, atol=1e-6)


def test_a_digest_is_of_the_vectors():
    E = SPACES["gaussian"](40, 6, np.float32)

    def digest(vectors):
        return build_cluster_bounds(vectors, build_index(vectors)).digest()

    assert digest(E) == digest(E.copy())
    changed = E.copy()
    changed[7, 2] = np.nextafter(changed[7, 2], np.float32(9))
    others = [digest(changed), digest(E.astype(np.float64)), digest(E[::-1].copy())]
    assert len({digest(E), *others}) == 4
