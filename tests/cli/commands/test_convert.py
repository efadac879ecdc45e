"""What convert writes, read back by the library whose format it is, and by our own reader."""

import json
import re
import warnings
from pathlib import Path

import examples_models
import numpy as np
import pandas as pd
import pytest

from gene_analogies import load_embedding
from gene_analogies.sources.catalogue import parse

NAMES = ["EGFR", "ENSG00000141510.18", "MT-CO1", "<pad>"]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3) / 7 - 0.5


@pytest.fixture
def made(tmp_path):
    """An embedding file as NumPy writes it."""
    np.savez(tmp_path / "made.npz", embeddings=VECTORS, genes=np.array(NAMES))
    return tmp_path / "made.npz"


def read_h5ad(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import anndata

    found = anndata.read_h5ad(path)
    return list(found.obs_names), found.X, found.obs


def read_parquet(path):
    found = pd.read_parquet(path)
    return list(found.name), np.stack(found.vector), found


def read_npz(path):
    found = np.load(path)
    return list(found["genes"]), found["embeddings"], None


def read_word2vec(path):
    models = pytest.importorskip("gensim.models")
    found = models.KeyedVectors.load_word2vec_format(path, binary=path.suffix == ".bin")
    return found.index_to_key, found.vectors, None


def read_projector(path):
    metadata = pd.read_csv(path / "metadata.tsv", sep="\t", keep_default_na=False, dtype=str)
    tensors = pd.read_csv(path / "tensors.tsv", sep="\t", header=None)
    return list(metadata.name), tensors.to_numpy(np.float32), metadata


WRITTEN = {
    "x.h5ad": ("h5ad", read_h5ad),
    "x.parquet": ("parquet", read_parquet),
    "x.npz": ("npz", read_npz),
    "x.bin": ("word2vec-binary", read_word2vec),
    "x.txt": ("word2vec-text", read_word2vec),
    "x.vec": ("word2vec-text", read_word2vec),
    "x.txt.gz": ("word2vec-text", read_word2vec),
    "x/": ("projector", read_projector),
}


@pytest.mark.parametrize("target", WRITTEN)
def test_round_trip(invoke, made, tmp_path, target):
    name, read = WRITTEN[target]
    out_path = f"{tmp_path}/{target}"
    code, out, err = invoke("convert", made, out_path)
    assert (code, err) == (0, "")
    assert out == f"{name}: 4 × 3 written to {out_path}\n"
    names, vectors, columns = read(tmp_path / target)
    assert names == NAMES
    np.testing.assert_array_equal(vectors, VECTORS)
    if columns is not None:
        assert list(columns["approved_symbol"]) == ["EGFR", "TP53", "MT-CO1", ""]
        assert list(columns["entrez"]) == ["1956", "7157", "4512", ""]
        assert list(columns["full_name"])[3] == ""
    again = load_embedding(out_path)
    assert again.names == tuple(NAMES)
    np.testing.assert_array_equal(again.vectors, VECTORS)
    assert again.vectors.dtype == np.float32
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(
        ["made.npz", target.removesuffix("/")]
    )


def test_words_get_no_columns(invoke, tmp_path):
    np.savez(tmp_path / "words.npz", embeddings=VECTORS, genes=np.array(list("abcd")))
    assert invoke("convert", tmp_path / "words.npz", tmp_path / "x.parquet")[0] == 0
    assert list(pd.read_parquet(tmp_path / "x.parquet")) == ["name", "vector"]


def test_the_format_may_be_told(invoke, made, tmp_path):
    code, out, _ = invoke("convert", made, tmp_path / "x.dat", "--to", "word2vec-text")
    assert (code, out) == (0, f"word2vec-text: 4 × 3 written to {tmp_path / 'x.dat'}\n")
    assert (tmp_path / "x.dat").read_text().startswith("4 3\nEGFR ")


def test_options_of_reading_and_preparing(invoke, made, tmp_path):
    (tmp_path / "names").write_text("MT-CO1\n1956\n")
    options = ["--among", tmp_path / "names", "--center", "--unit"]
    assert invoke("convert", made, tmp_path / "x.npz", *options)[0] == 0
    names, vectors, _ = read_npz(tmp_path / "x.npz")
    assert sorted(names) == ["EGFR", "MT-CO1"]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-6)
    np.testing.assert_allclose(vectors.sum(axis=0), 0.0, atol=1e-6)


def test_an_old_file_is_replaced(invoke, made, tmp_path):
    (tmp_path / "x.txt").write_text("old")
    assert invoke("convert", made, tmp_path / "x.txt")[0] == 0
    assert (tmp_path / "x.txt").read_text().startswith("4 3\n")


@pytest.fixture
def unchanged(tmp_path):
    """Check that no file was changed, made or left behind."""

    def state():
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def check(before):
        assert state() == before

    return state, check


