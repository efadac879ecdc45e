"""What stands beside analogies: how close their members are, their papers, their ids."""

import pickle

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.report.registry import render
from gene_analogies.results import analogy_evidence

GENES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR", "NGF", "NTRK1", "LEP", "LEPR"]


@pytest.fixture(scope="module")
def space():
    return ga.Space(ga.Embedding(GENES, np.random.default_rng(0).normal(size=(10, 5))))


def ask(space, question):
    if question == "analogies":
        return space.analogies("EGF", k=30, max_similarity=1)
    return getattr(space, question)(k=5, max_similarity=1)


@pytest.mark.parametrize("question", ["analogies", "top", "all_analogies"])
def test_evidence(space, question, monkeypatch):
    monkeypatch.setattr(analogy_evidence, "_AT_ONCE", 7)
    found = ask(space, question)
    frame = found.to_frame()
    assert len(frame) > 4
    for first, second in ("ab", "cd", "ac", "bd"):
        expected = [
            space.similarity(x, y) for x, y in zip(frame[first], frame[second], strict=True)
        ]
        assert frame[f"cos_{first}{second}"].tolist() == expected
    for first, second in ("ab", "cd"):
        counts = [len(ga.papers(x, y)) for x, y in zip(frame[first], frame[second], strict=True)]
        assert frame[f"papers_{first}{second}"].tolist() == counts
    assert set(frame["c_entrez"]) <= {"1950", "1956", "3082", "4233", "3630", "3643", "4803",
                                      "4914", "3952", "3953"}  # fmt: skip
    assert frame["a_hgnc"][0].startswith("HGNC:")
    assert "cos(c, d)" in render(found, "table")
    copy = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert copy.evidence.prepared is None
    assert copy.to_frame().equals(frame)


def test_words_have_no_papers():
    names = [f"word{number}" for number in range(8)]
    vectors = np.random.default_rng(1).normal(size=(8, 4))
    frame = ga.Space(ga.Embedding(names, vectors), genes=None).top(max_similarity=1).to_frame()
    assert "cos_ab" in frame
    assert not [name for name in frame if name.startswith("papers") or name.endswith("entrez")]


def test_an_answer_without_rows(space):
    found = space.top(k=5, max_similarity=-1)
    assert len(found) == 0
    assert render(found, "json")
    assert list(found.to_frame()["cos_cd"]) == []
