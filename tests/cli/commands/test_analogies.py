import json
import re
import shlex
import sys

import click
import numpy as np
import pandas as pd
import pytest

from gene_analogies.cli.commands.analogies import analogies
from gene_analogies.cli.main import cli
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.analogies.one_item import AnalogiesJob

TABLE = """\
EGF : b ≈ c : d
epidermal growth factor
EGF is to b as c is to d; similarity: the cosine of the two differences, at best 1
left out: analogies of near-copies (cos(EGF, c) or cos(b, d) above 0.8)

rank  b     c    d     similarity  cos(a, b)  cos(c, d)  papers a, b  papers c, d  \
                 full name of b                    full name of c            full name of d
   1  EGFR  HGF  MET       1.0000     0.7071     0.7071          171          190  \
                 epidermal growth factor receptor  hepatocyte growth factor  \
                 MET proto-oncogene, receptor tyrosine kinase
   2  EGFR  INS  INSR      1.0000     0.7071     0.7071          171           42  \
                 epidermal growth factor receptor  insulin                   insulin receptor
"""


@pytest.fixture(autouse=True)
def cache(own_cache):
    return own_cache


def told(text):
    """Return the lines of standard error but the one of the first run."""
    return [line for line in text.splitlines() if not line.startswith("first run")]


def test_table(small, invoke):
    code, out, _ = invoke("analogies", "EGF", "-k", 2)
    assert code == 0
    assert [re.sub(" +", " ", line) for line in out.splitlines()] == [
        re.sub(" +", " ", line) for line in TABLE.splitlines()
    ]


def test_json(small, invoke):
    code, out, _ = invoke("analogies", "erbb1", "-k", 3, "--json", "--max-similarity", 0.9)
    content = json.loads(out)
    assert (code, content["item"]["symbol"], content["max_similarity"]) == (0, "EGFR", 0.9)
    assert content["notes"] == ["erbb1 → EGFR"]
    assert [one["a"] for one in content["analogies"]] == ["EGFR"] * 3
    assert {one["similarity"] for one in content["analogies"]} == {1.0}


def test_an_answer_of_nothing(small, invoke):
    code, out, _ = invoke("analogies", "EGF", "--max-similarity", "-1")
    assert (code, out.splitlines()[-1]) == (0, "no analogies")


def test_every_option_reaches_the_search(small, invoke, tmp_path, monkeypatch):
    seen = {}

    def record(name, **options):
        seen.update(options, a=name)
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr(small, "analogies", record)
    (tmp_path / "names").write_text("HGF\nMET\n")
    code, _, err = invoke(
        "analogies", "EGF", "-k", 7, "--max-similarity", 0.5, "--distinct", "--among",
        tmp_path / "names", "--truncate", 9,
    )  # fmt: skip
    assert (code, told(err)) == (2, ["Error: seen"])
    assert seen.pop("progress") is not None
    assert seen == {
        "a": "EGF", "k": 7, "max_similarity": 0.5, "distinct": True, "among": ["HGF", "MET"],
        "truncate": 9,
    }  # fmt: skip


def test_every_parameter_is_an_option():
    from inspect import signature

    from gene_analogies import Space

    here = {one.name for one in analogies.params} | {"a", "client", "progress", "on_estimate"}
    assert set(signature(Space.analogies).parameters) - {"self"} <= here
    assert set(signature(Space.all_analogies).parameters) - {"self"} <= here


def test_all_as_parquet(small, invoke, tmp_path):
    pytest.importorskip("pyarrow")
    file = tmp_path / "all.parquet"
    code, out, err = invoke("analogies", "--all", "-k", 2, "-o", file)
    assert (code, out, told(err)) == (0, "", [])
    frame = pd.read_parquet(file)
    wanted = small.all_analogies(k=2)
    pd.testing.assert_frame_equal(frame, wanted.to_frame())
    assert frame["a"].tolist()[::2] == list(small.embedding.names)
    assert (frame["similarity"].dtype, frame["a"].map(type).unique()) == (np.float64, [str])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["-o", "-"],
        pytest.param(
            ["-o", "/dev/stdout"],
            marks=pytest.mark.skipif(sys.platform == "win32", reason="no devices"),
        ),
    ],
)
def test_parquet_is_not_for_a_terminal(small, invoke, words):
    code, out, err = invoke("analogies", "EGF", "--format", "parquet", *words)
    assert (code, out) == (2, "")
    assert err == (
        "Error: parquet needs a file: give one with -o, or choose from table, markdown, csv, "
        "tsv, spreadsheet, html, json\n"
    )


