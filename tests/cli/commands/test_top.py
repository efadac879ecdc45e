import json
import re
from contextlib import contextmanager

import pandas as pd
import pytest

from gene_analogies.cli.commands.top import top
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.analogies.all_items import TopJob

from .test_analogies import examples, few_items, told, write_words


@pytest.fixture(autouse=True)
def cache(own_cache):
    return own_cache


def test_table(small, invoke):
    code, out, _ = invoke("top", "-k", 2, "--distinct")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "best analogies of all: a : b ≈ c : d"
    assert lines[2] == (
        "left out: analogies of near-copies (cos(a, c) or cos(b, d) above 0.8); analogies that "
        "share three items with a better one"
    )
    assert lines[5].split()[:6] == ["1", "EGF", "EGFR", "HGF", "MET", "1.0000"]
    assert len(lines) == 7


def test_json(small, invoke):
    code, out, _ = invoke("top", "-k", 3, "--json", "--edges", 2)
    content = json.loads(out)
    assert (code, content["edges"], content["distinct"]) == (0, 2, False)
    assert content["query"] == f"best analogies among {content['pairs']} neighbouring pairs"
    assert list(content["analogies"][0])[:5] == ["a", "b", "c", "d", "similarity"]


@pytest.mark.parametrize("format_name", ["csv", "tsv", "json", "markdown", "parquet"])
def test_every_format_into_a_file(small, invoke, tmp_path, format_name):
    if format_name == "parquet":
        pytest.importorskip("pyarrow")
    file = tmp_path / "answer"
    code, out, _ = invoke("top", "-k", 3, "--format", format_name, "-o", file)
    assert (code, out) == (0, "")
    if format_name == "parquet":
        pd.testing.assert_frame_equal(pd.read_parquet(file), small.top(k=3).to_frame())
    else:
        assert "EGFR" in file.read_text()


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "txt"])
def test_pairs_in_a_file(small, invoke, tmp_path, ending):
    file = tmp_path / f"pairs.{ending}"
    if ending == "txt":
        file.write_text("# ligands\nEGF EGFR\nMET HGF\n\nINS:INSR\nEGFR EGF\n")
        wanted = small.top(
            pairs=[("EGF", "EGFR"), ("MET", "HGF"), ("INS", "INSR"), ("EGFR", "EGF")]
        )
    else:
        assert invoke("pairs", "EGF", "EGFR", "-k", 6, "-o", file)[0] == 0
        wanted = small.top(pairs=[one[:2] for one in small.pairs("EGF", "EGFR", k=6)])
    code, out, _ = invoke("top", "--pairs", file, "--json")
    content = json.loads(out)
    assert (code, content["pairs"]) == (0, wanted.pairs)
    assert content["analogies"] == wanted.to_frame().to_dict("records")


@pytest.mark.parametrize("question", [["analogies", "EGF"], ["top"]])
def test_pairs_of_a_saved_answer_of_analogies(small, invoke, tmp_path, question):
    file = tmp_path / "answer.csv"
    assert invoke(*question, "-k", 4, "-o", file)[0] == 0
    saved = pd.read_csv(file)
    pairs = [frozenset(pair) for x in (["a", "b"], ["c", "d"]) for pair in saved[x].to_numpy()]
    code, out, _ = invoke("top", "--pairs", file, "--json", "-k", 1)
    assert (code, json.loads(out)["pairs"]) == (0, len(set(pairs)))


def test_every_option_reaches_the_search(small, invoke, tmp_path, monkeypatch):
    seen = []

    @contextmanager
    def open_client(*address):
        seen.append(address)
        yield "client"

    def record(**options):
        seen.append(options)
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr("gene_analogies.runs.clients.open_client", open_client)
    monkeypatch.setattr(small, "top", record)
    (tmp_path / "names").write_text("HGF\nMET\n")
    (tmp_path / "pairs").write_text("HGF MET\n")
    code, _, err = invoke(
        "top", "-k", 7, "--max-similarity", 0.5, "--distinct", "--edges", 3, "--pairs",
        tmp_path / "pairs", "--among", tmp_path / "names", "--truncate", 9, "--folder", "here",
        "--dask", "local", "--workers", 3,
    )  # fmt: skip
    assert (code, told(err)) == (2, ["Error: seen"])
    assert seen[0] == ("local", 3)
    assert callable(seen[1].pop("progress"))
    assert callable(seen[1].pop("on_estimate"))
    assert seen[1:] == [{
        "client": "client", "folder": "here", "k": 7, "max_similarity": 0.5, "distinct": True,
        "edges": 3, "pairs": [("HGF", "MET")], "among": ["HGF", "MET"], "truncate": 9,
    }]  # fmt: skip


