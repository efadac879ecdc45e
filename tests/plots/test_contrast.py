import numpy as np
import pytest

from gene_analogies.plots.contrast import contrast
from gene_analogies.plots.contrast_picture import _ticks


@pytest.mark.parametrize("euclidean", [False, True])
def test_the_plane_has_the_similarities_of_all_items(euclidean):
    E = np.random.default_rng(1).normal(size=(200, 4))
    E[9] = 0.0
    lengths = np.linalg.norm(E, axis=1)
    found = contrast(E, lengths, (3, 5), np.array([7, 8]), euclidean=euclidean, exponent=2)
    with np.errstate(invalid="ignore"):
        cosines = E @ E[[3, 5]].T / lengths[:, None] / lengths[[3, 5]]
    distances = -np.linalg.norm(E[:, None] - E[[3, 5]], axis=2) / 4.0
    true = distances if euclidean else cosines
    assert found.answers == pytest.approx(true[[7, 8]])
    assert found.asked == pytest.approx(true[[3, 5]])
    others = np.delete(true, [3, 5] if euclidean else [3, 5, 9], axis=0)
    counts = np.histogram2d(*others.T, bins=[found.edges, found.edges])[0]
    assert found.counts.sum() == len(others)
    assert np.abs(found.counts - counts).sum() <= 2  # at the limit of a square
    assert (found.edges[0], found.edges[-1]) == pytest.approx((np.nanmin(true), np.nanmax(true)))


@pytest.mark.parametrize("power", [-40, -1, 0, 3])
def test_scales_have_round_numbers(power):
    for width in np.linspace(1.0, 10.0, 91):
        low = -0.37 * width
        ticks = np.array(_ticks(low * 10.0**power, (low + width) * 10.0**power)) / 10.0**power
        assert 2 <= len(ticks) <= 6
        assert low - 1e-9 <= ticks[0] < ticks[-1] <= low + width + 1e-9
        assert np.ptp(np.diff(ticks)) < 1e-9
    assert _ticks(1.0, 1.0) == []
