import json

import pytest


def test_table(invoke):
    code, out, err = invoke("known", "p53", "MDM2", "-k", 2)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("TP53 and MDM2: ")
    assert "note: p53 → TP53" in lines
    assert sum(line.startswith("paper ") for line in lines) == 2
    assert sum("https://www.ebi.ac.uk/QuickGO/term/GO:" in line for line in lines) == 2


def test_json(invoke):
    code, out, _ = invoke("known", "EGF", "1956", "--json", "-k", 500)
    found = json.loads(out)
    assert code == 0
    assert (found["first"]["symbol"], found["second"]["symbol"]) == ("EGF", "EGFR")
    assert len(found["facts"]) == found["papers"] + found["terms"] > 100
    assert {row["kind"] for row in found["facts"]} >= {"paper", "function", "component"}


def test_files(invoke, tmp_path):
    path = tmp_path / "known.csv"
    code, out, err = invoke("known", "p53", "MDM2", "-o", path)
    assert (code, out) == (0, "")
    assert "Note: p53 → TP53" in err
    assert path.read_text().startswith("kind,id,name,genes,url\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("EGF", "EGF"), "a pair needs two genes"),
        (("EGF", "EGFRR"), "did you mean EGFR"),
        (("EGF", "1-Mar"), "a date, which spreadsheets make"),
        (("EGF", "EGFR", "-k", 0), "k must be a whole number of at least 1, not 0"),
    ],
)
def test_errors(process, words, message):
    code, out, error = process("known", *words)
    assert (code, out) == (2, "")
    assert message in error
    assert error.count("\n") == 1


def test_nothing_is_known(invoke):
    code, out, _ = invoke("known", "HOTAIR", "XIST")
    assert code == 0
    assert out.startswith("HOTAIR and XIST: papers of HOTAIR and XIST are not known here; ")
    assert "note: no papers of HOTAIR are known here" in out
    assert "no facts" in out
