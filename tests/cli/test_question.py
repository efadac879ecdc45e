"""What all questions of the command line share, shown on a made-up one."""

import sys

import pytest

from gene_analogies.cli.main import main
from gene_analogies.cli.question import files_read


def test_a_question_is_answered(small, letters, invoke):
    code, out, err = invoke("letters", "EGF", "--case", "lower", "--format", "csv")
    assert (code, out.split(), err) == (0, ["letter", "e", "g", "f"], "")


def test_errors(small, letters, invoke):
    code, out, err = invoke("letters", "nobody00")
    assert (code, out) == (2, "")
    assert err.startswith("Error: no item is named 'nobody00'")


def test_an_interruption_tells_what_is_kept(small, letters, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["gene-analogies", "letters", "EGF", "--stop"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "\nStopped: half of it is kept\n")


def test_no_file_that_is_read_is_written(small, letters, invoke, tmp_path):
    paths = [tmp_path / "a.md", tmp_path / "b.md"]
    for path in paths:
        path.write_text("a")
    code, out, err = invoke(
        "letters", "EGF", "--others", paths[0], "--others", paths[1], "-o", paths[1]
    )
    assert (code, out) == (2, "")
    assert err == f"Error: {paths[1]} is read, too: write elsewhere\n"


def test_files_among_options(tmp_path):
    asked = {"a": tmp_path, "b": "text", "c": (tmp_path / "x", "y"), "d": None, "e": 3}
    assert files_read(asked) == [tmp_path, tmp_path / "x"]
