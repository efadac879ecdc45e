"""Figures on the command line and in the shell."""

import json
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"


def title(file):
    return ElementTree.parse(file).find(f"{SVG}title").text


def test_an_answer_as_a_figure(small, invoke, tmp_path):
    file = tmp_path / "a.svg"
    code, out, _ = invoke("pairs", "EGF", "EGFR", "-k", 5, "-o", file)
    assert (code, out) == (0, "")
    assert title(file) == "EGF : EGFR ≈ c : d"
    said = ElementTree.parse(file).find(f"{SVG}desc").text
    picture = small.pairs("EGF", "EGFR", k=5).picture()
    assert said.startswith(f"{picture.description} embedding: ")
    assert said.endswith("; gene-analogies pairs EGF EGFR -k 5.")
    assert replace(picture, description=said).svg() == file.read_text("utf-8")


@pytest.mark.parametrize(("ending", "start"), [(".png", b"\x89PNG"), (".PDF", b"%PDF")])
def test_as_png_and_pdf(small, invoke, tmp_path, ending, start):
    file = tmp_path / f"a{ending}"
    assert invoke("pairs", "EGF", "EGFR", "-k", 2, "--figure", "receipt", "-o", file)[0] == 0
    assert file.read_bytes().startswith(start)


@pytest.mark.parametrize("kind", [[], ["--figure", "quadrilateral"], ["--figure", "receipt"]])
def test_one_pair(small, invoke, tmp_path, kind):
    file = tmp_path / "a.svg"
    third = small.pairs("EGF", "EGFR")[2]
    assert invoke("pairs", "EGF", "EGFR", *kind, "--rank", 3, "-o", file)[0] == 0
    assert title(file) == f"EGF : EGFR ≈ {third.c} : {third.d}"


def test_one_pair_among_all(small, invoke, tmp_path):
    file = tmp_path / "a.svg"
    assert invoke("pairs", "EGF", "EGFR", "--figure", "compass", "--rank", 3, "-o", file)[0] == 0
    third = small.pairs("EGF", "EGFR")[2]
    assert title(file) == "EGF : EGFR ≈ c : d"
    assert f'font-weight="bold">{third.c} : {third.d}</text>' in file.read_text("utf-8")


def test_the_format_may_be_named(small, invoke, tmp_path):
    file = tmp_path / "figure"
    assert invoke("pairs", "EGF", "EGFR", "--format", "svg", "-o", file)[0] == 0
    assert title(file) == "EGF : EGFR ≈ c : d"


