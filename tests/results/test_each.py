"""The table of the answers to many questions, some without one, in every format."""

from __future__ import annotations

import csv
import io
import json
import pickle

import numpy as np
import pandas as pd
import pytest
from answers import TWO_QUESTIONS, complete_each, pairs_each, similar_each

from gene_analogies.report import tabular
from gene_analogies.report.registry import content, pieces, render

#: The second question has no answer.
FAILED = {
    "errors": ("", "no item is named 'king'"),
    "ranks": np.array([1, 2, 0]),
}
NONE = np.array([2, 3, -1])
NO_NUMBER = np.array([0.75, 0.5, np.nan])


@pytest.fixture(params=["pairs", "similar", "complete"])
def failed(request):
    return {
        "pairs": lambda: pairs_each(c_rows=NONE, d_rows=NONE, similarity=NO_NUMBER, **FAILED),
        "similar": lambda: similar_each(rows=NONE, similarity=NO_NUMBER, **FAILED),
        "complete": lambda: complete_each(c_rows=NONE, d_rows=NONE, scores=NO_NUMBER, **FAILED),
    }[request.param]()


def number_of(table):
    return "score" if "score" in table.to_frame() else "similarity"


def test_frame(failed):
    frame = failed.to_frame()
    assert frame["rank"].dtype == "Int64"
    assert frame["rank"].tolist() == [1, 2, pd.NA]
    assert frame[number_of(failed)].tolist()[:2] == [0.75, 0.5]
    assert frame["error"].tolist() == ["", "", "no item is named 'king'"]
    assert failed["rank"].equals(frame["rank"])


def test_csv(failed):
    rows = list(csv.DictReader(io.StringIO(render(failed, "csv"))))
    assert [row["rank"] for row in rows] == ["1", "2", ""]
    assert [row["error"] for row in rows] == ["", "", "no item is named 'king'"]
    assert rows[2][number_of(failed)] == ""


def test_json(failed):
    found = json.loads(render(failed, "json"))
    assert [row["rank"] for row in found["rows"]] == [1, 2, None]
    assert found["rows"][2][number_of(failed)] is None
    assert found["questions"] == 2
    assert found["failed"] == 1


def test_parquet(failed):
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(io.BytesIO(content(failed, "parquet")))
    assert table["rank"].to_pylist() == [1, 2, None]
    assert str(table.schema.field("rank").type) == "int64"
    assert table["error"].to_pylist()[2] == "no item is named 'king'"
    assert table["query"].to_pylist() == ["EGF : EGFR", "EGF : EGFR", "king : queen"]


def test_people_see_a_dash_and_the_error(failed):
    text = str(failed)
    assert text.splitlines()[0] == f"{failed.question}: 2 questions"
    assert "–" in text
    assert "1 of 2 questions has no answer: king : queen (no item is named 'king')" in text
    for other in (failed.to_markdown(), failed._repr_html_()):
        assert "no item is named" in other
        assert "–" in other


def test_no_error_no_column():
    assert "error" not in [column.key for column in pairs_each().columns]
    assert "error" in pairs_each().to_frame()


def test_rows(failed):
    first, _, last = failed
    assert first.query == "EGF : EGFR"
    assert first.rank == 1
    assert last[:2] == ("king : queen", None)
    assert last.error == "no item is named 'king'"


def test_members_of_single_examples():
    frame = pairs_each(examples=(((0, 1),), ((4, 5), (0, 1)))).to_frame()
    assert frame["a"].tolist() == ["EGF", "EGF", ""]
    assert frame["b_symbol"].tolist() == ["EGFR", "EGFR", ""]
    assert similar_each(members=((0,), (4, 5))).to_frame()["a"].tolist() == ["EGF", "EGF", ""]


def test_a_copy_has_everything(failed):
    copy = pickle.loads(pickle.dumps(failed))  # noqa: S301
    assert copy.equals(failed)


def test_pieces_are_the_whole(failed, monkeypatch):
    whole = {name: content(failed, name) for name in ("csv", "tsv", "spreadsheet", "json")}
    monkeypatch.setattr(tabular, "_PIECE", 2)
    for name, text in whole.items():
        found = list(pieces(failed, name))
        assert b"".join(found) == text
        assert len(found) == (1 if name == "json" else 2)


def test_nothing_found_is_no_error():
    table = pairs_each(
        c_rows=NONE, d_rows=NONE, similarity=NO_NUMBER, ranks=FAILED["ranks"],
        errors=TWO_QUESTIONS["errors"],
    )  # fmt: skip
    assert table.failed == 0
    assert table.remarks == ()
    assert table.to_frame()["rank"].isna().tolist() == [False, False, True]
