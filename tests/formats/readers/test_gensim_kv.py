"""gensim's own files, of every layout since 0.12, and what must never be run or believed."""

from __future__ import annotations

import pickle
import re
import shutil

import numpy as np
import pytest
from examples_words import NAMES, VECTORS, fasttext_model, keyed_vectors

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import gensim_kv
from gene_analogies.formats.registry import find_format, read_contents
from gene_analogies.formats.source import Source

models = pytest.importorskip("gensim.models")
datapath = pytest.importorskip("gensim.test.utils").datapath

ALLOWED = ReadOptions(allow_gensim=True)


@pytest.fixture
def saved(tmp_path):
    """gensim's KeyedVectors in a file, with what is changed in them first."""

    def call(*, separately=(), **changes):
        made = keyed_vectors()
        for name, value in changes.items():
            setattr(made, name, value)
        path = tmp_path / "vectors.kv"
        made.save(str(path), separately=list(separately))
        return path

    return call


def read(path, options=ALLOWED):
    return gensim_kv.read(Source(path), options)


@pytest.mark.parametrize("separately", [[], ["vectors"]])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_keyed_vectors(saved, dtype, separately):
    path = saved(vectors=VECTORS.astype(dtype), separately=separately)
    assert path.with_name("vectors.kv.vectors.npy").exists() == bool(separately)
    found = read(path)
    assert found.names == NAMES
    assert found.vectors.dtype == (np.float64 if dtype == np.float64 else np.float32)
    assert np.array_equal(found.vectors, VECTORS.astype(dtype))
    assert found.vectors.flags.c_contiguous
    assert not found.vectors.flags.writeable
    assert found.details == ({"vectors": "vectors.kv.vectors.npy"} if separately else {})
    assert read(path, ReadOptions(allow_gensim=True, limit=2)).names == NAMES[:2]
    assert read(path, ReadOptions(allow_gensim=True, limit=2)).vectors.shape == (2, 3)


@pytest.mark.parametrize("separately", [[], ["vectors"]])
@pytest.mark.parametrize("vectors", [np.asfortranarray(VECTORS), VECTORS.astype(">f4")])
def test_other_orders(saved, vectors, separately):
    found = read(saved(vectors=vectors, separately=separately))
    assert np.array_equal(found.vectors, VECTORS)
    assert found.vectors.dtype.isnative
    assert found.vectors.flags.c_contiguous


def test_the_array_is_not_mapped(saved):
    """What happens to the file later does not reach the vectors."""
    path = saved(separately=["vectors"])
    found = read(path)
    beside = path.with_name("vectors.kv.vectors.npy")
    beside.write_bytes(bytes(beside.stat().st_size))
    assert np.array_equal(found.vectors, VECTORS)


@pytest.mark.parametrize("limit", [10 * 2**20, 10])
def test_word2vec_model(tmp_path, monkeypatch, limit):
    path = tmp_path / "word2vec.model"
    model = models.Word2Vec([NAMES] * 3, vector_size=3, min_count=1, workers=1)
    model.save(str(path), sep_limit=limit)
    assert path.with_name("word2vec.model.wv.vectors.npy").exists() == (limit == 10)
    found = read(path)
    assert found.names == model.wv.index_to_key
    assert np.array_equal(found.vectors, model.wv.vectors)


@pytest.mark.parametrize(
    "name",
    [
        "old_w2v_models/w2v_1.0.0.mdl",
        "old_w2v_models/w2v_3.2.0.mdl",
        "old_w2v_models/w2v_3.4.0.mdl",
        "model-from-gensim-3.8.0.w2v",
    ],
)
def test_old_gensim(name):
    """Files of older gensim, in gensim's own test data, beside what gensim reads in them."""
    source = Source(datapath(name))
    assert gensim_kv.recognises(source)
    found = gensim_kv.read(source, ALLOWED)
    theirs = models.Word2Vec.load(datapath(name)).wv
    assert found.names == theirs.index_to_key
    assert np.array_equal(found.vectors, theirs.vectors)


@pytest.mark.parametrize("python", [2, 3])
def test_older_gensim(python):
    """Of before KeyedVectors; gensim 4 itself cannot read them."""
    found = read(datapath(f"word2vec_pre_kv_sep_py{python}"))
    assert found.names == ["the", "to", "of", "in", "and", "for", "has", "have", "are"]
    beside = np.load(datapath(f"word2vec_pre_kv_sep_py{python}.syn0.npy"))
    assert np.array_equal(found.vectors, beside)
    assert read(datapath(f"word2vec_pre_kv_py{python}")).names == found.names


