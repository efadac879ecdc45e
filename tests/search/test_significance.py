"""The p of a pairing equals a direct count, and orders false discoveries as it is defined."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import cosines
from spaces import SPACES, spaces

from gene_analogies.search.prepared import PreparedVectors
from gene_analogies.search.significance import (
    Excluded,
    benjamini_hochberg,
    mutual_rank_p,
    pair_cosines,
)


def direct_count(together, c, d, allowed_c, allowed_d):
    """Count one pair after the other, among the cosines of all rows with all."""
    found = []
    for x, y in zip(c, d, strict=True):
        shares = []
        for row, other, allowed in ((x, y, allowed_d), (y, x, allowed_c)):
            candidates = [i for i in np.flatnonzero(allowed) if i != row]
            closer = sum(together[row, i] >= together[row, other] for i in candidates)
            shares.append(max(closer, 1) / max(len(candidates), 1))
        found.append(max(shares))
    return found


def prepared(vectors):
    return PreparedVectors(vectors, float(np.abs(vectors).max()), cache=False)


def p_of(vectors, c, d, allowed_c, allowed_d):
    ready = prepared(vectors)
    return mutual_rank_p(
        ready.vectors, ready.norms, np.asarray(c), np.asarray(d),
        allowed_c=np.asarray(allowed_c), allowed_d=np.asarray(allowed_d),
    )  # fmt: skip


def oracle(vectors, c, d, allowed_c, allowed_d):
    together = cosines(prepared(vectors).vectors.astype(np.float64))
    return direct_count(together, c, d, allowed_c, allowed_d)


@settings(max_examples=300, deadline=None)
@given(vectors=spaces(), data=st.data())
def test_p_equals_a_direct_count(vectors, data):
    n = len(vectors)
    masks = [np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n))) for _ in "cd"]
    some = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda x: x[0] != x[1])
    c, d = np.array(data.draw(st.lists(some, min_size=1, max_size=6))).T
    assert p_of(vectors, c, d, *masks).tolist() == oracle(vectors, c, d, *masks)


@settings(max_examples=60, deadline=None)
@given(vectors=spaces(), data=st.data())
def test_excluded_rows_are_no_candidates_of_their_pairs(vectors, data):
    n = len(vectors)
    rows = st.integers(0, n - 1)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    some = st.tuples(rows, rows).filter(lambda pair: pair[0] != pair[1])
    c, d = np.array(data.draw(st.lists(some, min_size=1, max_size=6))).T
    asked = data.draw(st.lists(st.lists(rows, unique=True, max_size=3), min_size=1, max_size=3))
    question = np.array([data.draw(st.integers(0, len(asked) - 1)) for _ in c])
    excluded = Excluded(
        question,
        np.cumsum([0, *map(len, asked)]),
        np.array([row for some in asked for row in some], np.int64),
    )
    ready = prepared(vectors)
    found = mutual_rank_p(
        ready.vectors, ready.norms, c, d, allowed_c=mask, allowed_d=mask, excluded=excluded
    )
    for i, one in enumerate(question):
        left = mask.copy()
        left[asked[one]] = False
        assert found[i] == oracle(vectors, c[i : i + 1], d[i : i + 1], left, left)[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda t: t.__name__)
@pytest.mark.parametrize("name", SPACES)
def test_p_in_spaces_of_many_kinds(name, dtype):
    vectors = SPACES[name](300, 24, dtype)
    random = np.random.default_rng(1)
    c = random.integers(0, 300, 60)
    d = (c + random.integers(1, 300, 60)) % 300
    allowed_c, allowed_d = random.random(300) < 0.9, random.random(300) < 0.2
    for masks in ((allowed_c, allowed_d), (np.ones(300, bool), np.ones(300, bool))):
        assert p_of(vectors, c, d, *masks).tolist() == oracle(vectors, c, d, *masks)


def test_many_pairs_at_once_are_those_of_one_after_the_other(monkeypatch):
    vectors = SPACES["gaussian"](200, 16, np.float32)
    c, d = np.divmod(np.random.default_rng(0).permutation(200 * 200)[:500], 200)
    c, d = c[c != d], d[c != d]
    every = np.ones(200, bool)
    single = [p_of(vectors, [x], [y], every, every)[0] for x, y in zip(c, d, strict=True)]
    assert p_of(vectors, c, d, every, every).tolist() == single
    monkeypatch.setattr("gene_analogies.search.significance._BLOCK_BYTES", 4 * 200 * 7)
    monkeypatch.setattr("gene_analogies.search.significance._FEW", 0)
    assert p_of(vectors, c, d, every, every).tolist() == single


def test_what_p_is_at_its_ends():
    vectors = np.array([[1, 0], [1, 0.01], [0, 1], [-1, 0]], np.float32)
    every = np.ones(4, bool)
    # Each is the other's nearest; each is the other's farthest.
    assert p_of(vectors, [0, 0], [1, 3], every, every).tolist() == [1 / 3, 1]
    # A zero vector is as close to all.
    assert p_of(np.vstack([np.zeros(2), vectors[1:]]), [0], [1], every, every).tolist() == [1]
    # Ties count against a pair: of copies, all are as close.
    copies = np.ones((5, 2), np.float32)
    assert p_of(copies, [0], [1], np.ones(5, bool), np.ones(5, bool)).tolist() == [1]


def test_no_pairs():
    none = np.empty(0, np.int64)
    every = np.ones(3, bool)
    assert p_of(np.eye(3), none, none, every, every).shape == (0,)
    assert pair_cosines(np.eye(3), none, none).shape == (0,)
    assert benjamini_hochberg(np.empty(0)).shape == (0,)


def test_pair_cosines_are_those_of_the_score():
    vectors = SPACES["zeros and copies"](50, 9, np.float32)
    c, d = np.divmod(np.arange(2500), 50)
    assert (pair_cosines(vectors, c, d) == cosines(vectors.astype(np.float64)).ravel()).all()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_benjamini_hochberg_is_the_step_up_procedure(numerators):
    """q is the least rate at which the step-up procedure keeps a test."""
    p = [Fraction(numerator, 40) for numerator in numerators]
    k = len(p)
    ranked = sorted(p)
    wanted = []
    for one in p:
        # Rates at which p_(i) ≤ i/k · rate for an i with p_(i) ≥ p.
        rates = [ranked[i] * k / (i + 1) for i in range(k) if ranked[i] >= one]
        wanted.append(min(1, *rates))
    found = benjamini_hochberg(np.array([float(one) for one in p]))
    assert all(map(math.isclose, found, map(float, wanted)))
