"""The nearest neighbours of every row, also beside many equal vectors."""

from __future__ import annotations

import numpy as np
import pytest
from test_pairs import SPACES

from gene_analogies.search.field import build_field
from gene_analogies.search.index import build_index
from gene_analogies.search.nearest import nearest_pairs


def brute_force(E, count):
    E = E.astype(np.float64)
    squares = ((E[:, None] - E[None]) ** 2).sum(axis=2)
    found = set()
    for row in range(len(E)):
        order = np.argsort(squares[row], kind="stable")
        found |= {(row, other) for other in order[squares[row][order] > 0][:count].tolist()}
    return found


@pytest.mark.parametrize("count", [1, 4, 16, 30, 40])
@pytest.mark.parametrize(
    ("name", "n"),
    [("gaussian", 120), ("few vectors", 240), ("zeros and copies", 120), ("gaussian", 9)],
)
def test_equals_brute_force(name, n, count):
    E = SPACES[name](n, 3, np.float64)
    found = nearest_pairs(build_field(E, build_index(E)), count)
    assert {tuple(pair) for pair in found.tolist()} == brute_force(E, count)


def test_ties_go_to_earlier_rows_beside_copies():
    E = SPACES["integers"](300, 3, np.float64)
    found = nearest_pairs(build_field(E, build_index(E)), 5)
    assert {tuple(pair) for pair in found.tolist()} == brute_force(E, 5)
