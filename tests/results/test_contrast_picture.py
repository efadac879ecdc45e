"""The figure of a contrast."""

import pickle

import numpy as np
import pytest

from gene_analogies import Embedding, GeneAnalogiesError, Space
from gene_analogies.plots.shapes import Dot

NAMES = ["EGF", "EGFR", *(f"word{number}" for number in range(38))]


@pytest.fixture(scope="module", params=[1.0, 1e-40], ids=["plain", "tiny"])
def space(request):
    vectors = np.random.default_rng(3).normal(size=(40, 5)) * request.param
    return Space(Embedding(NAMES, vectors))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_dots_are_the_similarities_of_the_answer(space, metric):
    answer = space.similar("EGF", contrast="EGFR", k=6, metric=metric)
    picture = answer.picture()
    (x0, y0), (sx, sy) = picture.origin, picture.scale
    dots = [shape.place for shape in picture.shapes if isinstance(shape, Dot)][:6]
    shown = np.array([((x - x0) / sx, (y - y0) / sy) for x, y in dots])
    size = np.abs(answer.to_each).max()
    assert shown / size == pytest.approx(answer.to_each / size, abs=1e-9)
    texts = [text.text for text in picture.texts]
    assert {"EGF", "EGFR", *(row.item for row in answer)} <= set(texts)
    assert picture.title == "similar to EGF rather than EGFR"


def test_what_cannot_be_drawn_is_told(space):
    answer = space.similar("EGF", contrast="EGFR", k=3)
    copy = pickle.loads(pickle.dumps(answer))  # noqa: S301 - our own
    assert copy.contrasted.prepared is None
    assert copy.equals(answer)
    with pytest.raises(GeneAnalogiesError, match="has no vectors to draw, for it is a copy"):
        copy.plot()
    with pytest.raises(GeneAnalogiesError, match="has no contrast: choose kind='map'"):
        space.similar("EGF").plot("contrast")
    with pytest.raises(
        GeneAnalogiesError, match="kind must be one of contrast, map, not 'compass'"
    ):
        answer.plot("compass")
    with pytest.raises(GeneAnalogiesError, match="shows all items: leave out row"):
        answer.plot(row=1)


def test_plot_draws_on_given_axes(space):
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert space.similar("EGF", contrast="EGFR").plot(ax=ax) is ax
    assert "EGFR" in {text.get_text() for text in ax.texts}
