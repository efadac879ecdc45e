import io
import json
import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from command_line import RUN

from gene_analogies import Embedding, GeneAnalogiesError, Space

TABLE = """\
EGF : EGFR ≈ c : d
epidermal growth factor : epidermal growth factor receptor
EGF is to EGFR as c is to d; similarity: the cosine of the two differences, at best 1
cos(EGF, EGFR) is 0.7071; p: share of items as close as c and d ("they belong together", \
not "by this relation"); papers: how many name c and d

rank  c    d      similarity  cos(c, d)     p  papers  full name of c            full name of d
   1  HGF  MET        1.0000     0.7071  0.17     190  hepatocyte growth factor  \
MET proto-oncogene, receptor tyrosine kinase
   2  INS  INSR       1.0000     0.7071  0.17      42  insulin                   insulin receptor
   3  NGF  NTRK1      1.0000     0.7071  0.17      64  nerve growth factor       \
neurotrophic receptor tyrosine kinase 1
"""


def test_table(small, invoke):
    assert invoke("pairs", "EGF", "EGFR", "-k", 3)[:2] == (0, TABLE)


@pytest.mark.parametrize(
    "words", [["EGF:EGFR"], ["EGF", ":", "EGFR"], ["egf", "ERBB1"], ["1950", "ENSG00000146648.18"]]
)
def test_names_in_other_words(small, invoke, words):
    code, out, _ = invoke("pairs", *words, "-k", 1)
    assert code == 0
    assert out.startswith("EGF : EGFR ≈ c : d\n")


def test_rewriting_is_shown(small, invoke):
    assert "\nnote: ERBB1 → EGFR\n" in invoke("pairs", "EGF", "ERBB1")[1]


def test_several_examples(small, invoke):
    code, out, _ = invoke("pairs", "EGF:EGFR", "HGF:MET", "--format", "json", "-k", 1)
    content = json.loads(out)
    assert code == 0
    assert content["query"] == "EGF : EGFR, HGF : MET"
    assert [(pair["c"], pair["d"]) for pair in content["pairs"]] == [("INS", "INSR")]


def test_a_name_with_a_colon(small, invoke):
    code, out, _ = invoke("pairs", "HLA:A", "EGFR", "-k", 1)
    assert code == 0
    assert out.startswith("HLA:A : EGFR ≈")


def test_every_option_reaches_the_search(small, invoke, tmp_path, monkeypatch):
    seen = {}

    def pairs(examples, **options):
        seen.update(options, examples=examples)
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr(small, "pairs", pairs)
    (tmp_path / "names").write_text("HGF\nMET\n")
    (tmp_path / "candidates").write_text("HGF MET\n")
    code, out, err = invoke(
        "pairs", "EGF", "EGFR", "-k", 7, "--metric", "euclidean", "--operation", "sum",
        "--among", tmp_path / "names", "--max-similarity", 0.5, "--truncate", 9, "--include-query",
        "--pair-weight", 0.25, "--candidates", tmp_path / "candidates", "--chance",
    )  # fmt: skip
    assert (code, out, err.splitlines()[-1]) == (2, "", "Error: seen")
    assert callable(seen.pop("progress"))
    assert seen == {
        "examples": [("EGF", "EGFR")],
        "k": 7,
        "metric": "euclidean",
        "operation": "sum",
        "among": ["HGF", "MET"],
        "max_similarity": 0.5,
        "truncate": 9,
        "include_query": True,
        "pair_weight": 0.25,
        "candidates": [("HGF", "MET")],
        "chance": True,
    }


def test_evidence_in_json(small, invoke):
    content = json.loads(invoke("pairs", "EGF", "EGFR", "-k", 1, "--format", "json")[1])
    assert content["cos_ab"] == pytest.approx(0.5**0.5)
    (pair,) = content["pairs"]
    assert (pair["p"], pair["q"], pair["papers"], pair["rank"]) == (1 / 6, 1 / 6, 190, 1)
    assert (pair["d_entrez"], pair["d_hgnc"]) == ("4233", "HGNC:7029")
    assert len(pair["pubmed_ids"].split()) == 10
    assert "growth factor activity (GO:0008083)" in pair["shared_terms_ac"]


