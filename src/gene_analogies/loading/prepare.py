"""From what a file holds to an embedding: which rows, in which order, and how transformed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import Contents
from gene_analogies.genes.row_numbers import known_genes
from gene_analogies.loading.options import LoadOptions, checked
from gene_analogies.loading.rows import Rows
from gene_analogies.loading.transform import transform
from gene_analogies.util.folders import user_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.genes.table import GeneTable

__all__ = ["prepare"]


def prepare(
    contents: Contents,
    *,
    source_label: str,
    genes: GeneTable | Literal["packaged"] | None = "packaged",
    **options: Unpack[LoadOptions],
) -> Embedding:
    """Choose, order and transform the rows of a file, in the order of these options.

    Parameters
    ----------
    contents
        Names and vectors as read; they are not changed, and not copied where nothing is asked.
    source_label
        What the errors call the file.
    genes
        Known genes, by which the names of ``among`` and ``order`` are found.
    **options
        As in `LoadOptions`; the file has been read already.

    Returns
    -------
    Embedding
        In the dtype of the vectors. ``provenance["source"]`` and ``provenance["steps"]``, a list
        of lines, say where it comes from; ``files`` has the files of names and of the order, too.

    Raises
    ------
    FormatError
        If the vectors are not finite.
    GeneAnalogiesError
        If an option has no meaning, or no row is left.
    """
    options = checked(options)
    _check_dimension(contents, options["remove_components"])
    rows = Rows(contents, source_label)
    if options["drop_missing"]:
        rows.drop_missing()
    if options["clean_words"]:
        rows.clean()
    rows.drop_nameless()
    rows.merge(options["duplicates"])
    known = known_genes(genes, contents.details)
    order = options["order"]
    if options["among"] is not None:
        rows.restrict(options["among"], known)
    if order is not None:
        rows.reorder(order, known)
    if options["truncate"] is not None:
        rows.truncate(options["truncate"])
    if not rows.names:
        raise GeneAnalogiesError("; ".join([f"{source_label}: no item is left", *rows.steps[-1:]]))
    vectors = rows.vectors()
    _check_finite(rows, vectors, source_label)
    if options["center"] or options["remove_components"] or options["unit"]:
        if not vectors.flags.writeable or np.may_share_memory(vectors, contents.vectors):
            vectors = vectors.copy()
        with np.errstate(over="ignore", invalid="ignore"):  # found out below
            rows.steps += transform(
                vectors,
                center=options["center"],
                remove_components=options["remove_components"],
                unit=options["unit"],
            )
        if not _is_finite(vectors):
            raise GeneAnalogiesError(
                f"{source_label}: the vectors are too large for {vectors.dtype}; {rows.steps[-1]}"
            )
    if not np.may_share_memory(vectors, contents.vectors):
        vectors.flags.writeable = False  # so that it is not copied once more
    provenance = {**contents.details, "source": source_label, "steps": rows.steps}
    named = [user_path(path) for path in (options["names"], order) if isinstance(path, (str, Path))]
    files = dict.fromkeys(path.absolute() for path in (*contents.files, *named))
    return Embedding(rows.names, vectors, provenance, files, contents.symbols)


def _check_dimension(contents: Contents, remove_components: int) -> None:
    dimension = contents.vectors.shape[1]
    if remove_components >= dimension and remove_components:
        raise GeneAnalogiesError(
            f"remove_components must be below the dimension, {dimension}, not {remove_components}"
        )


def _check_finite(rows: Rows, vectors: NDArray[np.floating], label: str) -> None:
    if _is_finite(vectors):
        return
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    raise FormatError(
        label,
        f"expected numbers, found NaN or infinity, one of {bad.size:,} such rows;"
        " drop_missing=True (--drop-missing) leaves them out",
        f"row {rows.index[bad[0]]} ({rows.names[bad[0]]!r})",
    )


def _is_finite(vectors: NDArray[np.floating]) -> bool:
    # Two passes without a temporary; either is NaN where a coordinate is.
    return bool(np.isfinite(vectors.min()) and np.isfinite(vectors.max()))
