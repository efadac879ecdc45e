"""Figures of an answer: which there are, and that they show its numbers."""

import math
import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from command_line import small_space
from made_answers import HGF, MET, make_result
from pictures import estimated_boxes, outside, overlapping

from gene_analogies import Embedding, GeneAnalogiesError, Space
from gene_analogies.plots.axes import draw
from gene_analogies.plots.shapes import Area, Dot
from gene_analogies.results.chance import Chance


@pytest.fixture(scope="module")
def space():
    """Forty items of which the first are genes; not unit vectors."""
    names = ["EGF", "EGFR", "HGF", "MET", *(f"word{number}" for number in range(36))]
    return Space(Embedding(names, np.random.default_rng(7).normal(size=(40, 6))))


def dots(picture):
    """The places of dots, as the numbers behind the picture."""
    (x0, y0), (sx, sy) = picture.origin, picture.scale
    places = [shape.place for shape in picture.shapes if isinstance(shape, Dot)]
    return np.array([((x - x0) / sx, (y - y0) / sy) for x, y in places])


def test_a_compass_shows_the_similarities(space):
    answer = space.pairs("EGF", "EGFR", k=12)
    picture = answer.picture()
    assert picture.title == answer.title == "EGF : EGFR ≈ c : d"
    # Up is the direction of the query, and the radius is 1.
    assert dots(picture)[:, 1] == pytest.approx(answer.similarity, abs=1e-9)
    texts = [text.text for text in picture.texts]
    for c, d, similarity in (row[:3] for row in answer):
        assert f"{c} : {d}" in texts
        assert f"{math.degrees(math.acos(similarity)):.1f}°" in texts
    assert "99.9 % of all pairs lie between" in picture.description
    assert overlapping(estimated_boxes(picture)) == []


@pytest.mark.parametrize("row", [0, 3, -1])
def test_a_pair_stands_out_in_a_compass(space, row):
    answer = space.pairs("EGF", "EGFR", k=12)
    picture = answer.picture("compass", row)
    (dot,) = (shape for shape in picture.shapes if isinstance(shape, Dot) and shape.radius > 3.0)
    x, y = (np.array(dot.place) - picture.origin) / picture.scale
    assert y == pytest.approx(answer.similarity[row], abs=1e-9)
    assert x > 0.0
    pair = f"{answer.c[row].symbol} : {answer.d[row].symbol}"
    bold = {text.text for text in picture.texts if text.bold}
    assert {pair, f"{math.degrees(math.acos(answer.similarity[row])):.1f}°"} <= bold
    assert f" Purple: {pair}. " in picture.description
    assert "Purple" not in answer.picture("compass").description
    assert not {f"{other[0]} : {other[1]}" for other in answer} & (bold - {pair})
    assert overlapping(estimated_boxes(picture)) == []


def test_a_compass_of_sums_of_several_examples_and_of_an_offset(space):
    sums = space.pairs("EGF", "EGFR", operation="sum", k=5)
    assert dots(sums.picture())[:, 1] == pytest.approx(sums.similarity, abs=1e-9)
    assert sums.picture().title == "EGF + EGFR ≈ c + d"
    several = space.pairs([("EGF", "EGFR"), ("HGF", "MET")], k=5)
    assert dots(several.picture())[:, 1] == pytest.approx(several.similarity, abs=1e-9)
    offset = space.pairs(offset=np.arange(6.0), k=5)
    assert dots(offset.picture())[:, 1] == pytest.approx(offset.similarity, abs=1e-9)
    assert offset.picture().title == "an offset ≈ c : d"


def test_a_compass_of_other_orders_says_so(space):
    far = space.pairs("EGF", "EGFR", metric="euclidean", k=5).picture()
    assert "the best by Euclidean distance, not by angle" in far.description
    weighted = space.pairs("EGF", "EGFR", pair_weight=0.25, k=5).picture()
    assert "similarity + 0.25 · cos(c, d), not by angle" in weighted.description
    assert "not by angle" not in space.pairs("EGF", "EGFR", k=5).picture().description


def test_random_queries_of_chance_are_marked(space):
    chance = Chance(1, 3, 0.5, (), "", random_best=(0.9, 0.5, 0.75))
    answer = replace(space.pairs("EGF", "EGFR", k=3), chance=chance)
    assert "3 random queries, from 25.8° to 60.0°" in answer.picture().description
    assert "2 random queries" in answer.picture(random_best=[0.5, 0.6]).description
    assert "random queries" not in answer.picture("heatmap").description


