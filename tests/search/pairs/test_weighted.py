"""The search with a pair weight equals a float64 brute force over all pairs, in order too."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracle import brute_force, cosines
from spaces import PAIR_SPACES, normal, of_all_sizes, spaces

from gene_analogies.search.engine import products
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.knn.cosines import build_cosines
from gene_analogies.search.knn.index import build_index
from gene_analogies.search.pairs import _bands, _products, _weighted, weighted
from gene_analogies.search.pairs import find as plain
from gene_analogies.search.pairs._weighted_bounds import cubic, falls_short, lowest, row_need
from gene_analogies.search.pairs.weighted import find_weighted_pairs

WEIGHTS = (1e-9, 0.1, 0.25, 1.0, 3.0, 10.0)


def unit(E):
    norms = np.linalg.norm(E, axis=1, keepdims=True)
    return np.divide(E, norms, where=norms > 0, out=np.zeros_like(E))


def binary(n, d, dtype):
    return (np.random.default_rng(20).random((n, d)) < 0.3).astype(dtype)


def cone(n, d, dtype):
    """Rows near one direction, of lengths from 1 to 1,000: all cosines are high."""
    lengths = 10.0 ** np.random.default_rng(21).uniform(0, 3, (n, 1))
    return ((normal(22, n, d, dtype) + 9) * lengths).astype(dtype)


SPACES = {
    **PAIR_SPACES,
    **{f"unit {name}": lambda *a, name=name: unit(PAIR_SPACES[name](*a)) for name in PAIR_SPACES},
    "binary": binary,
    "cone": cone,
    "of all sizes": lambda n, d, t: of_all_sizes(normal(18, n, d, np.float64)).astype(t),
}


def direction(E, a, b):
    offset = E[a].astype(np.float64) - E[b].astype(np.float64)
    length = np.linalg.norm(offset)
    return offset / length if length > 0 else None


#: Where non-neighbours are scanned in bands, and where in products; and where as it is chosen.
BANDS, PRODUCTS = (10**9, 1_000), (-1, 10**9)
CHOSEN = (plain._MANY_PAIRS, weighted._MANY)


def check(E, index, target, weight, k, allowed_c=None, allowed_d=None, ways=(BANDS, PRODUCTS)):
    everything = np.ones(len(E), bool)
    options = {
        "k": k,
        "weight": weight,
        "allowed_c": everything if allowed_c is None else allowed_c,
        "allowed_d": everything if allowed_d is None else allowed_d,
    }
    known = build_cosines(E, row_norms(E), index)
    c, d, scores, without = brute_force(E, target, euclidean=False, sign=-1, **options)
    cos_cd = cosines(E.astype(np.float64))[c, d]
    quantum = 2.0**-40 * max(1.0, 2.0 * weight)
    for many_pairs, many in ways:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plain, "_MANY_PAIRS", many_pairs)
            patch.setattr(weighted, "_MANY", many)
            found = find_weighted_pairs(E, index, known, target, **options)
        assert found.without_direction == without
        np.testing.assert_array_equal(found.scores, scores)
        np.testing.assert_array_equal(found.c, c)
        np.testing.assert_array_equal(found.d, d)
        np.testing.assert_array_equal(found.cos_cd, cos_cd)
        np.testing.assert_allclose(
            found.similarity + weight * found.cos_cd, scores, rtol=0, atol=quantum
        )
    return found


@pytest.fixture
def far_scan(monkeypatch):
    """Scan non-neighbours, however few there are."""
    monkeypatch.setattr(plain, "FEW_PAIRS", 0)
    monkeypatch.setattr(plain, "_PAIRS_A_ROW", 0)
    monkeypatch.setattr(weighted, "_EXTREMES", 2)  # the first threshold is low
    monkeypatch.setattr(_bands, "_BAND", 16)
    monkeypatch.setattr(_bands, "_PAIRS", 48)  # a few rows at once, many times
    monkeypatch.setattr(_products, "_PAIRS", 130)
    monkeypatch.setattr(products, "_BLOCK_BYTES", 4 * 70 * 70)
    monkeypatch.setattr(products, "_BLOCK_WIDTH", 70)


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("space", SPACES)
def test_equals_brute_force(space, dtype):
    E = SPACES[space](160, 20, dtype)
    index = build_index(E, neighbours=8)
    rng = np.random.default_rng(0)
    weights = list(WEIGHTS)
    while weights:
        target = direction(E, *rng.integers(0, len(E), 2))
        if target is None:
            continue
        weight = weights.pop()
        check(E, index, target, weight, k=int(rng.integers(1, 30)))
        check(E, index, target, weight, 12, *(rng.random((2, len(E))) < 0.5))
    check(E, index, target, 0.5, 1_000)


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize("dimension", [1, 2, 5, 17, 70, 130])
def test_dimensions(dimension):
    E = normal(dimension, 150, dimension, np.float32)
    check(E, build_index(E), direction(E, 3, 11), 0.5, 20)


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize("kind", ["gaussian", "unit gaussian"])
@pytest.mark.parametrize("k", [10, 300, 3_000])
def test_thresholds_below_the_weight(kind, k):
    """Then a pair that is near enough needs no gap at all."""
    E = SPACES[kind](120, 12, np.float32)
    found = check(E, build_index(E, neighbours=4), direction(E, 0, 1), 10.0, k)
    assert 0 < found.scores[-1] < 10.0


@pytest.mark.parametrize("k", [1, 10, 5_000, 100_000])
def test_many_answers(k):
    E = normal(0, 120, 6, np.float32)
    found = check(E, build_index(E), direction(E, 0, 1), 0.25, k, ways=[CHOSEN])
    assert len(found.c) == min(k, 120 * 119)


def test_no_pair_is_allowed():
    E, nothing = normal(0, 30, 6, np.float32), np.zeros(30, bool)
    found = check(E, build_index(E), direction(E, 0, 1), 0.25, 5, nothing, nothing, [CHOSEN])
    assert len(found.c) == len(found.scores) == len(found.similarity) == 0


@pytest.mark.usefixtures("far_scan")
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_small_spaces_equal_brute_force(data):
    E = data.draw(spaces())
    if data.draw(st.booleans()):
        E = unit(E)
    n = len(E)
    a = data.draw(st.integers(0, n - 1))
    target = direction(E, a, data.draw(st.integers(0, n - 1).filter(lambda row: row != a)))
    if target is None:
        return
    masks = data.draw(hnp.arrays(bool, (2, n))) if data.draw(st.booleans()) else (None, None)
    weight = data.draw(st.one_of(st.sampled_from(WEIGHTS), st.floats(1e-6, 1000.0)))
    index = build_index(E, neighbours=data.draw(st.integers(1, 4)))
    check(E, index, target, weight, data.draw(st.integers(1, n * n)), *masks)


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize("space", ["gaussian", "unit clusters", "zeros and copies"])
def test_kernels_as_python(space, monkeypatch):
    for module, name in (
        (_weighted, "scan_edges"),
        (_weighted, "check_pairs"),
        (_weighted, "row_needs"),
        (_weighted, "estimate_scores"),
        (_weighted, "offer_pairs"),
        (_products, "_collect_pairs"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name).py_func)
    E = SPACES[space](40, 6, np.float64)
    index = build_index(E, neighbours=3)
    for weight in (0.25, 3.0):
        check(E, index, direction(E, 1, 4), weight, 7)


def test_threads_do_not_change_the_answer(monkeypatch):
    E = normal(1, 3000, 24, np.float32)
    index, allowed = build_index(E), np.ones(len(E), bool)
    known = build_cosines(E, row_norms(E), index)
    options = {"weight": 0.5, "k": 50, "allowed_c": allowed, "allowed_d": allowed}
    monkeypatch.setattr(plain, "ONE_THREAD", 0)
    one = find_weighted_pairs(E, index, known, direction(E, 5, 6), **options)
    for threads in (1, 3):
        monkeypatch.setattr(weighted, "thread_count", lambda threads=threads: threads)
        other = find_weighted_pairs(E, index, known, direction(E, 5, 6), **options)
        np.testing.assert_array_equal(one.c, other.c)
        np.testing.assert_array_equal(one.d, other.d)
        np.testing.assert_array_equal(one.scores, other.scores)


lengths = st.one_of(st.just(0.0), st.floats(0.01, 100.0))


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "python"])
@settings(deadline=None, max_examples=300)
@given(
    p=lengths,
    r=lengths,
    angle=st.floats(0.0, math.pi),
    tau=st.floats(0.01, 5.0),
    weight=st.floats(0.01, 10.0),
    less=st.floats(0.0, 1.0),
)
def test_no_bound_is_above_what_a_pair_needs(compiled, p, r, angle, tau, weight, less):
    functions = (cubic, falls_short, lowest, row_need)
    of, short, smallest, need_of = (
        function if compiled else function.py_func for function in functions
    )
    cosine = math.cos(angle) if p and r else 0.0
    distance = math.sqrt(max(0.0, p * p + r * r - 2.0 * p * r * cosine))
    exact = distance * (tau - weight * cosine)
    floor = tau - 1e-7 * (1.0 + weight)
    a, b = of(floor, weight, p, r, 1.0 / p if p else 0.0, 1.0 / r if r else 0.0)
    square = (less * distance) ** 2
    room = 1e-9 * (p + r) * (1.0 + weight)
    assert smallest(a, b, square) <= exact + room
    assert not short(a, b, square, exact + room)
    bound = min(1.0, max(0.0, cosine) + less)
    assert need_of(floor, weight, 0.01, 100.0, bound, less * distance) <= exact + room
    low, high = min(p or r, r or p), max(p, r)
    if high > 0.0:
        assert need_of(floor, weight, low, high, bound, less * distance) <= exact + room


def test_bounds_are_not_far_below_it():
    a, b = cubic(0.9, 0.25, 1.0, 1.0, 1.0, 1.0)
    distance = 1.2
    exact = distance * (0.9 - 0.25 * (1.0 - distance**2 / 2.0))
    assert lowest(a, b, distance**2) == pytest.approx(exact)
    assert falls_short(a, b, distance**2, exact * 0.999)
    cosine = 1.0 - distance**2 / 2.0
    assert row_need(0.9, 0.25, 1.0, 1.0, cosine, distance) == pytest.approx(exact)
