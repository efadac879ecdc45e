"""What pages say of an answer is true of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gene_analogies import Embedding, Space
from gene_analogies.results.chance import Chance
from gene_analogies.web.rows import pair_rows
from gene_analogies.web.trust import trust
from gene_analogies.web.words import plain, title, when_to_trust

SCALE = "The similarity is 1 for the closest there can be"
PAPERS = "0 papers means"


@pytest.fixture(scope="module")
def words():
    vectors = np.random.default_rng(0).normal(size=(9, 4))
    return Space(Embedding([f"w{row}" for row in range(9)], vectors), genes=None)


def test_names_are_written_as_they_are(words):
    assert title(words.complete("w1", "w2", "w3")) == "w1 : w2 :: w3 : ?"
    assert title(words.complete(positive=["w1", "w2"])) == "w1 + w2"
    assert title(words.pairs("w1", "w2")).startswith("w1 : w2")
    assert title(words.similar("w1")) == "Similar to w1"
    assert title(words.analogies("w1")) == "Best analogies of w1"


def test_the_scale_of_a_similarity_is_told_of_cosines_alone(words):
    for options, told in (
        ({}, True),
        ({"metric": "euclidean"}, False),
        ({"contrast": "w2"}, False),
    ):
        said = when_to_trust(words.similar("w1", **options))
        assert any(SCALE in line for line in said) == told
        assert said[-1].startswith("Near genes are alike")


def test_papers_are_told_of_where_there_are_some(words, toys):
    for space, names, told in ((words, "w1 w2 w3", False), (toys["toy"], "EGF EGFR HGF", True)):
        said = when_to_trust(space.complete(*names.split()))
        assert any(PAPERS in line for line in said) == told
        assert any("the third one" in line for line in said)
    assert len(when_to_trust(words.complete(positive=["w1", "w2"]))) == 1


def test_what_an_answer_is(words):
    assert plain(words.similar("w1", contrast="w2")) == [
        "What is more like w1 than like w2, the largest difference first."
    ]
    assert plain(words.pairs("w1", "w2", operation="sum"))[0].startswith("These pairs add up")
    assert "is to its partner" in plain(words.pairs("w1", "w2"))[0]


def test_of_a_sum_it_is_open_which_gene_is_like_which(words):
    assert {row.cos_ac for row in pair_rows(words.pairs("w1", "w2", operation="sum"))} == {None}
    assert None not in {row.cos_ac for row in pair_rows(words.pairs("w1", "w2"))}


def test_what_pairs_are_worth_where_one_thing_is_known(toys):
    answer = toys["toy"].pairs("EGF", "EGFR", k=3, pair_weight=0.25)
    named = int((answer.papers > 0).sum())
    assert trust(pair_rows(answer), None) == f"Papers name both genes of {named} of 3 pairs."
    rows = [row._replace(papers=None) for row in pair_rows(answer)]
    assert trust(rows, None) == ""
    chance = Chance(0, 99, 0.01, (), "0 of 99 find it")
    assert trust(rows, chance) == "0 of 99 find it. The match itself is evidence."
    assert trust(rows, replace(chance, p=0.3)) == "0 of 99 find it."
    assert trust(rows, Chance.unknown("there are few")) == ""
