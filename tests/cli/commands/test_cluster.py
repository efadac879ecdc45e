import json
import re

import pytest

from gene_analogies.cli.answer_file import read_saved_pairs
from gene_analogies.genes.resolve import Resolver


@pytest.fixture
def answer(small, invoke, tmp_path):
    """Return a function that saves an answer in a format."""

    def save(name, *more):
        assert invoke("pairs", "EGF", "EGFR", "-k", 12, "-o", tmp_path / name, *more)[0] == 0
        return tmp_path / name

    return save


def pairs_in(path):
    return read_saved_pairs(path, Resolver(["HLA:A", "new york"], None)).pairs


@pytest.mark.parametrize("ending", ["json", "csv", "tsv"])
def test_a_saved_answer(answer, invoke, small, ending):
    path = answer(f"a.{ending}")
    wanted = [(one.c, one.d) for one in small.pairs("EGF", "EGFR", k=12)]
    assert pairs_in(path) == wanted
    code, out, err = invoke("cluster", path, "--format", "json")
    content = json.loads(out)
    assert (code, err) == (0, "")
    assert sorted((one["c"], one["d"]) for one in content["pairs"]) == sorted(wanted)
    assert content["operation"] == "difference"


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_families_can_be_clustered_again(answer, invoke, tmp_path, ending):
    first = answer("a.csv")
    second = tmp_path / f"families.{ending}"
    assert invoke("cluster", first, "-o", second)[0] == 0
    assert sorted(pairs_in(second)) == sorted(pairs_in(first))


def test_options(answer, invoke):
    path = answer("a.csv")
    code, out, _ = invoke("cluster", path, "--clusters", 3, "--seed", 4, "--format", "json")
    content = json.loads(out)
    assert (code, len(content["families"]), content["seed"]) == (0, 3, 4)
    code, out, _ = invoke("cluster", path, "--operation", "sum")
    assert code == 0
    assert "family 1: " in out
    assert "pairs whose sum c + d points the same way" in out
    assert re.search(r"^family +c +d +cosine to centroid", out, re.MULTILINE)


def test_json_tells_what_an_offset_is(answer, invoke):
    path = answer("a.json", "--operation", "sum")
    assert read_saved_pairs(path, Resolver([], None)).operation == "sum"
    _, out, _ = invoke("cluster", path, "--format", "json")
    assert json.loads(out)["operation"] == "sum"
    _, out, _ = invoke("cluster", path, "--format", "json", "--operation", "difference")
    assert json.loads(out)["operation"] == "difference"


def test_four_columns(tmp_path):
    (tmp_path / "a.csv").write_text(
        "a,b,c,d,similarity\nEGF,EGFR,HGF,MET,0.9\nEGF,EGFR,INS,INSR,1\n"
    )
    wanted = [("EGF", "EGFR"), ("HGF", "MET"), ("EGF", "EGFR"), ("INS", "INSR")]
    assert pairs_in(tmp_path / "a.csv") == wanted
    rows = [{"a": "EGF", "b": "EGFR", "c": "HGF", "d": "MET"}, {"a": None, "c": "x", "d": "y"}]
    (tmp_path / "a.json").write_text(json.dumps({"analogies": rows, "notes": ["x"]}))
    assert pairs_in(tmp_path / "a.json") == [("EGF", "EGFR"), ("HGF", "MET"), ("x", "y")]
    (tmp_path / "b.json").write_text(json.dumps(rows))
    assert pairs_in(tmp_path / "b.json") == [("EGF", "EGFR"), ("HGF", "MET"), ("x", "y")]


@pytest.mark.parametrize(
    "line", ["EGF MET", "EGF\tMET", "EGF, MET", "EGF,MET", "EGF:MET", "EGF : MET", "  EGF   MET  "]
)
def test_two_names_a_line(tmp_path, line):
    (tmp_path / "a.txt").write_text(f"\ufeff# pairs\n{line}\n\nHGF MET\n", "utf-8")
    assert pairs_in(tmp_path / "a.txt") == [("EGF", "MET"), ("HGF", "MET")]


def test_names_with_a_space_or_a_colon(tmp_path):
    (tmp_path / "a.txt").write_text("new york\tlos angeles\nHLA:A MET\n")
    assert pairs_in(tmp_path / "a.txt") == [("new york", "los angeles"), ("HLA:A", "MET")]


@pytest.mark.parametrize("header", ["ligand receptor", "gene_a,gene_b", "from\tto"])
def test_a_header_is_skipped(tmp_path, capsys, header):
    (tmp_path / "a.txt").write_text(f"{header}\nnew york,HLA:A\n")
    assert pairs_in(tmp_path / "a.txt") == [("new york", "HLA:A")]
    assert "is taken for a header" in capsys.readouterr().err
    # Unknown names elsewhere, or above others, may be misspelt.
    (tmp_path / "a.txt").write_text(f"new york,HLA:A\n{header}\n")
    assert len(pairs_in(tmp_path / "a.txt")) == 2
    (tmp_path / "a.txt").write_text(f"{header}\nx y\nnew york,HLA:A\n")
    assert len(pairs_in(tmp_path / "a.txt")) == 3
    assert capsys.readouterr().err == ""


def test_lines_of_pairs_are_clustered(small, invoke, tmp_path):
    (tmp_path / "a.txt").write_text("EGF EGFR\nHGF MET\nINS INSR\nEGF MET\nEGF nobody\n")
    code, out, _ = invoke("cluster", tmp_path / "a.txt")
    assert code == 0
    assert out.startswith("2 families of 4 pairs\n")
    assert "note: 1 pair leads to no items: EGF : nobody" in out


def test_the_file_is_not_written_over(answer, invoke):
    path = answer("a.csv")
    before = path.read_text()
    code, out, err = invoke("cluster", path, "-o", path)
    assert (code, out, err) == (2, "", f"Error: {path} is read, too: write elsewhere\n")
    assert path.read_text() == before


def test_in_the_shell(answer, invoke):
    path = answer("a.csv")
    code, out, _ = invoke("shell", stdin=f"cluster {path} --clusters 2\n")
    assert code == 0
    assert out.startswith("2 families of ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no pairs: it must be an answer with c and d, or lines of two names"),
        (b"c,d\n", "holds no pairs"),
        (b"EGF MET\nEGF MET HGF\n", "line 2: expected two names, found 'EGF MET HGF'"),
        (b"EGF\n", "line 1: expected two names, found 'EGF'"),
        (b"{", "is not JSON"),
        (b'{"pairs": [{"c": 1, "d": 2}]}', "holds no pairs"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"a\0b", "is not text in UTF-8"),
        (b"EGF nobody\n", "there is no pair to cluster; 1 pair leads to no items: EGF : nobody"),
    ],
)
def test_errors_are_one_line(small, invoke, tmp_path, content, message):
    (tmp_path / "a.txt").write_bytes(content)
    code, out, err = invoke("cluster", tmp_path / "a.txt")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert re.match(f"Error: .*{message}", err)


def test_no_such_file(small, invoke):
    code, _, err = invoke("cluster", "no-such-file")
    assert (code, err) == (2, "Error: no-such-file cannot be read: No such file or directory\n")
