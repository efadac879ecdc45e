"""From the columns of a table to an embedding: as options say, or as the table itself shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.column_choice import chosen_columns
from gene_analogies.formats.parts.columns import (
    NUMBERS,
    Columns,
    Kind,
    choose_columns,
    is_name_key,
    one_line,
)
from gene_analogies.formats.parts.doubts import warn_of_odd_columns
from gene_analogies.formats.parts.gene_names import are_genes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.source import Origin

__all__ = ["columns_of_table", "contents_of_table"]

# Of the columns, so many must be called as genes are where these are taken for the items.
_SHARE: Final = 0.5
_MIN_GENES: Final = 3


def columns_of_table(
    source: Origin,
    keys: Sequence[str] | None,
    kinds: Sequence[Kind],
    options: ReadOptions,
    index: Sequence[int] = (),
) -> Columns:
    """Return what each column of a table is for.

    Parameters
    ----------
    source, keys, kinds, index
        As for `choose_columns`.
    options
        ``columns`` chooses the coordinates, or with ``transpose`` the items; ``key`` and ``names``
        are as for `choose_columns`.

    Raises
    ------
    FormatError
        As of `choose_columns`; or if the items seem to be the columns, and no option says so.
    """
    chosen = None
    if options.columns is not None:
        chosen = chosen_columns(source, keys, kinds, options.columns)
    if options.transpose:
        return _of_transposed(source, keys, kinds, options, index, chosen)
    if keys is not None and chosen is None and "text" not in kinds:
        numbers = [at for at, kind in enumerate(kinds) if kind in NUMBERS and at not in index]
        called = [keys[column] for column in numbers]
        _refuse_transposed(source, [key for key in called if not is_name_key(key)])
    return choose_columns(source, keys, kinds, options, index, chosen)


def contents_of_table(
    source: Origin,
    keys: Sequence[str] | None,
    columns: Columns,
    rows: tuple[Sequence[str] | None, NDArray[np.floating]],
    options: ReadOptions,
    names_in_file: Callable[[int], tuple[list[str], Path]],
) -> Contents:
    """Return the embedding in the rows of a table, and warn of what may be no coordinates.

    Parameters
    ----------
    source
        The table, for errors.
    keys
        What the columns are called, if they are called anything.
    columns
        From `columns_of_table`.
    rows
        The names, if the table has them, and the numbers of the columns of vectors, (n, d).
    options
        How to read it.
    names_in_file
        Returns so many names from the file that ``names`` of the options says, and its path.

    Raises
    ------
    FormatError
        If the items seem to be the columns, and no option says so.
    """
    names, vectors = rows
    called = [str(column + 1) if keys is None else keys[column] for column in columns.vectors]
    details: dict[str, Any] = dict(columns.details(keys))
    if options.transpose:
        vectors = np.ascontiguousarray(vectors.T)
        vectors.flags.writeable = False
        names = called
        details |= {"names": "the header", "transposed": True}
    elif options.columns is None:
        if keys is not None and names is not None and not are_genes(names):
            _refuse_transposed(source, called)
        warn_of_odd_columns(source, called, vectors)
    files: tuple[Path, ...] = ()
    if options.names is not None or names is None:
        names, path = names_in_file(len(vectors))
        details["names"], files = path.name, (path,)
    return Contents(names, vectors, details, files)


def _of_transposed(
    source: Origin,
    keys: Sequence[str] | None,
    kinds: Sequence[Kind],
    options: ReadOptions,
    index: Sequence[int],
    chosen: Sequence[int] | None,
) -> Columns:
    """Return the columns that are items; those of text, and an index, are labels of coordinates."""
    if keys is None and options.names is None:
        raise source.error(
            "transpose takes the names from the header, but the table has none; a file may give"
            " them (names=, --names)"
        )
    items = chosen
    if items is None:
        items = [at for at, kind in enumerate(kinds) if kind in NUMBERS and at not in index]
        labelled = "text" in kinds or bool(index)
        if items[:1] == [0] and keys is not None and not labelled and is_name_key(keys[0]):
            items = items[1:]
    if not items:
        raise source.error("expected columns of numbers, found none")
    others = sorted(set(range(len(kinds))).difference(items))
    return Columns(None, tuple(items), tuple(others))


def _refuse_transposed(source: Origin, called: Sequence[str]) -> None:
    """Raise where the columns of numbers, and not the rows, are called as genes are."""
    if len(called) < _MIN_GENES or not are_genes(called, _SHARE):
        return
    shown = ", ".join(map(one_line, called[:3]))
    raise source.error(
        f"expected genes in the rows, found them in the columns ({shown}, …): transpose"
        " (--transpose) takes the columns for the items; if the rows are, choose the columns"
        f" (--columns {one_line(called[0])}:{one_line(called[-1])})"
    )