def test_random_queries_are_marked(space):
    answer = space.pairs("EGF", "EGFR", k=3)
    picture = answer.picture(random_best=[0.5, math.cos(1.0)])
    assert "2 random queries, from 57.3° to 60.0°" in picture.description
    with pytest.raises(GeneAnalogiesError, match="marked in a compass, not in a receipt"):
        answer.picture("receipt", random_best=[0.5])


@pytest.mark.parametrize("row", [0, 2, -1])
def test_a_quadrilateral_has_the_distances_of_the_embedding(space, row):
    answer = space.pairs("EGF", "EGFR", k=5)
    picture = answer.picture(row=row)
    E = space.embedding.vectors
    rows = [0, 1, answer.c_rows[row], answer.d_rows[row]]
    corners = dots(picture)
    for one, other in ((0, 1), (2, 3), (0, 2), (1, 3)):
        true = np.linalg.norm(E[rows[one]] - E[rows[other]])
        assert np.linalg.norm(corners[one] - corners[other]) == pytest.approx(true, abs=1e-9)
    u, v = corners[1] - corners[0], corners[3] - corners[2]
    cosine = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
    assert cosine == pytest.approx(answer.similarity[row], abs=1e-9)
    assert f"their similarity is {answer.similarity[row]:.4f}" in picture.description


def test_lengths_are_in_units_of_the_embedding_whatever_those_are():
    E = np.random.default_rng(8).normal(size=(9, 4))
    answers = [Space(Embedding("abcdefghi", E * size)).pairs("a", "b") for size in (1.0, 1e-40)]
    plain, tiny = (dots(answer.picture(row=0)) for answer in answers)
    assert tiny == pytest.approx(plain * 1e-40, rel=1e-9, abs=1e-52)


@pytest.mark.parametrize("options", [{}, {"operation": "sum"}, {"pair_weight": 0.5}])
def test_a_receipt_sums_to_the_similarity(space, options):
    answer = space.pairs("EGF", "EGFR", k=5, **options)
    picture = answer.picture("receipt", row=1)
    zero, scale = picture.origin[0], picture.scale[0]
    bars = [np.array(one.places)[:, 0] - zero for one in picture.shapes if isinstance(one, Area)]
    shares = [(bar.min() + bar.max()) / scale for bar in bars]
    assert sum(shares[:4]) == pytest.approx(answer.similarity[1], abs=1e-9)
    assert shares[4] == pytest.approx(answer.similarity[1], abs=1e-9)
    if options.get("pair_weight"):
        assert f"Score: {answer.score[1]:.4f}" in picture.description


def test_of_euclidean_answers_the_cosine_is_explained_and_the_distance_told(space):
    answer = space.pairs("EGF", "EGFR", metric="euclidean", k=3)
    told = f"Similarity: −{-answer.similarity[0]:.4f}, the negative distance of the differences."
    for kind in ("quadrilateral", "receipt"):
        assert told in answer.picture(kind).description
    assert "their cosine is" in answer.picture("quadrilateral").description


@pytest.mark.parametrize(
    ("options", "arguments", "message"),
    [
        ({}, {"kind": "pie"}, "kind must be one of compass, .*, map, not 'pie'"),
        ({}, {"kind": "map", "row": 1}, "kind='map' shows all pairs: leave out row"),
        ({}, {"row": 3}, "row must be a whole number in 0..2, not 3"),
        ({}, {"row": "best"}, "row must be a whole number in 0..2, not 'best'"),
        ({}, {"kind": "compass", "row": 99}, "row"),
        ({}, {"kind": "heatmap", "row": 1}, "kind='heatmap' shows all pairs: leave out row"),
        (
            {"operation": "sum"},
            {"row": 0},
            "shows differences, not sums: choose compass or receipt",
        ),
    ],
)
def test_what_cannot_be_drawn_is_told(space, options, arguments, message):
    answer = space.pairs("EGF", "EGFR", k=3, **options)
    with pytest.raises(GeneAnalogiesError, match=message):
        answer.picture(**arguments)
    with pytest.raises(GeneAnalogiesError, match=message):
        answer.plot(**arguments)


