"""The answers to many questions equal a float64 brute force, one question at a time."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracle import lane_sum

from gene_analogies.search.items import evaluate as module
from gene_analogies.search.items.evaluate import find_fourths

QUANTUM = 2.0**-40


def answer(vectors, question, multiply, barred):
    """Score every row; return the first of the best, −1 where there is none."""
    E = np.asarray(vectors, np.float64)
    norms = np.sqrt(lane_sum(E * E))
    if (norms[list(question)] == 0).any():
        return -1
    units = E / np.where(norms > 0, norms, 1)[:, None]
    if multiply:
        a, b, c = (shifted(units, units[row]) for row in question)
        share, exponent = np.frexp(b * c / (a + 1e-6))
        scores = np.ldexp(np.rint(share / QUANTUM), exponent)
    else:
        a, b, c = (lane_sum(units * units[row]) for row in question)
        scores = np.rint((b - a + c) / QUANTUM)
    scores[barred | (norms == 0)] = -np.inf
    return int(scores.argmax()) if scores.max() > -np.inf else -1


def shifted(units, unit):
    """(1 + cos)/2, to about twelve digits where a cosine is near −1, too."""
    uneven = lane_sum((units + unit) * (units - unit)) / 2
    squares = np.maximum((lane_sum((units + unit) ** 2) - uneven**2) / 4, 0)
    steps = QUANTUM * 2.0 ** np.frexp(np.maximum(squares, np.sqrt(squares) / 256))[1]
    return np.rint(squares / steps) * steps


def check(vectors, questions, multiply, kinds):
    found = find_fourths(vectors, questions, multiply=multiply, kinds=kinds)
    nobody = np.zeros(len(vectors), bool)
    wanted = [
        answer(vectors, one, multiply, nobody if kinds is None else np.isin(kinds, kinds[one]))
        for one in questions
    ]
    np.testing.assert_array_equal(found, wanted)


def normal(seed, n, d, dtype):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(dtype)


def with_zeros_and_copies(E):
    E[::3] = E[0]
    E[1::7] = 0
    return E


SPACES = {
    "gaussian": lambda n, d, t: normal(0, n, d, t),
    "shifted": lambda n, d, t: normal(1, n, d, t) + t(30),
    "one axis": lambda n, d, t: normal(2, n, d, t) * np.r_[1000, np.ones(d - 1)].astype(t),
    "rank one": lambda n, d, t: normal(3, n, 1, t) @ normal(4, 1, d, t),
    "copies and zeros": lambda n, d, t: with_zeros_and_copies(normal(5, n, d, t)),
    "one vector": lambda n, d, t: np.repeat(normal(6, 1, d, t), n, axis=0),
    "signs": lambda n, d, t: np.sign(normal(7, n, d, t)),
    "opposites": lambda n, d, t: np.concatenate([x := normal(8, n // 2, d, t), -x]),
    "tiny": lambda n, d, t: normal(9, n, d, t) * t(1e-15),
    "zero": lambda n, d, t: np.zeros((n, d), t),
}


@pytest.mark.parametrize("multiply", [False, True], ids=["3CosAdd", "3CosMul"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("space", SPACES)
def test_equals_brute_force(space, dtype, multiply):
    vectors = SPACES[space](140, 11, dtype)
    questions = np.random.default_rng(0).integers(0, 140, (60, 3))
    check(vectors, questions, multiply, np.arange(140))
    check(vectors, questions, multiply, None)
    check(vectors, questions, multiply, np.arange(140) % 50)


@pytest.mark.parametrize("multiply", [False, True], ids=["3CosAdd", "3CosMul"])
@given(
    vectors=hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 30), st.integers(1, 4)),
        elements=st.integers(-2, 2).map(float),
    ),
    data=st.data(),
)
def test_small_and_degenerate_spaces(vectors, data, multiply):
    n = len(vectors)
    rows = st.integers(0, n - 1)
    questions = data.draw(hnp.arrays(np.int64, (data.draw(st.integers(0, 8)), 3), elements=rows))
    kinds = data.draw(st.none() | hnp.arrays(np.int64, n, elements=rows))
    check(vectors, questions, multiply, kinds)


@pytest.mark.parametrize("limit", ["_QUESTIONS", "_WORDS", "_NUMBERS"])
def test_parts_and_blocks_change_nothing(limit, monkeypatch):
    vectors = normal(0, 900, 9, np.float32)
    questions = np.random.default_rng(1).integers(0, 900, (400, 3))
    whole = find_fourths(vectors, questions, multiply=False, kinds=np.arange(900))
    monkeypatch.setattr(module, limit, 200)
    parts = find_fourths(vectors, questions, multiply=False, kinds=np.arange(900))
    np.testing.assert_array_equal(parts, whole)


def test_progress_rises_to_the_end(monkeypatch):
    monkeypatch.setattr(module, "_WORDS", 50)
    seen = []
    questions = np.random.default_rng(1).integers(0, 700, (90, 3))
    find_fourths(
        normal(0, 700, 4, np.float32),
        questions,
        multiply=False,
        kinds=None,
        progress=lambda *step: seen.append(step),
    )
    done, totals = zip(*seen, strict=True)
    assert list(done) == sorted(done)
    assert done[-1] == totals[-1]
    assert len(set(totals)) == 1


def test_no_questions():
    none = np.empty((0, 3), np.int64)
    found = find_fourths(normal(0, 5, 2, np.float32), none, multiply=False, kinds=None)
    assert found.shape == (0,)


@pytest.mark.parametrize("multiply", [False, True], ids=["3CosAdd", "3CosMul"])
def test_scores_that_only_float64_tells_apart(multiply):
    """Too many near-copies for float32, and of each of them a true copy."""
    rng = np.random.default_rng(2)
    vectors = normal(1, 300, 7, np.float64)
    vectors[100:250] = vectors[99] + 1e-8 * rng.normal(size=(150, 7))
    vectors[250:] = vectors[200:250]
    questions = rng.integers(90, 110, (80, 3))
    check(vectors, questions, multiply, np.arange(300))
    check(vectors, questions, multiply, None)


def test_memory_is_bounded():
    """Some 5,000 distinct items of 512 dimensions, more than are compared at a time."""
    vectors = normal(0, 5_000, 512, np.float32)
    questions = np.random.default_rng(1).integers(0, 5_000, (6_000, 3))
    find_fourths(vectors, questions[:10], multiply=False, kinds=None)
    tracemalloc.start()
    find_fourths(vectors, questions, multiply=False, kinds=None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 128e6
