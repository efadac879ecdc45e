"""How far several examples agree stands beside their answer."""

import json
import pickle

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.report.registry import render

NAMES = [f"{side}{number}" for number in range(12) for side in "ab"]


@pytest.fixture(scope="module")
def space():
    """Eleven pairs with nearly one offset, and one across."""
    rng = np.random.default_rng(0)
    b = rng.normal(size=(12, 20))
    steps = np.eye(20)[0] + 0.1 * rng.normal(size=(12, 20))
    steps[11] = np.eye(20)[1]
    rows = np.stack([b + steps, b], axis=1).reshape(24, 20)
    return ga.Space(ga.Embedding(NAMES, rows), genes=None)


def unit(x):
    return x / np.linalg.norm(x)


def test_consistency(space):
    numbers = (0, 1, 2, 3, 4, 11)
    examples = [(f"a{one}", f"b{one}") for one in numbers]
    found = space.pairs(examples, k=3)
    vectors = space.embedding.vectors
    units = [unit(vectors[2 * one] - vectors[2 * one + 1]) for one in numbers]
    couples = [u @ v for i, u in enumerate(units) for v in units[:i]]
    said = found.consistency
    assert said.mean_cosine == pytest.approx(np.mean(couples), abs=1e-12)
    fits = [units[i] @ unit(sum(units) - units[i]) for i in range(6)]
    assert [fit.cosine for fit in said.fits] == pytest.approx(fits, abs=1e-12)
    assert [fit.b for fit in said.fits if fit.outlier] == ["b11"]
    assert "outliers, below half the median: a11 : b11" in said.sentence
    assert said.sentence in found.explanation
    content = json.loads(render(found, "json"))["consistency"]
    assert content["mean_cosine"] == said.mean_cosine
    assert [one["outlier"] for one in content["examples"]] == [False] * 5 + [True]
    copy = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert copy.consistency.sentence == said.sentence


def test_p_is_that_of_the_swaps(space):
    assert space.pairs([("a0", "b0"), ("a1", "b1")]).consistency.p == 0.5
    agreeing = [(f"a{one}", f"b{one}") for one in range(8)]
    assert space.pairs(agreeing).consistency.p == 2**-7


def test_examples_that_share_items_are_not_compared(space):
    said = space.pairs([("a0", "b0"), ("a1", "b0")]).consistency
    assert (said.mean_cosine, said.p) == (None, None)
    assert [fit.cosine for fit in said.fits] == [None, None]
    assert said.sentence == "all examples share items: how far they agree is not known"


def test_one_example_and_sums_have_none(space):
    assert space.pairs("a0", "b0").consistency is None
    assert space.pairs([("a0", "b0"), ("a0", "b0")]).consistency is None
    assert space.pairs([("a0", "b0"), ("a1", "b1")], operation="sum").consistency is None
