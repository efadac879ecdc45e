"""What holds for the answers of all questions."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from answers import ANSWERS

from gene_analogies import GeneAnalogiesError, results
from gene_analogies.report.registry import render
from gene_analogies.results import Answer, Item


@pytest.fixture(params=ANSWERS)
def answer(request):
    return ANSWERS[request.param]()


def test_every_class_is_here():
    classes = {getattr(results, name) for name in results.__all__}
    answers = {kind for kind in classes if issubclass(kind, Answer)} - {Answer}
    assert {type(make()) for make in ANSWERS.values()} == answers


def test_rows_are_named_tuples(answer):
    rows = list(answer)
    assert len(rows) == len(answer) > 0
    assert all(type(row) is type(rows[0]) and row._fields for row in rows)
    values = [value for row in rows for value in row]
    assert not any(isinstance(value, np.generic | Item) for value in values)


def test_frame_has_the_columns_of_every_row(answer):
    frame = answer.to_frame()
    assert len(frame) == len(answer)
    keys = [column.key for column in answer.all_columns]
    assert list(frame)[: len(keys)] == keys
    items = [column for column in answer.all_columns if column.kind == "item"]
    for column in items:
        assert frame[column.key].tolist() == [item.name for item in column.values]
        assert frame[f"{column.key}_symbol"].tolist() == [item.symbol for item in column.values]
        assert frame[f"{column.key}_name"].tolist() == [item.full_name for item in column.values]
    assert len(frame.columns) == len(keys) + 2 * len(items)


def test_rows_and_frame_say_the_same(answer):
    frame = answer.to_frame()
    for name, *found in zip(next(iter(answer))._fields, *answer, strict=True):
        if name in frame and not isinstance(found[0], tuple):
            np.testing.assert_array_equal(frame[name].to_numpy(), np.array(found))


def test_columns_are_of_one_length(answer):
    assert {len(column.values) for column in answer.all_columns} == {len(answer)}
    shown = [column.key for column in answer.columns]
    assert [column.key for column in answer.all_columns if column.key in shown] == shown


def test_json_holds_facts_and_totals(answer):
    content = json.loads(render(answer, "json"))
    plain = json.loads(json.dumps({**answer.facts, **answer.totals}))
    assert content["query"] == answer.query
    assert content["notes"] == list(answer.notes)
    assert {key: content[key] for key in plain} == plain
    assert list(content) == [
        "query", *answer.facts, "notes", *answer.totals, answer.rows_name
    ]  # fmt: skip
    assert len(content[answer.rows_name]) == len(answer)


def test_people_read_title_explanation_and_remarks(answer):
    text = str(answer)
    lines = text.splitlines()
    assert text == repr(answer)
    assert lines[0] == answer.title
    assert lines[1 : 1 + len(answer.explanation)] == list(answer.explanation)
    assert answer.explanation == answer.explanation_in("table")
    for line in (*answer.explanation, *answer.remarks):
        assert line
        assert "\n" not in line
    assert answer.to_markdown().startswith("# ")
    assert "<table" in answer._repr_html_()


def test_rows_and_columns_are_indexed(answer):
    rows = list(answer)
    assert answer[0] == rows[0]
    assert answer[-1] == rows[-1]
    assert repr(answer[:2]) == repr(rows[:2])  # NaN is unlike itself
    with pytest.raises(IndexError):
        answer[len(rows)]
    frame = answer.to_frame()
    for key in frame:
        pd.testing.assert_series_equal(answer[key], frame[key])
    with pytest.raises(KeyError, match="no column is named 'nothing'; there are "):
        answer["nothing"]


def test_head_is_that_of_the_frame(answer):
    pd.testing.assert_frame_equal(answer.head(2), answer.to_frame().head(2))
    assert len(answer.head()) == min(5, len(answer))


def test_csv(answer, tmp_path):
    assert answer.to_csv() == render(answer, "csv")
    assert answer.to_csv(tmp_path / "a.csv") is None
    assert (tmp_path / "a.csv").read_text("utf-8") == render(answer, "csv")
    with pytest.raises(GeneAnalogiesError, match=r"there is no folder .*nowhere"):
        answer.to_csv(tmp_path / "nowhere" / "a.csv")


@pytest.mark.parametrize("name", ANSWERS)
def test_equal_answers(name):
    answer = ANSWERS[name]()
    assert answer.equals(ANSWERS[name]())
    assert not answer.equals(answer.to_frame())
    assert [answer.equals(make()) for make in ANSWERS.values()].count(True) == 1
