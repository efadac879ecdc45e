import json

import numpy as np
import pytest
from answers import evaluation

from gene_analogies.report.registry import render
from gene_analogies.results import AnsweredQuestion, Section

NOTHING = {
    "sections": ("a",),
    "ends": (1,),
    "questions": (("x", "y", "z", "w"),),
    "rows": np.full((1, 4), -1),
    "predictions": np.array([-1]),
    "predicted": ("",),
    "correct": np.array([False]),
}


def test_rows_are_sections_and_the_total():
    to, none, fro, total = evaluation()
    assert to == Section("to", 2, 1, 1, 1.0, 0.5)
    assert none[:4] == ("none", 0, 0, 0)
    assert np.isnan(none[4:]).all()
    assert fro == Section("fro", 3, 3, 1, 1 / 3, 1.0)
    assert total == Section("total", 5, 4, 2, 0.5, 0.8)
    assert type(to.asked) is int
    assert len(evaluation()) == 4


def test_accuracy_and_coverage():
    result = evaluation()
    assert (result.accuracy, result.coverage) == (0.5, 0.8)
    assert result.covered.tolist() == [True, False, True, True, True]
    assert not result.covered.flags.writeable
    nothing = evaluation(**NOTHING)
    assert np.isnan(nothing.accuracy)
    assert nothing.coverage == 0.0
    assert json.loads(render(nothing, "json"))["sections"][-1]["accuracy"] is None


def test_query_and_title():
    result = evaluation()
    assert (result.query, result.title) == ("questions.txt", "questions.txt: a : b ≈ c : ?")
    assert evaluation(source="").query == "analogy questions"


@pytest.mark.parametrize(
    ("options", "formula", "which"),
    [
        (
            {},
            "cos(d, b) − cos(d, a) + cos(d, c) (3CosAdd)",
            "the 1,009 items other than a, b and c",
        ),
        (
            {"method": "3CosMul", "truncate": 2_000, "include_query": True},
            "cos(d, b) · cos(d, c) / cos(d, a), cosines shifted to 0..1 (3CosMul)",
            "the first 1,009 items",
        ),
    ],
)
def test_explanation(options, formula, which):
    result = evaluation(**options)
    asked = (
        "a is to b as c is to which item d? The answer is the one with the highest "
        f"{formula}, of {which}"
    )
    assert result.explanation == (
        asked,
        "asked: questions whose four names are among these items; correct: the answer is the one "
        "given in the question; accuracy: correct / asked; coverage: asked / questions",
    )
    assert result.details.explanation == (
        asked,
        "d: the answer given in the question; predicted: the answer that is found",
    )


def test_facts():
    assert evaluation(truncate=8, match_case=True).facts == {
        "method": "3CosAdd",
        "vocabulary": 1_009,
        "truncate": 8,
        "include_query": False,
        "match_case": True,
    }


def test_details():
    result = evaluation(notes=("1 name is not found: Berlin",))
    details = result.details
    assert list(details)[:3] == [
        AnsweredQuestion("to", "paris", "france", "oslo", "norway", "norway", "right"),
        AnsweredQuestion("to", "paris", "france", "Berlin", "germany", "", "not asked"),
        AnsweredQuestion("fro", "norway", "oslo", "france", "PARIS", "paris", "right"),
    ]
    assert [one.verdict for one in details][3:] == ["wrong", "wrong"]
    assert (details.query, details.title, details.notes) == (
        result.query, result.title, result.notes,
    )  # fmt: skip
    assert (details.facts, details.ranked, details.rows_name) == (result.facts, False, "questions")
    frame = details.to_frame()
    assert list(frame) == ["section", "a", "b", "c", "d", "predicted", "verdict"]
    assert frame["section"].tolist() == ["to", "to", "fro", "fro", "fro"]
    assert tuple(frame.iloc[0]) == tuple(next(iter(details)))
    assert len(details) == len(frame) == 5
