"""Many directions at once: bit for bit what each finds alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spaces import PAIR_SPACES, normal, spaces

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.knn.cosines import build_cosines
from gene_analogies.search.knn.index import build_index
from gene_analogies.search.pairs import find, many
from gene_analogies.search.pairs.find import find_pairs
from gene_analogies.search.pairs.many import (
    directions_at_once,
    find_many_pairs,
    find_many_weighted_pairs,
)
from gene_analogies.search.pairs.weighted import find_weighted_pairs

MODES = [
    pytest.param(euclidean, sign, id=f"{metric}-{operation}")
    for euclidean, metric in ((False, "cosine"), (True, "euclidean"))
    for sign, operation in ((-1, "difference"), (1, "sum"))
]


def offsets_of(E, pairs, euclidean, sign):
    """Return the offsets of pairs of rows, unit vectors for cosines; none that are zero."""
    E = E.astype(np.float64)
    found = [E[a] + sign * E[b] for a, b in pairs]
    return [
        one if euclidean else one / np.linalg.norm(one)
        for one in found
        if np.linalg.norm(one) > 1e-9
    ]


def assert_same(many_found, alone):
    for one, other in zip(many_found, alone, strict=True):
        assert vars(one).keys() == vars(other).keys()
        for name, values in vars(one).items():
            np.testing.assert_array_equal(values, vars(other)[name], strict=True)


def check(E, index, offsets, euclidean, k, masks):
    if not offsets:
        return
    found = find_many_pairs(
        E, index, np.array(offsets), k=k, euclidean=euclidean,
        allowed_c=[c for c, _ in masks], allowed_d=[d for _, d in masks],
    )  # fmt: skip
    alone = [
        find_pairs(E, index, offset, k=k, euclidean=euclidean, allowed_c=c, allowed_d=d)
        for offset, (c, d) in zip(offsets, masks, strict=True)
    ]
    assert_same(found, alone)


def masks_of(rng, n, count, sign):
    drawn = [rng.random((2, n)) < 0.7 for _ in range(count)]
    return [(c, c if sign > 0 else d) for c, d in drawn]


@pytest.fixture
def in_threads(monkeypatch):
    """Search a few rows as many are: with the index, in threads."""
    monkeypatch.setattr(find, "FEW_PAIRS", 0)
    monkeypatch.setattr(find, "ONE_THREAD", 0)
    monkeypatch.setattr(many.plain, "ONE_THREAD", 0)


@pytest.mark.usefixtures("in_threads")
@pytest.mark.parametrize(("euclidean", "sign"), MODES)
@pytest.mark.parametrize("space", PAIR_SPACES)
def test_equals_one_at_a_time(space, euclidean, sign):
    E = PAIR_SPACES[space](160, 20, np.float32)
    rng = np.random.default_rng(0)
    offsets = offsets_of(E, rng.integers(0, len(E), (9, 2)), euclidean, sign)
    masks = masks_of(rng, len(E), len(offsets), sign)
    check(E, build_index(E, sign), offsets, euclidean, 12, masks)


@pytest.mark.usefixtures("in_threads")
@pytest.mark.parametrize(("euclidean", "sign"), MODES)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_small_spaces(data, euclidean, sign):
    E = data.draw(spaces())
    rows = st.integers(0, len(E) - 1)
    pairs = data.draw(st.lists(st.tuples(rows, rows), min_size=1, max_size=5))
    offsets = offsets_of(E, pairs, euclidean, sign)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    masks = masks_of(rng, len(E), len(offsets), sign)
    check(E, build_index(E, sign), offsets, euclidean, data.draw(st.integers(1, 30)), masks)


@pytest.mark.usefixtures("in_threads")
@pytest.mark.parametrize("room", [0, 3, 1000])
def test_edges_beyond_the_room_are_looked_for_alone(monkeypatch, room):
    # Near copies of a few vectors: thousands of edges along one direction pass.
    E = np.repeat(normal(0, 8, 6, np.float32), 30, axis=0) + 1e-3 * normal(1, 240, 6, np.float32)
    monkeypatch.setattr(many, "_ROOM", room)
    offsets = offsets_of(E, [(0, 1), (2, 3), (0, 31)], False, -1)
    everything = np.ones(len(E), bool)
    check(E, build_index(E), offsets, False, 200, [(everything, everything)] * 3)


@pytest.mark.usefixtures("in_threads")
def test_float32_products_of_thousands_of_rows():
    E = normal(3, 4000, 60, np.float32)
    E[1::200] = E[0:4000:200] + np.float32(1e-5) * normal(4, 20, 60, np.float32)
    index = build_index(E)
    assert many._single_error(E, index) > 0.0
    assert many._single_error(E.astype(np.float64), index) == 0.0
    rng = np.random.default_rng(2)
    offsets = offsets_of(E, rng.integers(0, len(E), (20, 2)), False, -1)
    offsets += offsets_of(E, [(0, 1), (200, 201)], False, -1)
    check(E, index, offsets, False, 10, masks_of(rng, len(E), len(offsets), -1))


def test_float32_products_are_not_used_for_near_copies():
    E = PAIR_SPACES["near copies"](160, 20, np.float32)
    assert many._single_error(E, build_index(E)) == 0.0


@pytest.mark.usefixtures("in_threads")
@pytest.mark.parametrize("space", ["gaussian", "zeros and copies", "rank one", "mostly zero"])
def test_with_a_weight(space):
    E = PAIR_SPACES[space](160, 12, np.float32)
    index, rng = build_index(E), np.random.default_rng(1)
    cosines = build_cosines(E, row_norms(E), index)
    directions = offsets_of(E, rng.integers(0, len(E), (5, 2)), False, -1)
    masks = masks_of(rng, len(E), len(directions), -1)
    found = find_many_weighted_pairs(
        E, index, cosines, np.array(directions), weight=0.25, k=10,
        allowed_c=[c for c, _ in masks], allowed_d=[d for _, d in masks],
    )  # fmt: skip
    alone = [
        find_weighted_pairs(
            E, index, cosines, one, weight=0.25, k=10, allowed_c=c, allowed_d=d
        )
        for one, (c, d) in zip(directions, masks, strict=True)
    ]  # fmt: skip
    assert_same(found, alone)


def test_memory_of_a_block():
    for n in (2, 20_000, 10**6, 10**8):
        count = directions_at_once(n)
        assert 1 <= count <= 128
        assert count == 1 or count * n * 24 <= 2**27
