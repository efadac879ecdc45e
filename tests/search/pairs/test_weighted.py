"""The search with a pair weight equals a float64 brute force over all pairs, in order too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracle import brute_force, cosines
from spaces import PAIR_SPACES, normal, of_all_sizes, spaces

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.engine import products
from gene_analogies.search.knn.cosines import build_cosines
from gene_analogies.search.knn.index import build_index
from gene_analogies.search.pairs import _bands, _products, _weighted, _weighted_bounds
from gene_analogies.search.pairs import find as plain
from gene_analogies.search.pairs.find import find_pairs
from gene_analogies.search.pairs.weighted import find_weighted_pairs

WEIGHTS = [1e-9, 0.1, 0.25, 1.0, 3.0, 10.0]


def unit(E):
    norms = np.linalg.norm(E, axis=1, keepdims=True)
    return np.divide(E, norms, where=norms > 0, out=np.zeros_like(E))


def binary(n, d, dtype):
    return (np.random.default_rng(20).random((n, d)) < 0.3).astype(dtype)


def cone(n, d, dtype):
    """Rows near one direction, of lengths from 1 to 1,000: all cosines are high."""
    lengths = 10.0 ** np.random.default_rng(21).uniform(0, 3, (n, 1))
    return ((normal(22, n, d, dtype) + 9) * lengths).astype(dtype)


SPACES = (
    PAIR_SPACES
    | {f"unit {name}": lambda n, d, t, make=make: unit(make(n, d, t)) for name, make in PAIR_SPACES.items()}
    | {"binary": binary, "cone": cone, "of all sizes": lambda n, d, t: of_all_sizes(normal(18, n, d, np.float64)).astype(t)}
)  # fmt: skip


def direction(E, a, b):
    offset = E[a].astype(np.float64) - E[b].astype(np.float64)
    length = np.linalg.norm(offset)
    return offset / length if length > 0 else None


def check(E, index, target, weight, k, allowed_c=None, allowed_d=None):
    everything = np.ones(len(E), bool)
    options = {
        "k": k,
        "weight": weight,
        "allowed_c": everything if allowed_c is None else allowed_c,
        "allowed_d": everything if allowed_d is None else allowed_d,
    }
    found = find_weighted_pairs(E, index, build_cosines(E, row_norms(E), index), target, **options)
    c, d, scores, without = brute_force(E, target, euclidean=False, sign=-1, **options)
    assert found.without_direction == without
    np.testing.assert_array_equal(found.scores, scores)
    np.testing.assert_array_equal(found.c, c)
    np.testing.assert_array_equal(found.d, d)
    np.testing.assert_array_equal(found.cos_cd, cosines(E.astype(np.float64))[c, d])
    return found


@pytest.fixture(params=["bands", "products"])
def far_scan(request, monkeypatch):
    """Take either way of scanning non-neighbours, however few there are."""
    monkeypatch.setattr(plain, "_FEW_PAIRS", 0)
    monkeypatch.setattr(plain, "_MANY_PAIRS", 10**9 if request.param == "bands" else -1)
    monkeypatch.setattr(plain, "_PAIRS_A_ROW", 0)
    monkeypatch.setattr(_bands, "_BAND", 16)
    monkeypatch.setattr(_bands, "_PAIRS", 48)  # a few rows at once, many times
    monkeypatch.setattr(_products, "_PAIRS", 130)
    monkeypatch.setattr(products, "_BLOCK_BYTES", 4 * 70 * 70)
    monkeypatch.setattr(products, "_BLOCK_WIDTH", 70)


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("space", SPACES)
def test_equals_brute_force(space, dtype, weight):
    E = SPACES[space](240, 20, dtype)
    index = build_index(E, neighbours=8)
    rng = np.random.default_rng(0)
    asked = 0
    while asked < 3:
        a, b = rng.integers(0, len(E), 2)
        target = direction(E, a, b)
        if target is None:
            continue
        asked += 1
        check(E, index, target, weight, k=int(rng.integers(1, 30)))
        check(E, index, target, weight, 12, *(rng.random((2, len(E))) < 0.5))
    check(E, index, target, weight, 1_000)
