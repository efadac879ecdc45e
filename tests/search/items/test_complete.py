"""What completes an analogy equals a float64 brute force over all rows, in order too."""

from __future__ import annotations

import decimal
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import lane_sum

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.items import complete as module
from gene_analogies.search.items._bounds import bound_directions, bound_multiplied
from gene_analogies.search.items._first_pass import divide_by_norms
from gene_analogies.search.items.complete import (
    find_by_cosine,
    find_by_direction,
    find_by_products,
    unit_rows,
)
from gene_analogies.search.items.multiplied import multiplied, shifted_cosines
from gene_analogies.search.learned.lrcos import find_by_class, learn_class

STEP = 2.0**-40


def normal(seed, n, d, dtype):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(dtype)


def near_copies(E):
    rng = np.random.default_rng(5)
    E[1::2] = E[0 : len(E) - 1 : 2] + 1e-6 * rng.normal(size=E[1::2].shape).astype(E.dtype)
    return E


def with_zeros_and_copies(E):
    E[::3] = E[0]
    E[1::7] = 0
    return E


def powers(base, n, count, dtype):
    return (base ** (np.arange(n) % count)[:, None]).astype(dtype)


SPACES = {
    "gaussian": lambda n, d, t: normal(0, n, d, t),
    "shifted": lambda n, d, t: normal(1, n, d, t) + t(30),
    "rank one": lambda n, d, t: normal(4, n, 1, t) @ normal(5, 1, d, t),
    "integers": lambda n, d, t: np.random.default_rng(6).integers(-2, 3, (n, d)).astype(t),
    "near copies": lambda n, d, t: near_copies(normal(7, n, d, t)),
    "zeros and copies": lambda n, d, t: with_zeros_and_copies(normal(8, n, d, t)),
    "mostly zero": lambda n, d, t: normal(13, n, d, t) * (np.arange(n)[:, None] % 4 == 0),
    "few vectors": lambda n, d, t: normal(14, 6, d, t)[np.arange(n) * 7 % 6],
    "opposites": lambda n, d, t: np.concatenate([x := normal(12, n // 2, d, t), -x]),
    "tiny rows": lambda n, d, t: normal(15, n, d, t) * powers(0.01, n, 20, t),
    "lengths": lambda n, d, t: normal(16, n, d, t) * powers(1.5, n, 60, t),
}


def ordered(scores, usable, k):
    """Rows that are usable, by falling score and rising row; the first k."""
    rows = np.flatnonzero(usable)
    rows = rows[np.lexsort((rows, -scores[rows]))][:k]
    return rows, scores[rows]


def cosines(E, unit):
    E = E.astype(np.float64)
    with np.errstate(invalid="ignore"):
        found = lane_sum(E * unit) / np.sqrt(lane_sum(E * E))
    return np.clip(np.rint(found / STEP) * STEP, -1, 1)


def shifted(E, unit):
    """(1 + cos)/2 as ‖x + u‖²/4, which keeps the digits of cosines near −1."""
    E = E.astype(np.float64)
    with np.errstate(invalid="ignore"):
        rows = E / np.sqrt(lane_sum(E * E))[:, None]
    uneven = lane_sum((rows + unit) * (rows - unit)) / 2
    squares = np.maximum((lane_sum((rows + unit) ** 2) - uneven**2) / 4, 0)
    steps = STEP * 2.0 ** np.frexp(np.maximum(squares, np.sqrt(squares) / 256))[1]
    return np.rint(squares / steps) * steps


def by_products(E, positive, negative):
    above, below = np.ones((2, len(E)))
    for unit in positive:
        above *= shifted(E, unit)
    for unit in negative:
        below *= shifted(E, unit)
    part, exponent = np.frexp(above / (below + 1e-6))
    return np.ldexp(np.rint(part / STEP) * STEP, exponent)


def by_direction(E, direction, origin):
    away = E.astype(np.float64) - origin
    with np.errstate(invalid="ignore"):
        found = lane_sum(away * direction) / np.sqrt(lane_sum(away * away))
    return np.clip(np.rint(found / STEP) * STEP, -1, 1)


def by_class(E, weights, constant, unit):
    length = np.linalg.norm(weights)
    chance = 1 / (1 + np.exp(-(length * cosines(E, weights / length) + constant)))
    return np.rint(chance * cosines(E, unit) / STEP) * STEP


def same(found, wanted, without=0):
    np.testing.assert_array_equal(found[0], wanted[0])
    np.testing.assert_array_equal(found[1], wanted[1])
    assert found.without_direction == without


def check(E, rows, k, allowed):
    """Compare all four searches; ``rows`` are those asked with, none of them zero."""
    norms = row_norms(E)
    units = unit_rows(E, norms, np.array(rows))
    has_cosine = allowed & (norms > 0)
    zeros = np.count_nonzero(allowed & (norms == 0))
    target = units[0] - units[1] + units[2]
    if np.linalg.norm(target) > 1e-9:
        target /= np.linalg.norm(target)
        found = find_by_cosine(E, norms, target, k, allowed)
        same(found, ordered(cosines(E, target), has_cosine, k), zeros)
        weights = 9 * units[1] - 2 * units[0]
        found = find_by_class(E, norms, weights, -0.5, target, k, allowed)
        same(found, ordered(by_class(E, weights, -0.5, target), has_cosine, k), zeros)
    for added, taken in (([1, 2], [0]), ([0, 1, 2, 0], []), ([1], [0, 2, 2, 1])):
        found = find_by_products(E, norms, units[added], units[taken], k, allowed)
        same(found, ordered(by_products(E, units[added], units[taken]), has_cosine, k), zeros)
    direction = E[rows[1]].astype(np.float64) - E[rows[0]]
    if np.linalg.norm(direction) > 1e-9:
        direction /= np.linalg.norm(direction)
        origin = E[rows[2]]
        equal = (origin == E).all(axis=1)
        found = find_by_direction(E, norms, direction, origin, k, allowed)
        wanted = ordered(by_direction(E, direction, origin), allowed & ~equal, k)
        same(found, wanted, np.count_nonzero(allowed & equal))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("space", SPACES)
def test_equals_brute_force(space, dtype):
    E = SPACES[space](300, 20, dtype)
    rng = np.random.default_rng(0)
    usable = np.flatnonzero(E.any(axis=1))
    for _ in range(4):
        rows = rng.choice(usable, 3)
        check(E, rows, int(rng.integers(1, 30)), np.ones(len(E), bool))
        check(E, rows, 12, rng.random(len(E)) < 0.5)


@pytest.mark.parametrize("dimension", [1, 2, 3, 5, 17, 70, 130])
def test_dimensions(dimension):
    E = normal(dimension, 600, dimension, np.float32)
    check(E, [0, 1, 2], 10, np.ones(600, bool))


@settings(deadline=None)
@given(data=st.data())
def test_small_spaces_of_few_values(data):
    n, d = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 4))
    values = st.sampled_from([-2.0, -1.0, -1e-3, 0.0, 0.0, 0.5, 1.0, 3.0])
    numbers = data.draw(st.lists(values, min_size=n * d, max_size=n * d))
    E = np.array(numbers, data.draw(st.sampled_from([np.float32, np.float64]))).reshape(n, d)
    usable = np.flatnonzero(E.any(axis=1))
    if len(usable):
        rows = [data.draw(st.sampled_from(usable.tolist())) for _ in range(3)]
        allowed = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), bool)
        check(E, rows, data.draw(st.integers(1, n + 2)), allowed)


