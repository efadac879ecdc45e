"""The matrices in an ``.h5ad`` file, read only when asked.

All in today's layout (https://anndata.readthedocs.io, "On-disk format") and in that before
AnnData 0.7, where obsm and varm are one dataset of structured rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.formats.hdf5.anndata_tables import columns_of, encoding_of
from gene_analogies.formats.hdf5.file import NUMBERS, Hdf5, Node

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Matrix", "Sparse", "matrices_of", "sparse_at"]


@dataclass(frozen=True)
class Matrix:
    """An array that may hold the vectors, not read yet.

    Attributes
    ----------
    key
        ``X``, ``obsm/KEY`` or ``varm/KEY``.
    kind
        ``dense``, ``sparse``, or what it is instead of a matrix of numbers.
    shape
        The shape that the file claims.
    integers
        Whether it holds integers, as counts are.
    load
        Reads it: (n, d) of any type of number.
    """

    key: str
    kind: str
    shape: tuple[int, ...] = ()
    integers: bool = False
    load: Callable[[], NDArray[Any]] | None = None

    @property
    def axis(self) -> str:
        """Whose names its rows have."""
        return "var" if self.key.startswith("varm/") else "obs"

    def __str__(self) -> str:
        shape = " × ".join(map(str, self.shape))
        kind = "" if self.kind == "dense" else self.kind
        return f"{self.key} ({', '.join(filter(None, (shape, kind)))})"


@dataclass(frozen=True)
class Sparse:
    """A compressed sparse matrix in a file, none of it read.

    Attributes
    ----------
    file
        The file.
    place
        What to call the matrix in an error.
    by_row
        Whether rows are stored one after the other (CSR), or columns (CSC).
    shape
        The numbers of rows and columns that the file claims.
    data, indices, indptr
        The datasets, as SciPy calls them.
    """

    file: Hdf5
    place: str
    by_row: bool
    shape: tuple[int, int]
    data: Node
    indices: Node
    indptr: Node

    def starts(self) -> NDArray[np.int64]:
        """Return where each row (CSR) or column (CSC) starts, and the end of the last one.

        Raises
        ------
        FormatError
            If they do not grow from 0 to the number of values.
        """
        place = f"{self.place}/indptr"
        starts = self.file.numbers(self.indptr, place)
        count = self.file.shape(self.data)
        lines = self.shape[0 if self.by_row else 1]
        if (
            starts.dtype.kind not in "iu"
            or starts.shape != (lines + 1,)
            or count != self.file.shape(self.indices)
            or (starts[0], *count) != (0, starts[-1])
            or np.any(starts[1:] < starts[:-1])
        ):
            raise self.file.source.error(
                f"expected {lines + 1:,} growing numbers from 0 to the number of values", place
            )
        return starts.astype(np.int64)

    def checked_indices(self, block: NDArray[Any]) -> NDArray[np.int64]:
        """Return some of the indices as they are, if all lie in the matrix.

        Raises
        ------
        FormatError
            If one does not.
        """
        across = self.shape[1 if self.by_row else 0]
        fits = block.dtype.kind in "iu"
        if not fits or (block.size and not 0 <= block.min() <= block.max() < across):
            raise self.file.source.error(
                f"expected whole numbers in 0..{across - 1}", f"{self.place}/indices"
            )
        return block.astype(np.int64, copy=False)

    def dense(self) -> NDArray[np.floating]:
        """Return the whole matrix; duplicate entries are summed, as in SciPy.

        Raises
        ------
        FormatError
            If the parts do not fit, or the matrix is out of proportion to the file.
        """
        values = self.file.numbers(self.data, f"{self.place}/data")
        dtype = np.float64 if values.dtype.kind == "f" and values.itemsize > 4 else np.float32
        self.file.source.check_size(*self.shape, np.dtype(dtype).itemsize)
        starts = self.starts()
        across = self.checked_indices(self.file.numbers(self.indices, f"{self.place}/indices"))
        along = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        matrix = np.zeros(self.shape, dtype)
        np.add.at(matrix, (along, across) if self.by_row else (across, along), values.astype(dtype))
        return matrix


def sparse_at(file: Hdf5, node: Node, place: str) -> Sparse | None:
    """Return the sparse matrix that a group is, or None.

    Raises
    ------
    FormatError
        If its encoding is that of a sparse matrix, but a part is missing.
    """
    if not file.is_group(node):
        return None
    old = next(iter(file.attribute(node, "h5sparse_format")), "")
    kind = encoding_of(file, node) or f"{old}_matrix"
    if kind not in ("csr_matrix", "csc_matrix"):
        return None
    shape = file.attribute(node, "shape") or file.attribute(node, "h5sparse_shape")
    parts = [file.child(node, name) for name in ("data", "indices", "indptr")]
    if len(shape) != 2 or not all(isinstance(size, int) and size >= 0 for size in shape):
        raise file.source.error(f"expected a shape of two numbers, found {shape}", place)
    if not all(file.is_dataset(part) and len(file.shape(part)) == 1 for part in parts):
        raise file.source.error("expected the lists data, indices and indptr", place)
    return Sparse(file, place, kind == "csr_matrix", (shape[0], shape[1]), *parts)


def matrices_of(file: Hdf5) -> list[Matrix]:
    """Return whatever in X, obsm and varm may hold vectors, none of it read.

    Raises
    ------
    FormatError
        If the file is damaged, or not AnnData's.
    """
    if file.path("obs") is None or file.path("var") is None:
        raise file.source.error(f"expected AnnData's obs and var, found {file.holds()}")
    found = []
    if (node := file.path("X")) is not None:
        found.append(_at(file, "X", node))
    for part in ("obsm", "varm"):
        node = file.path(part)
        for name in file.keys(node):
            if file.is_dataset(node):  # before AnnData 0.7: rows with a field for each matrix
                found.append(_dataset(file, f"{part}/{name}", node, name))
            else:
                found.append(_at(file, f"{part}/{name}", file.child(node, name)))
    return found


def _at(file: Hdf5, key: str, node: Node) -> Matrix:
    """Describe what a file holds under a key."""
    if file.is_dataset(node):
        return _dataset(file, key, node)
    if (sparse := sparse_at(file, node, key)) is not None:
        integers = file.dtype(sparse.data).kind != "f"
        return Matrix(key, "sparse", sparse.shape, integers, sparse.dense)
    encoding = encoding_of(file, node)
    if encoding != "dataframe":
        return Matrix(key, encoding or "no matrix")
    names = columns_of(file, node)
    columns = [file.child(node, name) for name in names]
    for name, column in zip(names, columns, strict=True):
        if not (file.is_dataset(column) and file.dtype(column).kind in NUMBERS):
            return Matrix(key, f"a table whose column {name!r} holds no numbers")
    shapes = {file.shape(column) for column in columns}
    if len(shapes) != 1 or len(shape := shapes.pop()) != 1:
        return Matrix(key, "a table without equal columns")

    def load() -> NDArray[Any]:
        file.source.check_size(shape[0], len(columns), 8)
        return np.column_stack([file.numbers(column, key) for column in columns])

    return Matrix(key, "dense", (shape[0], len(columns)), load=load)


def _dataset(file: Hdf5, key: str, node: Node, field: str | None = None) -> Matrix:
    """Describe a dataset, or one field of its rows."""
    dtype, shape = file.dtype(node), file.shape(node)
    if field is not None:
        dtype, shape = dtype[field].base, shape + dtype[field].shape
    if len(shape) != 2 or dtype.kind not in NUMBERS:
        return Matrix(key, f"values of type {dtype}", shape)

    def load() -> NDArray[Any]:
        file.source.check_size(shape[0], shape[1], dtype.itemsize)
        return file.numbers(node, key, field)

    return Matrix(key, "dense", shape, dtype.kind != "f", load)