def test_old_keyed_vectors():
    found = read(datapath("old_keyedvectors_320.dat"))
    theirs = models.KeyedVectors.load(datapath("old_keyedvectors_320.dat"))
    assert found.names == theirs.index_to_key
    assert np.array_equal(found.vectors, theirs.vectors)


def test_only_when_allowed(saved):
    path = saved()
    assert find_format(Source(path)).name == "gensim"
    message = "gensim's pickle; it is read, as data alone, with --allow-gensim (allow_gensim=True)"
    with pytest.raises(FormatError, match=re.escape(message)):
        read_contents(Source(path), ReadOptions())
    assert read_contents(Source(path), ALLOWED).names == NAMES


class _Runs:
    """Would write a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return shutil.copy, (str(self.path), f"{self.path}.ran")


def test_nothing_is_run(saved, tmp_path):
    path = saved(expandos=_Runs(tmp_path / "vectors.kv"))
    with pytest.raises(FormatError, match=r"refers to shutil\.copy"):
        read(path)
    assert not (tmp_path / "vectors.kv.ran").exists()


@pytest.mark.parametrize("save", ["kv", "model"])
def test_fasttext(tmp_path, save):
    model = fasttext_model()
    path = tmp_path / "fasttext"
    (model if save == "model" else model.wv).save(str(path))
    with pytest.raises(FormatError, match="found gensim's FastTextKeyedVectors, whose vectors it"):
        read(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vectors": VECTORS[:4]}, "expected 5 vectors, found 4"),
        ({"vectors": VECTORS[0]}, "vectors: expected vectors, found float32 of shape (3,)"),
        ({"vectors": VECTORS[:, :0]}, "vectors: expected vectors, found float32 of shape (5, 0)"),
        ({"vectors": np.full((5, 3), "x")}, "vectors: expected vectors, found <U1 of shape (5, 3)"),
        ({"vectors": None}, "expected an array vectors or syn0, found none"),
        ({"index_to_key": None}, "found no list index_to_key"),
        ({"index_to_key": ["A", "B", 3, "C", "D"]}, "key 3: expected keys that are text, found 3"),
        ({"index_to_key": [1.5] * 5}, "found no list index_to_key"),
    ],
)
def test_broken(saved, changes, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        read(saved(**changes))


def test_other_pickles(tmp_path):
    path = tmp_path / "vectors.kv"
    path.write_bytes(pickle.dumps({"A": [1.0, 2.0]}))
    assert not gensim_kv.recognises(Source(path))
    with pytest.raises(FormatError, match="expected gensim's KeyedVectors, found dict"):
        read(path)
    path.write_bytes(b"\x80\x04 no pickle, if one that mentions gensim.models")
    assert gensim_kv.recognises(Source(path))
    with pytest.raises(FormatError, match=re.escape("vectors.kv: byte 2: ")):
        read(path)
    assert not gensim_kv.recognises(Source(tmp_path))


def test_cut(saved):
    path = saved()
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(FormatError, match=r"vectors\.kv: byte \d+: expected"):
        read(path)


def test_broken_array_beside(saved):
    path = saved(separately=["vectors"])
    beside = path.with_name("vectors.kv.vectors.npy")
    content = beside.read_bytes()
    huge = content.replace(b"(5, 3), }         ", b"(5000000000, 30), }")
    assert len(huge) == len(content) + 1
    for broken in (content[:-1], content[:20], b"", huge, pickle.dumps([1])):
        beside.write_bytes(broken)
        with pytest.raises(FormatError, match=r"vectors\.kv\.vectors\.npy: expected "):
            read(path)
    beside.unlink()
    with pytest.raises(FormatError, match=r"expected vectors in vectors\.kv\.vectors\.npy"):
        read(path)


def test_array_of_objects_beside(saved):
    path = saved(separately=["vectors"])
    np.save(path.with_name("vectors.kv.vectors.npy"), np.array([[_Runs(path)]]), allow_pickle=True)
    with pytest.raises(FormatError, match=r"vectors\.kv\.vectors\.npy: expected "):
        read(path)
    assert not path.with_name("vectors.kv.ran").exists()
