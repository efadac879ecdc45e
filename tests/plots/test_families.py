import numpy as np
import pytest
from pictures import families_of, heatmap_of, list_of

from gene_analogies import Embedding, Space
from gene_analogies.plots.families import pair_families
from gene_analogies.plots.shapes import Area, Line


def test_families_are_those_of_cluster():
    pytest.importorskip("sklearn")
    space = Space(
        Embedding([f"w{i}" for i in range(30)], np.random.default_rng(2).normal(size=(30, 3)))
    )
    answer = space.pairs("w0", "w1", k=25)
    found = pair_families(space.embedding.vectors, answer.c_rows, answer.d_rows)
    clusters = space.cluster(answer)
    assert found.sizes == [family.size for family in clusters.families]
    rows = dict(zip(zip(answer.c_rows, answer.d_rows, strict=True), found.labels, strict=True))
    for c, d, family in zip(clusters.c_rows, clusters.d_rows, clusters.family, strict=True):
        assert rows[c, d] + 1 == family
    assert found.silhouette == pytest.approx(clusters.silhouette.mean())
    offsets = space.embedding.vectors[answer.c_rows] - space.embedding.vectors[answer.d_rows]
    units = offsets / np.linalg.norm(offsets, axis=1, keepdims=True)
    assert found.cosines == pytest.approx(units @ units.T)


def test_bars_of_a_list_have_the_lengths_of_the_values():
    picture = list_of(7)
    zero, scale = picture.origin[0], picture.scale[0]
    bars = [shape for shape in picture.shapes if isinstance(shape, Area)][1::2]
    ends = [(max(x for x, _ in bar.places) - zero) / scale for bar in bars]
    assert ends == pytest.approx(np.linspace(0.9, 0.2, 7))
    assert len({bar.colour for bar in bars}) == 3


def test_a_heatmap_has_the_cosines_in_its_squares_and_families_in_its_borders():
    picture, drawn = heatmap_of(6), families_of(6)
    (left, top), (cell, _) = picture.origin, picture.scale
    cells = {}
    for area in (shape for shape in picture.shapes if isinstance(shape, Area)):
        x, y = min(x for x, _ in area.places), max(y for _, y in area.places)
        sign = 1 if area.colour == "blue" else -1
        cells[round((top - y) / cell), round((x - left) / cell)] = sign * area.opacity
    order = drawn.order
    for (row, column), shown in cells.items():
        assert shown == pytest.approx(drawn.cosines[order[row], order[column]], abs=0.006)
    assert len(cells) == 36
    outlines = [one for one in picture.shapes if isinstance(one, Line) and len(one.places) == 5]
    sides = [round((one.places[1][0] - one.places[0][0]) / cell) for one in outlines]
    assert sides == drawn.sizes