@pytest.fixture
def many(monkeypatch):
    """A space of enough items for random pairs, and small pools."""
    from gene_analogies.questions import query_pool
    from gene_analogies.search import query_pool as draws

    for module, name, value in (
        (query_pool, "QUERIES", 300), (query_pool, "_EVENLY", 200), (draws, "MATCHED", 60),
        (draws, "_CALIBRATING", 60), (draws, "_PAIRS", 20_000),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    vectors = np.random.default_rng(0).normal(size=(120, 6))
    names = [f"x{row}" for row in range(120)]
    space = Space(Embedding(names, vectors), genes=None, keep_index=False)
    monkeypatch.setattr("gene_analogies.loading.read.load", lambda *_, **__: space)
    return space


@pytest.mark.parametrize("options", [(), ("--pair-weight", 0.25)])
def test_chance(many, invoke, options):
    words = ("pairs", "x40", "x60", "--chance", *options)
    code, out, err = invoke(*words)
    weight = float(options[1]) if options else 0.0
    wanted = many.pairs("x40", "x60", chance=True, pair_weight=weight)
    assert code == 0
    assert "500 random pairs are asked, once for these options: about " in err
    assert f"\n{wanted.chance.sentence}\n" in out
    assert re.search(r"\nrank  c .* p_cal", out)
    content = json.loads(invoke(*words, "--format", "json")[1])
    assert content["chance"] == wanted.chance.facts
    assert [pair["p_cal"] for pair in content["pairs"]] == wanted.p_cal.tolist()
    assert wanted.chance.sentence in invoke(*words, "--format", "markdown")[1]
    line = " ".join(map(str, words[1:]))
    assert invoke("shell", stdin=f"{line}\n")[1].rstrip() == out.rstrip()


def test_chance_is_of_one_question(small, invoke, tmp_path):
    (tmp_path / "questions").write_text("EGF EGFR\n")
    code, _, err = invoke("pairs", "--each", tmp_path / "questions", "--chance")
    assert code == 2
    assert err.endswith("--chance is for one question: it goes without --each\n")


def test_pair_weight(small, invoke):
    words = ("pairs", "EGF", "EGFR", "--pair-weight", 0.25)
    code, out, _ = invoke(*words, "--format", "csv")
    table = pd.read_csv(io.StringIO(out))
    assert code == 0
    assert list(table)[:1] == ["c"]
    assert {"similarity", "cos_cd", "score"} < set(table)
    np.testing.assert_allclose(table.score, table.similarity + 0.25 * table.cos_cd, atol=1e-11)
    assert (np.diff(table.score) <= 0).all()
    assert "score: similarity + 0.25 · cos(c, d), at best 1.25; " in invoke(*words)[1]
    content = json.loads(invoke(*words, "--format", "json")[1])
    assert content["pair_weight"] == 0.25
    assert (
        invoke("shell", stdin="EGF EGFR --pair-weight 0.25\n")[1].rstrip()
        == invoke(*words)[1].rstrip()
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["EGF", "EGFRR"], "no item is named 'EGFRR'; did you mean"),
        (["EGF", "TP53"], "TP53 .* no vector"),
        (["EGF", "EGF"], "a pair needs two items"),
        (["EGF"], "one name makes no pair: give two names, as in EGF EGFR, or example"),
        (["EGF:EGFR", "HGF"], "'HGF' stands beside 'EGF:EGFR'"),
        (["EGF", "EGFR", "-k", "0"], "k must be a whole number of at least 1, not 0"),
        (["EGF", "EGFR", "-k", "-3"], "k must be a whole number of at least 1, not -3"),
        (["EGF", "EGFR", "--max-similarity", "2"], "max_similarity must lie in"),
        (["EGF", "EGFR", "--pair-weight", "-1"], "pair_weight must lie in 0..1000, not -1.0"),
        (
            ["EGF", "EGFR", "--pair-weight", "1", "--operation", "sum"],
            "pair_weight=1 needs operation='difference', not 'sum'",
        ),
        (["EGF", "EGFR", "--truncate", "0"], "truncate must be a whole number"),
        (["EGF", "EGFR", "--among", "no-such-file"], "no-such-file cannot be read"),
        (["EGF", "EGFR", "-o", "a.xlsx"], "the ending of 'a.xlsx' names no format"),
        (["EGF", "EGFR", "-o", "no-such-folder/a.md"], "there is no folder no-such-folder"),
    ],
)
def test_errors_are_one_line(small, invoke, arguments, message):
    code, out, err = invoke("pairs", *arguments)
    lines = [line for line in err.splitlines() if not line.startswith("first run")]
    assert (code, out, len(lines)) == (2, "", 1)
    assert re.match(f"Error: .*{message}", lines[0])


def test_an_unknown_embedding(invoke):
    code, out, err = invoke("pairs", "EGF", "EGFR", "-e", "nope")
    assert (code, out) == (2, "")
    assert err.startswith("Error: there is no file or folder 'nope', nor a known embedding")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["EGF", "EGFR", "-k", "x"], ["EGF", "EGFR", "--metric", "l1"], ["--nope"]]
)
def test_wrong_usage(invoke, arguments):
    code, out, err = invoke("pairs", *arguments)
    assert (code, out) == (2, "")
    assert "Usage: cli pairs" in err


