"""Genes by the number of cells that express them, against a dense count."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.hdf5 import file
from gene_analogies.loading.expression import genes_by_cells

KINDS = {"dense": np.asarray, "csr": scipy.sparse.csr_matrix, "csc": scipy.sparse.csc_matrix}


def _save(folder, x, genes=None, **parts):
    path = folder / "cells.h5ad"
    cells = pd.DataFrame(index=[f"cell-{row}" for row in range(x.shape[0])])
    genes = [f"G{column}" for column in range(x.shape[1])] if genes is None else genes
    compression = parts.pop("compression", None)
    adata = anndata.AnnData(x, cells, pd.DataFrame(index=genes), **parts)
    adata.write_h5ad(path, compression=compression)
    return path


def _expected(dense, genes=None):
    genes = [f"G{column}" for column in range(dense.shape[1])] if genes is None else list(genes)
    cells = (dense > 0).sum(axis=0)
    return sorted(genes, key=lambda gene: -cells[genes.index(gene)])


def _counts(cells=40, genes=13, seed=0, dtype=np.float32):
    random = np.random.default_rng(seed)
    return random.poisson(random.random(genes) * 2, (cells, genes)).astype(dtype)


@pytest.fixture
def small_blocks(monkeypatch):
    """Make the pieces so small that every matrix takes several."""
    monkeypatch.setattr(file, "_BLOCK", 7)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("compression", [None, "gzip", "lzf"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.uint8])
@pytest.mark.parametrize("kind", KINDS)
def test_against_a_dense_count(kind, dtype, compression, tmp_path):
    dense = _counts(dtype=dtype)
    done = []
    path = _save(tmp_path, KINDS[kind](dense), compression=compression)
    found = genes_by_cells(path, progress=lambda *now: done.append(now))
    assert found == _expected(dense)
    total = dense.size if kind == "dense" else np.count_nonzero(dense)
    assert len(done) > 1 or kind != "dense" or compression is not None
    assert [now for now, _ in done] == sorted({now for now, _ in done})
    assert done[-1] == (total, total)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 9), st.sampled_from(sorted(KINDS)))
def test_any_shape(tmp_path_factory, cells, genes, seed, kind):
    dense = _counts(cells, genes, seed)
    path = _save(tmp_path_factory.mktemp("any"), KINDS[kind](dense))
    if dense.any():
        assert genes_by_cells(path) == _expected(dense)
    else:
        with pytest.raises(FormatError, match="X: expected expression, found only zeros"):
            genes_by_cells(path)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("chunks", [(1, 13), (40, 1), (3, 5), (40, 13)])
def test_chunks_of_any_shape(chunks, tmp_path):
    dense = _counts()
    path = _save(tmp_path, dense)
    with h5py.File(path, "a") as file:
        attributes = dict(file["X"].attrs)
        del file["X"]
        file.create_dataset("X", data=dense, chunks=chunks).attrs.update(attributes)
    assert genes_by_cells(path) == _expected(dense)


@pytest.mark.parametrize("kind", KINDS)
def test_zeros_that_are_stored_and_nan_are_no_expression(kind, tmp_path):
    x = KINDS[kind](np.array([[1, 1, np.nan], [0, 2, 1]], np.float32))
    values = x if kind == "dense" else x.data
    values[values == 2] = 0
    assert genes_by_cells(_save(tmp_path, x)) == ["G0", "G1", "G2"]


def test_ties_stay_in_the_order_of_the_file(tmp_path):
    x = np.array([[1, 0, 1, 3], [0, 0, 1, 4]], np.float32)
    assert genes_by_cells(_save(tmp_path, x, ["d", "c", "b", "a"])) == ["b", "a", "d", "c"]


def test_genes_named_twice(tmp_path):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Variable names are not unique")
        path = _save(tmp_path, np.eye(2, dtype=np.float32), ["a", "a"])
    assert genes_by_cells(path) == ["a", "a"]


@pytest.mark.parametrize("kind", KINDS)
def test_scaled_values_lead_to_layers_or_raw(kind, tmp_path):
    dense = _counts()
    scaled = KINDS[kind](dense - 1)
    path = _save(tmp_path, scaled, layers={"counts": KINDS[kind](dense)})
    assert genes_by_cells(path) == _expected(dense)
    more = _counts(genes=17)
    adata = anndata.AnnData(scaled)
    adata.raw = anndata.AnnData(
        KINDS[kind](more), var=pd.DataFrame(index=list("abcdefghijklmnopq"))
    )
    adata.write_h5ad(path)
    assert genes_by_cells(path) == _expected(more, "abcdefghijklmnopq")


def test_scaled_values_alone(tmp_path):
    scaled = _counts() - 1
    with pytest.raises(FormatError, match=r"values below zero in X and layers/counts: they have b"):
        genes_by_cells(_save(tmp_path, scaled, layers={"counts": scaled}))


def test_scanpys_example(tmp_path):
    # In the layout before AnnData 0.7; scanpy is not imported, for that takes seconds.
    old = Path(find_spec("scanpy").origin).parent / "datasets" / "10x_pbmc68k_reduced.h5ad"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what AnnData says of an old file
        adata = anndata.read_h5ad(old)
    adata.write_h5ad(tmp_path / "new.h5ad")
    raw = adata.raw.X.toarray()
    assert adata.X.min() < 0 <= raw.min()
    expected = _expected(raw, adata.raw.var_names)
    assert genes_by_cells(old) == expected
    assert genes_by_cells(tmp_path / "new.h5ad") == expected
    assert expected[0] == "FTL"


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("kind", ["csr", "csc"])
def test_sparse_in_pieces(kind, tmp_path):
    dense = _counts()
    path = _save(tmp_path, KINDS[kind](dense))
    with h5py.File(path, "a") as file:
        for part, chunks in (("data", (5,)), ("indices", None)):
            values = file[f"X/{part}"][:]
            del file[f"X/{part}"]
            file.create_dataset(f"X/{part}", data=values, chunks=chunks)
    done = []
    assert genes_by_cells(path, progress=lambda *now: done.append(now)) == _expected(dense)
    assert len(done) > 20


def test_what_is_no_expression(tmp_path):
    with pytest.raises(GeneAnalogiesError, match="does not exist"):
        genes_by_cells(tmp_path / "none.h5ad")
    path = tmp_path / "text.h5ad"
    path.write_text("genes")
    with pytest.raises(FormatError, match="expected an HDF5 file"):
        genes_by_cells(path)
    with h5py.File(path, "w") as file:
        file["matrix"] = [1]
    with pytest.raises(
        FormatError, match="expected a matrix X of cells and genes, found an HDF5 f"
    ):
        genes_by_cells(path)


def _edit(path, name, **options):
    with h5py.File(path, "a") as file:
        del file[name]
        if options:
            file.create_dataset(name, **options)


def test_broken_dense(tmp_path):
    path = _save(tmp_path, _counts())
    _edit(path, "X", data=np.ones((40, 12)))
    with pytest.raises(FormatError, match=r"X: expected cells × 13 genes, found shape \(40, 12\)"):
        genes_by_cells(path)
    _edit(path, "X", shape=(10**9, 13), dtype="f4", chunks=(10**5, 13), compression="gzip")
    with pytest.raises(FormatError, match="claimed by"):
        genes_by_cells(path)
    _edit(path, "X", data=np.ones((40, 13), "S3"))
    with pytest.raises(FormatError, match="X: expected numbers"):
        genes_by_cells(path)
    _edit(path, "X")
    with h5py.File(path, "a") as file:
        file.create_group("X")
    with pytest.raises(FormatError, match="X: expected a dense, CSR or CSC matrix, found another"):
        genes_by_cells(path)


@pytest.mark.parametrize("kind", ["csr", "csc"])
@pytest.mark.parametrize("part", ["indices", "indptr", "data"])
def test_broken_sparse(part, kind, tmp_path):
    path = _save(tmp_path, KINDS[kind](_counts()))
    with h5py.File(path, "a") as file:
        values = file[f"X/{part}"][:]
    if part == "data":
        _edit(path, "X/data", data=values[:-1])
    else:
        values[5] = 999_999
        _edit(path, f"X/{part}", data=values)
    if (part, kind) == ("indices", "csc"):
        # Which cell it is does not matter here.
        assert len(genes_by_cells(path)) == 13
        return
    with pytest.raises(FormatError, match=r"X/ind(ices|ptr): expected"):
        genes_by_cells(path)
