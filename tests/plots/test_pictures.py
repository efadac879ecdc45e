"""What holds for every picture, in both of the ways it is drawn."""

import math
import re
import sys

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import colors
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text as Lettering
from pictures import (
    GENES,
    HOSTILE,
    LONG,
    PICTURES,
    SVG,
    compass_of,
    estimated_boxes,
    outside,
    overlapping,
    quadrilateral_of,
    receipt_of,
    svg_elements,
    vectors,
)
from spaces import elements

from gene_analogies.errors import MissingExtraError
from gene_analogies.plots.axes import draw, image
from gene_analogies.plots.compass import Compass
from gene_analogies.plots.compass_picture import compass_picture
from gene_analogies.plots.lettering import shortened, text_width, wrapped
from gene_analogies.plots.quadrilateral import quadrilateral
from gene_analogies.plots.quadrilateral_picture import quadrilateral_picture
from gene_analogies.plots.shapes import Area, Box, Dot


@pytest.fixture(params=PICTURES)
def picture(request):
    return PICTURES[request.param]()


def axes_of(picture):
    """Axes with the picture, in a figure of its size that can be measured."""
    figure = Figure((picture.width / 72, picture.height / 72), dpi=72)
    FigureCanvasAgg(figure)
    return draw(picture, figure.add_axes((0, 0, 1, 1)))


def drawn_boxes(ax):
    """What texts cover in points, as matplotlib measures them."""
    shown = [artist for artist in ax.get_children() if isinstance(artist, Lettering)]
    renderer = ax.figure.canvas.get_renderer()
    # Axes have empty titles of their own.
    return [
        (one.get_text(), Box(*one.get_window_extent(renderer).extents))
        for one in shown
        if one.get_text()
    ]


def test_labels_lie_inside_and_apart(picture):
    boxes = estimated_boxes(picture)
    assert len(boxes) > 2
    assert outside(boxes, picture.width, picture.height) == []
    assert overlapping(boxes) == []


def test_labels_lie_inside_and_apart_as_matplotlib_draws_them(picture):
    boxes = drawn_boxes(axes_of(picture))
    assert [name for name, _ in boxes] == [text.text for text in picture.texts]
    assert outside(boxes, picture.width, picture.height) == []
    assert overlapping(boxes) == []
    for (_, real), (_, estimated) in zip(boxes, estimated_boxes(picture), strict=True):
        # Hinting rounds the places of letters.
        assert real.right - real.left <= 1.01 * (estimated.right - estimated.left) + 1.0


@settings(max_examples=25, deadline=None)
@given(st.lists(elements, min_size=12, max_size=12))
def test_labels_of_any_analogy_lie_inside_and_apart(values):
    corners = np.array(values).reshape(4, 3)
    picture = quadrilateral_picture(quadrilateral(*corners), LONG)
    boxes = estimated_boxes(picture)
    assert outside(boxes, picture.width, picture.height) == []
    assert overlapping(boxes) == []


def in_svg(picture):
    """What is drawn in SVG: kind, coordinates (upwards from the bottom) and colour."""
    for element in svg_elements(picture.svg()):
        tag = element.tag.removeprefix(SVG)
        places = [(element.get("cx") or element.get("x"), element.get("cy") or element.get("y"))]
        if tag in ("polyline", "polygon"):
            places = [pair.split(",") for pair in element.get("points").split()]
        elif tag == "path":
            moves = re.findall(r"m(-?[\d.]+)[ ]?(-?[\d.]+)h0", element.get("d"))
            places = np.cumsum(np.array(moves, float), axis=0)
        elif tag not in ("circle", "text"):
            continue
        coordinates = [(float(x), picture.height - float(y)) for x, y in places]
        colour = element.get("stroke" if tag in ("polyline", "path") else "fill")
        yield element.text if tag == "text" else tag, coordinates, colour


def in_axes(picture):
    """The same of what matplotlib draws, in points."""
    ax = axes_of(picture)
    for artist in sorted(ax.get_children(), key=lambda one: one.get_zorder()):
        if isinstance(artist, Polygon):
            kind, places, colour = "polygon", artist.get_xy()[:-1], artist.get_facecolor()
        elif isinstance(artist, PathCollection):
            # One artist for all points, and an image in a PDF.
            assert artist.get_rasterized()
            kind, places, colour = "path", artist.get_offsets(), artist.get_facecolor()[0]
        elif isinstance(artist, Line2D):
            kind = "circle" if artist.get_marker() == "o" else "polyline"
            places, colour = artist.get_xydata(), artist.get_color()
        elif isinstance(artist, Lettering) and artist.get_text():
            kind, places, colour = artist.get_text(), [artist.get_position()], artist.get_color()
        else:
            continue
        hexadecimal = colors.to_hex(colour).upper()
        colour = "currentColor" if hexadecimal == "#000000" else hexadecimal
        yield kind, ax.transData.transform(places), colour


