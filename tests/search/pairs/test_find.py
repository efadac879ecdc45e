"""Every pair search equals a float64 brute force over all ordered pairs, in order too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracle import brute_force
from spaces import PAIR_SPACES as SPACES
from spaces import normal, spaces

from gene_analogies.search.knn.index import build_index
from gene_analogies.search.pairs import _bands
from gene_analogies.search.pairs import find as module
from gene_analogies.search.pairs.find import find_pairs

MODES = [
    pytest.param(euclidean, sign, id=f"{metric}-{operation}")
    for euclidean, metric in ((False, "cosine"), (True, "euclidean"))
    for sign, operation in ((-1, "difference"), (1, "sum"))
]


def direction(E, a, b, euclidean, sign):
    offset = E[a].astype(np.float64) + sign * E[b].astype(np.float64)
    return offset if euclidean else offset / np.linalg.norm(offset)


#: Up to how many pairs non-neighbours are scanned in bands, where both ways shall be taken.
BANDS_AND_LEAVES = (10**9, -1)


def check(
    E, index, a, b, euclidean, k, allowed_c=None, allowed_d=None, stretch=1.0,
    many=BANDS_AND_LEAVES,
):  # fmt: skip
    sign = index.sign
    everything = np.ones(len(E), bool)
    allowed_c = everything if allowed_c is None else allowed_c
    allowed_d = everything if allowed_d is None else allowed_d
    if sign > 0:
        allowed_d = allowed_c
    target = stretch * direction(E, a, b, euclidean, sign)
    options = {"k": k, "euclidean": euclidean, "allowed_c": allowed_c, "allowed_d": allowed_d}
    c, d, scores, without = brute_force(E, target, sign=sign, **options)
    for pairs in many:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_MANY_PAIRS", pairs)
            found = find_pairs(E, index, target, **options)
        assert found.without_direction == without
        np.testing.assert_array_equal(found.scores, scores)
        np.testing.assert_array_equal(found.c, c)
        np.testing.assert_array_equal(found.d, d)
    return found


@pytest.fixture
def far_scan(monkeypatch):
    """Scan non-neighbours, however few there are."""
    monkeypatch.setattr(module, "FEW_PAIRS", 0)
    monkeypatch.setattr(module, "_PAIRS_A_ROW", 0)
    monkeypatch.setattr(_bands, "_BAND", 16)
    monkeypatch.setattr(_bands, "_PAIRS", 48)  # a few rows at once, many times


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize(("euclidean", "sign"), MODES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("space", SPACES)
def test_equals_brute_force(space, dtype, euclidean, sign):
    E = SPACES[space](240, 20, dtype)
    index = build_index(E, sign)
    rng = np.random.default_rng(0)
    asked = 0
    while asked < 3:
        a, b = rng.integers(0, len(E), 2)
        if np.linalg.norm(direction(E, a, b, True, sign)) < 1e-9:
            continue
        asked += 1
        check(E, index, a, b, euclidean, k=int(rng.integers(1, 30)))
        keep_c, keep_d = rng.random((2, len(E))) < 0.5
        check(E, index, a, b, euclidean, 12, keep_c, keep_d)


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize(("euclidean", "sign"), MODES)
@pytest.mark.parametrize("dimension", [1, 2, 3, 5, 17, 70, 130])
def test_dimensions(dimension, euclidean, sign):
    E = normal(dimension, 150, dimension, np.float32)
    check(E, build_index(E, sign), 3, 11, euclidean, 20)


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize("stretch", [1.0, 30.0], ids=["", "long offset"])
@pytest.mark.parametrize(("euclidean", "sign"), MODES)
@pytest.mark.parametrize("dimension", [1, 2, 3, 8])
@pytest.mark.parametrize("kind", ["integers", "tiny spread", "outlier"])
def test_awkward_spaces_of_few_dimensions(kind, dimension, euclidean, sign, stretch):
    rng = np.random.default_rng(dimension)
    E = {
        "integers": lambda: rng.integers(-9, 10, (300, dimension)).astype(np.float32),
        "tiny spread": lambda: 1 + 1e-12 * rng.normal(size=(300, dimension)),
        "outlier": lambda: np.vstack([rng.normal(size=(299, dimension)), np.full(dimension, 1e9)]),
    }[kind]()
    index = build_index(E, sign)
    for row in range(0, 40, 8):
        if np.linalg.norm(direction(E, row, row + 1, True, sign)) > 0:
            check(E, index, row, row + 1, euclidean, 9, stretch=stretch if euclidean else 1.0)


@pytest.mark.parametrize(("euclidean", "sign"), MODES)
@pytest.mark.parametrize("k", [1, 10, 5_000, 100_000])
def test_many_answers(euclidean, sign, k):
    E = normal(0, 120, 6, np.float32)
    found = check(E, build_index(E, sign), 0, 1, euclidean, k, many=[module._MANY_PAIRS])
    assert len(found.c) == min(k, 120 * 119 // (1 if sign < 0 else 2))


@pytest.mark.usefixtures("far_scan")
@pytest.mark.parametrize(("euclidean", "sign"), MODES)
@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_small_spaces_equal_brute_force(data, euclidean, sign):
    E = data.draw(spaces())
    n = len(E)
    a = data.draw(st.integers(0, n - 1))
    b = data.draw(st.integers(0, n - 1).filter(lambda row: row != a))
    if np.linalg.norm(direction(E, a, b, True, sign)) == 0:
        return
    masks = data.draw(hnp.arrays(bool, (2, n))) if data.draw(st.booleans()) else (None, None)
    check(E, build_index(E, sign), a, b, euclidean, data.draw(st.integers(1, n * n)), *masks)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_reversed_query_reverses_the_pairs(data):
    E = data.draw(spaces())
    target = direction(E, 0, 1, True, -1)
    if np.linalg.norm(target) == 0:
        return
    index, allowed = build_index(E), np.ones(len(E), bool)
    options = {"k": 10**6, "euclidean": False, "allowed_c": allowed, "allowed_d": allowed}
    ahead = find_pairs(E, index, target / np.linalg.norm(target), **options)
    back = find_pairs(E, index, -target / np.linalg.norm(target), **options)
    scores = dict(zip(zip(back.d.tolist(), back.c.tolist(), strict=True), back.scores, strict=True))
    assert scores == dict(
        zip(zip(ahead.c.tolist(), ahead.d.tolist(), strict=True), ahead.scores, strict=True)
    )


@settings(deadline=None, max_examples=60)
@given(E=spaces(), seed=st.integers(0, 2**32 - 1))
def test_order_of_rows_changes_no_score(E, seed):
    target = direction(E, 0, 1, True, -1)
    if np.linalg.norm(target) == 0:
        return
    order = np.random.default_rng(seed).permutation(len(E))
    allowed = np.ones(len(E), bool)
    options = {"k": 7, "euclidean": True, "allowed_c": allowed, "allowed_d": allowed}
    one = find_pairs(E, build_index(E), target, **options)
    other = find_pairs(E[order], build_index(E[order]), target, **options)
    np.testing.assert_array_equal(one.scores, other.scores)


def test_threads_do_not_change_the_answer(monkeypatch):
    E = normal(1, 3000, 24, np.float32)
    index, allowed = build_index(E), np.ones(len(E), bool)
    target = direction(E, 5, 6, False, -1)
    options = {"k": 50, "euclidean": False, "allowed_c": allowed, "allowed_d": allowed}
    one = find_pairs(E, index, target, **options)
    for threads in (1, 3, 8):
        monkeypatch.setattr(module, "thread_count", lambda threads=threads: threads)
        other = find_pairs(E, index, target, **options)
        np.testing.assert_array_equal(one.c, other.c)
        np.testing.assert_array_equal(one.d, other.d)
        np.testing.assert_array_equal(one.scores, other.scores)