def test_parquet_is_for_every_question_and_for_the_shell(small, invoke, tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    assert invoke("pairs", "EGF", "EGFR", "-o", "a.parquet")[0] == 0
    assert pd.read_parquet("a.parquet")["c"].tolist()[0] == "HGF"
    script = "similar EGF --format parquet -o b\nanalogies --all -o c.parquet\npairs EGF MET\n"
    code, out, _ = invoke("shell", stdin=script)
    assert code == 0
    assert "item" in pd.read_parquet("b")
    assert len(pd.read_parquet("c.parquet")) > 9
    assert out.startswith("EGF : MET")
    code, _, err = invoke("shell", stdin="similar EGF --format parquet\n")
    assert (code, err.startswith("line 1: Error: parquet needs a file")) == (2, True)


def test_a_missing_extra_is_told_before_the_work(small, invoke, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(AnalogiesJob, "__init__", None)
    code, out, err = invoke("analogies", "--all", "-o", tmp_path / "a.parquet")
    assert (code, out) == (2, "")
    assert err == (
        "Error: writing .parquet files needs pyarrow: pip install 'gene-analogies[parquet]'\n"
    )


def test_finished_work_is_kept(small, invoke, tmp_path, cache, monkeypatch):
    words = ["analogies", "--all", "-k", 1, "--format", "csv"]
    in_cache = invoke(*words)[:2]
    in_folder = invoke(*words, "--folder", tmp_path / "run")[:2]
    assert in_cache == in_folder
    assert (tmp_path / "run" / "answer.npz").exists()
    assert len(list((cache / "runs").iterdir())) == 1
    monkeypatch.setattr(AnalogiesJob, "solve", None)
    assert invoke(*words)[:2] == invoke(*words, "--folder", tmp_path / "run")[:2] == in_cache
    code, _, err = invoke(*words, "--max-similarity", 0.5, "--folder", tmp_path / "run")
    assert (code, len(told(err))) == (2, 1)
    assert "holds another run (analogies" in err


def test_an_interruption_says_how_to_go_on(small, invoke, tmp_path, monkeypatch):
    words = ["analogies", "--all", "--format", "csv", "--folder", str(tmp_path / "run")]
    monkeypatch.setattr("gene_analogies.search.analogies.one_item._ITEMS", 3)
    real = AnalogiesJob.solve

    def stopped(self, block, threshold):
        if (tmp_path / "run" / "block-000000.npz").exists():
            raise KeyboardInterrupt
        return real(self, block, threshold)

    monkeypatch.setattr(AnalogiesJob, "solve", stopped)
    with pytest.raises(click.Abort) as caught:
        cli.main(words, standalone_mode=False)
    kept = str(caught.value.__cause__)
    assert kept == "33 % is done; resume with the same command"
    monkeypatch.setattr(AnalogiesJob, "solve", real)
    code, out, _ = invoke(*words)
    assert (code, len(out.splitlines())) == (0, 1 + len(small.all_analogies()))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "analogies needs a name, or --all, which is for every item"),
        (["EGF", "--all"], "analogies needs a name, or --all, which goes without a name"),
        (["--all", "--distinct"], "--distinct is for one item: it goes without --all"),
        (["EGF", "--folder", "x"], "--dask, --workers and --folder go with --all"),
        (["EGF", "--dask", "local"], "--dask, --workers and --folder go with --all"),
        (["--all", "--workers", "3"], "--workers needs --dask local"),
        (["EGFF"], "no item is named 'EGFF'; did you mean"),
        (["TP53"], "TP53 .* no vector"),
        (["EGF", "-k", "0"], "k must be a whole number of at least 1, not 0"),
        (["--all", "-k", "20000"], "k must be at most 10,000, not 20,000"),
        (["EGF", "--max-similarity", "2"], "max_similarity must lie in −1..1, not 2.0"),
        (["EGF", "--truncate", "2"], "fewer than four items are left"),
        (["EGF", "--among", "no-such-file"], "no-such-file cannot be read"),
        (["EGF", "-o", "a.xlsx"], r"ending of 'a\.xlsx' names no format; .*\.json, \.parquet"),
    ],
)
def test_errors_are_one_line(small, invoke, arguments, message):
    code, out, err = invoke("analogies", *arguments)
    assert (code, out, len(told(err))) == (2, "", 1)
    assert re.match(f"Error: .*{message}", told(err)[0])


def test_wrong_usage(small, invoke):
    code, out, err = invoke("analogies", "EGF", "-k", "many")
    assert (code, out) == (2, "")
    assert "Usage: cli analogies" in err


def examples(command):
    """Return the words of each example of a command's help."""
    lines = [line.split() for line in command.epilog.splitlines()]
    return [shlex.split(" ".join(words[1:])) for words in lines if words[:1] == ["gene-analogies"]]


def few_items(words, count):
    """Return the words of a command, for the first few items and without Dask."""
    kept = list(words)
    for option, values in (("--truncate", 1), ("--dask", 1), ("--workers", 1)):
        if option in kept:
            place = kept.index(option)
            del kept[place : place + 1 + values]
    return [*kept, "--truncate", count]


def write_words(path, names):
    """Write vectors in word2vec's binary format."""
    vectors = np.random.default_rng(0).normal(size=(len(names), 8)).astype("<f4")
    rows = [f"{name} ".encode() + row.tobytes() for name, row in zip(names, vectors, strict=True)]
    path.write_bytes(f"{len(names)} 8\n".encode() + b"".join(rows))


@pytest.mark.parametrize("words", examples(analogies), ids=" ".join)
def test_examples_of_the_help(invoke, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    write_words(tmp_path / "vectors.bin", ["france", *(f"w{place}" for place in range(79))])
    words = ["vectors.bin" if word == "glove-6b-100d" else word for word in words]
    if "all.parquet" in words:
        pytest.importorskip("pyarrow")
    code, out, _ = invoke(*few_items(words, 60))
    assert code == 0
    if "--all" in words:
        assert pd.read_parquet("all.parquet")["a"].nunique() > 55
    else:
        assert out.startswith(f"{words[1]} : b ≈ c : d\n")
        assert len(out.splitlines()) > 8


def test_the_shell_understands_it(small, invoke):
    script = "analogies EGF -k 1\nanalogies\nanalogies --all -k 1 --folder\nEGF EGFR -k 1\n"
    code, out, err = invoke("shell", stdin=script)
    assert code == 2
    assert out.startswith("EGF : b ≈ c : d\n")
    assert "EGF : EGFR ≈ c : d\n" in out
    assert [line.split(":")[0] for line in told(err)] == ["line 2", "line 3"]
