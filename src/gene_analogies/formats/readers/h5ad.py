"""AnnData's ``.h5ad``: vectors of genes in ``X`` or ``obsm`` (genes in obs) or ``varm`` (in var).

The layout is AnnData's on-disk format (https://anndata.readthedocs.io, "On-disk format"). Files
are read with h5py alone: one matrix and its names, and nothing else of what may be gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.hdf5.anndata_layout import Matrix, matrices_of
from gene_analogies.formats.hdf5.anndata_tables import columns_of, names_of
from gene_analogies.formats.hdf5.file import NUMBERS, SIGNATURE, opened
from gene_analogies.formats.parts.columns import listed, may_hold_names, quoted
from gene_analogies.formats.parts.gene_names import are_genes
from gene_analogies.formats.parts.names import as_names, read_names
from gene_analogies.formats.source import Source
from gene_analogies.formats.write import check_annotations, provenance_from, provenance_text
from gene_analogies.genes.row_numbers import are_row_numbers
from gene_analogies.util.extras import require
from gene_analogies.util.sparse import dense

if TYPE_CHECKING:
    from anndata import AnnData
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding

__all__ = ["as_anndata", "contents_of_anndata", "read", "recognises", "write", "write_anndata"]

#: Where `write` puts the provenance, by which `read` knows that the vectors are in X.
_MARK: Final = "gene_analogies"
_SHOWN: Final = 12
_AXES: Final = ("obs", "var")
_SAMPLE: Final = 256


@dataclass(frozen=True)
class _Store:
    """AnnData in a file or in memory.

    Attributes
    ----------
    matrices
        Whatever may hold the vectors.
    columns
        Returns the columns of obs or var.
    names
        Returns the names along obs or var: its index, or a column.
    mark
        What `write` left in it, a provenance; empty in files of others.
    error
        Makes the error that says what is wrong, and where.
    """

    matrices: Sequence[Matrix]
    columns: Callable[[str], Sequence[str]]
    names: Callable[[str, str | None], list[str]]
    mark: str
    error: Callable[[str, str], GeneAnalogiesError]


def recognises(source: Source) -> bool:
    """Recognise HDF5 by its first bytes, and what should be HDF5 by its ending."""
    return not source.is_folder and (
        source.head.startswith(SIGNATURE) or (source.name.endswith(".h5ad") and source.size > 0)
    )


def read(source: Source, options: ReadOptions) -> Contents:
    """Read one matrix of a file, and the names of its rows.

    Parameters
    ----------
    source
        The file.
    options
        ``key`` is ``X``, ``obsm/KEY``, ``varm/KEY``, or a KEY that only one of the two has. It
        may be left out where one matrix is evidently meant: in a file that `write` wrote, or where
        there is one dense matrix, or else one sparse, and nothing says that its rows are cells.
        ``names_column`` is a column of obs or var, whichever has the names of the matrix's rows.

    Returns
    -------
    Contents
        The n names of obs or var, and the vectors as (n, d) float64 where the file's are, else
        float32. A sparse matrix is filled up with zeros.

    Raises
    ------
    FormatError
        If the file is damaged or not AnnData's, or which matrix is meant is not evident.
    MissingExtraError
        If h5py is not installed.
    """
    with opened(source) as file:
        mark = file.path("uns", _MARK)
        texts = file.texts(mark, f"uns/{_MARK}") if file.is_dataset(mark) else []
        store = _Store(
            matrices_of(file),
            lambda axis: columns_of(file, file.path(axis)),
            lambda axis, column: names_of(file, axis, column=column),
            "".join(texts[:1]),
            source.error,
        )
        return _contents(store, options)


def contents_of_anndata(adata: AnnData, options: ReadOptions) -> Contents:
    """Return what `read` returns for an AnnData object in memory, or backed by a file.

    Parameters
    ----------
    adata
        The object; the vectors are copied.
    options
        As for `read`.

    Raises
    ------
    GeneAnalogiesError
        If which matrix is meant is not evident, or it is no matrix of numbers.
    """
    return _contents(_in_memory(adata), options)


def write(embedding: Embedding, path: Path, annotations: Mapping[str, Sequence[str]]) -> None:
    """Write the items as obs with the vectors in X, as scanpy takes them.

    Parameters
    ----------
    embedding
        What to write; the provenance goes to ``uns["gene_analogies"]`` as JSON.
    path
        The file.
    annotations
        Columns of obs.

    Raises
    ------
    GeneAnalogiesError
        If a text cannot be stored in HDF5.
    MissingExtraError
        If AnnData is not installed.
    """
    write_anndata(as_anndata(embedding, annotations), path)


def as_anndata(embedding: Embedding, annotations: Mapping[str, Sequence[str]]) -> AnnData:
    """Return what `write` writes: the items as obs, the vectors in X.

    Parameters
    ----------
    embedding, annotations
        As for `write`.

    Raises
    ------
    GeneAnalogiesError
        If a text cannot be stored in HDF5.
    MissingExtraError
        If AnnData is not installed.
    """
    anndata = require("anndata", "anndata", "writing .h5ad")
    import pandas as pd

    check_annotations(annotations, len(embedding), ["_index"])
    for column in annotations:
        if "/" in column:
            raise GeneAnalogiesError(f"no annotation can be called {column!r}: it holds a /")
    # Objects, whatever type pandas has for texts: every version of AnnData writes these.
    index = pd.Index(list(embedding.names), dtype=object)
    columns = {name: pd.Series(list(texts), index, object) for name, texts in annotations.items()}
    return anndata.AnnData(
        X=embedding.vectors,
        obs=pd.DataFrame(columns, index=index),
        uns={_MARK: provenance_text(embedding.provenance)},
    )


def write_anndata(adata: AnnData, path: Path) -> None:
    """Write an AnnData object, its texts as they are.

    Parameters
    ----------
    adata
        The object.
    path
        The file.
    """
    adata.write_h5ad(path, convert_strings_to_categoricals=False)


def _contents(store: _Store, options: ReadOptions) -> Contents:
    matrix, load = _choose(store, options)
    others: Mapping[str, Sequence[str]] = {}
    if options.names is None:
        names = store.names(matrix.axis, options.names_column)
        if are_row_numbers(names):
            others = _names_in_columns(store, matrix.axis)
    else:
        names = read_names(options.names, matrix.shape[0], options.names_column)
    if len(names) != matrix.shape[0]:
        where = options.names or matrix.axis
        raise store.error(
            f"expected a name for each of {matrix.shape[0]} rows, found {len(names)} in {where}",
            matrix.key,
        )
    values = load()
    dtype = np.float64 if values.dtype.kind == "f" and values.itemsize > 4 else np.float32
    with np.errstate(over="ignore"):  # of what is wider than float64
        vectors: NDArray[np.floating] = np.ascontiguousarray(values, dtype)
    vectors.flags.writeable = False
    details = {"key": matrix.key, **provenance_from(store.mark)}
    if options.names_column is not None:
        details["names"] = options.names_column
    return Contents(names, vectors, details, names_columns=others)


def _names_in_columns(store: _Store, axis: str) -> dict[str, Sequence[str]]:
    """Return some cells of every column of obs or var that may hold names."""
    found: dict[str, Sequence[str]] = {}
    for column in store.columns(axis):
        with suppress(GeneAnalogiesError):  # of a column that holds no names
            cells = store.names(axis, column)
            cells = cells[:: max(1, len(cells) // _SAMPLE)]
            if may_hold_names(column, cells):
                found[column] = cells
    return found


def _choose(store: _Store, options: ReadOptions) -> tuple[Matrix, Callable[[], NDArray[Any]]]:
    """Return the matrix that a key names, or else the one that is evidently meant."""
    if not store.matrices:
        raise store.error("expected vectors in X, obsm or varm, found nothing there", "")
    key = options.key
    if key is None:
        chosen = _evident(store, None if options.names else options.names_column)
    else:
        named = [matrix for matrix in store.matrices if matrix.key == key]
        bare = (f"obsm/{key}", f"varm/{key}")
        named = named or [matrix for matrix in store.matrices if matrix.key in bare]
        if len(named) != 1:
            raise store.error(
                f"key must be one of {_listed(named or store.matrices)}, not {key!r}", ""
            )
        (chosen,) = named
    if chosen.load is None:
        raise store.error(f"expected a matrix of numbers, found {chosen.kind}", chosen.key)
    return chosen, chosen.load


def _evident(store: _Store, column: str | None) -> Matrix:
    """Return the one matrix that can be meant, so that no cells are taken for genes."""
    having = [] if column is None else [one for one in _AXES if column in store.columns(one)]
    names = {axis: store.names(axis, column if axis in having else None) for axis in _AXES}
    genes = {axis: are_genes(names[axis]) for axis in names}
    matrices = list(store.matrices)
    if len(having) == 1:
        # Whoever chooses a column says where the genes are.
        genes = {axis: axis in having for axis in names}
        matrices = [matrix for matrix in matrices if matrix.axis in having]
    expression = genes["var"] and not genes["obs"]
    possible = [
        matrix
        for matrix in matrices
        if matrix.kind == "dense" and not (matrix.key == "X" and (matrix.integers or expression))
    ]
    if store.mark and possible and possible[0].key == "X":
        return possible[0]
    if not possible:
        possible = [
            matrix
            for matrix in matrices
            if matrix.kind == "sparse" and matrix.load is not None and not matrix.integers
        ]
        possible = [matrix for matrix in possible if not (matrix.key == "X" and expression)]
    if len(possible) == 1 and (genes[possible[0].axis] or not any(genes.values())):
        return possible[0]
    # A matrix whose rows are genes, and never the expression.
    usable = [
        matrix
        for matrix in matrices
        if matrix.load is not None and not (matrix.key == "X" and expression)
    ]
    if expression and not any(matrix.key.startswith("varm/") for matrix in usable):
        raise store.error(
            f"expected an embedding of genes, found expression: obs has cells such as"
            f" {names['obs'][0] if names['obs'] else 'none'!r}, var the genes, and varm nothing;"
            f" key may choose among {_listed(store.matrices)}",
            "",
        )
    best = max(usable, key=lambda matrix: (genes[matrix.axis], matrix.key != "X"), default=None)
    rows = ", ".join(
        f"{axis} has {'genes' if genes[axis] else 'rows'} such as {some[0]!r}"
        for axis, some in names.items()
        if some
    )
    advice = f"; choose with key, such as {best.key} (--key {best.key})" if best else ""
    raise store.error(
        f"several matrices may be meant: found {_listed(store.matrices)}, where {rows}{advice}",
        "",
    )


def _listed(matrices: Sequence[Matrix]) -> str:
    return ", ".join(map(str, matrices[:_SHOWN])) + (", …" if len(matrices) > _SHOWN else "")


def _in_memory(adata: AnnData) -> _Store:
    found = [] if adata.X is None else [_of(adata.X, "X")]
    for part in ("obsm", "varm"):
        found += [_of(value, f"{part}/{name}") for name, value in getattr(adata, part).items()]

    def columns(axis: str) -> list[str]:
        return list(map(str, getattr(adata, axis).columns))

    def names(axis: str, column: str | None) -> list[str]:
        if column is None:
            return as_names(list(getattr(adata, f"{axis}_names")), store, allow_missing=True)
        if column not in columns(axis):
            choices = listed(columns(axis))
            raise error(f"there is no column {quoted(column)}; choose from {choices}", axis)
        # By its place: a column may be called by a number.
        values = getattr(adata, axis).iloc[:, columns(axis).index(column)].tolist()
        return as_names(values, store, f"{axis}/{column} row", allow_missing=True)

    def error(message: str, place: str) -> GeneAnalogiesError:
        return GeneAnalogiesError(": ".join(filter(None, ("the AnnData object", place, message))))

    mark = str(adata.uns.get(_MARK, ""))
    store = _Store(found, columns, names, mark, error)
    return store


def _of(value: Any, key: str) -> Matrix:  # noqa: ANN401 - whatever AnnData holds
    """Describe what an AnnData object holds under a key."""
    dtypes = list(value.dtypes) if hasattr(value, "columns") else [getattr(value, "dtype", None)]
    shape = tuple(getattr(value, "shape", ()))
    kinds = {dtype.kind if isinstance(dtype, np.dtype) else "" for dtype in dtypes}
    if len(shape) != 2 or not kinds <= set(NUMBERS):
        return Matrix(key, type(value).__name__, shape)
    # SciPy's matrices, and those of AnnData that are still in a file; dense views have both too.
    methods = hasattr(value, "toarray") or hasattr(value, "to_memory")
    sparse = methods and not isinstance(value, np.ndarray)

    def load() -> NDArray[Any]:
        if not sparse:
            return np.array(value)  # a copy: what its owner does to it must not reach us
        matrix = value.to_memory() if hasattr(value, "to_memory") else value
        return np.asarray(dense(matrix))

    return Matrix(key, "sparse" if sparse else "dense", shape, "f" not in kinds, load)
