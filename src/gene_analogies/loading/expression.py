"""The genes of an expression data set, by how many of its cells express them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from gene_analogies.formats.hdf5.anndata_layout import Sparse, sparse_at
from gene_analogies.formats.hdf5.anndata_tables import names_of
from gene_analogies.formats.hdf5.file import Hdf5, Node, opened
from gene_analogies.formats.source import Source
from gene_analogies.genes.row_numbers import are_row_numbers
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["genes_by_cells"]

#: Where counts may be, and the table of their genes; AnnData before 0.7 wrote the last.
_COUNTS: Final = (
    (("X",), ("var",)),
    (("layers", "counts"), ("var",)),
    (("raw", "X"), ("raw", "var")),
    (("raw.X",), ("raw.var",)),
)


def genes_by_cells(path: str | Path, *, progress: Progress | None = None) -> list[str]:
    """Return the genes of an ``.h5ad`` of cells × genes, sorted by how many cells express them.

    A cell expresses a gene where its value is above zero. If X holds values below zero it has been
    scaled; then ``layers["counts"]`` is used, or else ``raw.X``. The matrix is read some megabytes
    at a time.

    Parameters
    ----------
    path
        The file: X dense, CSR or CSC, compressed or not.
    progress
        Called with (stored values read, all stored values).

    Returns
    -------
    list of str
        The names of var, highest count first; ties stay in the order of the file.

    Raises
    ------
    GeneAnalogiesError
        If there is no such file.
    FormatError
        If it is damaged or not AnnData's, or all of these matrices hold values below zero.
    MissingExtraError
        If h5py is not installed.
    """
    scaled = []
    with opened(Source(path)) as file:
        for where, table in _COUNTS:
            node = file.path(*where)
            if node is None:
                continue
            place = "/".join(where)
            genes = names_of(file, *table)
            cells = _cells_of_genes(file, node, place, len(genes), progress)
            if cells is not None and not cells.any():
                raise file.source.error("expected expression, found only zeros", place)
            if cells is not None and are_row_numbers(genes):
                raise file.source.error(
                    "expected the names of genes, found numbers of rows", "/".join(table)
                )
            if cells is not None:
                return [genes[gene] for gene in np.argsort(-cells, kind="stable").tolist()]
            scaled.append(place)
        if not scaled:
            raise file.source.error(f"expected a matrix X of cells and genes, found {file.holds()}")
        raise file.source.error(
            "expected counts in X, layers/counts or raw/X, found values below zero in"
            f" {' and '.join(scaled)}: they have been scaled"
        )


def _cells_of_genes(
    file: Hdf5, node: Node, place: str, genes: int, progress: Progress | None
) -> NDArray[np.int64] | None:
    """Count the cells that express each gene, (genes,); None where values are below zero."""
    sparse = sparse_at(file, node, place)
    if sparse is None and not file.is_dataset(node):
        raise file.source.error("expected a dense, CSR or CSC matrix, found another", place)
    shape = file.shape(node) if sparse is None else sparse.shape
    if len(shape) != 2 or shape[1] != genes:
        raise file.source.error(f"expected cells × {genes} genes, found shape {shape}", place)
    cells = np.zeros(genes, np.int64)
    if sparse is not None:
        return _count_sparse(sparse, cells, progress)
    done = 0
    for part, block in file.tiles(node, place):
        if (block < 0).any():
            return None
        cells[part] += np.count_nonzero(block > 0, axis=0)
        done += block.size
        if progress is not None:
            progress(done, shape[0] * shape[1])
    return cells


def _count_sparse(
    sparse: Sparse, cells: NDArray[np.int64], progress: Progress | None
) -> NDArray[np.int64] | None:
    starts = sparse.starts()
    for part, (values, indices) in sparse.file.blocks(
        sparse.data, sparse.indices, place=sparse.place
    ):
        if (values < 0).any():
            return None
        expressed = values > 0
        if sparse.by_row:
            genes = sparse.checked_indices(indices)[expressed]
        else:
            genes = np.searchsorted(starts, part.start + np.flatnonzero(expressed), "right") - 1
        cells += np.bincount(genes, minlength=len(cells))
        if progress is not None:
            progress(part.stop, int(starts[-1]))
    return cells
