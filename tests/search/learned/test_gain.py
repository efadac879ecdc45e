"""Ranks of partners by an offset and by rules without it, each as it is defined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from relations import plain_cosine, planted_relation, relations, rounded

from gene_analogies.search.learned.gain import ANALOGY, RULES, Gain, measure_gain


def unit(x):
    length = math.sqrt(math.fsum(x * x))
    return x / length if length else x


def mean_of(vectors):
    mean = np.mean(vectors, axis=0)
    return mean if np.linalg.norm(mean) > 1e-12 else 0.0 * mean


def slow_ranks(E, given, wanted, listed, examples):
    """Return the rank of the wanted partner by each rule; pairs are (given, wanted), too."""
    E = E.astype(np.float64)
    mean = mean_of([unit(E[y]) for _, y in examples])
    step = np.mean([unit(E[y]) for _, y in examples], axis=0)
    step = step - np.mean([unit(E[x]) for x, _ in examples], axis=0)
    target = mean_of([unit(E[given]) + step])
    rules = {
        ANALOGY: lambda row: plain_cosine(E[row], target),
        "only a": lambda row: plain_cosine(E[row], E[given]),
        "only class": lambda row: plain_cosine(E[row], mean),
        "a + class": lambda row: plain_cosine(E[row], E[given]) + plain_cosine(E[row], mean),
    }
    others = {y for x, y in listed if x == given and y != wanted}
    candidates = [row for row in range(len(E)) if row != given and row not in others]
    found = {}
    for name, score in rules.items():
        scores = {row: rounded(score(row)) for row in candidates}
        above = sum(one > scores[wanted] for one in scores.values())
        equal = sum(one == scores[wanted] for one in scores.values())
        found[name] = above + (1 + equal) / 2
    return found


@settings(deadline=None, max_examples=40)
@given(relations(least=2))
def test_ranks_are_as_defined(relation):
    E, given_pairs, _ = relation
    pairs = sorted({*map(tuple, given_pairs.tolist())})
    found = measure_gain(E, given_pairs)
    asked = [tuple(pair) for pair in found.pairs.tolist()]
    apart = {one: [two for two in pairs if {*one}.isdisjoint(two)] for one in pairs}
    assert sorted(asked) == [pair for pair in pairs if apart[pair]]
    for place, (a, b) in enumerate(asked):
        examples = apart[a, b]
        back = [(y, x) for x, y in pairs]
        ways = (
            slow_ranks(E, a, b, pairs, examples),
            slow_ranks(E, b, a, back, [(y, x) for x, y in examples]),
        )
        for way, expected in enumerate(ways):
            assert expected == {name: found.ranks[name][place, way] for name in expected}


def test_other_partners_are_no_candidates():
    """Of three partners at one place, none stands in another's way."""
    E = np.array([[1.0, 0.0], [0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.0, 1.0], [-1.0, 0.1]])
    pairs = np.array([[0, 1], [0, 2], [0, 3], [4, 5]])
    found = measure_gain(E, pairs)
    ranks = {
        tuple(pair): ranks[0]
        for pair, ranks in zip(found.pairs.tolist(), found.ranks["only a"], strict=True)
    }
    assert [ranks[0, b] for b in (1, 2, 3)] == [1.0, 1.0, 1.0]


def test_so_many_are_asked_for_by_seed():
    E, pairs = planted_relation(count=40)
    found = measure_gain(E, pairs, most=15, seed=2)
    assert found.pairs.shape == (15, 2)
    np.testing.assert_array_equal(found.pairs, measure_gain(E, pairs, most=15, seed=2).pairs)
    assert found.pairs.tolist() != measure_gain(E, pairs, most=15, seed=3).pairs.tolist()


def test_the_gain_is_over_the_best_rule_by_paired_differences():
    ranks = {name: np.full((4, 2), 100.0) for name in RULES}
    ranks[ANALOGY] = np.array([[1.0, 1.0], [2.0, 4.0], [1.0, 2.0], [10.0, 10.0]])
    ranks["only class"] = np.array([[1.0, 1.0], [2.0, 4.0], [2.0, 4.0], [10.0, 10.0]])
    found = Gain(np.arange(8).reshape(4, 2), ranks)
    assert found.best_rule == "only class"
    won = np.array([0.0, 0.0, (0.5 + 0.25) / 2, 0.0])
    assert found.estimate.value == pytest.approx(won.mean())
    assert found.estimate.error == pytest.approx(won.std(ddof=1) / 2)
    assert found.hits(ANALOGY, 2) == 5 / 8
    assert found.mean_reciprocal_rank("only a") == pytest.approx(0.01)


def test_nothing_can_be_asked_where_all_pairs_share_an_item():
    E, _ = planted_relation(count=5)
    found = measure_gain(E, np.array([[0, 5], [0, 6], [0, 7]]))
    assert len(found.pairs) == 0
    assert math.isnan(found.estimate.value)
    assert math.isnan(found.hits(ANALOGY))
