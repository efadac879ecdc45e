"""Modules beside their embedding, as AnnData keeps them: obsm or varm, and uns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.readers.h5ad import as_anndata, write_anndata
from gene_analogies.formats.write import check_texts
from gene_analogies.genes.annotations import annotate
from gene_analogies.util.extras import require
from gene_analogies.util.whole_files import check_target, whole_file, write_errors

if TYPE_CHECKING:
    from anndata import AnnData
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding

__all__ = ["ModulesTable", "check_modules_path", "modules_anndata", "write_modules"]

#: As scanpy calls the like: obsm["X_pca"], varm["PCs"].
_OBSM: Final = "X_modules"
_VARM: Final = "modules"
_UNS: Final = "modules"


class ModulesTable(NamedTuple):
    """Modules as they are stored.

    Attributes
    ----------
    embedding
        The embedding they were found in, n items.
    weights
        float32 of shape (n, count).
    about
        What goes into ``uns``: arrays and numbers by name.
    """

    embedding: Embedding
    weights: NDArray[np.float32]
    about: dict[str, Any]


def modules_anndata(modules: ModulesTable, adata: AnnData | None = None) -> AnnData:
    """Return an AnnData object with the modules.

    Parameters
    ----------
    modules
        The modules.
    adata
        Where to put them: into ``obsm`` or ``varm``, whichever axis holds more of the items. A
        new object with the embedding unless given.

    Raises
    ------
    GeneAnalogiesError
        If neither axis holds an item.
    """
    embedding = modules.embedding
    if adata is None:
        adata = as_anndata(embedding, annotate(embedding))
        adata.obsm[_OBSM] = modules.weights
    else:
        rows = {axis: _rows(embedding, getattr(adata, f"{axis}_names")) for axis in ("obs", "var")}
        axis = max(rows, key=lambda one: np.count_nonzero(rows[one] >= 0))
        if not (rows[axis] >= 0).any():
            raise GeneAnalogiesError(
                "neither obs nor var of the AnnData object holds an item of the embedding, such "
                f"as {embedding.names[0]!r}"
            )
        found = np.where((rows[axis] >= 0)[:, None], modules.weights[rows[axis]], np.float32(0))
        if axis == "obs":
            adata.obsm[_OBSM] = found
        else:
            adata.varm[_VARM] = found
    adata.uns[_UNS] = modules.about
    return adata


def write_modules(modules: ModulesTable, path: str | Path) -> None:
    """Write an embedding and its modules as ``.h5ad``, whole or not at all.

    Raises
    ------
    GeneAnalogiesError
        If the file cannot be written, or a name cannot be stored.
    """
    check_modules_path(path)
    check_texts("names", modules.embedding.names)
    adata = modules_anndata(modules)
    with write_errors(path), whole_file(Path(path)) as part:
        write_anndata(adata, part)


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


def _rows(embedding: Embedding, names: Sequence[Any]) -> NDArray[np.int64]:
    """Return the row of each name, −1 for those that are no items."""
    return np.array([embedding.rows.get(str(name), -1) for name in names], np.int64)
