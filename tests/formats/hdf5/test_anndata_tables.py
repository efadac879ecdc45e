"""Columns of obs and var that may hold names, in every layout that AnnData has written."""

import warnings
from importlib.util import find_spec
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.hdf5.anndata_tables import columns_of, names_of
from gene_analogies.formats.hdf5.file import opened
from gene_analogies.formats.source import Source

TEXTS = ["EGF", "EGFR", "EGF", "MET"]


def _names(path, axis, column=None):
    with opened(Source(path)) as file:
        return names_of(file, axis, column=column)


@pytest.fixture
def today(tmp_path):
    obs = pd.DataFrame(
        {
            "text": list("abcd"),
            "category": pd.Categorical(["b", None, "a", "b"]),
            "whole": [7, 1950, 1956, 12],
            "nullable": pd.array([7, None, 9, 12], "Int64"),
            "float": [7.0, np.nan, 9.0, 12.0],
            "flag": [True, False, True, True],
        },
        index=TEXTS,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that come twice
        anndata.AnnData(np.ones((4, 2), np.float32), obs=obs).write_h5ad(tmp_path / "x.h5ad")
    return tmp_path / "x.h5ad"


@pytest.mark.parametrize(
    ("column", "names"),
    [
        (None, TEXTS),
        ("_index", TEXTS),
        ("text", ["a", "b", "c", "d"]),
        ("category", ["b", "", "a", "b"]),
        ("whole", ["7", "1950", "1956", "12"]),
        ("nullable", ["7", "", "9", "12"]),
        ("float", ["7.0", "", "9.0", "12.0"]),
    ],
)
def test_todays_layout(today, column, names):
    assert _names(today, "obs", column) == names


def test_no_names(today):
    with pytest.raises(FormatError, match="obs/flag: expected names, found values of type bool"):
        _names(today, "obs", "flag")
    with pytest.raises(
        FormatError, match=r"obs: there is no column 'gene'; choose from 'text', 'category', 'wh"
    ):
        _names(today, "obs", "gene")
    with pytest.raises(FormatError, match="var: there is no column 'gene'; choose from none"):
        _names(today, "var", "gene")


def test_a_column_that_is_damaged(today):
    with h5py.File(today, "a") as file:
        file["obs/category/codes"][1] = -2
        file["obs/nullable/mask"][()] = True
        del file["obs/nullable/mask"]
        file["obs/nullable/mask"] = np.ones(3, bool)
        file["obs/float"][0] = 0.5
    for column, message in (
        ("category", "obs/category row 1: expected one of 2 categories, found -2"),
        ("nullable", "obs/nullable: expected a mask of 4 values"),
        ("float", "obs/float row 0: expected names, found 0.5"),
    ):
        with pytest.raises(FormatError, match=message):
            _names(today, "obs", column)
    with h5py.File(today, "a") as file:
        del file["obs/category/codes"]
        file["obs/category/codes"] = np.array([0.0, 1.0, 0.0, 1.0])
    with pytest.raises(FormatError, match="obs/category: expected numbers of categories, found fl"):
        _names(today, "obs", "category")


def test_the_layout_of_anndata_0_7(today):
    with h5py.File(today, "a") as file:
        codes = file["obs/category/codes"][()]
        del file["obs/category"]
        file["obs/category"] = codes
        file["obs/__categories/category"] = ["a", "b"]
    assert _names(today, "obs", "category") == ["b", "", "a", "b"]


def test_the_layout_before_that():
    path = Path(find_spec("scanpy").origin).parent / "datasets" / "10x_pbmc68k_reduced.h5ad"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what AnnData says of an old file
        adata = anndata.read_h5ad(path)
    assert _names(path, "obs") == adata.obs_names.tolist()
    for column in ("bulk_labels", "louvain"):
        assert _names(path, "obs", column) == adata.obs[column].tolist()
    with opened(Source(path)) as file:
        assert columns_of(file, file.path("var")) == adata.var.columns.tolist()