def test_every_parameter_is_an_option():
    from inspect import signature

    from gene_analogies import Space

    here = {one.name for one in top.params} | {"client", "progress", "on_estimate"}
    assert set(signature(Space.top).parameters) - {"self"} <= here


def test_finished_work_is_kept(small, invoke, tmp_path, monkeypatch):
    words = ["top", "--format", "csv", "--distinct", "--folder", tmp_path / "run"]
    first = invoke(*words)[:2]
    assert first[0] == 0
    monkeypatch.setattr(TopJob, "solve", None)
    assert invoke(*words)[:2] == first
    code, out, err = invoke(*words, "--max-similarity", 0.5)
    assert (code, out, len(told(err))) == (2, "", 1)
    assert "holds another run (top" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-k", "0"], "k must be a whole number of at least 1, not 0"),
        (["--edges", "0"], "edges must be a whole number of at least 1, not 0"),
        (["--edges", "3", "--pairs", "pairs"], "top takes either edges or pairs, not both"),
        (["--pairs", "unknown"], "no item is named 'EGFF'; did you mean"),
        (["--pairs", "self"], "'EGFR' and 'ERBB1' are both 'EGFR'"),
        (["--pairs", "three"], "three: line 2: expected two names, found 'EGF MET HGF'"),
        (["--pairs", "no-such-file"], "no-such-file cannot be read"),
        (["--max-similarity", "-2"], "max_similarity must lie in −1..1, not -2.0"),
        (["--workers", "3"], "--workers needs --dask local"),
        (["--truncate", "3"], "fewer than four items are left"),
        (["--among", "self"], "fewer than four items are left .*EGFR ERBB1"),
        (["--format", "parquet"], "parquet needs a file: give one with -o, or choose from table"),
        (["--folder", "pairs"], "folder pairs cannot be used"),
    ],
)
def test_errors_are_one_line(small, invoke, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs").write_text("EGF EGFR\nHGF MET\n")
    (tmp_path / "unknown").write_text("EGFF MET\n")
    (tmp_path / "self").write_text("EGFR ERBB1\n")
    (tmp_path / "three").write_text("EGF EGFR\nEGF MET HGF\n")
    code, out, err = invoke("top", *arguments)
    assert (code, out, len(told(err))) == (2, "", 1)
    assert re.match(f"Error: .*{message}", told(err)[0])


def test_the_pairs_are_not_written_over(small, invoke, tmp_path):
    file = tmp_path / "pairs.csv"
    file.write_text("EGF EGFR\nHGF MET\n")
    code, _, err = invoke("top", "--pairs", file, "-o", file)
    assert (code, err) == (2, f"Error: {file} is read, too: write elsewhere\n")
    assert file.read_text() == "EGF EGFR\nHGF MET\n"


@pytest.mark.parametrize(
    "words", [words for words in examples(top) if words[0] == "top"], ids=" ".join
)
def test_examples_of_the_help(invoke, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    write_words(tmp_path / "vectors.bin", [f"w{place}" for place in range(80)])
    words = ["vectors.bin" if word == "glove-6b-100d" else word for word in words]
    if "pairs.csv" in words:
        assert invoke("pairs", "INS", "INSR", "--truncate", 100, "-o", "pairs.csv")[0] == 0
    code, out, _ = invoke(*few_items(words, 100))
    assert code == 0
    if "-o" in words:
        assert (tmp_path / "top.md").read_text().startswith("# best analogies among ")
    else:
        assert out.startswith("best analogies ")
        assert ": a : b ≈ c : d\n" in out


@pytest.mark.slow
def test_on_dask(invoke, tmp_path):
    pytest.importorskip("distributed")
    words = ["top", "--truncate", 150, "--format", "csv", "--folder"]
    here = invoke(*words, tmp_path / "here")[:2]
    there = invoke(*words, tmp_path / "there", "--dask", "local", "--workers", 2)[:2]
    assert here == there
    assert here[0] == 0


def test_the_shell_understands_it(small, invoke):
    script = "top -k 1\ntop --edges 2 -k 1 --json\ntop --edges x\n"
    code, out, err = invoke("shell", stdin=script)
    assert code == 2
    assert out.startswith("best analogies of all: a : b ≈ c : d\n")
    assert '"edges": 2' in out
    assert told(err)[0].startswith("line 3: Error: ")