def test_file_by_its_ending(small, invoke, tmp_path):
    code, out, err = invoke("pairs", "EGF", "ERBB1", "-o", tmp_path / "a.csv")
    assert (code, out, err.splitlines()[-1]) == (0, "", "Note: ERBB1 → EGFR")
    assert list(pd.read_csv(tmp_path / "a.csv").c[:2]) == ["HGF", "INS"]


def test_a_file_holds_the_whole_table(small, invoke, tmp_path):
    invoke("pairs", "EGF", "EGFR", "-k", 3, "-o", tmp_path / "a.txt")
    text = (tmp_path / "a.txt").read_text("utf-8")
    assert text.startswith(f"{TABLE}\n# embedding: ")
    assert text.endswith("\n# repeat: gene-analogies pairs EGF EGFR -k 3\n")


def test_notes_beside_csv_go_to_standard_error(small, invoke):
    code, out, err = invoke("pairs", "EGF", "ERBB1", "--format", "csv", "-k", 1)
    assert code == 0
    assert out.startswith("c,d,similarity,")
    assert "→" not in out
    assert err.splitlines()[-1] == "Note: ERBB1 → EGFR"


def test_an_error_leaves_the_old_file(small, invoke, tmp_path):
    (tmp_path / "a.md").write_text("old")
    code, _, _ = invoke("pairs", "EGF", "nothing", "-o", tmp_path / "a.md")
    assert code == 2
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.md", "old")]


@pytest.fixture
def made(tmp_path):
    """An embedding file that has the ending of an answer."""
    path = tmp_path / "mine.csv"
    path.write_text("gene,x,y,z\nEGF,1,0,0\nEGFR,0,1,0\nHGF,1,0,1\nMET,0,1,1\n")
    return path


def test_the_embedding_is_not_written_over(invoke, made):
    before = made.read_text()
    code, out, err = invoke("pairs", "EGF", "EGFR", "-e", made, "-o", made)
    assert (code, out) == (2, "")
    assert err == f"Error: {made} is read, too: write elsewhere\n"
    assert made.read_text() == before


@pytest.mark.parametrize("option", ["--among", "--order"])
def test_a_file_of_names_is_not_written_over(invoke, made, tmp_path, option):
    names = tmp_path / "names.txt"
    names.write_text("EGFR\nEGF\nHGF\nMET\n")
    code, out, err = invoke("pairs", "EGF", "EGFR", "-e", made, option, names, "-o", names)
    assert (code, out) == (2, "")
    assert err == f"Error: {names} is read, too: write elsewhere\n"
    assert names.read_text() == "EGFR\nEGF\nHGF\nMET\n"


def test_names_found_beside_an_array_are_not_written_over(invoke, tmp_path):
    np.save(tmp_path / "x.npy", np.eye(4, dtype=np.float32))
    (tmp_path / "x.txt").write_text("EGF\nEGFR\nHGF\nMET\n")
    arguments = ["pairs", "EGF", "EGFR", "-e", tmp_path / "x.npy", "-o"]
    code, out, err = invoke(*arguments, tmp_path / "x.txt")
    assert (code, out) == (2, "")
    assert "x.txt is read, too" in err
    assert (tmp_path / "x.txt").read_text() == "EGF\nEGFR\nHGF\nMET\n"
    for _ in range(2):  # a file of a fitting name that is not read may be replaced
        assert invoke(*arguments, tmp_path / "x.csv")[0] == 0


def test_a_process_answers_from_the_built_in_embedding(process):
    code, out, err = process("pairs", "EGF", "EGFR", "-k", "5")
    assert code == 0
    assert out.startswith("EGF : EGFR ≈ c : d\nepidermal growth factor :")
    assert re.findall(r"^ *(\d+)  ", out, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    assert "\x1b" not in out + err
    assert "\r" not in out + err
    # The index and the stamp are there now: nothing is left to tell.
    assert process("pairs", "EGF", "EGFR", "-k", "5") == (0, out, "")


def test_a_process_fails_in_one_line(process):
    code, out, err = process("pairs", "EGF", "p53x")
    assert (code, out) == (2, "")
    assert err.startswith("Error: no item is named 'p53x'")
    assert err.count("\n") == 1


def test_letters_the_output_cannot_hold(process):
    code, out, _ = process("pairs", "EGF", "EGFR", "-k", "1", PYTHONIOENCODING="latin-1")
    assert code == 0
    assert out.startswith("EGF : EGFR ? c : d\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as on POSIX")
def test_nobody_reads():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", RUN, "pairs", "EGF", "EGFR"],
        stdout=writer, stderr=subprocess.PIPE, text=True, timeout=300,
    )  # fmt: skip
    os.close(writer)
    assert done.returncode == 141
    assert [line for line in done.stderr.splitlines() if not line.startswith("first run")] == []
