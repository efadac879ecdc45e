"""The neighbour index keeps what it promises: k-NN edges are exact, others are far."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import numpy as np
import pytest

from gene_analogies.search.knn import index as module
from gene_analogies.search.knn.index import build_index


def lengths(E, sign):
    E = E.astype(np.float64)
    return np.sqrt(((E[:, None] + sign * E[None]) ** 2).sum(axis=2))


@pytest.mark.parametrize("sign", [-1, 1], ids=["difference", "sum"])
@pytest.mark.parametrize("offset", [0.0, 100.0], ids=["centred", "shifted"])
@pytest.mark.parametrize("neighbours", [1, 8, 500])
@pytest.mark.parametrize("width", [7, 10**6], ids=["many blocks", "one block"])
def test_bounds_hold(sign, offset, neighbours, width, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK_WIDTH", width)
    monkeypatch.setattr(module, "_BLOCK_BYTES", 4 * 50 * min(width, 200))
    rng = np.random.default_rng(0)
    E = (rng.normal(size=(200, 12)) + offset).astype(np.float32)
    E[50:90] = E[:40]
    index = build_index(E, sign, neighbours=neighbours)
    true = lengths(E, sign)
    edge_c = np.repeat(np.arange(200), np.diff(index.start))
    edge = true[edge_c, index.edge_d]
    assert (index.edge_r <= edge).all()
    np.testing.assert_allclose(index.edge_r, edge, rtol=1e-5, atol=1e-6)
    listed = np.eye(200, dtype=bool)
    listed[edge_c, index.edge_d] = listed[index.edge_d, edge_c] = True
    assert np.count_nonzero(listed) == 200 + 2 * len(edge_c), "a pair is listed twice"
    far = ~listed & (true > 0)
    bound = np.maximum(index.knn_radius[:, None], index.knn_radius[None])
    assert (bound <= true)[far].all()


def test_nearest_rows_are_listed():
    E = np.random.default_rng(1).normal(size=(300, 5))
    index = build_index(E, neighbours=6)
    true = lengths(E, -1) + np.diag(np.full(300, np.inf))
    edge_c = np.repeat(np.arange(300), np.diff(index.start))
    listed = np.zeros((300, 300), bool)
    listed[edge_c, index.edge_d] = listed[index.edge_d, edge_c] = True
    nearest = np.argsort(true, axis=1)[:, :6]
    assert np.take_along_axis(listed, nearest, axis=1).all()


def test_axes_are_orthonormal_and_carry_most():
    E = np.random.default_rng(2).normal(size=(400, 60)) * np.arange(1, 61) ** -1.0
    index = build_index(E)
    width = index.axes.shape[1]
    np.testing.assert_allclose(index.axes.T @ index.axes, np.eye(width), atol=1e-12)
    kept = np.linalg.norm(index.coordinates) ** 2
    best = (np.linalg.svd(E - E.mean(axis=0), compute_uv=False)[:width] ** 2).sum()
    assert kept > 0.98 * best


def test_progress_reaches_the_end():
    seen = []
    build_index(np.eye(7), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (7, 7)


def test_the_log_says_what_is_built_and_how_long_it_takes(monkeypatch, caplog):
    monkeypatch.setattr(module, "_BLOCK_BYTES", 4 * 60 * 10)
    seconds = iter([5.0, 7.0])
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    with caplog.at_level(logging.INFO, "gene_analogies"):
        build_index(np.random.default_rng(0).normal(size=(60, 7)))
    assert caplog.messages == ["building the neighbour index of 60 × 7: about 12 s"]


def test_same_input_gives_the_same_index():
    E = np.random.default_rng(3).normal(size=(500, 20)).astype(np.float32)
    one, two = build_index(E), build_index(E)
    for name in ("start", "edge_d", "edge_r", "knn_radius", "coordinates"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
