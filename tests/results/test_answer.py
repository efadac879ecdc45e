"""What holds for the answers of all questions."""

from __future__ import annotations

import json

import numpy as np
import pytest
from answers import ANSWERS

from gene_analogies import results
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
