"""Which analogies say something new: the greedy rule, spelt out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gene_analogies.search.analogies.distinct import distinct_rows


def greedy(rows, k):
    kept = []
    for place, row in enumerate(rows):
        new = all(len({*row} & {*rows[other]}) < 3 for other in kept)
        if new and len(kept) < k:
            kept.append(place)
    return kept


quads = st.permutations(range(7)).map(lambda order: order[:4])


@given(st.lists(quads, max_size=40), st.integers(1, 12))
def test_equals_the_greedy_rule(rows, k):
    found = distinct_rows(np.array(rows, np.int64).reshape(-1, 4), k)
    assert found.dtype == np.int64
    assert found.tolist() == greedy(rows, k)


def test_an_order_of_the_same_items_is_nothing_new():
    rows = np.array([[0, 1, 2, 3], [3, 2, 1, 0], [0, 1, 2, 4], [0, 1, 5, 4], [5, 4, 0, 6]])
    assert distinct_rows(rows, 9).tolist() == [0, 3]


def test_what_was_left_out_leaves_nothing_out():
    rows = np.array([[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]])
    assert distinct_rows(rows, 9).tolist() == [0, 2]


def test_no_analogies():
    assert distinct_rows(np.empty((0, 4), np.int64), 3).shape == (0,)
    assert distinct_rows(np.arange(8).reshape(2, 4), 1).tolist() == [0]
