"""Modules beside their embedding, as AnnData keeps them: obsm or varm, and uns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.annotations import annotate
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.extras import require
from gene_analogies.formats._write import check_target, check_texts, write_whole
from gene_analogies.formats.h5ad import as_anndata, write_anndata

if TYPE_CHECKING:
    from anndata import AnnData
    from numpy.typing import NDArray

    from gene_analogies.results import ModulesResult

__all__ = ["check_modules_path", "modules_anndata", "write_modules"]

#: As scanpy calls the like: obsm["X_pca"], varm["PCs"].
_OBSM: Final = "X_modules"
_VARM: Final = "modules"
_UNS: Final = "modules"


def modules_anndata(result: ModulesResult, adata: AnnData | None = None) -> AnnData:
    """Return an AnnData object with the modules: see `ModulesResult.to_anndata`."""
    if adata is None:
        embedding = result.space.embedding
        adata = as_anndata(embedding, annotate(embedding))
        adata.obsm[_OBSM] = result.weights
    else:
        rows = {axis: _rows(result, getattr(adata, f"{axis}_names")) for axis in ("obs", "var")}
        axis = max(rows, key=lambda one: np.count_nonzero(rows[one] >= 0))
        if not (rows[axis] >= 0).any():
            raise GeneAnalogiesError(
                "neither obs nor var of the AnnData object holds an item of the embedding, such "
                f"as {result.space.embedding.names[0]!r}"
            )
        found = np.where((rows[axis] >= 0)[:, None], result.weights[rows[axis]], np.float32(0))
        if axis == "obs":
            adata.obsm[_OBSM] = found
        else:
            adata.varm[_VARM] = found
    adata.uns[_UNS] = _about(result)
    return adata


def write_modules(result: ModulesResult, path: str | Path) -> None:
    """Write an embedding and its modules: see `ModulesResult.save`."""
    check_modules_path(path)
    check_texts("names", result.space.embedding.names)
    adata = modules_anndata(result)
    write_whole(path, lambda part: write_anndata(adata, part))


def check_modules_path(path: str | Path) -> None:
    """Refuse a file that cannot be written, or is not called as AnnData's are.

    Raises
    ------
    GeneAnalogiesError
        That says why.
    MissingExtraError
        If AnnData is not installed.
    """
    if not str(path).lower().endswith(".h5ad"):
        raise GeneAnalogiesError(
            f"modules are stored with their embedding as .h5ad; {str(path)!r} ends otherwise"
        )
    check_target(path)
    require("anndata", "anndata", "writing .h5ad")


def _rows(result: ModulesResult, names: Sequence[Any]) -> NDArray[np.int64]:
    """Return the row of each name, −1 for those that are no items."""
    rows = result.space.embedding.rows
    return np.array([rows.get(str(name), -1) for name in names], np.int64)


def _about(result: ModulesResult) -> dict[str, Any]:
    return {
        "atoms": result.atoms,
        "stability": result.stability,
        "explained": result.explained,
        "sparsity": result.sparsity,
        "seed": result.seed,
        "seeds": result.seeds,
    }
