"""The verdict on planted relations of each kind."""

from __future__ import annotations

import numpy as np
import pytest
from relations import planted_relation

from gene_analogies.search.learned.examine import examine_relation
from gene_analogies.search.learned.relation import check_pairs


def planted_analogy():
    """Beside each b stands what lies farther out: nearer to the class, and no partner."""
    E, pairs = planted_relation(count=40, dimension=60)
    a, b = E[pairs.T]
    step = (b - a).mean(axis=0)
    return np.vstack([E, a + 2 * step, a + 0.4 * step, b + step, a - step]), pairs


def planted_partners(count=40):
    """Partners are near to each other, in no common direction."""
    random = np.random.default_rng(4)
    a = random.normal(size=(count, 20))
    b = a + random.normal(size=a.shape)
    pairs = np.arange(2 * count).reshape(2, count).T
    return np.vstack([a, b, random.normal(size=(100, 20))]), pairs


def test_an_analogy():
    found = examine_relation(*planted_analogy())
    assert found.verdict == "analogy"
    assert found.independent == 40
    assert found.direction_p == found.pairing_p == 1e-4
    assert found.gain.estimate.value > 4 * found.gain.estimate.error > 0
    back = examine_relation(planted_analogy()[0], planted_analogy()[1][:, ::-1])
    assert back.verdict == "analogy"
    assert back.gain.estimate.value == pytest.approx(found.gain.estimate.value)


def test_related_pairs():
    found = examine_relation(*planted_partners())
    assert found.verdict == "related_pairs"
    assert found.direction_p > 0.05


def test_related_pairs_that_differ_by_class():
    """The class tells all: what is near to a and of the class of b is its partner."""
    E, pairs = planted_relation(count=40)
    found = examine_relation(E, pairs)
    assert found.direction_p < 0.05
    assert found.verdict == "related_pairs"


def test_classes_only():
    E, pairs = planted_relation(count=40)
    pairs[:, 1] = np.roll(pairs[:, 1], 7)
    found = examine_relation(E, pairs)
    assert found.verdict == "classes_only"
    assert found.direction_p < 0.05 < found.pairing_p


def test_no_relation():
    E = np.random.default_rng(1).normal(size=(300, 20))
    found = examine_relation(E, np.arange(80).reshape(40, 2))
    assert found.verdict == "no_relation"
    assert min(found.direction_p, found.pairing_p) > 0.05


def test_too_few_pairs():
    E, pairs = planted_analogy()
    assert examine_relation(E, pairs[:5]).verdict == "too_few_pairs"
    assert examine_relation(E, pairs[:6]).verdict != "too_few_pairs"
    hubs = np.stack([np.repeat(pairs[:5, 0], 8), pairs[:, 1]], axis=1)
    found = examine_relation(E, hubs)
    assert (len(found.pairs), found.independent, found.verdict) == (40, 5, "too_few_pairs")


def test_pairs_without_order():
    E, pairs = planted_partners()
    both = np.concatenate([pairs, pairs[:, ::-1]])
    found = examine_relation(E, both, unordered=True)
    np.testing.assert_array_equal(found.pairs, check_pairs(pairs, len(E)))
    assert found.verdict == "related_pairs"
    assert (found.direction, found.gain) == (None, None)
    assert np.isnan(found.direction_p)
