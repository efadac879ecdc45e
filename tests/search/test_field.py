"""What is known of the rows beforehand, against all distances in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pairs import SPACES, spaces

from gene_analogies.search import field
from gene_analogies.search.field import build_field
from gene_analogies.search.index import build_index


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch):
    monkeypatch.setattr(field, "_ROWS_A_GROUP", 3)


def distances(E):
    """Return those of all pairs, from their differences."""
    X = np.asarray(E, np.float64)
    return np.sqrt(((X[:, None] - X[None, :]) ** 2).sum(axis=2))


def listed(found):
    """Return which pairs are listed, (n, n), in the order of the groups."""
    near = np.zeros((len(found), len(found)), bool)
    c = np.repeat(np.arange(len(found)), np.diff(found.start))
    near[c, found.edge_d] = near[found.edge_d, c] = True
    return near


def check(E, neighbours):
    """Check every promise that a field makes."""
    n = len(E)
    index = build_index(E, neighbours=neighbours)
    found = build_field(E, index)
    assert (len(found), found.X.dtype, found.order.dtype) == (n, np.float32, np.int64)
    np.testing.assert_array_equal(np.sort(found.order), np.arange(n))
    np.testing.assert_array_equal(found.place[found.order], np.arange(n))
    assert (found.groups[0], found.groups[-1]) == (0, n)
    assert (np.diff(found.groups) >= 0).all()
    assert found.table.shape == (n, len(found.groups) - 1)

    # float32 of what float64 says, one rounding of its own apart.
    X = (E - E.mean(axis=0, dtype=np.float64))[found.order]
    size = max(np.abs(E).max(initial=0), 1e-30)
    np.testing.assert_allclose(found.X, X, rtol=0, atol=4e-7 * size)
    np.testing.assert_allclose(
        found.squares, (found.X.astype(np.float64) ** 2).sum(axis=1), rtol=1e-6, atol=1e-30
    )
    assert found.spread == pytest.approx(np.sqrt(found.squares.max()), rel=1e-6)

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
    assert (np.maximum(found.reach[:, None], found.reach[None, :])[real] <= D[real] * above).all()
    for group in range(len(found.groups) - 1):
        some = slice(found.groups[group], found.groups[group + 1])
        least = np.where(far[:, some], D[:, some], np.inf).min(axis=1, initial=np.inf)
        assert (found.table[:, group] <= least * above).all()
    return found


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SPACES)
def test_bounds_hold(name, dtype):
    found = check(SPACES[name](60, 6, dtype), 4)
    assert len(found.groups) > 2


@given(spaces(), st.integers(1, 6))
@settings(deadline=None)
def test_bounds_hold_whatever_the_input(E, neighbours):
    check(E, neighbours)


def test_bounds_are_of_use():
    """Where groups are far apart, the table says so."""
    centres = 100 * SPACES["gaussian"](5, 6, np.float32)
    E = centres[np.arange(60) % 5] + SPACES["gaussian"](60, 6, np.float32)
    found = check(E, 3)
    far = (found.table > 30) & np.isfinite(found.table)
    assert far.mean() > 0.5


def test_blocks_change_nothing(monkeypatch):
    E = SPACES["gaussian"](60, 6, np.float32)
    whole = check(E, 4)
    monkeypatch.setattr(field, "_BLOCK_BYTES", 4 * 60 * 7)
    parts = check(E, 4)
    np.testing.assert_array_equal(parts.order, whole.order)
    np.testing.assert_allclose(parts.table, whole.table, rtol=1e-5)


@pytest.mark.parametrize("name", ["gaussian", "near copies", "zeros and copies", "clusters"])
@pytest.mark.parametrize("max_similarity", [-1.0, 0.0, 0.8, 1.0])
def test_twins_are_the_listed_rows_that_are_too_similar(name, max_similarity):
    E = SPACES[name](40, 6, np.float64)
    found = build_field(E, build_index(E, neighbours=5))
    rows = E[found.order]
    norms = np.linalg.norm(rows, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = np.nan_to_num(rows @ rows.T / (norms[:, None] * norms))
    alike = np.rint(alike * 2.0**40) / 2.0**40
    near = listed(found)
    twins = found.twins(max_similarity)
    for row in range(40):
        mine = twins.row[twins.start[row] : twins.start[row + 1]]
        assert len(set(mine.tolist())) == len(mine)
        np.testing.assert_array_equal(
            np.sort(mine), np.flatnonzero(near[row] & (alike[row] > max_similarity))
        )
    assert found.twins(max_similarity) is twins


def test_a_digest_is_of_the_vectors():
    E = SPACES["gaussian"](40, 6, np.float32)

    def digest(vectors):
        return build_field(vectors, build_index(vectors)).digest()

    assert digest(E) == digest(E.copy())
    changed = E.copy()
    changed[7, 2] = np.nextafter(changed[7, 2], np.float32(9))
    others = [digest(changed), digest(E.astype(np.float64)), digest(E[::-1].copy())]
    assert len({digest(E), *others}) == 4
