"""What is said of a relation."""

from __future__ import annotations

import json

import numpy as np
from answers import relation, unordered_relation

from gene_analogies.report.registry import render
from gene_analogies.results import (
    Control,
    RelationIn,
    RelationPair,
    RelationsResult,
    RelationTest,
)


def test_rows_are_tests():
    assert list(relation()) == list(relation().tests)
    assert relation()[0] == RelationTest("direction", 0.25, 0.125, 0.375, 0.0001, 0.0, 0.5)


def test_a_sentence_for_the_verdict_each_test_and_the_control():
    assert relation().title == "pairs.tsv: 3 pairs: analogy"
    assert relation(source="").query == "a relation of 3 pairs"
    assert relation().explanation == (
        "analogy: the offsets agree, and the mean offset of other pairs finds partners better than "
        "the best rule without it",
        "direction: the offsets b − a of two pairs have a mean cosine of 0.2500; they agree as much"
        " with p = 0.0001 when roles are swapped at random",
        "pairing: a is closer to its b than to another b 87.5 % of the time; pairs are as close "
        "with p = 0.001 when partners are exchanged at random",
        "prediction: the mean of 1/rank of the partner is 0.5000 by the mean offset (3CosAvg) and "
        "0.3750 by the best rule without it (a + class): a gain of +0.1250 ± 0.0312 (one "
        "standard error); among the first ten are 75.0 % and 50.0 %",
        "control: 3 random pairs of genes with as many papers, and about as close (mean cosine "
        "0.5000, here 0.5417); the verdict on them: related pairs, no analogy",
    )
    alike = relation(verdict="related_pairs").explanation[-1]
    assert alike.endswith(
        "; so the verdict is no sign of this relation: random pairs as close get it, too"
    )
    assert relation().remarks == ("1 of 3 pairs is an outlier (--details lists all): king : queen",)


def test_of_pairs_without_order():
    result = unordered_relation()
    assert result.title == "pairs.tsv: 3 pairs: related pairs, no analogy"
    first, pairing, _ = result.explanation
    assert first.endswith("partners are closer than chance would have them; no order was tested")
    assert pairing.startswith("pairing: ")
    assert [column.key for column in result.details.columns] == ["a", "b", "cos_ab", "auc", "fit"]


def test_what_cannot_be_told():
    few = relation(verdict="too_few_pairs", independent=2)
    assert few.explanation[0].endswith("6 pairs that share no item; here are 2")
    single = relation(verdict="too_few_pairs", independent=1)
    assert single.explanation[0].endswith("share no item; here is 1")
    blank = RelationTest("direction", *[np.nan] * 6)
    tests = (blank, blank._replace(test="pairing"), blank._replace(test="prediction"))
    alone = relation(tests=tests, prediction=None)
    assert alone.explanation[1:4] == tuple(
        f"{test.test}: cannot be told from these pairs" for test in tests
    )
    one = relation(tests=(relation().tests[0]._replace(p=np.nan),))
    assert "with a p that cannot be told when roles" in one.explanation[1]
    unsure = relation(prediction=relation().prediction._replace(error=np.nan))
    assert "a gain of +0.1250;" in unsure.explanation[3]
    by = {
        by: relation(control=Control(3, by, 0.5, "analogy")).explanation[-1] for by in ("row", None)
    }
    assert "about as far down the file" in by["row"]
    assert "how popular items are is not known" in by[None]
    assert len(relation(control=None).explanation) == 4
    assert relation(fit=("fits",) * 3).remarks == ()


def test_pairs():
    details = relation().details
    assert list(details)[2] == RelationPair("king", "queen", -0.125, 0.25, 0.5, "outlier")
    assert details.title == relation().title
    assert details.notes == relation().notes


def test_json():
    content = json.loads(render(relation(), "json"))
    assert content["verdict"] == "analogy"
    assert (content["used"], content["given"], content["outliers"]) == (3, 1004, 1)
    assert content["control"] == {
        "pairs": 3,
        "popularity": "papers",
        "cosine": 0.5,
        "verdict": "related_pairs",
    }
    assert content["prediction"]["reciprocal_ranks"]["3CosAvg"] == 0.5
    assert content["tests"][2]["p"] is None


def test_side_by_side():
    result = RelationsResult(("human", "x.npz"), (relation(), unordered_relation()))
    human, other = result
    assert human == RelationIn(
        "human", "analogy", 3, 0.25, 0.0001, 0.875, 0.001, 0.125, 0.0625, 0.1875
    )
    assert other[:3] == ("x.npz", "related pairs, no analogy", 3)
    assert np.isnan([other.direction, other.gain]).all()
    assert result.query == "pairs.tsv in 2 embeddings"
    assert result.notes[0] == "human: 1 name leads to no item, in 1 pair: nobody"
    content = json.loads(render(result, "json"))
    assert content["relations"]["human"]["tests"][0]["p"] == 0.0001
    assert [one["embedding"] for one in content["embeddings"]] == ["human", "x.npz"]