def test_both_drawings_have_the_same_coordinates(picture):
    one, other = list(in_svg(picture)), list(in_axes(picture))
    assert len(one) == len(other) == len(picture.shapes)
    for (kind, places, colour), (same, others, painted) in zip(one, other, strict=True):
        assert kind == same.replace("\x1b", "\ufffd")
        assert colour == painted
        assert np.asarray(places) == pytest.approx(np.asarray(others), abs=0.02)


def test_a_quadrilateral_is_drawn_where_its_corners_are():
    drawn = quadrilateral(*vectors(5))
    picture = quadrilateral_picture(drawn, GENES)
    dots = [shape.place for shape in picture.shapes if isinstance(shape, Dot)]
    (x0, y0), (scale, same) = picture.origin, picture.scale
    assert scale == same
    assert [((x - x0) / scale, (y - y0) / scale) for x, y in dots] == pytest.approx(
        np.array(drawn.corners), abs=1e-9
    )
    ax = axes_of(picture)
    circles = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert np.array(circles) == pytest.approx(np.array(drawn.corners), abs=1e-9)


def test_a_compass_has_every_pair_at_its_angle():
    angles = np.array([120.0, 49.4, 179.0, 0.0, 50.0])
    names = ["e", "b", "c", "a", "d"]
    picture = compass_picture(Compass(angles, None, np.empty(0)), "q", "q ≈ c : d", names)
    x0, y0 = picture.origin
    dots = [shape.place for shape in picture.shapes if isinstance(shape, Dot)]
    found = [math.degrees(math.atan2(x - x0, y - y0)) for x, y in dots]
    assert found == pytest.approx(angles)
    heights = {text.text: text.place[1] for text in picture.texts}
    listed = [name for name in sorted(heights, key=heights.get, reverse=True) if name in names]
    assert listed == ["a", "b", "d", "e", "c"]
    assert heights["49.4°"] == heights["b"]


def test_of_many_pairs_the_first_are_named_and_all_are_drawn():
    picture = compass_of(2_000, low=30.0, high=60.0)
    assert sum(text.text == "HGF : MET" for text in picture.texts) == 50
    assert "The first 50 of 2,000 pairs are named." in picture.description
    x0, y0 = picture.origin
    dots = [shape.place for shape in picture.shapes if isinstance(shape, Dot)]
    found = np.degrees([math.atan2(x - x0, y - y0) for x, y in dots])
    assert len(dots) < 700
    for angle in np.linspace(30.0, 60.0, 2_000):
        assert np.abs(found - angle).min() <= 0.025 + 1e-9


def test_bars_of_a_receipt_have_the_lengths_of_its_terms():
    picture = receipt_of()
    from gene_analogies.plots.receipt import receipt

    terms = receipt(*vectors(0))
    bars = [np.array(shape.places) for shape in picture.shapes if isinstance(shape, Area)]
    zero, scale = picture.origin[0], picture.scale[0]
    ends = [
        (bar[:, 0].max() if share > 0 else bar[:, 0].min()) - zero
        for bar, share in zip(bars, [*[t.share for t in terms.terms], terms.total], strict=True)
    ]
    assert np.array(ends) / scale == pytest.approx([*[t.share for t in terms.terms], terms.total])


@pytest.mark.parametrize("make", [quadrilateral_of, receipt_of, lambda n: compass_of(5, n)])
def test_names_do_nothing_in_svg(make):
    text = make(HOSTILE).svg()
    root = svg_elements(text)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "polyline", "polygon", "circle", "text"}
    assert "\x1b" not in text
    assert "<script" not in text


@pytest.mark.parametrize("make", [quadrilateral_of, receipt_of, lambda n: compass_of(5, n)])
def test_names_are_no_formulas_in_matplotlib(make):
    picture = make(tuple(name.replace("\x1b", "").replace("\n", "") for name in HOSTILE))
    texts = [name for name, _ in drawn_boxes(axes_of(picture))]
    assert texts == [text.text for text in picture.texts]
    assert any("$" in text for text in texts)


