"""Checkpoints of PyTorch and safetensors: which matrix is meant, under whichever name."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source

torch = pytest.importorskip("torch")

GENES = ["EGF", "EGFR", "HGF", "MET"]
VECTORS = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
TABLE = torch.from_numpy(VECTORS)
OTHER = torch.ones(2, 3)


@pytest.fixture
def read(tmp_path):
    """Save an object with torch and read it, the names from a file of another name."""
    names = tmp_path / "my_genes.txt"
    names.write_text("\n".join(GENES))

    def call(content, key=None, names=names):
        torch.save(content, tmp_path / "model.pt")
        return read_contents(Source(tmp_path / "model.pt"), ReadOptions(key=key, names=names))

    return call


def _check(found, vectors=VECTORS):
    assert found.names == GENES
    np.testing.assert_array_equal(found.vectors, vectors)
    assert found.vectors.dtype == np.float32
    assert not found.vectors.flags.writeable


ONE_MATRIX = {
    "tensor": (TABLE, None),
    "a dictionary of it": ({"weight": TABLE}, "weight"),
    "a layer": (torch.nn.Embedding.from_pretrained(TABLE).state_dict(), "weight"),
    "with biases": ({"emb.weight": TABLE, "norm.bias": torch.ones(3)}, "emb.weight"),
    "state_dict": ({"state_dict": {"emb.weight": TABLE}, "epoch": 3}, "state_dict.emb.weight"),
    "model": ({"model": {"module.emb.weight": TABLE}}, "model.module.emb.weight"),
    "gene": ({"gene": TABLE, "epoch": 3}, "gene"),
    "gene of a state": ({"model": {"gene": {"weight": TABLE}}}, "model.gene.weight"),
    "beside codes": ({"emb": TABLE, "codes": torch.ones(4, 3, dtype=torch.int64)}, "emb"),
    "beside an optimizer": (
        {"state_dict": {"emb": TABLE}, "optimizer_states": {"emb": TABLE}},
        "state_dict.emb",
    ),
}


@pytest.mark.parametrize(("content", "key"), ONE_MATRIX.values(), ids=ONE_MATRIX)
def test_one_matrix(read, content, key):
    found = read(content)
    _check(found)
    expected = {"format": "torch", "names": "my_genes.txt"}
    assert found.details == ({**expected, "vectors": key} if key else expected)


@pytest.mark.parametrize("way", [{}, {"_use_new_zipfile_serialization": False}])
def test_names_beside(tmp_path, way):
    torch.save({"state_dict": {"emb.weight": TABLE}}, tmp_path / "model.pt", **way)
    (tmp_path / "genes.txt").write_text("\n".join(GENES))
    found = read_contents(Source(tmp_path / "model.pt"), ReadOptions())
    _check(found)
    assert found.files == (tmp_path / "model.pt", tmp_path / "genes.txt")


def test_names_that_do_not_fit(read, tmp_path):
    (tmp_path / "three.txt").write_text("EGF\nEGFR\nHGF")
    with pytest.raises(FormatError, match="expected 4 names for as many rows, found 3 in"):
        read({"emb.weight": TABLE}, names=tmp_path / "three.txt")


@pytest.mark.parametrize(
    "prefix",
    ["", "module.", "_orig_mod.", "model.", "module._orig_mod.", "_orig_mod.module.model."],
)
@pytest.mark.parametrize("nest", [lambda state: state, lambda state: {"state_dict": state}])
def test_a_tensor_by_its_key(read, prefix, nest):
    state = {f"{prefix}genes.weight": TABLE, f"{prefix}cells.weight": OTHER}
    full = ("state_dict." if "state_dict" in nest(state) else "") + f"{prefix}genes.weight"
    for key in ("genes.weight", full):
        found = read(nest(state), key=key)
        _check(found)
        assert found.details["vectors"] == full
    with pytest.raises(FormatError, match=r"expected one matrix of floats \(or choose: key=, --"):
        read(nest(state))
    with pytest.raises(FormatError, match=r"there is no matrix 'genes'; choose from .*genes\.we"):
        read(nest(state), key="genes")


def test_a_key_that_could_mean_two(read):
    state = {"model": {"emb.weight": TABLE}, "module": {"emb.weight": TABLE + 1}}
    with pytest.raises(
        FormatError, match=r"there is no matrix 'emb\.weight'; choose from model\.e"
    ):
        read(state, key="emb.weight")
    _check(read(state, key="module.emb.weight"), VECTORS + 1)


def test_names_in_an_entry_beside(read):
    content = {"genes": GENES, "state_dict": {"emb.weight": TABLE}}
    found = read(content, names=None)
    _check(found)
    assert found.details["names"] == "genes"
    # A list of another length is of something else, and a file that is given goes first.
    content = {"genes": ["A", "B"], "state_dict": {"emb.weight": TABLE}}
    _check(read(content))
    with pytest.raises(FormatError, match="expected the names of 4 rows in a file"):
        read(content, names=None)


def _by_name(vectors=TABLE):
    return dict(zip(GENES, vectors, strict=True))


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ({"gene": _by_name()}, "gene"),
        ({"model": {"gene": _by_name()}, "epoch": 3}, "model.gene"),
        ({"gene_embeddings": _by_name(), "cells": _by_name(TABLE + 1)}, "gene_embeddings"),
    ],
)
def test_a_dictionary_of_vectors_within(read, content, key):
    found = read(content, names=None)
    _check(found)
    assert found.details["vectors"] == key


def test_dictionaries_of_vectors_are_chosen(read):
    content = {"gene": _by_name(), "cell": {"A": TABLE[0]}, "decoder": OTHER}
    message = (
        r"found gene \(vectors by name\), cell \(vectors by name\), decoder \(float32 2 × 3\)$"
    )
    with pytest.raises(FormatError, match=message):
        read(content, names=None)
    _check(read(content, key="gene", names=None))


def test_dictionaries_that_refer_to_one_another_take_no_time(read):
    inner = {"emb.weight": TABLE}
    for _ in range(6):
        inner = {f"k{number}": inner for number in range(100)}
    found = read(inner)
    _check(found)
    assert found.details["vectors"] == "k0.k0.k0.k0.k0.k0.emb.weight"


def test_records_of_each_name(read):
    content = {name: {"embedding": row, "other": row + 1} for name, row in _by_name().items()}
    found = read(content, names=None)
    _check(found)
    assert found.details["entry"] == "embedding"
    # Genes of these names are no entries of a record.
    named = {"gene": dict(zip(["X", "EMB", "C", "D"], TABLE, strict=True))}
    assert read(named, names=None).names == ["X", "EMB", "C", "D"]


# Shards.


def test_shards_of_torch(tmp_path):
    places = {"module.emb.weight": "pytorch_model-1.bin", "module.head": "pytorch_model-2.bin"}
    torch.save({"module.emb.weight": TABLE}, tmp_path / "pytorch_model-1.bin")
    torch.save({"module.head": OTHER}, tmp_path / "pytorch_model-2.bin")
    index = tmp_path / "pytorch_model.bin.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    (tmp_path / "genes.txt").write_text("\n".join(GENES))
    for source in (index, tmp_path):
        found = read_contents(Source(source), ReadOptions(key="emb.weight"))
        _check(found)
        assert sorted(found.files) == sorted(tmp_path.iterdir())
    torch.save([TABLE], tmp_path / "pytorch_model-1.bin")
    with pytest.raises(
        FormatError, match=r"-1\.bin: expected the tensors of a model, found a list"
    ):
        read_contents(Source(index), ReadOptions(key="emb.weight"))


@pytest.fixture
def shards(tmp_path):
    """A model in two files and its index, with names beside."""
    table, layer = "model.embed.weight", "model.layer.weight"
    places = {
        table: "model-00002-of-00002.safetensors",
        layer: "model-00001-of-00002.safetensors",
    }
    save_file({table: VECTORS}, tmp_path / places[table], {"format": "pt"})
    save_file({layer: np.ones((2, 2), np.float32)}, tmp_path / places[layer], {"format": "pt"})
    (tmp_path / "genes.txt").write_text("\n".join(GENES))

    def write(**changes):
        index = {"metadata": {"total_size": 64}, "weight_map": {**places, **changes}}
        (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
        return tmp_path / "model.safetensors.index.json"

    return write


def test_shards(shards, tmp_path):
    index = shards()
    for source in (index, tmp_path):
        for key in ("model.embed.weight", "embed.weight"):
            found = read_contents(Source(source), ReadOptions(key=key))
            _check(found)
            assert found.details == {
                "format": "safetensors",
                "vectors": "model.embed.weight",
                "names": "genes.txt",
            }
            assert sorted(found.files) == sorted(tmp_path.iterdir())
    with pytest.raises(FormatError, match=r"index\.json: expected one matrix of floats .* found m"):
        read_contents(Source(index), ReadOptions())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"a": "model-00003-of-00003.safetensors"},
            r"the shard model-00003\S* beside it, found no",
        ),
        (
            {"a": "../model-00001-of-00002.safetensors"},
            "a: expected the name of a file, found '../",
        ),
        ({"a": "..\\model.safetensors"}, "a: expected the name of a file, found"),
        ({"a": "/etc/passwd"}, "a: expected the name of a file, found '/etc/passwd'"),
        ({"a": 3}, "a: expected the name of a file, found 3"),
        (
            {"a": "model-00001-of-00002.safetensors"},
            r"00001\S*: expected the tensor a, found model",
        ),
    ],
)
def test_shards_that_are_not_there(shards, changes, message):
    with pytest.raises(FormatError, match=message):
        read_contents(Source(shards(**changes)), ReadOptions(key="embed.weight"))


@pytest.mark.parametrize("text", ["[]", "{}", '{"weight_map": 3}', '{"weight_map": {}}'])
def test_no_index(shards, text):
    index = shards()
    index.write_text(text)
    with pytest.raises(FormatError, match="expected the file of every tensor in weight_map, found"):
        read_contents(Source(index), ReadOptions())


def test_a_large_table_in_a_shard_of_a_small_index(tmp_path):
    # What a file may claim is measured by the shard, not by its index.
    rows = 70_000
    save_file({"emb": np.ones((rows, 256), np.float32)}, tmp_path / "a.safetensors")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"emb": "a.safetensors"}}))
    (tmp_path / "genes.txt").write_text("\n".join(f"G{row}" for row in range(rows)))
    assert read_contents(Source(index), ReadOptions()).vectors.shape == (rows, 256)