def refused(invoke, *arguments):
    code, out, err = invoke("convert", *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    return err


def test_the_input_is_not_replaced(invoke, made, tmp_path, unchanged):
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link.npz"
    link.symlink_to(made)
    state, check = unchanged
    before = state()
    for target in (made, link, tmp_path / "folder" / ".." / "made.npz"):
        error = refused(invoke, made, target)
        assert error == f"Error: {target} is read, too: write elsewhere\n"
    check(before)


def test_the_input_folder_is_not_replaced(invoke, made, tmp_path):
    assert invoke("convert", made, f"{tmp_path}/x/")[0] == 0
    assert "is read, too" in refused(invoke, tmp_path / "x", f"{tmp_path}/x/")


def test_a_folder_that_holds_the_input_is_not_replaced(invoke, made, tmp_path, unchanged):
    folder = tmp_path / "x"
    assert invoke("convert", made, f"{folder}/")[0] == 0
    state, check = unchanged
    before = state()
    error = refused(invoke, folder / "tensors.tsv", f"{folder}/")
    assert error == (
        f"Error: {folder}/ holds {folder / 'tensors.tsv'}, which is read: write elsewhere\n"
    )
    check(before)


def test_a_download_is_not_replaced(invoke, tmp_path, unchanged, monkeypatch):
    monkeypatch.setenv("GENE_ANALOGIES_DATA", str(tmp_path))
    fields = {
        "title": "Toy", "kind": "genes", "description": "Toys.", "licence": "MIT",
        "citation": "Toy A (2020)", "homepage": "https://example.org", "tried": True,
        "address": "http://127.0.0.1:9/toy.txt", "open": "toy.txt", "size": "a toy",
        "files": [{"path": "toy.txt"}],
    }  # fmt: skip
    entries = parse(json.dumps({"toy": fields}))
    monkeypatch.setattr("gene_analogies.sources.catalogue.catalogue", lambda: entries)
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "toy.txt").write_text("EGF 1 0\nEGFR 0 1\n")
    assert invoke("convert", "toy", tmp_path / "x.txt")[0] == 0  # fetched.json is there now
    state, check = unchanged
    before = state()
    assert "toy.txt is read, too" in refused(invoke, "toy", tmp_path / "toy" / "toy.txt")
    check(before)


def test_the_folder_one_is_in_stays(invoke, made, tmp_path, monkeypatch):
    folder = tmp_path / "x"
    folder.mkdir(mode=0o750)
    monkeypatch.chdir(folder)
    state = folder.stat()
    for _ in range(2):
        assert invoke("convert", made, "./")[0] == 0
        assert sorted(one.name for one in Path.cwd().iterdir()) == ["metadata.tsv", "tensors.tsv"]
    assert (folder.stat().st_ino, folder.stat().st_mode) == (state.st_ino, state.st_mode)


@pytest.mark.parametrize("option", ["--names", "--among", "--order"])
def test_a_file_of_names_is_not_replaced(invoke, made, tmp_path, unchanged, option):
    (tmp_path / "names.txt").write_text("\n".join(NAMES))
    state, check = unchanged
    before = state()
    arguments = [option, tmp_path / "names.txt"]
    assert "is read, too" in refused(invoke, made, tmp_path / "names.txt", *arguments)
    check(before)


def test_names_found_beside_an_array_are_not_replaced(invoke, tmp_path, unchanged):
    np.save(tmp_path / "x.npy", VECTORS)
    (tmp_path / "x.txt").write_text("\n".join(NAMES))
    state, check = unchanged
    before = state()
    assert "is read, too" in refused(invoke, tmp_path / "x.npy", tmp_path / "x.txt")
    check(before)


def test_a_token_dictionary_in_the_folder_above_is_not_replaced(invoke, tmp_path, unchanged):
    folder = tmp_path / "model"
    folder.mkdir()
    source = examples_models.EXAMPLES["geneformer", "safetensors"](folder)
    dictionary = tmp_path / "token_dictionary_gc104M.pkl"
    (folder / dictionary.name).rename(dictionary)
    state, check = unchanged
    before = state()
    error = refused(invoke, source, dictionary, "--to", "npz")
    assert error == f"Error: {dictionary} is read, too: write elsewhere\n"
    check(before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{made}", "{folder}/x.tsv"], "the ending of .*x.tsv is of no format; choose from"),
        (["{made}", "{folder}/x.kv", "--to", "gensim"], "gensim is only read; choose from"),
        (["{made}", "{folder}/x.npz", "--to", "nope"], "there is no format 'nope'; choose from"),
        (["{made}", "{folder}/none/x.npz"], "there is no folder .*none to write x.npz into"),
        (["{folder}/none.npz", "{folder}/x.npz"], "none.npz"),
    ],
)
def test_errors(invoke, made, tmp_path, arguments, message):
    filled = [one.format(made=made, folder=tmp_path) for one in arguments]
    error = refused(invoke, *filled)

    assert re.match(f"Error: .*{message}", error)
    assert [one.name for one in tmp_path.iterdir()] == ["made.npz"]


def test_a_wrong_ending_is_told_before_anything_is_read(invoke, tmp_path):
    assert "the ending of" in refused(invoke, tmp_path / "none.npz", tmp_path / "x.nope")


def test_an_embedding_that_cannot_be_loaded_leaves_nothing(invoke, tmp_path):
    vectors = VECTORS.copy()
    vectors[1, 1] = np.nan
    np.savez(tmp_path / "made.npz", embeddings=vectors, genes=np.array(NAMES))
    assert "NaN" in refused(invoke, tmp_path / "made.npz", tmp_path / "x.npz")
    assert [one.name for one in tmp_path.iterdir()] == ["made.npz"]