def test_families_of_the_first_pairs(space):
    pytest.importorskip("sklearn")
    answer = space.pairs("EGF", "EGFR", k=60)
    for kind in ("families", "heatmap"):
        picture = answer.picture(kind)
        texts = [text.text for text in picture.texts]
        assert f"{answer[0].c} : {answer[0].d}" in texts
        assert f"{answer[50].c} : {answer[50].d}" not in texts
        assert "These are the first 50 of 60 pairs." in picture.description
    assert "Bars: similarity, from 0." in answer.picture("families").description
    weighted = space.pairs("EGF", "EGFR", k=5, pair_weight=0.5).picture("families")
    assert "Bars: score, similarity + 0.5 · cos(c, d), from 0." in weighted.description
    far = space.pairs("EGF", "EGFR", k=5, metric="euclidean").picture("families")
    assert "the negative distance of the offsets" in far.description


@pytest.mark.parametrize("options", [{}, {"metric": "euclidean"}, {"operation": "sum"}])
def test_a_distribution_shows_the_cosines(space, options):
    answer = space.pairs("EGF", "EGFR", k=4, **options)
    picture = answer.picture("distribution")
    E, sign = space.embedding.vectors, 1 if options.get("operation") == "sum" else -1
    query, offsets = E[0] + sign * E[1], E[answer.c_rows] + sign * E[answer.d_rows]
    cosines = offsets @ query / np.linalg.norm(offsets, axis=1) / np.linalg.norm(query)
    low, high = (f"{one:.4f}".replace("-", "−") for one in (cosines.min(), cosines.max()))
    assert f"Blue: the 4 answers, from {low} to {high}." in picture.description


def test_one_pair_is_compared_with_one_example(space):
    several = space.pairs([("EGF", "EGFR"), ("HGF", "MET")], k=3)
    with pytest.raises(GeneAnalogiesError, match="one example, not with 2: choose kind='compass'"):
        several.picture(row=0)
    with pytest.raises(GeneAnalogiesError, match="not with an offset"):
        space.pairs(offset=np.ones(6), k=3).picture("receipt")


def test_a_copy_has_no_vectors(space):
    answer = space.pairs("EGF", "EGFR", k=3)
    unpickled = pickle.loads(pickle.dumps(answer))  # noqa: S301 - our own
    for copy in (unpickled, make_result([(HGF, MET)], [0.5])):
        with pytest.raises(GeneAnalogiesError, match="has no vectors to draw, for it is a copy"):
            copy.plot()


def test_no_pairs():
    nothing = Space(Embedding("abcd", [[0, 0], [1, 0], [2, 1], [2, 1]])).pairs("a", "b")
    assert len(nothing) == 0
    assert "99.9 %" in nothing.picture().description
    assert "There are no answers." in nothing.picture("distribution").description
    with pytest.raises(GeneAnalogiesError, match="there are no pairs to draw"):
        nothing.picture("heatmap")
    with pytest.raises(GeneAnalogiesError, match="there are no pairs to draw"):
        nothing.picture(row=0)


def test_plot_draws_on_given_axes(space):
    from matplotlib.figure import Figure

    answer = space.pairs("EGF", "EGFR", k=3)
    left, right = Figure().subplots(1, 2)
    assert answer.plot(ax=left) is left
    assert answer.plot(row=0, ax=right) is right
    other = draw(answer.picture("quadrilateral"), Figure().subplots())
    assert [text.get_text() for text in right.texts] == [text.get_text() for text in other.texts]


def test_genes_are_called_by_their_symbols_and_told_apart():
    names = ["ENSG00000138798", "EGFR", "HGF", "MET", "ENSG00000146648"]
    space = Space(Embedding(names, np.random.default_rng(9).normal(size=(5, 3))))
    picture = space.pairs("EGF", "HGF", k=6).picture()
    texts = [text.text for text in picture.texts]
    assert any("EGFR (ENSG00000146648)" in text for text in texts)
    assert picture.title == "EGF : HGF ≈ c : d"
    boxes = estimated_boxes(picture)
    assert outside(boxes, picture.width, picture.height) == []


def test_asking_and_svg_need_no_matplotlib():
    code = (
        "import sys; from command_line import small_space; "
        "from gene_analogies.report.figure import answer_svg; "
        "answer_svg(small_space().pairs('EGF', 'EGFR')); "
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=_with_helpers())
    assert small_space()


def _with_helpers():
    import os
    from pathlib import Path

    import gene_analogies

    folders = [Path(__file__).parents[1] / "helpers", Path(gene_analogies.__file__).parents[1]]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
