"""Random pairs that are as popular and as close as given ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from relations import plain_cosine, relations

from gene_analogies.search.learned.matched_pairs import draw_matched
from gene_analogies.search.learned.relation import check_pairs


def cosines(E, pairs):
    return np.array([plain_cosine(E[a], E[b]) for a, b in pairs])


def test_they_are_as_popular_and_as_close():
    random = np.random.default_rng(0)
    E = random.normal(size=(3_000, 8))
    popularity = random.permutation(3_000) // 3
    pairs = check_pairs(random.permutation(3_000)[:400].reshape(200, 2), 3_000)
    found = draw_matched(E, pairs, popularity, seed=1)
    assert found.shape == (200, 2)
    assert np.abs(cosines(E, pairs) - cosines(E, found)).max() < 0.1
    away = np.abs(popularity[pairs] - popularity[found])
    # 128 items have 43 popularities, and at either end they stand to one side.
    assert away.max() <= 44
    assert np.corrcoef(popularity[pairs].ravel(), popularity[found].ravel())[0, 1] > 0.99
    np.testing.assert_array_equal(found, draw_matched(E, pairs, popularity, seed=1))
    assert found.tolist() != draw_matched(E, pairs, popularity, seed=2).tolist()


def test_without_popularity_any_items_stand_for_others():
    E = np.random.default_rng(0).normal(size=(2_000, 8))
    pairs = np.arange(100).reshape(50, 2)
    found = draw_matched(E, pairs)
    assert np.abs(cosines(E, pairs) - cosines(E, found)).max() < 0.1
    assert np.median(found) > 500


@settings(deadline=None, max_examples=40)
@given(relations())
def test_none_is_given_none_comes_twice(relation):
    E, pairs, _ = relation
    pairs = check_pairs(pairs, len(E))
    found = draw_matched(E, pairs, np.arange(len(E)))
    taken = {frozenset(pair) for pair in pairs.tolist()}
    assert not taken & {frozenset(pair) for pair in found.tolist()}
    listed = [*map(tuple, found.tolist())]
    assert len(set(listed)) == len(listed) <= len(pairs)
    assert all(a != b for a, b in listed)