def test_rows_that_float32_loses():
    """Rows so short that products vanish have the same cosines as the others."""
    E = normal(3, 200, 8, np.float32)
    E[::2] *= np.float32(1e-36)
    E[7] = np.float32(1e-45)
    check(E, [1, 3, 5], 20, np.ones(200, bool))
    check(E, [0, 3, 4], 20, np.ones(200, bool))


def test_an_origin_of_zero():
    E = normal(4, 100, 5, np.float32)
    E[9] = E[30] = 0
    direction = np.eye(5)[0]
    allowed = np.ones(100, bool)
    found = find_by_direction(E, row_norms(E), direction, E[9], 100, allowed)
    same(found, ordered(cosines(E, direction), E.any(axis=1), 100), 2)


def test_every_row_alike():
    E = np.tile(normal(5, 1, 6, np.float32), (50, 1))
    E[20:] *= 2
    check(E, [0, 30, 40], 12, np.ones(50, bool))


@pytest.mark.parametrize("at_once", [1, 300])
def test_blocks_do_not_matter(monkeypatch, at_once):
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    check(normal(6, 1000, 9, np.float32), [3, 4, 5], 10, np.ones(1000, bool))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cosines_that_differ_much_count_on_their_own(dtype):
    """Where b and c are opposites, a mean of cosines says nothing of their product."""
    E = normal(9, 3000, 5, dtype)
    E[1] = -E[2] + dtype(1e-3) * E[3]
    check(E, [0, 1, 2], 10, np.ones(len(E), bool))


