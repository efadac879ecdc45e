import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spaces import spaces

from gene_analogies.plots.angles import angle_between, angles_to
from gene_analogies.plots.compass import compass, usual_angles


def test_angles_of_all_sizes():
    assert angles_to(
        [2.0, 0.0], [[3.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, 0.0]]
    ) == pytest.approx([0.0, 90.0, 180.0, math.nan], nan_ok=True)
    for size in (1e-300, 1.0, 1e300):
        assert angle_between([size, 0.0], [size, 1e-9 * size]) == pytest.approx(1e-9, rel=1e-12)
        assert angle_between([size, size], [-size, size]) == pytest.approx(math.pi / 2, rel=1e-15)


@settings(max_examples=50)
@given(spaces(), st.sampled_from([-1, 1]))
def test_angles_are_those_of_the_cosines(E, sign):
    E = E.astype(np.float64)
    c, d = np.arange(1, len(E)), np.arange(len(E) - 1)
    offsets = E[c] + sign * E[d]
    lengths = np.linalg.norm(offsets, axis=1)
    if not lengths[0]:
        return
    units = offsets[lengths > 0] / lengths[lengths > 0, None]
    found = compass(E, units[0], c[lengths > 0], d[lengths > 0], sign)
    assert np.cos(np.radians(found.angles)) == pytest.approx(units @ units[0], abs=1e-12)


@pytest.mark.parametrize("sign", [-1, 1])
def test_usual_angles_of_few_pairs_are_those_of_all(sign):
    E = np.random.default_rng(1).normal(size=(60, 4)).astype(np.float32) + np.float32(0.5)
    E[7] = E[3]
    unit = np.array([0.6, 0.8, 0.0, 0.0])
    orders = [(c, d) for c in range(60) for d in range(60) if c != d]
    offsets = np.array([E[c].astype(float) + sign * E[d] for c, d in orders])
    offsets = offsets[np.abs(offsets).sum(axis=1) > 0]
    found = usual_angles(E, unit, sign)
    inside = np.mean(
        [found.low - 1e-9 <= angle <= found.high + 1e-9 for angle in angles_to(unit, offsets)]
    )
    assert 0.998 <= inside < 1.0
    assert (found.pairs, found.sampled) == (len(offsets) // 2, False)
    if sign < 0:
        assert found.low + found.high == pytest.approx(180.0)


def test_usual_angles_of_many_pairs_are_those_of_a_sample_and_always_the_same():
    E = np.random.default_rng(2).normal(size=(2_000, 20))
    unit = np.eye(20)[0]
    found = usual_angles(E, unit)
    assert (found.pairs, found.sampled) == (100_000, True)
    assert found == usual_angles(E, unit)
    # The cosine of random directions in 20 dimensions exceeds 0.68 in a thousandth of all cases.
    assert math.cos(math.radians(found.low)) == pytest.approx(0.68, abs=0.02)


def test_equal_vectors_have_no_usual_angles():
    assert usual_angles(np.ones((5, 3)), np.eye(3)[0]) is None


def test_random_queries_best_answers_as_angles():
    E, first, second = np.eye(2), np.array([0]), np.array([1])
    found = compass(E, [1.0, 0.0], first, second, random_best=[0.5, 1.0, -1.0])
    assert found.random_best == pytest.approx([0.0, 60.0, 180.0])
    assert found.angles == pytest.approx([45.0])
    assert compass(E, [1.0, 0.0], first, second).random_best.size == 0
