"""The command that says whether an embedding knows a relation."""

from __future__ import annotations

import json

import pytest
from relations import planted_relation

import gene_analogies as ga


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """A file of vectors, the same rotated, and a file of pairs with a header."""
    vectors, pairs = planted_relation(count=12, others=30)
    names = [f"w{row}x" for row in range(len(vectors))]
    for name, one in (("a.csv", vectors), ("b.csv", vectors[:, ::-1])):
        lines = [
            ",".join([item, *map(repr, row.tolist())]) for item, row in zip(names, one, strict=True)
        ]
        (tmp_path / name).write_text(
            "\n".join(["name,", *lines]).replace(
                "name,", ",".join(["name", *(f"d{i}" for i in range(30))])
            )
        )
    lines = [f"{names[a]}\t{names[b]}\n" for a, b in pairs]
    (tmp_path / "pairs.tsv").write_text("from\tto\n" + "".join(lines))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_the_answer_of_the_method(planted, invoke):
    code, out, err = invoke("relation", "pairs.tsv", "-e", "a.csv")
    assert code == 0
    assert out.startswith("pairs.tsv: 12 pairs: related pairs, no analogy\n")
    assert "Note: pairs.tsv: 'from to' is taken for a header" in err
    pairs = [line.split("\t") for line in (planted / "pairs.tsv").read_text().splitlines()[1:]]
    expected = ga.load(planted / "a.csv").relation(pairs)
    code, out, _ = invoke("relation", "pairs.tsv", "-e", "a.csv", "--json")
    content = json.loads(out)
    assert content["tests"][0]["effect"] == expected.tests[0].effect
    assert content["verdict"] == expected.verdict
    code, out, _ = invoke("relation", "pairs.tsv", "-e", "a.csv", "--details", "--format", "csv")
    assert (code, len(out.splitlines())) == (0, 13)
    assert out.startswith("a,b,offset_cosine,cos_ab,auc,fit,")


def test_without_order_and_from_standard_input(planted, invoke):
    text = (planted / "pairs.tsv").read_text()
    code, out, _ = invoke("relation", "-", "-e", "a.csv", "--unordered", "--seed", 3, stdin=text)
    assert code == 0
    assert out.startswith("a relation of 12 pairs: related pairs, no analogy\n")
    assert "direction" not in out


def test_several_embeddings_side_by_side(planted, invoke):
    text = (planted / "pairs.tsv").read_text()
    code, out, _ = invoke("relation", "-", "-e", "a.csv", "-e", "b.csv", "--json", stdin=text)
    assert code == 0
    content = json.loads(out)
    first, second = content["embeddings"]
    assert (first["embedding"], second["embedding"]) == ("a.csv", "b.csv")
    assert first["direction"] == pytest.approx(second["direction"])
    assert content["relations"]["b.csv"]["used"] == 12
    code, out, err = invoke("relation", "-", "-e", "a.csv", "-e", "b.csv", "--details", stdin=text)
    assert (code, out) == (2, "")
    assert err == "Error: --details shows one embedding, not 2: give one -e\n"
    code, _, err = invoke("relation", "pairs.tsv", "-e", "a.csv", "-e", "b.csv", "-o", "pairs.tsv")
    assert (code, err) == (2, "Error: pairs.tsv is read, too: write elsewhere\n")


def test_in_the_shell(planted, invoke):
    lines = "relation pairs.tsv\nrelation pairs.tsv --details --json\nrelation nosuch\n"
    code, out, err = invoke("shell", "-e", "a.csv", stdin=lines)
    assert out.startswith("pairs.tsv: 12 pairs: related pairs, no analogy\n")
    assert '"offset_cosine"' in out
    assert code == 2
    assert "line 3: Error: nosuch cannot be read" in err


def test_too_few_pairs_are_an_answer(planted, invoke):
    code, out, _ = invoke("relation", "-", "-e", "a.csv", stdin="w1x w13x\nw2x nobody\n")
    assert code == 0
    assert out.startswith("a relation of 1 pair: too few pairs\n")
    assert "note: 1 name leads to no item, in 1 pair: nobody" in out


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "holds no pairs"), ("a b c\n", "line 1: expected two names, found 'a b c'")],
)
def test_errors_are_one_line(planted, invoke, content, message):
    (planted / "x.txt").write_text(content)
    code, out, err = invoke("relation", "x.txt", "-e", "a.csv")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
