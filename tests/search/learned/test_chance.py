"""How often chance does as well: every swap and every order tried, and what naive swaps do."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from relations import cosine, plain_cosine, planted_relation, relations, rounded

from gene_analogies.search.learned import chance
from gene_analogies.search.learned.chance import (
    direction_p,
    draw_matching,
    measure_closeness,
    pairing_p,
)
from gene_analogies.search.learned.relation import check_pairs


def slow_direction(E, matching):
    """Try every swap of roles."""
    E = E.astype(np.float64)
    offsets = [E[b] - E[a] for a, b in matching]
    products = {
        (i, j): rounded(plain_cosine(offsets[i], offsets[j]))
        for i, j in itertools.combinations(range(len(offsets)), 2)
    }
    sums = [
        sum(signs[i] * signs[j] * value for (i, j), value in products.items())
        for signs in itertools.product((1, -1), repeat=len(offsets))
    ]
    return np.mean([one >= sums[0] for one in sums])


def slow_pairing(E, matching):
    """Try every order of the b's."""
    sums = [
        sum(cosine(E, a, matching[place][1]) for (a, _), place in zip(matching, order, strict=True))
        for order in itertools.permutations(range(len(matching)))
    ]
    return np.mean([one >= sums[0] for one in sums])


@settings(deadline=None, max_examples=40)
@given(relations())
def test_a_matching_has_every_item_once_and_no_room(relation):
    E, pairs, _ = relation
    pairs = check_pairs(pairs, len(E))
    found = draw_matching(pairs, seed=3)
    items = found.ravel().tolist()
    assert len(set(items)) == len(items)
    assert {*map(tuple, found.tolist())} <= {*map(tuple, pairs.tolist())}
    assert all({*pair} & {*items} for pair in pairs.tolist())
    np.testing.assert_array_equal(found, draw_matching(pairs, seed=3))


@settings(deadline=None, max_examples=40)
@given(relations())
def test_the_p_of_few_pairs_is_that_of_all_swaps_and_orders(relation):
    E, pairs, _ = relation
    matching = draw_matching(check_pairs(pairs, len(E)))[:5]
    if len(matching) < 2:
        assert math.isnan(direction_p(E, matching))
        assert math.isnan(pairing_p(E, matching))
    else:
        listed = matching.tolist()
        assert direction_p(E, matching) == slow_direction(E, listed)
        assert pairing_p(E, matching) == slow_pairing(E, listed)


@pytest.mark.parametrize("dimension", [4, 30])
def test_draws_tell_the_same_as_all_swaps_and_orders(dimension, monkeypatch):
    E, pairs = planted_relation(count=7, dimension=dimension, seed=1)
    E += 2 * np.random.default_rng(0).normal(size=E.shape)
    for found in (direction_p, pairing_p):
        monkeypatch.setattr(chance, "DRAWS", 9_999)
        exact = found(E, pairs)
        assert 0.001 < exact < 0.6
        monkeypatch.setattr(chance, "DRAWS", 60)
        drawn = [found(E, pairs, seed) for seed in range(60)]
        assert np.mean(drawn) == pytest.approx((1 + 60 * exact) / 61, abs=0.03)
        assert set(drawn) <= {(1 + count) / 61 for count in range(61)}


@settings(deadline=None, max_examples=40)
@given(relations(least=2))
def test_the_moments_are_those_of_all_orders(relation):
    E, pairs, _ = relation
    pairs = check_pairs(pairs, len(E))[:5]
    cosines = np.array([[plain_cosine(E[a], E[b]) for b in pairs[:, 1]] for a in pairs[:, 0]])
    m = len(pairs)
    assume(m > 1)
    found = measure_closeness(E, pairs)
    sums = [cosines[range(m), order].sum() for order in itertools.permutations(range(m))]
    assert found.total == pytest.approx(sum(plain_cosine(E[a], E[b]) for a, b in pairs), abs=1e-9)
    assert found.mean == pytest.approx(np.mean(sums), abs=1e-9)
    assert found.variance == pytest.approx(np.var(sums), abs=1e-9)


def test_many_pairs_are_compared_by_their_moments(monkeypatch):
    E, true = planted_relation(count=40)
    b = true[:, 1].copy()
    b[:36] = np.roll(b[:36], 1)
    pairs = np.stack([true[:, 0], b], axis=1)
    by_orders = pairing_p(E, pairs)
    monkeypatch.setattr(chance, "PERMUTED", 39)
    assert pairing_p(E, pairs) == measure_closeness(E, pairs).p
    assert pairing_p(E, pairs) == pytest.approx(by_orders, abs=0.02)
    assert pairing_p(E, true) == 1e-4


def test_what_relabelling_cannot_change_is_no_evidence():
    E = np.ones((80, 3))
    pairs = np.arange(80).reshape(40, 2)
    assert measure_closeness(E, pairs)[2:] == (0.0,)
    assert measure_closeness(E, pairs).p == 1.0
    assert pairing_p(E, pairs) == 1.0
    assert direction_p(E, pairs) == 1.0


def test_naive_swaps_find_relations_in_any_graph_with_hubs(monkeypatch):
    """Ten hubs of six partners each, all of them random vectors: there is no relation."""
    monkeypatch.setattr(chance, "DRAWS", 299)
    pairs = np.stack([np.repeat(np.arange(10), 6), 10 + np.arange(60)], axis=1)
    ours, naive, pairing = [], [], []
    for seed in range(150):
        E = np.random.default_rng(seed).normal(size=(70, 20))
        matching = draw_matching(pairs, seed)
        ours.append(direction_p(E, matching, seed))
        naive.append(direction_p(E, pairs, seed))
        pairing.append(pairing_p(E, matching, seed))
    assert np.mean(np.array(naive) < 0.05) > 0.3
    assert 0.01 < np.mean(np.array(ours) < 0.05) < 0.1
    assert 0.01 < np.mean(np.array(pairing) < 0.05) < 0.1
