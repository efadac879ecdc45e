"""What a space says of a relation, its control and its pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from relations import plain_cosine, planted_relation

import gene_analogies as ga
from gene_analogies.search.learned.examine import examine_relation
from gene_analogies.search.learned.matched_pairs import draw_matched


@pytest.fixture(scope="module")
def planted():
    """Words w0x, w1x, …, and pairs of them, three of which are turned round."""
    vectors, pairs = planted_relation(count=40)
    pairs[:3] = pairs[:3, ::-1]
    names = [f"w{row}x" for row in range(len(vectors))]
    return ga.Space(ga.Embedding(names, vectors)), [(names[a], names[b]) for a, b in pairs], pairs


def test_the_tests_are_those_of_the_pairs_and_of_the_control(planted):
    space, named, pairs = planted
    result = space.relation(named, seed=4)
    vectors = space.prepared.vectors
    found = examine_relation(vectors, pairs, seed=4)
    control = draw_matched(vectors, found.pairs, np.arange(len(space)), seed=4)
    beside = examine_relation(vectors, control, seed=4)
    direction, pairing, prediction = result.tests
    assert result.verdict == found.verdict
    assert direction.effect == found.direction.mean_cosine
    assert direction.high - direction.effect == pytest.approx(1.96 * found.direction.error)
    assert (direction.p, direction.control_p) == (found.direction_p, beside.direction_p)
    assert (pairing.effect, pairing.p) == (found.pairing.mean, found.pairing_p)
    assert np.isnan([pairing.low, pairing.high]).all()  # all pairs are nearest to each other
    assert prediction.effect == found.gain.estimate.value
    assert prediction.control == beside.gain.estimate.value
    assert result.control[:2] == (40, "row")
    assert result.control.cosine == pytest.approx(
        np.mean([plain_cosine(vectors[a], vectors[b]) for a, b in control])
    )
    assert result.control.verdict == beside.verdict
    assert result.prediction.asked == 40
    assert result.prediction.hits["only a"] == found.gain.hits("only a")


def test_pairs_that_are_turned_round_are_outliers(planted):
    space, named, pairs = planted
    result = space.relation(named)
    assert (result.given, len(result.a)) == (40, 40)
    assert [pair.fit for pair in result.details] == ["fits"] * 37 + ["outlier"] * 3
    assert {pair.a for pair in list(result.details)[-3:]} == {a for a, _ in named[:3]}
    vectors = space.embedding.vectors
    units = [vectors[b] - vectors[a] for a, b in pairs]
    units = np.array([unit / np.linalg.norm(unit) for unit in units])
    for a, b, offset, cosine in zip(
        result.a_rows, result.b_rows, result.offset_cosine, result.cos_ab, strict=True
    ):
        place = pairs.tolist().index([a, b])
        others = np.delete(units, place, axis=0).mean(axis=0)
        assert offset == pytest.approx(plain_cosine(units[place], others))
        assert cosine == pytest.approx(plain_cosine(vectors[a], vectors[b]))


def test_a_frame_an_order_and_a_seed_change_nothing_else(planted):
    space, named, _ = planted
    result = space.relation(named)
    assert space.relation(pd.DataFrame(named)).equals(result)
    assert repr(space.relation(named[::-1]).tests) == repr(result.tests)  # NaN is unlike itself
    other = space.relation(named, seed=1)
    assert other.tests != result.tests
    assert other.tests[0].effect == result.tests[0].effect
    with pytest.raises(ga.GeneAnalogiesError, match="two columns, not 3"):
        space.relation(pd.DataFrame([("a", "b", "c")]))
    with pytest.raises(ga.GeneAnalogiesError, match="a list of pairs, not 'w0x'"):
        space.relation("w0x")
    with pytest.raises(ga.GeneAnalogiesError, match="seed must be a whole number of at least 0"):
        space.relation(named, seed=-1)


def test_what_is_left_out_is_counted(planted):
    space, named, _ = planted
    more = [("w5x", "nobody"), ("nobody", "w6x"), (None, "w1x"), ("w7x", "w7x"), named[5]]
    result = space.relation([*named, *more])
    assert (result.given, len(result.a)) == (45, 40)
    assert result.notes == (
        "2 names lead to no item, in 3 pairs: nobody, None",
        "1 pair of one item with itself left out",
        "1 pair given again left out",
    )
    assert repr(result.tests) == repr(space.relation(named).tests)


def test_without_order(planted):
    space, named, _ = planted
    result = space.relation([*named, *[(b, a) for a, b in named]], unordered=True)
    assert len(result.a) == 40
    assert [test.test for test in result] == ["pairing"]
    assert result.prediction is None
    assert np.isnan(result.offset_cosine).all()
    assert result.notes == ("40 pairs given again left out",)


@pytest.mark.parametrize("pairs", [[], [("nobody", "noone")], [("w1x", "w2x")]])
def test_too_few_pairs_are_no_error(planted, pairs):
    result = planted[0].relation(pairs)
    assert result.verdict == "too_few_pairs"
    assert len(result) == 3
    assert str(result)
    assert str(result.details)


def test_genes_are_found_by_any_name_and_matched_by_papers():
    space = ga.load("pubmed")
    pairs = [("EGF", "HER1"), ("HGF", "MET"), ("INS", "INSR"), ("LEP", "LEPR"), ("EPO", "EPOR"),
             ("PRL", "PRLR"), ("GH1", "GHR"), ("CSF1", "CSF1R")]  # fmt: skip
    result = space.relation(pairs)
    assert result.verdict in ("analogy", "related_pairs")
    assert "1 name was rewritten: HER1 → EGFR" in result.notes
    assert (result.control.popularity, result.control.pairs) == ("papers", 8)


MICE = [
    "Egf",
    "Egfr",
    "Hgf",
    "Met",
    "Ins2",
    "Insr",
    "Lep",
    "Lepr",
    "Trp53",
    "Pten",
    "Brca1",
    "Brca2",
    "Kit",
    "Kitl",
    "Epo",
    "Epor",
]


@pytest.mark.parametrize(
    ("names", "provenance"),
    [(MICE, {}), ([str(row) for row in range(16)], {"row_numbers": True})],
    ids=["mouse", "row numbers"],
)
def test_without_known_popularity_only_closeness_is_matched(names, provenance):
    vectors = np.random.default_rng(0).normal(size=(16, 5))
    space = ga.Space(ga.Embedding(names, vectors, provenance))
    result = space.relation([(names[row], names[row + 1]) for row in range(0, 16, 2)])
    assert result.control.popularity is None
    assert "how popular items are is not known" in result.explanation[-1]


def test_an_effect_that_is_the_same_in_all_pairs_has_no_interval():
    axes = np.eye(10)
    vectors = np.concatenate([axes, axes + 0.1 * np.roll(axes, 1, axis=1)])
    names = [f"{side}{row}" for side in "ab" for row in range(10)]
    space = ga.Space(ga.Embedding(names, vectors), genes=None)
    pairs = [(f"a{row}", f"b{row}") for row in range(8)]
    _, pairing, _ = space.relation(pairs)
    assert pairing.effect == 1.0
    assert np.isnan([pairing.low, pairing.high]).all()
    _, pairing, _ = space.relation([*pairs[1:], ("a9", "b5")])
    assert pairing.low < pairing.effect < pairing.high == 1.0