def test_in_the_shell(small, invoke, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = "EGF EGFR --figure quadrilateral -o a.svg\npairs EGF EGFR -o b.svg\n"
    assert invoke("shell", stdin=script)[0] == 0
    assert title("a.svg").startswith("EGF : EGFR ≈ HGF : MET")
    assert title("b.svg") == "EGF : EGFR ≈ c : d"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--figure", "receipt"], "--figure chooses a figure: give -o a .svg, .png or .pdf file"),
        (["--rank", "2", "-o", "a.csv"], "--rank chooses a figure: give -o a .svg"),
        (
            ["--rank", "2", "--figure", "heatmap", "-o", "a.svg"],
            "--figure heatmap shows all: leave",
        ),
        (
            ["-k", "3", "--rank", "4", "-o", "a.svg"],
            "--rank must be at most 3, the number of pairs",
        ),
        (["--format", "svg"], "svg needs a file: give one with -o, or choose from table"),
        (["--operation", "sum", "--rank", "1", "-o", "a.svg"], "shows differences, not sums"),
    ],
)
def test_errors(small, invoke, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = invoke("pairs", "EGF", "EGFR", *words)
    assert (code, out) == (2, "")
    # The first question of all says that it compiles.
    err = "".join(one for one in err.splitlines(keepends=True) if not one.startswith("first run"))
    assert err.startswith("Error: ")
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_of_many_questions_there_is_no_figure(small, invoke, tmp_path):
    file = tmp_path / "questions.txt"
    file.write_text("EGF EGFR\nHGF MET\n")
    code, _, err = invoke("pairs", "--each", file, "-o", tmp_path / "a.svg")
    assert (code, "no figure of this answer" in err) == (2, True)
    chosen = ["--figure", "receipt", "-o", tmp_path / "a.svg"]
    code, _, err = invoke("pairs", "--each", file, *chosen)
    assert (code, err) == (
        2,
        "Error: --figure is of one question to one embedding: ask them one by one\n",
    )


def test_other_questions_have_no_figures(small, invoke, tmp_path):
    words = ("known", "EGF", "EGFR")
    code, _, err = invoke(*words, "-o", tmp_path / "a.svg")
    assert code == 2
    assert err.endswith(
        "there is no figure of this answer; "
        "choose from .txt, .md, .csv, .tsv, .html, .json, .parquet\n"
    )
    code, _, err = invoke(*words, "--format", "svg", "-o", tmp_path / "a")
    assert (code, "'svg' is not one of 'table'" in err) == (2, True)
    line = f"known EGF EGFR -o {tmp_path.as_posix()}/a.svg\n"
    code, _, err = invoke("shell", stdin=line)
    assert (code, "no figure of this answer" in err) == (2, True)


def test_a_completion_on_the_map(small, invoke, tmp_path):
    file = tmp_path / "a.svg"
    assert invoke("complete", "EGF", "EGFR", "HGF", "-o", file)[0] == 0
    assert title(file) == small.complete("EGF", "EGFR", "HGF").picture().title


def test_a_contrast(small, invoke, tmp_path):
    file = tmp_path / "a.svg"
    assert invoke("similar", "EGF", "MET", "--contrast", "-o", file)[0] == 0
    assert title(file) == "similar to EGF rather than MET"
    code, _, err = invoke("similar", "EGF", "--figure", "contrast", "-o", file)
    assert (code, "this answer has no contrast: choose kind='map'" in err) == (2, True)
    code, _, err = invoke("similar", "--overall", "-o", file)
    assert (code, "there is no figure of" in err) == (2, True)
    code, _, err = invoke("similar", "EGF", "MET", "--contrast", "--figure", "contrast")
    assert (code, "--figure chooses a figure: give -o" in err) == (2, True)


def test_maps(small, invoke, tmp_path):
    file, table = tmp_path / "a.svg", tmp_path / "a.json"
    assert invoke("map", "egf", "MET", "-o", file)[0] == 0
    assert title(file) == "map: EGF, MET"
    assert invoke("map", "egf", "MET", "-o", table)[0] == 0
    told = json.loads(table.read_text("utf-8"))
    assert [row["item"] for row in told["items"]] == ["EGF", "MET"]
    assert (told["method"], told["on_map"]) == ("pca", len(small))
    for words in (["similar", "EGF"], ["pairs", "EGF", "EGFR", "--figure", "map"]):
        assert invoke(*words, "-o", file)[0] == 0
        assert "by the first two principal components" in file.read_text("utf-8")
    code, _, err = invoke("map", "EGF", "nonsense123", "-o", file)
    assert (code, err.count("\n")) == (2, 1)


def test_a_relation(small, invoke, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("EGF EGFR\nHGF MET\n")
    assert invoke("relation", "a.txt", "-o", "a.svg")[0] == 0
    assert title("a.svg") == "a.txt: 2 pairs: too few pairs"
    assert invoke("relation", "a.txt", "-e", "human", "-e", "pubmed", "-o", "b.svg")[0] == 0
    assert title("b.svg") == "a.txt in 2 embeddings"
    words = ["relation", "a.txt", "--details"]
    code, _, err = invoke(*words, "--figure", "relation", "-o", "c.svg")
    assert (code, err) == (2, "Error: --figure shows the tests, --details pairs: give one\n")
    assert invoke(*words, "-o", "c.svg")[0] == 2


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_without_matplotlib_it_is_told_before_the_search(
    small, invoke, tmp_path, monkeypatch, ending
):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(type(small), "pairs", None)
    code, _, err = invoke("pairs", "EGF", "EGFR", "-o", tmp_path / f"a.{ending}")
    assert (code, err) == (
        2,
        f"Error: writing .{ending} files needs matplotlib: pip install 'gene-analogies[plot]'\n",
    )


def commands():
    page = (DOCS / "figures.md").read_text("utf-8")
    return re.findall(r"^    gene-analogies (.+ -o docs/figures/(\w+)\.svg)$", page, re.MULTILINE)


@pytest.mark.parametrize(("command", "name"), commands(), ids=lambda value: value.split()[0])
def test_pictures_of_the_page_are_what_their_commands_write(
    invoke, tmp_path, monkeypatch, command, name
):
    monkeypatch.chdir(DOCS.parent)
    page = (DOCS / "figures.md").read_text("utf-8")
    assert f"](figures/{name}.svg)" in page
    words = shlex.split(command)
    words[-1] = str(tmp_path / "a.svg")
    assert invoke(*words)[0] == 0
    shown, written = (
        list(ElementTree.parse(file).iter())
        for file in (DOCS / "figures" / f"{name}.svg", words[-1])
    )
    assert [(one.tag, words_of(one)) for one in shown] == [
        (one.tag, words_of(one)) for one in written
    ]
    for one, other in zip(shown, written, strict=True):
        assert numbers(one) == pytest.approx(numbers(other), abs=0.1)


def words_of(element):
    """The text, without the version that made it."""
    return re.sub(r"made by gene-analogies [\d.]+", "", element.text or "")


def numbers(element):
    names = ("points", "d", "x", "y", "cx", "cy", "r", "width", "height")
    texts = " ".join(element.get(name, "") for name in names)
    return [float(text) for text in re.findall(r"-?[\d.]+", texts)]


def test_pictures_of_the_readme_stand_beside_their_commands():
    text = (DOCS.parent / "README.md").read_text("utf-8")
    shown = re.findall(r"!\[.+?\]\(docs/figures/(\w+)\.svg\)", text)
    told = re.findall(r"`gene-analogies ([^`]+ -o docs/figures/(\w+)\.svg)`", text)
    assert len(shown) == 4
    assert sorted(shown) == sorted(name for _, name in told)
    assert set(told) <= set(commands())


def test_every_picture_of_the_page_has_a_command():
    names = {name for _, name in commands()}
    assert names == {file.stem for file in (DOCS / "figures").glob("*.svg")}
    assert len(names) >= 3
