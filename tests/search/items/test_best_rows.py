"""The best rows of scores that are known within margins equal a sort of the exact ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.search.items._candidates import may_be_best
from gene_analogies.search.items.best_rows import best_below, best_rows


def sorted_best(scores, k, allowed):
    rows = np.flatnonzero(allowed & ~np.isnan(scores))
    order = np.lexsort((rows, -scores[rows]))[:k]
    return rows[order], scores[rows[order]]


@settings(deadline=None)
@given(st.data())
def test_equals_a_sort(data):
    n = data.draw(st.integers(0, 12))
    k = data.draw(st.integers(1, 14))
    scores = np.array(data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n)), float)
    margins = np.array(data.draw(st.lists(st.sampled_from([0, 0.5, 9]), min_size=n, max_size=n)))
    errors = np.array(data.draw(st.lists(st.floats(-1, 1), min_size=n, max_size=n)))
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), bool)
    missing = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), bool)
    one = data.draw(st.booleans())
    margin = float(margins.max(initial=0.0)) if one else margins
    approximate = scores + errors * margin
    approximate[missing] = data.draw(st.sampled_from([np.nan, -np.inf]))
    scores[missing] = np.nan
    asked = []

    def exact(rows):
        asked.append(rows)
        return scores[rows]

    rows, found = best_rows(approximate, margin, exact, k, allowed)
    wanted_rows, wanted = sorted_best(scores, k, allowed)
    np.testing.assert_array_equal(rows, wanted_rows)
    np.testing.assert_array_equal(found, wanted)
    assert not np.isnan(scores[asked[0]]).any()


def test_all_rows_count_unless_told():
    scores = np.array([1.0, 3.0, 2.0, 3.0])
    rows, found = best_rows(scores, 0.0, lambda rows: scores[rows], 3)
    assert rows.tolist() == [1, 3, 2]
    assert found.tolist() == [3.0, 3.0, 2.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_only_what_may_be_among_the_best_is_scored(dtype):
    scores = np.random.default_rng(0).normal(size=1000)
    asked = []

    def exact(rows):
        asked.extend(rows)
        return scores[rows]

    given = scores.astype(dtype)
    rows, _ = best_rows(given, 1e-6, exact, 5)
    assert rows.tolist() == np.argsort(-scores)[:5].tolist()
    assert len(asked) < 8
    np.testing.assert_array_equal(given, scores.astype(dtype))  # nothing is written into it


def test_a_margin_is_not_lost_to_float32():
    # 1 − 2⁻²⁵ is 1 in float32: in that type, the margin would not let the second row in.
    approximate = np.array([1.0, 1.0 - 2.0**-24], np.float32)
    exact = np.array([1.0 - 2.0**-25, 1.0 - 2.0**-25 + 2.0**-30])
    rows, _ = best_rows(approximate, 2.0**-25 + 2.0**-30, lambda rows: exact[rows], 1)
    assert rows.tolist() == [1]


@pytest.mark.parametrize("barred", [0, 5, 500])
@pytest.mark.parametrize("missing", [0, 1, 700])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("one", [False, True])
def test_many_rows(barred, missing, dtype, one):
    rng = np.random.default_rng(barred + missing)
    n = 3011
    scores = rng.integers(-400, 400, n) / 8
    allowed = np.ones(n, bool)
    allowed[np.argsort(-scores)[:barred]] = False
    margin = 0.25 if one else rng.choice([0.0, 0.25, 3.0], n)
    approximate = (scores + rng.uniform(-1, 1, n) * margin).astype(dtype)
    scores[rng.choice(n, missing, replace=False)] = np.nan
    approximate[np.isnan(scores)] = np.nan
    room = margin + 1e-4  # float32 rounds
    for k in (1, 3, 40, 5000):
        rows, found = best_rows(approximate, room, lambda rows: scores[rows], k, allowed)
        wanted_rows, wanted = sorted_best(scores, k, allowed)
        np.testing.assert_array_equal(rows, wanted_rows)
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("one", [False, True])
def test_rows_that_may_be_the_best(one):
    rng = np.random.default_rng(0)
    scores = rng.normal(size=700)
    margins = 0.01 if one else rng.random(700) / 50
    allowed = rng.random(700) < 0.7
    values = scores + rng.uniform(-1, 1, 700) * margins
    values[::50] = np.nan
    rows = may_be_best(values, margins, allowed, 8)
    assert (np.diff(rows) > 0).all()
    wanted, _ = sorted_best(np.where(np.isnan(values), np.nan, scores), 8, allowed)
    assert set(wanted) <= set(rows)
    assert allowed[rows].all()
    assert len(rows) < 30


@settings(deadline=None)
@given(st.data())
def test_upper_bounds_alone_will_do(data):
    """Also where they say little, or are those of an increasing function of the scores."""
    n, k = data.draw(st.integers(1, 400)), data.draw(st.integers(1, 12))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    scores = rng.integers(-data.draw(st.integers(1, 50)), 9, n) / 4
    allowed = rng.random(n) < 0.8
    loose = data.draw(st.sampled_from([0.0, 0.5, 20.0]))
    most = (scores + loose * rng.random(n)) ** 3
    most[rng.random(n) < 0.1] = np.nan
    told = np.where(np.isnan(most), np.nan, scores)
    better = (lambda: told**3) if data.draw(st.booleans()) else None
    rows, found = best_below(
        most, lambda rows: scores[rows], k, allowed, reached=lambda score: score**3, better=better
    )
    wanted_rows, wanted = sorted_best(told, k, allowed)
    np.testing.assert_array_equal(rows, wanted_rows)
    np.testing.assert_array_equal(found, wanted)
