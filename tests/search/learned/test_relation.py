"""What vectors know of a relation: each statistic as it is defined, planted and absent ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from relations import cosine, planted_relation, relations

from gene_analogies import GeneAnalogiesError
from gene_analogies.search.learned.relation import (
    check_pairs,
    connected,
    measure_direction,
    measure_pairing,
    permute_axes,
)


def slow_pairing(E, pairs, known):
    """Compare each true partner with each other right item of the relation."""
    every = {*map(tuple, pairs.tolist()), *map(tuple, known.tolist())}
    found = {}
    for a in {a for a, _ in pairs.tolist()}:
        others = {b for _, b in every if (a, b) not in every and b != a}
        true = {b for x, b in pairs.tolist() if x == a}
        wins = [
            (cosine(E, a, b) > cosine(E, a, other)) + (cosine(E, a, b) == cosine(E, a, other)) / 2
            for b in true
            for other in others
        ]
        if wins:
            found[a] = np.mean(wins)
    return found


@given(relations())
def test_pairing_is_as_defined(relation):
    E, pairs, known = relation
    found = measure_pairing(E, pairs, known)
    expected = slow_pairing(E, pairs, known)
    assert found.rows.tolist() == sorted(expected)
    np.testing.assert_allclose(found.auc, [expected[a] for a in sorted(expected)], atol=1e-12)
    if expected:
        assert found.mean == pytest.approx(np.mean(list(expected.values())))
    else:
        assert math.isnan(found.mean)


@given(relations())
def test_pairing_without_other_pairs(relation):
    E, pairs, _ = relation
    found = measure_pairing(E, pairs)
    np.testing.assert_array_equal(found.auc, measure_pairing(E, pairs, pairs[::-1]).auc)


@given(relations())
def test_direction_is_as_defined(relation):
    E, pairs, _ = relation
    E = E.astype(np.float64)
    offsets = [(a, b, E[b] - E[a]) for a, b in {*map(tuple, pairs.tolist())}]
    offsets = [(a, b, o / np.linalg.norm(o)) for a, b, o in offsets if o.any()]
    cosines = [
        o @ p
        for place, (a, b, o) in enumerate(offsets)
        for c, d, p in offsets[:place]
        if {a, b}.isdisjoint((c, d))
    ]
    found = measure_direction(E, pairs)
    assert found.count == len(cosines)
    if cosines:
        assert found.mean_cosine == pytest.approx(np.mean(cosines), abs=1e-9)
    else:
        assert math.isnan(found.mean_cosine)


@given(relations())
def test_pairs_are_connected_by_way_of_others(relation):
    _, pairs, _ = relation
    groups = [{*pair} for pair in pairs.tolist()]
    for _ in pairs:
        groups = [set.union(*(other for other in groups if one & other)) for one in groups]
    expected = [[one == other for other in groups] for one in groups]
    label = connected(pairs)
    np.testing.assert_array_equal(label[:, None] == label, expected)
    assert set(label.tolist()) == set(range(len({frozenset(one) for one in groups})))


def test_a_planted_relation_is_found():
    E, pairs = planted_relation()
    assert measure_pairing(E, pairs).mean > 0.99
    found = measure_direction(E, pairs)
    assert found.mean_cosine > 0.8
    assert found.count == 60 * 59 // 2


def test_shuffled_partners_keep_the_direction_but_not_the_pairing():
    E, pairs = planted_relation()
    pairs[:, 1] = np.random.default_rng(1).permutation(pairs[:, 1])
    assert 0.4 < measure_pairing(E, pairs).mean < 0.6
    assert 0.1 < measure_direction(E, pairs).mean_cosine < 0.8


def test_permuted_axes_know_nothing():
    E, pairs = planted_relation(count=200)
    permuted = permute_axes(E)
    np.testing.assert_array_equal(np.sort(permuted, axis=0), np.sort(E, axis=0))
    assert 0.45 < measure_pairing(permuted, pairs).mean < 0.55
    assert abs(measure_direction(permuted, pairs).mean_cosine) < 0.02
    np.testing.assert_array_equal(permuted, permute_axes(E))


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (np.empty((0, 2), np.int64), "pairs is empty"),
        (np.array([[0, 1, 2]]), r"shape \(m, 2\), not int64 of shape \(1, 3\)"),
        (np.array([[0.0, 1.0]]), "not float64"),
        (np.array([[0, 5]]), r"rows in 0..4, not 5"),
        (np.array([[-1, 0]]), r"rows in 0..4, not -1"),
        (np.array([[0, 1], [3, 3]]), "not row 3 twice"),
    ],
)
def test_wrong_pairs_are_refused(pairs, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        check_pairs(pairs, 5)
