"""The tables obs and var in an ``.h5ad`` file: their index, and columns that may hold names.

All in today's layout (https://anndata.readthedocs.io, "On-disk format"), in that of AnnData 0.7,
where the categories of all columns are in ``__categories``, and in that before, where a table is
one dataset of structured rows, and the categories are in uns.
"""

from __future__ import annotations

from typing import Any, Final

from numpy.typing import NDArray

from gene_analogies.formats.hdf5.file import Hdf5, Node

__all__ = ["columns_of", "encoding_of", "names_of"]

_NULLABLE: Final = ("nullable-string-array", "nullable-integer")
_SHOWN: Final = 12


def names_of(file: Hdf5, *path: str, column: str | None = None) -> list[str]:
    """Return the names along an axis: the index of a table such as obs, or a column of it.

    Parameters
    ----------
    file
        The file.
    path
        Where the table is.
    column
        The column with the names; the index unless given.

    Returns
    -------
    list of str
        A missing name is empty.

    Raises
    ------
    FormatError
        If there is no such table, or its index or the column is no list of names.
    """
    place = "/".join(path)
    table = file.path(*path)
    if table is None:
        raise file.source.error(f"expected the table {place}, found {file.holds()}")
    index = _index_of(file, table)
    if column is not None and column != index and column not in columns_of(file, table):
        choices = columns_of(file, table)
        shown = ", ".join(map(repr, choices[:_SHOWN])) + (", …" if len(choices) > _SHOWN else "")
        raise file.source.error(
            f"there is no column {column!r:.60}; choose from {shown or 'none'}", place
        )
    return _texts(file, table, index if column is None else column, place)


def columns_of(file: Hdf5, table: Node) -> list[str]:
    """Return the columns of a table in their order."""
    if file.is_dataset(table):
        return file.keys(table)[1:]
    return [str(column) for column in file.attribute(table, "column-order", len(file.keys(table)))]


def encoding_of(file: Hdf5, node: Node) -> str:
    """Return AnnData's encoding-type of a group or dataset; empty where there is none."""
    if node is None:
        return ""
    return str(next(iter(file.attribute(node, "encoding-type")), ""))


def _index_of(file: Hdf5, table: Node) -> str:
    if file.is_dataset(table):
        return next(iter(file.keys(table)), "")
    return str(next(iter(file.attribute(table, "_index")), "_index"))


def _texts(file: Hdf5, table: Node, column: str, place: str) -> list[str]:
    """Return the cells of a column or of the index as texts; a missing one is empty."""
    where = f"{place}/{column}"
    if file.is_dataset(table):
        categories = file.path("uns", f"{column}_categories")
        if file.is_dataset(categories):
            codes = file.numbers(table, where, column)
            return _categorical(file, codes, categories, where)
        return _plain(file, table, where, column)
    node = file.child(table, column)
    mask: Node = None
    if encoding_of(file, node) in _NULLABLE:
        node, mask = file.child(node, "values"), file.child(node, "mask")
    if encoding_of(file, node) == "categorical":
        codes = file.numbers(file.child(node, "codes"), f"{where}/codes")
        return _categorical(file, codes, file.child(node, "categories"), where)
    if not file.is_dataset(node):
        raise file.source.error(f"expected a list of names, found none in {column!r:.60}", place)
    categories = file.child(file.child(table, "__categories"), column)
    if file.is_dataset(categories):
        return _categorical(file, file.numbers(node, where), categories, where)
    texts = _plain(file, node, where)
    missing = file.numbers(mask, f"{where}/mask") if file.is_dataset(mask) else None
    if missing is None:
        return texts
    if missing.shape != (len(texts),):
        raise file.source.error(f"expected a mask of {len(texts):,} values", where)
    return ["" if is_missing else text for text, is_missing in zip(texts, missing, strict=True)]


def _plain(file: Hdf5, dataset: Node, where: str, field: str | None = None) -> list[str]:
    """Return texts as they are, and whole numbers, which may be floats."""
    dtype = file.dtype(dataset)
    kind = (dtype if field is None else dtype[field]).kind
    texts = file.texts(dataset, where, field)
    if kind == "b":
        raise file.source.error("expected names, found values of type bool", where)
    if kind != "f":
        return texts
    for row, text in enumerate(texts):
        if text != "nan" and not text.endswith(".0"):
            raise file.source.error(f"expected names, found {text}", f"{where} row {row}")
    return ["" if text == "nan" else text for text in texts]


def _categorical(file: Hdf5, codes: NDArray[Any], categories: Node, where: str) -> list[str]:
    """Return the texts that numbers of categories stand for; −1 is a missing one."""
    if codes.ndim != 1 or codes.dtype.kind not in "iu":
        raise file.source.error(f"expected numbers of categories, found {codes.dtype}", where)
    texts = _plain(file, categories, f"{where}/categories")
    found = []
    for row, code in enumerate(codes.tolist()):
        if not -1 <= code < len(texts):
            raise file.source.error(
                f"expected one of {len(texts)} categories, found {code}", f"{where} row {row}"
            )
        found.append(texts[code] if code >= 0 else "")
    return found
