import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from spaces import elements

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.quadrilateral import quadrilateral

numbers = st.floats(-1e150, 1e150, allow_subnormal=False) | elements
fours = st.integers(1, 6).flatmap(lambda d: hnp.arrays(np.float64, (4, d), elements=numbers))


def sides(points):
    a, b, c, d = points
    return np.array([math.dist(p, q) for p, q in ((a, b), (c, d), (a, c), (b, d))])


@st.composite
def analogies(draw):
    """Any four vectors; copies of some; and those whose offsets are parallel, or nearly."""
    vectors = draw(fours)
    for target in draw(st.lists(st.integers(0, 3), max_size=3)):
        vectors[target] = vectors[draw(st.integers(0, 3))] * draw(st.sampled_from([0, 1, -1]))
    if draw(st.booleans()):
        factor = draw(st.sampled_from([1.0, -1.0, 0.5, 1.0 + 1e-9, 1.0 + 1e-14]))
        vectors[3] = vectors[2] + factor * (vectors[1] - vectors[0])
    return vectors


@given(analogies())
def test_sides_and_angle_are_true(vectors):
    found = quadrilateral(*vectors)
    true = sides(vectors)
    longest = true.max()
    assert sides(found.corners) == pytest.approx(true, rel=0, abs=1e-9 * longest)
    if min(true[:2]) <= 1e-3 * longest:
        return  # what is left of a short side between distant corners has fewer digits
    cosine = float((vectors[1] - vectors[0]) / true[0] @ ((vectors[3] - vectors[2]) / true[1]))
    assert found.angle == pytest.approx(math.acos(min(1, max(-1, cosine))), abs=1e-7)
    # As unit vectors, whose products neither overflow nor underflow.
    u = np.subtract(found.b, found.a) / math.dist(found.a, found.b)
    v = np.subtract(found.d, found.c) / math.dist(found.c, found.d)
    drawn = math.atan2(u[0] * v[1] - u[1] * v[0], u @ v)
    assert abs(drawn) == pytest.approx(found.angle, abs=1e-9)


def test_a_rectangle_is_itself():
    found = quadrilateral([0, 0], [3, 0], [0, 4], [3, 4])
    assert np.allclose(found.corners, [(0, 0), (3, 0), (0, 4), (3, 4)])
    assert (found.angle, found.ad, found.bc) == (0.0, 5.0, 5.0)
    assert (found.cos_ab, found.cos_cd) == (0.0, pytest.approx(0.8))


def test_of_circles_that_coincide_the_point_with_true_diagonals_is_taken():
    a, b, c = np.random.default_rng(0).normal(size=(3, 5))
    found = quadrilateral(a, b, c, c + (b - a))
    assert math.dist(found.a, found.d) == pytest.approx(found.ad)
    assert math.dist(found.b, found.c) == pytest.approx(found.bc)


def test_four_points_of_a_plane_on_the_fixed_side_are_themselves():
    points = [(0.0, 0.0), (2.0, 0.0), (0.5, 1.5), (1.75, 2.5)]
    assert np.allclose(quadrilateral(*points).corners, points)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_one_dimension(sign):
    found = quadrilateral([1.0], [3.0], [2.0], [2.0 + 3.0 * sign])
    assert found.angle == (0.0 if sign > 0 else pytest.approx(math.pi))
    assert np.allclose(np.array(found.corners)[:, 1], 0.0)
    assert found.d[0] == pytest.approx(1.0 + 3.0 * sign)


def test_equal_and_zero_vectors():
    found = quadrilateral([1.0, 1.0], [1.0, 1.0], [0.0, 0.0], [0.0, 2.0])
    assert math.isnan(found.angle)
    assert sides(found.corners) == pytest.approx([0.0, 2.0, 2**0.5, 2**0.5])
    assert (found.cos_ac, found.cos_ab) == (0.0, 1.0)
    nothing = quadrilateral(*np.zeros((4, 2)))
    assert np.all(np.array(nothing.corners) == 0.0)


def test_infinite_distances_are_refused():
    with pytest.raises(GeneAnalogiesError, match="distances are infinite"):
        quadrilateral([-1.7e308], [1.7e308], [0.0], [1.0])
