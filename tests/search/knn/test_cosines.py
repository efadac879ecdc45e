"""What is known of cosines beforehand holds for every pair."""

from __future__ import annotations

import numpy as np
import pytest
from oracle import cosines
from spaces import PAIR_SPACES, normal

from gene_analogies.search.engine import products
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.knn.cosines import build_cosines
from gene_analogies.search.knn.index import build_index


def edges_of(index):
    """Which pairs of rows have a k-NN edge."""
    n = len(index.knn_radius)
    joined = np.zeros((n, n), bool)
    joined[np.repeat(np.arange(n), np.diff(index.start)), index.edge_d] = True
    return joined | joined.T


@pytest.mark.parametrize("unit", [False, True], ids=["", "unit"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("space", PAIR_SPACES)
def test_bounds(space, dtype, unit, monkeypatch):
    monkeypatch.setattr(products, "_BLOCK_BYTES", 4 * 70 * 50)
    monkeypatch.setattr(products, "_BLOCK_WIDTH", 50)
    E = PAIR_SPACES[space](120, 15, dtype)
    if unit:
        norms = np.linalg.norm(E, axis=1, keepdims=True)
        E = np.divide(E, norms, where=norms > 0, out=np.zeros_like(E))
    index = build_index(E, neighbours=5)
    known = build_cosines(E, row_norms(E), index)
    exact = cosines(E.astype(np.float64))
    rows = np.repeat(np.arange(len(E)), np.diff(index.start))
    assert (known.edge >= exact[rows, index.edge_d]).all()
    assert (known.edge <= exact[rows, index.edge_d] + 1e-6).all()
    for row in range(len(E)):
        listed = known.edge[index.start[row] : index.start[row + 1]]
        assert known.near[row] == listed.max(initial=-1.0)
    apart = ~edges_of(index) & (index.group[:, None] != index.group)
    far = exact.max(where=apart, initial=0.0, axis=1)
    assert (known.far >= far).all()
    if not unit and known.high > 1.02 * known.low:
        assert (known.far <= far + 1e-5).all()


def test_lengths():
    E = normal(0, 50, 4, np.float32)
    E[7] = 0
    known = build_cosines(E, row_norms(E), build_index(E))
    norms = np.linalg.norm(E.astype(np.float64), axis=1)
    np.testing.assert_allclose(known.norms, norms)
    assert known.inverse[7] == 0.0
    assert known.low == pytest.approx(norms[norms > 0].min())
    assert known.high == pytest.approx(norms.max())


def test_progress_of_inner_products(monkeypatch):
    monkeypatch.setattr(products, "_BLOCK_BYTES", 4 * 30 * 80)
    E, seen = normal(0, 80, 4, np.float32), []
    build_cosines(E, row_norms(E), build_index(E), lambda *rows: seen.append(rows))
    assert seen == [(30, 80), (60, 80), (80, 80)]
