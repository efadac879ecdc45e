from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gene_analogies.plots.places import Label, crosses, place_labels, spread
from gene_analogies.plots.shapes import Box, Line, Text

FRAME = Box(0.0, 0.0, 300.0, 200.0)
places = st.tuples(st.floats(0, 300), st.floats(0, 200))


@given(st.lists(places, max_size=12), st.lists(st.tuples(places, places), max_size=3))
def test_labels_lie_inside_and_apart(where, lines):
    labels = [Label(f"name {index}", place, (1.0, 0.5)) for index, place in enumerate(where)]
    boxes = [one.box for one in place_labels(labels, FRAME, lines) if isinstance(one, Text)]
    assert len(boxes) == len(labels)
    assert all(FRAME.holds(box) for box in boxes)
    assert not any(
        box.overlaps(other) for index, box in enumerate(boxes) for other in boxes[:index]
    )


def test_a_label_stays_off_lines_and_beside_its_place():
    line = ((0.0, 100.0), (300.0, 100.0))
    (text,) = place_labels([Label("EGF", (150.0, 100.0), (1.0, 0.0))], FRAME, [line])
    assert not crosses(text.box, *line)
    assert abs(text.box.left - 150.0) < 40.0


def test_a_label_far_away_has_a_line_and_one_without_a_place_is_left_out():
    label = Label("EGF", (150.0, 100.0), (1.0, 0.0))
    line, text = place_labels([label], FRAME, (), [Box(110.0, 60.0, 190.0, 140.0)])
    assert isinstance(line, Line)
    assert line.places[0] == label.place
    x, y = line.places[1]
    assert text.box.left <= x <= text.box.right
    assert text.box.bottom <= y <= text.box.top
    assert place_labels([label], FRAME, (), [FRAME]) == []


@given(places, places)
@example((0.0, 0.0), (0.0, 2e-307))
def test_a_line_crosses_a_box_if_a_point_of_it_is_inside(start, end):
    box = Box(100.0, 50.0, 200.0, 120.0)
    steps = np.linspace(0.0, 1.0, 501)[:, None]
    points = np.array(start) * (1.0 - steps) + np.array(end) * steps
    inside = np.all((points > [100.0, 50.0]) & (points < [200.0, 120.0]), axis=1).any()
    if inside:
        assert crosses(box, start, end)
    elif crosses(box, start, end):  # between two of the points
        wide = Box(99.0, 49.0, 201.0, 121.0)
        assert any(
            wide.left <= x <= wide.right and wide.bottom <= y <= wide.top
            for x, y in points.tolist()
        )


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12))
def test_heights_are_spread_as_little_as_can_be(heights):
    wanted = sorted(heights, reverse=True)
    found = spread(wanted, 5.0, -100.0, 200.0)
    assert all(above - below >= 5.0 - 1e-9 for above, below in pairwise(found))
    # The sum of squares has its minimum where no block can move: the errors of each sum to zero.
    errors = np.subtract(found, wanted)
    gaps = -np.diff(found) > 5.0 + 1e-6
    for block in np.split(errors, np.flatnonzero(gaps) + 1):
        assert block.sum() == pytest.approx(0.0, abs=1e-6)


def test_heights_stay_between_limits():
    assert spread([10.0, 10.0, 10.0], 2.0, 0.0, 10.0) == pytest.approx([10.0, 8.0, 6.0])
    assert spread([0.0, 0.0], 2.0, 0.0, 10.0) == pytest.approx([2.0, 0.0])