def test_svg_is_for_pages_in_light_and_in_dark(picture):
    alone, part = picture.svg(), picture.svg(standalone=False)
    assert "prefers-color-scheme" in alone
    assert "<style" not in part
    for text in (alone, part):
        assert not re.search(r"style=|href|url\(|<script|#000|black|white", text)
        root = svg_elements(text)
        assert root.get("role") == "img"
        assert root.get("viewBox").startswith("0 0 ")
        assert root.find(f"{SVG}title").text == picture.title
        assert root.find(f"{SVG}desc").text == picture.description
        assert all(one.get("fill") == "currentColor" for one in root.iter(f"{SVG}text"))


def test_files():
    picture = receipt_of()
    png, pdf = image(picture, "png"), image(picture, "pdf")
    assert pdf.startswith(b"%PDF")
    assert image(picture, "pdf") == pdf
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[i : i + 4], "big") for i in (16, 20))
    assert (width, height) == pytest.approx(
        (picture.width / 72 * 200, picture.height / 72 * 200), abs=1
    )


def test_letters_that_the_font_lacks_are_told(caplog):
    image(compass_of(1, ("東京", "b", "c", "d")), "png")
    assert [record.getMessage() for record in caplog.records] == [
        "letters that matplotlib's font lacks are drawn as boxes; .svg has them"
    ]


def test_axes_of_any_size_keep_the_proportions_and_the_labels_apart():
    picture = compass_of(10)
    figure = Figure((4, 6), dpi=100)
    FigureCanvasAgg(figure)
    upper, _ = figure.subplots(2, 1)
    assert draw(picture, upper) is upper
    boxes = drawn_boxes(upper)
    area = upper.get_window_extent()
    assert area.height / area.width == pytest.approx(picture.height / picture.width)
    assert overlapping(boxes) == []
    for _, box in boxes:
        assert area.x0 - 1 <= box.left < box.right <= area.x1 + 1
        assert area.y0 - 1 <= box.bottom < box.top <= area.y1 + 1


def test_new_axes_have_the_size_of_the_picture(monkeypatch):
    matplotlib.use("agg")
    from matplotlib import pyplot

    picture = receipt_of()
    ax = draw(picture)
    try:
        assert ax.figure.get_size_inches() * 72 == pytest.approx((picture.width, picture.height))
    finally:
        pyplot.close(ax.figure)


def test_ink_is_the_colour_of_text_in_matplotlib():
    with matplotlib.rc_context({"text.color": "#EEEEEE"}):
        ax = axes_of(receipt_of())
    assert {text.get_color() for text in ax.texts} == {"#EEEEEE"}


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_without_matplotlib_the_command_that_installs_it_is_told(form, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    picture = receipt_of()
    wanted = r"needs matplotlib: pip install 'gene-analogies\[plot\]'"
    with pytest.raises(MissingExtraError, match=rf"writing \.{form} files {wanted}"):
        image(picture, form)
    with pytest.raises(MissingExtraError, match=rf"drawing figures {wanted}"):
        draw(picture)
    assert picture.svg()


@pytest.mark.parametrize("bold", [False, True])
def test_text_is_at_most_as_wide_as_estimated(bold):
    figure = Figure(dpi=720)  # with fewer dots, hinting makes letters wider
    canvas = FigureCanvasAgg(figure)
    for letters in [*map(chr, range(33, 127)), *"−·≈°–—…‖²αβγδκéüß", *GENES, LONG[0]]:
        text = figure.text(
            0, 0, letters * 8, fontsize=20, parse_math=False, weight="bold" if bold else "normal"
        )
        real = text.get_window_extent(canvas.get_renderer()).width / 10.0
        estimated = text_width(letters * 8, 20, bold=bold)
        assert real <= estimated + 1, letters
        assert estimated <= 1.9 * real or letters in "\"'|", letters


def test_long_text_is_shortened_or_wrapped():
    assert shortened("EGFR", 10, 100) == "EGFR"
    short = shortened("a name of many words", 10, 60)
    assert text_width(short, 10) <= 60
    assert (short[0], short[-1], short.count("…")) == ("a", "s", 1)
    lines = wrapped("one two three " + "x" * 100, 10, 60)
    assert all(text_width(line, 10) <= 60 for line in lines)
    assert lines[:2] == ["one two", "three"]
    assert "…" in lines[2]
