"""The command ``evaluate``."""

from __future__ import annotations

import json
import os
import sys
import threading

import pytest

QUESTIONS = """\
: growth factors
EGF EGFR HGF MET
EGF EGFR NGF NTRK1
: hormones
EGF ERBB1 ins INSR
EGF EGFR INS IGF1R
"""

TABLE = """\
questions.txt: a : b ≈ c : ?
a is to b as c is to which item d? The answer is the one with the highest cos(d, b) − cos(d, a) + \
cos(d, c) (3CosAdd), of the 9 items other than a, b and c
asked: questions whose four names are among these items; correct: the answer is the one given in \
the question; accuracy: correct / asked; coverage: asked / questions
note: 1 name is rewritten: ERBB1 → EGFR
note: 1 name is not found: IGF1R has no vector

section         questions  asked  correct  accuracy  coverage
growth factors          2      2        2    1.0000    1.0000
hormones                2      1        1    1.0000    0.5000
total                   4      3        3    1.0000    0.7500
"""


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text(QUESTIONS)
    return path


def test_table(small, invoke, questions):
    assert invoke("evaluate", questions)[:2] == (0, TABLE)


def test_details(small, invoke, questions):
    code, out, _ = invoke("evaluate", questions, "--details", "--format", "csv")
    assert code == 0
    assert out == (
        "section,a,b,c,d,predicted,verdict\n"
        "growth factors,EGF,EGFR,HGF,MET,MET,right\n"
        "growth factors,EGF,EGFR,NGF,NTRK1,NTRK1,right\n"
        "hormones,EGF,ERBB1,ins,INSR,INSR,right\n"
        "hormones,EGF,EGFR,INS,IGF1R,,not asked\n"
    )


def test_every_option_reaches_the_space(small, invoke, questions, monkeypatch):
    seen = {}

    def evaluate(given, **options):
        seen.update(options, given=given)
        raise SystemExit(0)

    monkeypatch.setattr(small, "evaluate", evaluate)
    words = ["--method", "3CosMul", "--truncate", "30", "--include-query", "--match-case"]
    invoke("evaluate", questions, *words)
    assert callable(seen.pop("progress"))
    assert seen.pop("given").sections == ("growth factors", "hormones")
    assert seen == {
        "method": "3CosMul",
        "truncate": 30,
        "include_query": True,
        "match_case": True,
    }


def test_json(small, invoke, questions):
    code, out, _ = invoke("evaluate", questions, "--json", "--method", "3CosMul", "--truncate", 8)
    content = json.loads(out)
    assert code == 0
    assert content["query"] == "questions.txt"
    assert content["method"] == "3CosMul"
    assert (content["vocabulary"], content["truncate"]) == (8, 8)
    assert (content["include_query"], content["match_case"]) == (False, False)
    assert content["sections"][-1]["section"] == "total"
    assert content["sections"][-1]["correct"] == 3


def test_standard_input(small, invoke):
    code, out, _ = invoke("evaluate", "-", stdin=QUESTIONS)
    assert (code, out) == (0, TABLE.replace("questions.txt:", "standard input:"))
    code, out, err = invoke("evaluate", "-", stdin=": a\nEGF EGFR HGF\n")
    assert (code, out) == (2, "")
    assert err.startswith("Error: standard input: line 2: expected four names, found 3")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe as on POSIX")
def test_a_pipe(small, invoke, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(QUESTIONS,))
    writer.start()
    code, out, _ = invoke("evaluate", tmp_path / "pipe")
    writer.join()
    assert (code, out) == (0, TABLE.replace("questions.txt:", "pipe:"))


def test_a_bad_line_is_one_line_of_error(small, process, questions, tmp_path):
    questions.write_text("EGF EGFR HGF\n")
    code, out, error = process("evaluate", questions)
    assert (code, out) == (2, "")
    assert error.count("\n") == 1
    assert f"{questions}: line 1: expected four names, found 3" in error


def test_the_questions_are_never_written_over(small, invoke, questions):
    code, _, error = invoke("evaluate", questions, "-o", questions)
    assert code == 2
    assert "is read, too: write elsewhere" in error
    assert questions.read_text() == QUESTIONS
