"""What a name, a path or an object means."""

import sys
from pathlib import Path

import anndata
import numpy as np
import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.loading.locate import Located, locate


def test_the_built_in_embedding():
    assert locate("pubmed") == Located("pubmed")


def test_files_and_folders(tmp_path):
    for source, path in (
        (str(tmp_path), tmp_path),
        (tmp_path / "none", tmp_path / "none"),  # the reader tells that it is not there
        (Path("pubmed"), Path("pubmed")),
    ):
        assert locate(source) == Located(str(source), path)


@pytest.mark.skipif(sys.platform == "win32", reason="the home folder as on POSIX")
def test_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.txt").touch()
    assert locate("~/a.txt") == Located("~/a.txt", tmp_path / "a.txt")


def test_an_object_and_what_has_been_located():
    adata = anndata.AnnData(np.eye(2))
    found = locate(adata)
    assert (found.label, found.path) == ("AnnData in memory", None)
    assert found.adata is adata
    assert locate(found) is found


def test_a_published_embedding_is_obtained_once_it_is_known(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENE_ANALOGIES_DATA", str(tmp_path / "data"))
    asked = []

    def obtain(name):
        asked.append(name)
        return tmp_path / "gene2vec.txt"

    assert locate("gene2vec", obtain=obtain) == Located("gene2vec", tmp_path / "gene2vec.txt")
    with pytest.raises(GeneAnalogiesError, match=r"no file or folder 'gene2ve', .* mean gene2vec"):
        locate("gene2ve", obtain=obtain)
    locate("pubmed", obtain=obtain)
    assert asked == ["gene2vec"]
