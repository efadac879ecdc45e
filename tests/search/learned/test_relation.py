"""What vectors know of a relation: each statistic as it is defined, planted and absent ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from relations import cosine, planted_relation, relations

from gene_analogies import GeneAnalogiesError
from gene_analogies.search.learned.dyads import dyadic_error
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


@settings(deadline=None, max_examples=40)
@given(relations())
def test_each_pair_and_each_partner_has_its_part_in_the_pairing(relation):
    E, pairs, known = relation
    found = measure_pairing(E, pairs, known)
    every = {*map(tuple, pairs.tolist()), *map(tuple, known.tolist())}
    of_pairs, of_items = {}, dict.fromkeys((b for _, b in every), 0.0)
    for a, auc in zip(found.rows.tolist(), found.auc, strict=True):
        others = {b for _, b in every if (a, b) not in every and b != a}
        true = {b for x, b in pairs.tolist() if x == a}
        wins = {
            (b, other): (cosine(E, a, b) > cosine(E, a, other))
            + (cosine(E, a, b) == cosine(E, a, other)) / 2
            for b in true
            for other in others
        }
        for b in true:
            of_pairs[a, b] = np.mean([wins[b, other] for other in others])
        for other in others:
            won = np.mean([wins[b, other] for b in true])
            of_items[other] += (won - auc) / len(others) / len(found.rows)
    assert [tuple(pair) for pair in found.pairs.tolist()] == sorted(of_pairs)
    np.testing.assert_allclose(found.pair_auc, [of_pairs[pair] for pair in sorted(of_pairs)])
    assert found.partners.tolist() == sorted(of_items)
    np.testing.assert_allclose(found.beaten, [of_items[b] for b in sorted(of_items)], atol=1e-12)
    weights = [np.mean(found.pairs[:, 0] == a) * len(found.pairs) for a, _ in found.pairs]
    moved = (found.pair_auc - found.mean) / (np.array(weights) * max(1, len(found.rows)))
    expected = dyadic_error(found.pairs, moved, found.partners, found.beaten)
    np.testing.assert_allclose(found.error, expected)


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
    assert found.pairs.tolist() == sorted([a, b] for a, b, _ in offsets)
    for place, (a, b, o) in enumerate(sorted(offsets, key=lambda one: one[:2])):
        others = [p for c, d, p in offsets if {a, b}.isdisjoint((c, d))]
        assert found.counts[place] == len(others)
        mean = np.sum(others, axis=0) if others else np.zeros(1)
        if np.linalg.norm(mean) > 1e-9:
            expected = o @ mean / np.linalg.norm(mean)
            assert found.cosines[place] == pytest.approx(expected, abs=1e-6)
        else:
            assert math.isnan(found.cosines[place])
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


def test_errors_are_of_the_size_that_draws_differ_by():
    """Relations of 40 pairs, each drawn anew."""
    found = []
    for seed in range(60):
        E, pairs = planted_relation(count=40, others=0, dimension=12, seed=seed)
        noise = 1.5 * np.random.default_rng(seed).normal(size=E.shape)
        step = np.linalg.qr(np.random.default_rng(0).normal(size=(12, 1)))[0].T
        E = noise + np.repeat(E[:40], 2, axis=0).reshape(40, 2, 12).swapaxes(0, 1).reshape(80, 12)
        E[40:] += 2 * step
        direction, pairing = measure_direction(E, pairs), measure_pairing(E, pairs)
        found.append((direction.mean_cosine, pairing.mean, direction.error, pairing.error))
    direction, pairing, *errors = np.array(found).T
    for values, one in zip((direction, pairing), errors, strict=True):
        assert np.mean(one) == pytest.approx(np.std(values), rel=0.35)


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
