"""Sums over pairs that share items, and the standard error made of them, pair by pair."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from relations import relations

from gene_analogies.search.learned.dyads import dyadic_error, shared_sums
from gene_analogies.search.learned.relation import check_pairs


def share(first, second):
    return not {*first}.isdisjoint(second)


def slow_error(pairs, influences, of_items):
    """Multiply the influences of every two that share an item."""
    m = len(pairs)
    each = [item for pair in pairs for item in pair]
    if m < 2 or 2 * max(map(each.count, each)) > m:
        return math.nan
    variance = sum(
        influences[i] * influences[j]
        for i, j in itertools.product(range(m), repeat=2)
        if share(pairs[i], pairs[j])
    )
    variance += 2 * sum(
        influence * of_items.get(item, 0.0)
        for pair, influence in zip(pairs, influences, strict=True)
        for item in pair
    )
    own = sum(one**2 for one in of_items.values())
    least = sum(one**2 for one in influences) + own
    together = sum(share(one, two) for one in pairs for two in pairs)
    return math.sqrt(max(variance + own, least) / (1 - together / m**2))


@settings(deadline=None, max_examples=40)
@given(relations(least=2), st.data())
def test_as_defined(relation, data):
    E, pairs, _ = relation
    pairs = check_pairs(pairs, len(E))
    numbers = st.integers(-9, 9).map(float)
    values = np.array(data.draw(st.lists(numbers, min_size=len(pairs), max_size=len(pairs))))
    listed = pairs.tolist()
    sums = [sum(values[j] for j, two in enumerate(listed) if share(one, two)) for one in listed]
    np.testing.assert_array_equal(shared_sums(pairs, values), sums)
    twice = np.stack([values, -values], axis=1)
    np.testing.assert_array_equal(shared_sums(pairs, twice), np.stack([sums, np.negative(sums)], 1))
    of_items = data.draw(st.dictionaries(st.integers(0, len(E) - 1), numbers, min_size=1))
    items, own = np.array(list(of_items)), np.array(list(of_items.values()))
    np.testing.assert_allclose(dyadic_error(pairs, values), slow_error(listed, values, {}))
    np.testing.assert_allclose(
        dyadic_error(pairs, values, items, own), slow_error(listed, values, of_items)
    )


def test_of_pairs_apart_it_is_that_of_a_mean():
    values = np.random.default_rng(0).normal(size=40)
    pairs = np.arange(80).reshape(40, 2)
    expected = values.std(ddof=1) / math.sqrt(40)
    assert dyadic_error(pairs, (values - values.mean()) / 40) == pytest.approx(expected)


def test_it_covers_means_over_pairs_with_hubs():
    """The error of independent pairs would be a third of it."""
    random = np.random.default_rng(0)
    pairs = np.stack([np.repeat(np.arange(30), 20), 30 + np.arange(600)], axis=1)
    means, errors = [], []
    for _ in range(200):
        values = random.normal(size=30)[pairs[:, 0]] + 0.5 * random.normal(size=600)
        means.append(values.mean())
        errors.append(dyadic_error(pairs, (values - values.mean()) / 600))
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.15)
    assert 0.88 < np.mean(np.abs(means) < 1.96 * np.array(errors)) < 0.98
