"""Families of the pairs of an answer, as the library is asked for them."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from planted import planted_families

import gene_analogies as ga
from gene_analogies.report.registry import render
from gene_analogies.results import Answer


@pytest.fixture(scope="module")
def planted():
    """A space, its pairs of names, and their families."""
    vectors, pairs, labels = planted_families()
    names = [f"x{row}" for row in range(len(vectors))]
    space = ga.Space(ga.Embedding(names, vectors), genes=None)
    return space, [(names[c], names[d]) for c, d in pairs], labels + 1


def test_planted_families(planted):
    space, pairs, labels = planted
    result = space.cluster(pairs)
    assert {(one.c, one.d): one.family for one in result} == dict(zip(pairs, labels, strict=True))
    assert [(one.family, one.size) for one in result.families] == [(1, 8), (2, 5), (3, 3)]
    assert min(one.silhouette for one in result.families) > 0.9
    # The largest family first, and in each the pair first that is closest to its mean.
    assert (np.diff(result.family) >= 0).all()
    for family in (1, 2, 3):
        assert (np.diff(result.centroid_cosine[result.family == family]) <= 0).all()


def test_the_answer_of_pairs(planted):
    space, _, _ = planted
    answer = space.pairs("x0", "x16", k=40)
    result = space.cluster(answer)
    assert sorted((one.c, one.d) for one in result) == sorted((one.c, one.d) for one in answer)
    by_name = space.cluster([(one.c, one.d) for one in answer])
    assert list(result) == list(by_name)
    sums = space.pairs("x0", "x16", k=9, operation="sum")
    assert space.cluster(sums).operation == "sum"
    assert space.cluster(sums, operation="difference").operation == "difference"


@dataclass(frozen=True, repr=False)
class Fours(Answer):
    """An answer with a, b, c and d."""

    a_rows: np.ndarray
    b_rows: np.ndarray
    c_rows: np.ndarray
    d_rows: np.ndarray
    question = "top"


def test_an_answer_with_four_columns(planted):
    space, pairs, _ = planted
    rows = np.array([[0, 16, 1, 17], [1, 17, 2, 18], [0, 16, 8, 24]])
    result = space.cluster(Fours(*rows.T))
    assert sorted((one.c, one.d) for one in result) == sorted(
        [pairs[0], pairs[1], pairs[2], pairs[8]]
    )


def test_one_item_against_many(planted):
    space, pairs, _ = planted
    result = space.cluster(Fours(np.int64(0), *np.array([[16, 16], [1, 9], [17, 25]])))
    assert {(one.c, one.d) for one in result} == {pairs[0], pairs[1], pairs[9]}


def test_pairs_that_are_left_out(planted):
    space, pairs, _ = planted
    result = space.cluster([*pairs, pairs[0], ("x3", "x3"), ("x1", "nobody")])
    assert len(result) == len(pairs)
    assert result.without_direction == 1
    assert result.notes == ("1 pair leads to no items: x1 : nobody",)
    assert "1 pair of equal vectors has no direction and is left out" in str(result)


def test_few_pairs_are_one_family(planted):
    space, pairs, _ = planted
    for few in (1, 2):
        result = space.cluster(pairs[:few])
        assert [one.size for one in result.families] == [few]
        assert result.query == f"1 family of {few} {'pair' if few == 1 else 'pairs'}"


def test_fewer_families_than_asked_for(planted):
    vectors = np.array([[1.0, 0.0], [0.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
    space = ga.Space(ga.Embedding(list("abcd"), vectors), genes=None)
    result = space.cluster([("a", "b"), ("c", "b"), ("d", "b")], 3)
    assert [one.size for one in result.families] == [2, 1]
    assert result.notes == ("3 families were asked for; the pairs make only 2",)


@pytest.mark.parametrize(
    ("pairs", "options", "message"),
    [
        ([], {}, "there is no pair to cluster"),
        ([("x1", "nobody")], {}, "no pair to cluster; 1 pair leads to no items: x1 : nobody"),
        ([("x1", "x1")], {}, "no pair has a direction"),
        ("x1", {}, "cluster needs an answer or a list of pairs, not 'x1'"),
        (["x1"], {}, "a pair must be two names, not 'x1'"),
        ([("x1", "x2", "x3")], {}, "a pair must be two names"),
        ([("x1", "x2")], {"clusters": 2}, "clusters must be at most 1, the number of pairs"),
        ([("x1", "x2")], {"clusters": 0}, "clusters must be a whole number of at least 1"),
        ([("x1", "x2")], {"seed": -1}, "seed must be a whole number of at least 0"),
        ([("x1", "x2")], {"seed": 2**32}, "seed must be below"),
        ([("x1", "x2")], {"operation": "product"}, "operation must be one of difference, sum"),
    ],
)
def test_what_has_no_meaning(planted, pairs, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        planted[0].cluster(pairs, **options)


def test_answers_without_pairs_or_of_others(planted):
    space = planted[0]
    with pytest.raises(ga.GeneAnalogiesError, match="the answer of similar has no pairs c, d"):
        space.cluster(space.similar("x0"))
    other = ga.Space(ga.Embedding(list("abcd"), np.eye(4)), genes=None)
    with pytest.raises(ga.GeneAnalogiesError, match="of another embedding"):
        space.cluster(other.pairs("a", "b"))


def test_without_scikit_learn(planted, monkeypatch):
    for name in [one for one in sys.modules if one.split(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(
        ga.MissingExtraError,
        match=r"finding families needs scikit-learn: .*'gene-analogies\[learn\]'",
    ):
        planted[0].cluster(planted[1])


def test_reports(planted):
    space, pairs, _ = planted
    result = space.cluster(pairs)
    text = str(result)
    assert text.startswith("3 families of 16 pairs\na family holds pairs whose difference c − d ")
    assert re.search(r"0\.9\d+ on average, the best for 2 to 10 families", text)
    assert "family 3: 3 pairs, silhouette 0.9" in text
    assert list(result.to_frame().columns[:4]) == ["family", "c", "d", "centroid_cosine"]
    content = json.loads(render(result, "json"))
    assert [one["size"] for one in content["families"]] == [8, 5, 3]
    assert content["pairs"][0]["family"] == 1
    assert [one["clusters"] for one in content["tried"]] == list(range(2, 11))
    assert re.search(r"^family +c +d +cosine to centroid", text, re.MULTILINE)
    assert "the best for" not in str(space.cluster(pairs, 2))
