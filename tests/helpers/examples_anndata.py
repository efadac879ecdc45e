"""Tiny valid .h5ad files, written by AnnData."""

from __future__ import annotations

from functools import partial

import anndata
import h5py
import numpy as np
import pandas as pd

GENES = ["EGF", "EGFR", "HGF", "MET"]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3) / 8


def _of_genes(**parts):
    return anndata.AnnData(obs=pd.DataFrame(index=GENES), **parts)


def _write(make, folder, **options):
    path = folder / "genes.h5ad"
    make().write_h5ad(path, **options)
    return path


def _table():
    frame = pd.DataFrame(VECTORS, GENES, ["b", "a", "c"])
    return _of_genes(shape=(4, 0), obsm={"table": frame})


def _varm():
    cells = pd.DataFrame({"type": pd.Categorical(["T", "B"])}, index=["cell-1", "cell-2"])
    counts = np.eye(2, 4, dtype=np.int32)
    genes = pd.DataFrame(index=GENES)
    return anndata.AnnData(counts, cells, genes, varm={"emb": VECTORS.astype(np.float64)})


def _latest(folder):
    """The newest layout of HDF5, which is smaller and has checksums."""
    path = folder / "genes.h5ad"
    with h5py.File(path, "w", libver="latest") as file:
        anndata.io.write_elem(file, "/", _of_genes(X=VECTORS))
    return path


EXAMPLES = {
    ("h5ad", "x"): partial(_write, lambda: _of_genes(X=VECTORS)),
    ("h5ad", "gzip"): partial(_write, lambda: _of_genes(X=VECTORS), compression="gzip"),
    ("h5ad", "table"): partial(_write, _table),
    ("h5ad", "varm"): partial(_write, _varm),
    ("h5ad", "latest"): _latest,
}
