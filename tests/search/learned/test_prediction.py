"""Ranks of true partners: each method and baseline as it is defined, and the jackknife."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from relations import cosine, plain_cosine, planted_relation, relations, rounded

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.learned.lrcos import learn_class
from gene_analogies.search.learned.prediction import (
    BASELINES,
    METHODS,
    Prediction,
    measure_prediction,
)
from gene_analogies.search.learned.relation import connected, permute_axes


def unit(x):
    length = math.sqrt(math.fsum(x * x))
    return x / length if length else x


def mean_of_units(vectors):
    mean = np.mean(vectors, axis=0)
    return mean if np.linalg.norm(mean) > 1e-12 else 0.0 * mean


def slow_rank(score, a, b, n):
    """Return the mean rank of b, given the score of every row."""
    scores = {row: rounded(score(row)) for row in range(n) if row != a}
    above = sum(one > scores[b] for one in scores.values())
    equal = sum(one == scores[b] for one in scores.values())
    return above + (1 + equal) / 2


def slow_ranks(E, pair, pairs):
    """Return the rank by every method but LRCos, or None without examples."""
    E = E.astype(np.float64)
    a, b = pair
    examples = [other for other in pairs if {a, b}.isdisjoint(other)]
    if not examples:
        return None
    mean_b = mean_of_units([unit(E[y]) for _, y in examples])
    target = unit(E[a]) + np.mean([unit(E[y]) - unit(E[x]) for x, y in examples], axis=0)
    target = target if np.linalg.norm(target) > 1e-12 else 0.0 * target
    direction = mean_of_units([unit(E[y] - E[x]) for x, y in examples])
    scores = {
        "nearest to a": lambda row: cosine(E, row, a),
        "class of b": lambda row: plain_cosine(E[row], mean_b),
        "popularity": lambda row: -row,
        "3CosAvg": lambda row: plain_cosine(E[row], target),
        "PairDirection": lambda row: plain_cosine(E[row] - E[a], direction),
    }
    return {name: slow_rank(score, a, b, len(E)) for name, score in scores.items()}


@settings(deadline=None)
@given(relations(least=2))
def test_ranks_are_as_defined(relation):
    E, given_pairs, _ = relation
    pairs = sorted({*map(tuple, given_pairs.tolist())})
    found = measure_prediction(E, given_pairs)
    for name in (*METHODS, *BASELINES):
        assert found.ranks[name].shape == (len(found.pairs),)
    expected = {pair: slow_ranks(E, pair, pairs) for pair in pairs}
    asked = [*map(tuple, found.pairs.tolist())]
    for place, pair in enumerate(asked):
        assert expected[pair] == {name: found.ranks[name][place] for name in expected[pair]}
    # Others have no example, or LRCos has nothing to learn from.
    alone = {pair for pair in pairs if expected[pair] is None}
    assert alone.isdisjoint(asked)
    np.testing.assert_array_equal(found.groups, connected(found.pairs) if asked else [])


def test_lrcos_learns_from_pairs_that_share_no_item_with_the_tenth():
    """Of ten pairs without common items, every pair is a tenth."""
    E, pairs = planted_relation(count=10, others=30)
    found = measure_prediction(E, pairs, seed=5)
    norms = row_norms(E)
    for place, (a, b) in enumerate(pairs.tolist()):
        rest = np.delete(pairs, place, axis=0)
        pool = np.setdiff1d(np.arange(len(E)), pairs.ravel())
        chance = np.random.default_rng(5).choice(pool, 9, replace=False)
        weights, constant = learn_class(E, norms, rest[:, 1], np.append(rest[:, 0], chance))

        def score(row, weights=weights, constant=constant, a=a):
            odds = math.fsum(unit(E[row]) * weights) + constant
            return plain_cosine(E[row], E[a]) / (1.0 + math.exp(-odds))

        assert found.ranks["LRCos"][place] == slow_rank(score, a, b, len(E))


def test_a_planted_relation_is_predicted_better_than_by_baselines():
    E, pairs = planted_relation()
    # A dozen rows are nearer to each a than its partner is.
    near = np.repeat(E[pairs[:, 0]], 12, axis=0)
    E = np.vstack([E, near + 0.3 * np.random.default_rng(1).normal(size=near.shape)])
    steps = []
    found = measure_prediction(E, pairs, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(60, 60)]
    for method in ("3CosAvg", "LRCos"):
        assert found.hits(method) > 0.95
        gain = found.gain(method)
        assert gain.value > 4 * gain.error > 0
    assert found.hits("PairDirection", 60) > 0.9
    assert found.mean_reciprocal_rank("3CosAvg") > 0.8
    assert found.hits("popularity") < 0.05


def test_permuted_axes_predict_nothing():
    E, pairs = planted_relation(count=200, others=600)
    found = measure_prediction(permute_axes(E), pairs)
    for method in (*METHODS, *BASELINES):
        assert found.hits(method) <= 0.05
    for method in (*METHODS, "nearest to a", "class of b"):
        assert 0.45 < np.mean(found.ranks[method]) / len(E) < 0.55


@pytest.mark.parametrize("groups", [[0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 1, 2], [0, 1, 1, 2, 2, 2]])
def test_the_error_of_a_gain_is_that_of_leaving_groups_out(groups):
    """Busing, Meijer & van der Leeden (1999), equation by equation."""
    groups = np.array(groups)
    ranks = {name: np.array([50.0] * 6) for name in (*METHODS, *BASELINES)}
    ranks["LRCos"] = np.array([1.0, 2.0, 3.0, 50.0, 10.0, 10.5])
    ranks["nearest to a"] = np.array([50.0, 1.0, 50.0, 50.0, 50.0, 1.0])
    ranks["popularity"] = np.array([1.0, 50.0, 50.0, 50.0, 50.0, 50.0])
    pairs = np.stack([np.arange(6), np.arange(6, 12)], axis=1)
    found = Prediction(pairs, groups, ranks)

    def gain(kept):
        share = {name: np.mean(ranks[name][kept] <= 10) for name in ranks}
        return share["LRCos"] - max(share[name] for name in BASELINES)

    n, number = 6, len(set(groups))
    whole = gain(np.ones(6, bool))
    without = [gain(groups != group) for group in range(number)]
    h = [n / np.sum(groups == group) for group in range(number)]
    centre = number * whole - sum((1 - 1 / h) * one for h, one in zip(h, without, strict=True))
    pseudo = [h * whole - (h - 1) * one for h, one in zip(h, without, strict=True)]
    terms = [(one - centre) ** 2 / (h - 1) for one, h in zip(pseudo, h, strict=True)]
    assert found.best_baseline() == "nearest to a"
    assert found.gain("LRCos").value == pytest.approx(4 / 6 - 2 / 6)
    assert found.gain("LRCos").error == pytest.approx(math.sqrt(sum(terms) / number))


def test_where_most_pairs_hang_together_no_error_is_told_and_without_pairs_no_figure():
    pairs = np.array([[0, 1], [1, 2]])
    ranks = {name: np.array([1.0, 20.0]) for name in (*METHODS, *BASELINES)}
    found = Prediction(pairs, np.array([0, 0]), ranks)
    assert found.hits("LRCos") == 0.5
    assert found.mean_reciprocal_rank("LRCos") == pytest.approx(0.525)
    assert found.gain("LRCos").value == 0.0
    assert math.isnan(found.gain("LRCos").error)
    ranks = {name: np.array([1.0, 20.0, 3.0, 4.0]) for name in (*METHODS, *BASELINES)}
    four = np.arange(8).reshape(4, 2)
    assert math.isnan(Prediction(four, np.array([0, 0, 0, 1]), ranks).gain("LRCos").error)
    assert Prediction(four, np.array([0, 0, 1, 1]), ranks).gain("LRCos").error == 0.0
    E = np.random.default_rng(0).normal(size=(9, 4))
    nothing = measure_prediction(E, np.array([[0, 1], [0, 2]]))
    assert len(nothing.pairs) == 0
    assert math.isnan(nothing.hits("LRCos"))
    assert math.isnan(nothing.mean_reciprocal_rank("LRCos"))
    assert math.isnan(nothing.gain("LRCos").value)
