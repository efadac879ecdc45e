"""From a name, a file or an object to an embedding: what is read, and by which name."""

from __future__ import annotations

import gzip
import logging

import anndata
import numpy as np
import pandas as pd
import pytest

import gene_analogies as ga
from gene_analogies.loading.locate import locate
from gene_analogies.loading.read import read

NAMES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR"]


@pytest.fixture
def vectors():
    return np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


@pytest.fixture
def text(tmp_path, vectors):
    """Word2vec text, with one name twice at the end."""
    lines = [
        " ".join([name, *map(repr, row.tolist())])
        for name, row in zip([*NAMES, "EGF"], [*vectors, vectors[1]], strict=True)
    ]
    path = tmp_path / "genes.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_file_is_loaded_with_its_first_rows_and_a_warning(text, vectors, caplog):
    with caplog.at_level(logging.WARNING):
        space = ga.load(text)
    assert space.embedding.names == tuple(NAMES)
    np.testing.assert_array_equal(space.embedding.vectors, vectors)
    assert space.embedding.provenance["format"] == "word2vec-text"
    assert space.embedding.provenance["source"] == str(text)
    assert "1 names come more than once, such as 'EGF'" in caplog.text
    assert [pair.c for pair in space.pairs("EGF", "EGFR", k=2)]


def test_options_reach_the_embedding(text):
    embedding = ga.load_embedding(str(text), duplicates="mean", center=True, unit=True, truncate=4)
    assert embedding.names == tuple(NAMES[:4])
    np.testing.assert_allclose(np.linalg.norm(embedding.vectors, axis=1), 1, rtol=1e-6)
    assert len(embedding.provenance["steps"]) == 4


def test_duplicates_come_before_truncate(text, vectors):
    found = ga.load_embedding(text, duplicates="mean", truncate=2)
    np.testing.assert_allclose(found.vectors[0], (vectors[0] + vectors[1]) / 2, rtol=1e-6)
    with pytest.raises(ga.GeneAnalogiesError, match="1 names come more than once"):
        ga.load_embedding(text, duplicates="error", truncate=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"key": "zzz"}, "key 'zzz' has no meaning for word2vec-text"),
        ({"names": "other.txt"}, "names 'other.txt' has no meaning for word2vec-text"),
        ({"names": 5}, "names must be text, not 5"),
        ({"clean_words": True, "duplicates": "mean"}, "duplicates='mean' contradicts it"),
        ({"remove_components": None}, "remove_components must be a whole number"),
    ],
)
def test_options_without_a_meaning_are_refused(text, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        ga.load_embedding(text, **options)


@pytest.mark.parametrize("source", ["", " ", "~nobody-of-this-name/x.txt"])
def test_sources_that_are_nothing(source):
    with pytest.raises(ga.GeneAnalogiesError, match=r"source is empty|no file or folder"):
        ga.load(source)


def test_truncate_counts_rows_after_duplicates(tmp_path):
    path = tmp_path / "twice.txt"
    path.write_text("a 1 2\na 3 4\nb 5 6\nc 7 8\n", encoding="utf-8")
    embedding = ga.load_embedding(path, truncate=2, duplicates="mean")
    assert embedding.names == ("a", "b")
    np.testing.assert_array_equal(embedding.vectors, [[2, 3], [5, 6]])


def test_the_format_can_be_told(tmp_path):
    path = tmp_path / "odd.dat.gz"
    path.write_bytes(gzip.compress(b"gene,x,y\nEGF,1,2\nHGF,3,4\n"))
    assert ga.load_embedding(path, format="table").names == ("EGF", "HGF")
    with pytest.raises(ga.GeneAnalogiesError, match="there is no format 'csv'; choose from"):
        ga.load_embedding(path, format="csv")


def test_an_anndata_object(vectors):
    adata = anndata.AnnData(vectors, obs=pd.DataFrame(index=NAMES))
    embedding = ga.load_embedding(adata, key="X")
    assert embedding.names == tuple(NAMES)
    np.testing.assert_array_equal(embedding.vectors, vectors)
    assert embedding.provenance["source"] == "AnnData in memory"


def test_other_objects_are_refused():
    with pytest.raises(
        ga.GeneAnalogiesError, match=r"a pandas DataFrame or a tuple \(names, array\), not a in"
    ):
        ga.load(7)


def test_the_built_in_embedding_can_be_prepared():
    embedding = ga.load_embedding("pubmed", truncate=50, center=True)
    assert len(embedding) == 50
    assert abs(embedding.vectors.mean(axis=0)).max() < 1e-6
    with pytest.raises(ga.GeneAnalogiesError, match="pubmed is built in; it takes no key"):
        ga.load("pubmed", key="X")


def test_built_in_names_win_over_files_and_files_over_the_catalogue(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENE_ANALOGIES_DATA", str(tmp_path / "data"))
    (tmp_path / "pubmed").write_text("a 1\nb 2\n", encoding="utf-8")
    assert locate("pubmed").path is None
    with pytest.raises(ga.GeneAnalogiesError, match="gene-analogies fetch gene2vec"):
        locate("gene2vec")
    (tmp_path / "gene2vec").write_text("a 1\nb 2\n", encoding="utf-8")
    assert read("gene2vec").names == ["a", "b"]


def test_a_path_of_nothing_names_what_is_near(text):
    with pytest.raises(ga.GeneAnalogiesError, match=r"did you mean genes\.txt"):
        ga.load(text.with_name("gene.text").as_posix())


def test_a_name_of_nothing_lists_what_there_is():
    with pytest.raises(ga.GeneAnalogiesError, match=r"no file .* 'wholly-other'.*geneformer-v2"):
        ga.load("wholly-other")
