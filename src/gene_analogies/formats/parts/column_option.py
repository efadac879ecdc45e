"""Whether a column of names can be chosen in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gene_analogies.formats.parts.columns import quoted

if TYPE_CHECKING:
    from gene_analogies.formats.contents import ReadOptions
    from gene_analogies.formats.source import Source

__all__ = ["check_column"]


def check_column(source: Source, options: ReadOptions, form: str, key: str | None) -> None:
    """Refuse a column of names where there are no columns, or where the key says another.

    Parameters
    ----------
    source
        The file.
    options
        With the column.
    form
        The name of the format.
    key
        What `ReadOptions.key` chooses in it; None where it has no columns.

    Raises
    ------
    FormatError
        That names the column.
    """
    column = str(options.names_column)
    if key is None:
        raise source.error(
            f"names_column {quoted(column)} has no meaning for {form}: it has no columns of names"
        )
    # In PyTorch's files the key is a tensor, too.
    chosen_by_key = key.endswith("the names") and "tensor" not in key and options.names is None
    if chosen_by_key and options.key not in (None, column):
        raise source.error(
            f"names_column {quoted(column)} and key {quoted(str(options.key))} contradict each"
            f" other: for {form} both choose the names"
        )
