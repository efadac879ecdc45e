"""Every file says where an answer came from."""

import hashlib
import json
import pickle

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.questions.origin import call_text
from gene_analogies.report.origin import Origin
from gene_analogies.report.registry import content, pieces, render

VERSION = f"made by gene-analogies {ga.__version__}"


@pytest.fixture
def space(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32)
    embedding = ga.Embedding([f"x{row}" for row in range(12)], vectors)
    ga.save(embedding, tmp_path / "words.npz")
    return ga.load(tmp_path / "words.npz", center=True)


def test_facts(space, tmp_path):
    found = space.pairs("x0", "x1", k=3)
    about = json.loads(render(found, "json"))["origin"]
    path = str(tmp_path / "words.npz")
    assert about["version"] == ga.__version__
    assert about["call"] == f"ga.load({path!r}, center=True).pairs('x0', 'x1', k=3)"
    (embedding,) = about["embeddings"]
    assert (embedding["name"], embedding["items"], embedding["dimension"]) == ("words.npz", 12, 4)
    assert embedding["steps"] == ["centered: the mean vector was subtracted"]
    assert embedding["sha256"] == space.embedding.sha256
    assert eval(about["call"], {"ga": ga}).equals(found)  # noqa: S307 - our own


def test_sha256_is_of_names_and_vectors():
    vectors = np.arange(6, dtype=np.float32).reshape(3, 2)
    digest = hashlib.sha256(b"float32 (3, 2)")
    for name in "abc":
        digest.update((1).to_bytes(8, "little") + name.encode())
    digest.update(vectors.astype("<f4").tobytes())
    assert ga.Embedding("abc", vectors).sha256 == digest.hexdigest()
    assert ga.Embedding("abd", vectors).sha256 != digest.hexdigest()
    assert ga.Embedding("abc", vectors.astype(float)).sha256 != digest.hexdigest()
    assert ga.Embedding(["a", "b", "\ud800"], vectors).sha256


def test_every_file_but_csv(space):
    found = space.pairs("x0", "x1", k=2).having_origin(
        Origin((space.embedding,), command="gene-analogies pairs x0 x1")
    )
    line = "embedding: words.npz (12 items × 4; npz; centered: the mean vector was subtracted)"
    for form in ("markdown", "table"):
        text = content(found, form).decode()
        assert line in text.replace("\\", "")
        assert VERSION in text
        assert "gene-analogies pairs x0 x1" in text
    assert VERSION not in render(found, "table")
    html = found._repr_html_()
    assert line in html
    assert "<code>gene-analogies pairs x0 x1</code>" in html
    for form in ("csv", "tsv", "spreadsheet"):
        plain = b"".join(pieces(found, form))
        assert plain == render(found, form).encode()
        headed = b"".join(pieces(found, form, header=True)).decode()
        assert headed.endswith(plain.decode())
        head = headed.removesuffix(plain.decode()).splitlines()
        assert [one[:2] for one in head] == ["# "] * 3
        assert head[2] == "# repeat: gene-analogies pairs x0 x1"
    pytest.importorskip("pyarrow")
    import io

    import pyarrow.parquet as pq

    metadata = pq.read_schema(io.BytesIO(content(found, "parquet"))).metadata
    assert json.loads(metadata[b"origin"]) == found.origin.facts


def test_every_question_has_one(space):
    for answer in (
        space.similar("x0"),
        space.similar_overall(),
        space.complete("x0", "x1", "x2"),
        space.analogies("x0"),
        space.all_analogies(k=1),
        space.top(k=1),
        space.pairs_each([("x0", "x1")]),
        space.relation([("x0", "x1"), ("x2", "x3")]),
    ):
        assert answer.origin is not None, answer.question
        assert answer.origin.described[0]["name"] == "words.npz"
        assert answer.origin.call.startswith("ga.load("), answer.question


def test_what_cannot_be_repeated_has_no_call(space):
    found = space.pairs(offset=np.ones(4))
    assert found.origin.call is None
    assert found.origin.repeats == ""
    assert "repeat" not in content(found, "table").decode()
    made = ga.Space(ga.Embedding(list("abcd"), np.eye(4)))
    assert made.pairs("a", "b").origin.call is None
    assert made.pairs("a", "b").origin.lines[0].startswith("embedding: embedding (4 items × 4),")
    assert call_text("f", ["a" * 2_000], {}) is None
    assert call_text("f", [[("a", "b")]], {"k": None}) == "f([('a', 'b')], k=None)"


def test_a_copy_holds_no_vectors(space):
    found = space.pairs("x0", "x1", k=2)
    expected = found.origin.facts
    copy = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert copy.origin.embeddings == ()
    assert copy.origin.facts == expected


def test_markup_in_a_command_stays_text(space):
    found = space.pairs("x0", "x1", k=1).having_origin(Origin((), command="a `b` <c>\x1b"))
    assert "`` a `b` <c>\ufffd ``" in found.to_markdown()
    assert "<code>a `b` &lt;c&gt;\ufffd</code>" in found._repr_html_()
