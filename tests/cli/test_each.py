"""Many questions from a file: what a line may be, what each costs, how the command ends."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest

#: Three questions in three ways, a wrong name, and what is skipped.
PAIRS = "ligand\treceptor\n# known\n\nEGF\tEGFR\nHGF,MET\n  INS INSR  \nEGF:EGFR HGF:MET\n"


@pytest.fixture
def questions(tmp_path):
    def write(text):
        path = tmp_path / "questions.txt"
        path.write_text(text, "utf-8")
        return path

    return write


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_pairs(small, invoke, questions):
    code, out, err = invoke("pairs", "--each", questions(PAIRS), "-k", 1, "--format", "csv")
    assert code == 0
    found = [(row["query"], row["c"], row["d"]) for row in rows_of(out)]
    assert found == [
        ("EGF : EGFR", "HGF", "MET"),
        ("HGF : MET", "EGF", "EGFR"),
        ("INS : INSR", "EGF", "EGFR"),
        ("EGF : EGFR, HGF : MET", "INS", "INSR"),
    ]
    assert "'ligand\\treceptor' is taken for a header" in err
    table = small.pairs_each([("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR")], k=1)
    assert rows_of(table.to_csv()) == rows_of(out)[:3]


def test_standard_input_and_every_format(small, invoke, tmp_path):
    text = "EGF EGFR\nHGF MET\n"
    frames = []
    for ending in ("csv", "tsv", "parquet"):
        file = tmp_path / f"a.{ending}"
        assert invoke("pairs", "--each", "-", "-o", file, stdin=text)[0] == 0
        read = {"csv": pd.read_csv, "tsv": pd.read_table, "parquet": pd.read_parquet}[ending]
        frames.append(read(file)[["query", "rank", "c", "d", "similarity"]])
    code, out, _ = invoke("pairs", "--each", "-", "--json", stdin=text)
    assert code == 0
    frames.append(pd.DataFrame(json.loads(out)["rows"])[list(frames[0])])
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0], check_dtype=False)
    for name in ("table", "markdown"):
        assert "HGF : MET" in invoke("pairs", "--each", "-", "--format", name, stdin=text)[1]


def test_exit_codes(small, invoke, questions, tmp_path):
    out = tmp_path / "a.csv"
    code, _, err = invoke("pairs", "--each", questions("EGF EGFR\nEGF FOO1\n"), "-o", out)
    assert code == 1
    assert err.startswith("Error: 1 of 2 questions has no answer: EGF : FOO1 (no item is named")
    assert len(err.splitlines()) == 1
    assert rows_of(out.read_text("utf-8"))[-1]["error"].startswith("no item is named 'FOO1'")
    code, text, _ = invoke("pairs", "--each", questions("EGF\nA:B:C\n"), "--format", "csv")
    assert code == 2
    assert [row["query"] for row in rows_of(text)] == ["EGF", "A:B:C"]
    assert all("a question must be two names" in row["error"] for row in rows_of(text))


def test_similar(small, invoke, questions):
    file = questions("gene\nEGF\nEGF, HGF\nHLA:A\n")
    code, out, err = invoke("similar", "--each", file, "-k", 1, "--format", "csv", "--how", "mean")
    assert code == 0
    assert [row["query"] for row in rows_of(out)] == ["EGF", "EGF, HGF", "HLA:A"]
    assert rows_of(out)[1]["item"] == small.similar(["EGF", "HGF"], k=1, how="mean").items[0].name
    assert "'gene' is taken for a header" in err


def test_complete(small, invoke, questions):
    text = "EGF EGFR HGF\nEGF\tEGFR\tINS\nEGF:EGFR HGF:MET NGF\nEGF : EGFR :: HGF : ?\nEGF EGFR\n"
    code, out, _ = invoke("complete", "--each", questions(text), "-k", 1, "--format", "csv")
    assert code == 1
    rows = rows_of(out)
    assert [row["d"] for row in rows] == ["MET", "INSR", "NTRK1", "MET", ""]
    assert rows[2]["query"] == "EGF : EGFR, HGF : MET :: NGF : ?"
    assert "a question must be three names" in rows[4]["error"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["pairs", "EGF", "EGFR", "--each", "FILE"], "'EGF' is given beside --each"),
        (["similar", "EGF", "--each", "FILE"], "'EGF' is given beside --each"),
        (["complete", "--positive", "EGF", "--each", "FILE"], "'EGF' is given beside --each"),
        (["similar", "--overall", "--each", "FILE"], "--each goes without --overall"),
        (["similar", "--contrast", "--each", "FILE"], "--each goes without --contrast"),
        (["pairs", "--each", "-", "--among", "-"], "standard input can be read once"),
        (["pairs", "--each", "-"], "standard input holds no questions"),
        (["pairs", "--each", "nowhere.txt"], "nowhere.txt cannot be read"),
        (["pairs", "--each", "FILE", "-k", "0"], "k must be"),
    ],
)
def test_errors(small, invoke, questions, words, message):
    file = questions("EGF EGFR\n")
    code, out, err = invoke(*[file if word == "FILE" else word for word in words])
    assert code == 2
    assert out == ""
    assert err.startswith("Error: ")
    assert message in err


def test_a_file_is_not_overwritten(small, invoke, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("EGF,EGFR\n", "utf-8")
    code, _, err = invoke("pairs", "--each", file, "-o", file)
    assert code == 2
    assert "is read, too" in err
    assert file.read_text("utf-8") == "EGF,EGFR\n"


def test_two_wrong_lines_are_no_header(small, invoke, questions):
    code, out, err = invoke("pairs", "--each", questions("a b\nc d\n"), "--format", "csv")
    assert code == 2
    assert len(rows_of(out)) == 2
    assert "header" not in err
