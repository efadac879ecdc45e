import numpy as np
import pytest
from pictures import distribution_of

from gene_analogies.plots.angles import angles_to
from gene_analogies.plots.distribution import distribution
from gene_analogies.plots.shapes import Area, Line


@pytest.mark.parametrize("sign", [-1, 1])
def test_shares_are_those_of_all_pairs(sign):
    E = np.random.default_rng(1).normal(size=(30, 3))
    E[4] = sign * -E[9]  # of these two the offset is zero
    pairs = [(c, d) for c in range(30) for d in range(30) if c != d]
    cosines = np.cos(np.radians(angles_to([0, 0, 1], [E[c] + sign * E[d] for c, d in pairs])))
    cosines = cosines[~np.isnan(cosines)]
    found = distribution(E, [0.0, 0.0, 1.0], np.array([0.9, 0.5]), sign)
    counts, edges = np.histogram(cosines, 100, (-1, 1))
    assert found.edges == pytest.approx(edges)
    assert found.shares == pytest.approx(counts / len(cosines))
    assert found.beyond == pytest.approx(np.mean(cosines >= 0.5))
    assert (found.pairs, found.sampled) == (len(cosines) // 2, False)


def test_equal_vectors_have_none():
    assert distribution(np.ones((4, 2)), [1.0, 0.0], np.array([])) is None


def test_answers_are_marked_where_they_are():
    picture = distribution_of([0.75, 0.5])
    (x0, y0), (sx, sy) = picture.origin, picture.scale
    lines = [shape for shape in picture.shapes if isinstance(shape, Line)]
    blue = [line.places[0] for line in lines if line.colour == "blue"]
    assert sorted((x - x0) / sx for x, _ in blue) == pytest.approx([0.5, 0.75])
    bars = [np.array(one.places) for one in picture.shapes if isinstance(one, Area)]
    E = np.random.default_rng(6).normal(size=(50, 8))
    shares = distribution(E, np.eye(8)[0], np.array([])).shares
    heights = [(bar[:, 1].max() - y0) / sy for bar in bars]
    assert heights == pytest.approx(shares[shares > 0])