@pytest.mark.parametrize("space", ["zeros and copies", "tiny rows", "near copies", "shifted"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("compiled", [True, False])
def test_bounds_are_bounds(space, dtype, compiled):
    """No score is above its bound, by the kernels and by their Python; nor far below it."""

    def call(kernel, *arguments):
        with np.errstate(all="ignore"):  # as in compiled code
            return (kernel if compiled else kernel.py_func)(*arguments)

    E = SPACES[space](600, 6, dtype)
    norms = row_norms(E)
    units = unit_rows(E, norms, np.array([2, 4, 5]))
    few = units.astype(dtype)
    relative, absolute = module._product_error(E)
    has_cosine = norms > 0

    found = E @ few[0]
    short = divide_by_norms(found, norms, 1e-25)
    assert short == (norms <= 1e-25).any()
    margin = np.broadcast_to(module.cosine_margin(E, norms), 600)[has_cosine]
    assert (np.abs(found - cosines(E, units[0]))[has_cosine] <= margin).all()
    assert np.isnan(found[~has_cosine]).all()

    rounding, least = module._rounding(E)
    error = relative + STEP + 8 * rounding
    bounds = np.empty((2, 600), dtype)
    mean = np.stack([units[:2].mean(axis=0), units[2]])
    for upper, queries, powers in zip(bounds, (units, mean), ([1, 1, -1], [2, -1]), strict=True):
        found = call(
            bound_multiplied, queries.astype(dtype) @ E.T, norms, np.array(powers), error,
            least, 1e-25, upper,
        )  # fmt: skip
        assert found == short
    scores = np.full(600, np.nan)
    rows = np.flatnonzero(has_cosine)
    every = [shifted_cosines(E, rows, units, np.full(len(rows), i)) for i in range(3)]
    scores[rows] = multiplied(np.stack(every), 2)
    np.testing.assert_array_equal(
        scores[has_cosine], by_products(E, units[:2], units[2:])[has_cosine]
    )
    reached = scores[has_cosine] * (1 - 1e-11 - 20 * rounding)
    assert (bounds[:, has_cosine] >= reached).all()
    assert np.isnan(bounds[:, ~has_cosine]).all()

    upper = np.empty(600, dtype)
    place, length = float(E[2].astype(np.float64) @ units[1]), float(norms[2])
    equal = call(
        bound_directions, E, few[[1, 0]] @ E.T, norms, E[2], place, length, relative, absolute,
        rounding, least, upper,
    )  # fmt: skip
    assert equal.tolist() == np.flatnonzero((E[2] == E).all(axis=1)).tolist()
    score = by_direction(E, units[1], E[2])
    told = ~np.isnan(score)
    assert (told == ~np.isnan(upper)).all()
    square = (score - STEP) * np.abs(score - STEP)
    assert (upper[told] >= (square - 8 * rounding * np.abs(square) - 2.0**-36)[told]).all()


def test_what_tells_a_class():
    rng = np.random.default_rng(0)
    E = rng.normal(size=(60, 4))
    E[:30, 0] += 8
    norms = row_norms(E)
    weights, constant = learn_class(E, norms, np.arange(0, 30, 3), np.arange(30, 60, 3))
    odds = unit_rows(E, norms, np.arange(60)) @ weights + constant
    assert ((odds > 0) == (np.arange(60) < 30)).mean() > 0.9


def exact_score(row, added, taken):
    """3CosMul of float64 vectors in fifty digits."""
    decimal.getcontext().prec = 50

    def shifted(x, y):
        x, y = ([decimal.Decimal(float(number)) for number in one] for one in (x, y))
        dot, xx, yy = (
            sum(p * q for p, q in zip(u, v, strict=True)) for u, v in ((x, y), (x, x), (y, y))
        )
        return (1 + dot / (xx * yy).sqrt()) / 2

    above, below = (math.prod(shifted(row, one) for one in ones) for ones in (added, taken))
    return float(above / (below + decimal.Decimal("1e-6")))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_products_keep_twelve_digits_near_the_opposite(dtype):
    """1 + cos loses the digits of cosines near −1; rows there are those of the highest scores."""
    a, b, c, aside = normal(17, 4, 30, dtype)
    near = [-a + dtype(step) * aside for step in 10.0 ** -np.arange(1, 8)]
    E = np.stack([a, b, c, *near, *(dtype(7) * row for row in near)])
    norms = row_norms(E)
    units = unit_rows(E, norms, np.arange(3))
    found = find_by_products(E, norms, units[1:], units[:1], 14, norms > 0)
    assert set(found.rows[:13].tolist()) <= set(range(3, 17))
    for row, score in zip(found.rows, found.scores, strict=True):
        assert score == pytest.approx(exact_score(E[row], E[1:3], E[:1]), rel=4e-12)
    # In the numerator, as far as the rounding of coordinates leaves digits.
    found = find_by_products(E, norms, units[:1], units[:0], 17, norms > 0)
    for row, score in zip(found.rows, found.scores, strict=True):
        exact = exact_score(E[row], E[:1], [])
        assert score == pytest.approx(exact, rel=2e-12 if exact > 1e-5 else 1e-8)


def test_the_opposite_has_a_product_of_zero():
    b = normal(18, 1, 40, np.float64)
    E = np.concatenate([b, *(-factor * b for factor in (3, 1, 0.1, 7, 1e-3))])
    norms = row_norms(E)
    found = find_by_products(E, norms, unit_rows(E, norms, np.array([0])), b[:0], 6, norms > 0)
    assert found.rows.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.scores[1:].tolist() == [0, 0, 0, 0, 0]
