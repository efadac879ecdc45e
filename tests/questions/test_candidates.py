"""Pairs that the user names: in the order of the search, with their ranks among all pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from named_pairs import NAMES

import gene_analogies as ga


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(60, 7))


@pytest.fixture(scope="module")
def space(vectors):
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


LISTED = [("x5", "x9"), ("x9", "x5"), ("x30", "x31"), ("x7", "x40"), ("x58", "x3"), ("x5", "x9")]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"pair_weight": 0.25},
        {"metric": "euclidean"},
        {"operation": "sum"},
        {"operation": "sum", "metric": "euclidean"},
        {"max_similarity": 0.3},
        {"truncate": 59, "among": NAMES[1:]},
        {"include_query": True},
    ],
)
@pytest.mark.parametrize("examples", [[("x0", "x1")], [("x0", "x1"), ("x2", "x4")]])
def test_named_pairs_are_those_of_the_whole_answer(space, options, examples):
    everything = space.pairs(examples, k=10_000, **options)
    place = {(c, d): at for at, (c, d, *_) in enumerate(everything)}
    listed = [*LISTED, ("x0", "x5")]
    if options.get("operation") == "sum":
        listed = [tuple(sorted(pair, key=NAMES.index)) for pair in listed]
    expected = sorted({place[pair] for pair in listed if pair in place})
    found = space.pairs(examples, candidates=listed, **options)
    assert [(one.c, one.d) for one in found] == [everything[at][:2] for at in expected]
    assert found.rank_of_all.tolist() == [at + 1 for at in expected]
    assert found.all_pairs == len(everything)
    assert found.similarity.tolist() == everything.similarity[expected].tolist()
    assert found.cos_cd.tolist() == everything.cos_cd[expected].tolist()
    if "pair_weight" in options:
        assert found.score.tolist() == everything.score[expected].tolist()
    best = space.pairs(examples, candidates=listed, k=2, **options)
    assert best.rank_of_all.tolist() == found.rank_of_all[:2].tolist()


def test_p_is_shown_for_named_pairs_whatever_they_are_ordered_by(space, vectors):
    plain = space.pairs("x0", "x1", k=10_000)
    known = {(c.name, d.name): p for c, d, p in zip(plain.c, plain.d, plain.p, strict=True)}
    for options in ({}, {"pair_weight": 0.25}, {"metric": "euclidean"}):
        found = space.pairs("x0", "x1", candidates=LISTED, **options)
        assert found.p.tolist() == [known[one.c, one.d] for one in found]
        assert "named without a look" in " ".join(found.explanation)
    # With max_similarity the candidates for either place are those that could be there.
    found = space.pairs("x0", "x1", candidates=[("x30", "x31")], max_similarity=0.3)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = units @ units.T
    c, d = 30, 31
    may_c = [row for row in range(2, 60) if cosines[row, 0] <= 0.3 and row != d]
    may_d = [row for row in range(2, 60) if cosines[row, 1] <= 0.3 and row != c]
    beside_c = np.mean(cosines[c, may_d] >= cosines[c, d] - 1e-12)
    beside_d = np.mean(cosines[d, may_c] >= cosines[c, d] - 1e-12)
    assert found.p.tolist() == [max(beside_c, beside_d)]


def test_data_frames_and_notes(space):
    frame = pd.DataFrame({"left": ["x5", "x5", "x8", "x0", "no"], "right": ["x9"] * 5})
    found = space.pairs("x0", "x1", candidates=pd.concat([frame, frame[:1]]))
    assert {one[:2] for one in found} == {("x5", "x9"), ("x8", "x9")}
    assert found.notes == (
        "1 of 6 candidate pairs is left out: 1 name leads to no item: 'no' is unknown",
        "2 of 6 candidate pairs are left out: named twice",
        "1 of 6 candidate pairs is left out: with an item of the query, or one that the options "
        "leave out",
    )
    with pytest.raises(ga.GeneAnalogiesError, match="a data frame of pairs must have two columns"):
        space.pairs("x0", "x1", candidates=found.to_frame())


def test_pairs_without_direction():
    vectors = np.array([[1.0, 0], [0, 1], [2, 2], [2, 2], [5, 1]])
    space = ga.Space(ga.Embedding(list("abcde"), vectors), genes=None)
    found = space.pairs("a", "b", candidates=[("c", "d"), ("e", "c")])
    assert [one[:2] for one in found] == [("e", "c")]
    assert found.without_direction == 1
    assert found.all_pairs == 4
    assert "no direction" in found.remarks[0]


@pytest.mark.parametrize(
    ("candidates", "message"),
    [
        ("x5", "candidates must be a list of pairs, not 'x5'"),
        (5, "candidates must be a list of pairs, not 5"),
        ([], "candidates holds no pair"),
        ([("x5",)], "a pair must be two names"),
        ([("x5", "x5")], "no candidate pair is left; 1 of 1 candidate pair is left out: both"),
        ([("x0", "x5")], "no candidate pair is left; .* an item of the query"),
        ([("no", "x5")], "no candidate pair is left; .*'no' is unknown"),
    ],
)
def test_wrong_candidates(space, candidates, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        space.pairs("x0", "x1", candidates=candidates)


def test_all_columns_have_the_rank_of_all(space):
    found = space.pairs("x0", "x1", candidates=LISTED)
    frame = found.to_frame()
    assert frame["rank_of_all"].tolist() == found.rank_of_all.tolist()
    assert frame["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found[0].rank_of_all == found.rank_of_all[0]
    assert "rank_of_all" not in space.pairs("x0", "x1").to_frame()
