"""What a reader opened comes back, whichever file of several it was given."""

import pickle
from pathlib import Path

import examples_anndata
import examples_models
import examples_tables
import examples_words
import numpy as np
import pytest

from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source

EXAMPLES = (
    examples_anndata.EXAMPLES
    | examples_models.EXAMPLES
    | examples_tables.EXAMPLES
    | examples_words.EXAMPLES
)


def files_of(source, **options):
    return read_contents(Source(source), ReadOptions(allow_gensim=True, **options)).files


@pytest.mark.parametrize("example", EXAMPLES, ids="-".join)
def test_every_file_of_an_example(tmp_path, example, monkeypatch):
    """The examples write nothing that is not read."""
    source = EXAMPLES[example](tmp_path)
    files = files_of(source)
    assert source.is_dir() or files[0] == source
    assert sorted(files) == sorted(filter(Path.is_file, tmp_path.rglob("*")))
    monkeypatch.chdir(tmp_path)
    assert files_of(source.relative_to(tmp_path)) == files


@pytest.mark.parametrize("example", [("geneformer", "safetensors"), ("scgpt", "file")])
def test_a_folder(tmp_path, example):
    EXAMPLES[example](tmp_path)
    assert sorted(files_of(tmp_path)) == sorted(tmp_path.iterdir())


TAKES_NAMES = ("h5ad", "json", "npz", "parquet", "pickle", "projector", "safetensors", "table")


@pytest.mark.parametrize(
    "example", [one for one in EXAMPLES if one[0] in TAKES_NAMES], ids="-".join
)
def test_a_file_of_names_that_is_given(tmp_path, example):
    (tmp_path / "given").mkdir()
    source = EXAMPLES[example](tmp_path)
    count = len(read_contents(Source(source), ReadOptions()).names)
    names = tmp_path / "given" / "names.txt"
    names.write_text("".join(f"G{row}\n" for row in range(count)))
    found = read_contents(Source(source), ReadOptions(names=names))
    assert found.names[:2] == ["G0", "G1"]
    assert names in found.files


def test_an_array_and_its_names(tmp_path):
    np.save(tmp_path / "x.npy", np.eye(2))
    (tmp_path / "x_genes.txt").write_text("EGF\nEGFR\n")
    (tmp_path / "other.txt").write_text("EGF\nEGFR\n")
    assert files_of(tmp_path / "x.npy") == (tmp_path / "x.npy", tmp_path / "x_genes.txt")


def test_a_dictionary_in_the_folder_above_and_one_that_does_not_fit(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    source = EXAMPLES["geneformer", "safetensors"](folder)
    dictionary = folder / "token_dictionary_gc104M.pkl"
    below = tmp_path / "geneformer" / dictionary.name
    below.parent.mkdir()
    dictionary.rename(below)
    tried = tmp_path / "token_dictionary_other.json.pkl"
    tried.write_bytes(pickle.dumps({"EGF": 0}))
    symbols = folder / "gene_name_id_dict_gc104M.pkl"
    assert files_of(source) == (source, folder / "config.json", tried, below, symbols)
