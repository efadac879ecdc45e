"""What passes between a reader and the rest: how to read, and what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Contents", "ReadOptions"]


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file, where there is a choice.

    Attributes
    ----------
    key
        Which of the arrays in the file; `Format.key` says what that means for each format.
    names
        A file of names to use instead of the file's own.
    names_column
        Which column of a table holds the names, or which array or entry, where there are several.
    columns
        Which columns of a table are the coordinates, as `parts.column_choice` reads them.
    transpose
        Whether the items are the columns of a table.
    bad_bytes
        What to do with a name that is no UTF-8: ``error``, or ``skip`` its row.
    limit
        Only so many first rows are needed; a reader may return more.
    allow_gensim
        Whether gensim's own pickles (``.kv``) may be read.
    """

    key: str | None = None
    names: Path | None = None
    names_column: str | None = None
    columns: tuple[str, ...] | None = None
    transpose: bool = False
    bad_bytes: Literal["error", "skip"] = "error"
    limit: int | None = None
    allow_gensim: bool = False

    @property
    def column(self) -> str | None:
        """The column or entry with the names, in formats where ``key`` may choose it, too."""
        if self.names is not None or self.names_column is None:
            return self.key
        return self.names_column


@dataclass(frozen=True)
class Contents:
    """What a file holds, before anything is checked or prepared.

    Attributes
    ----------
    names
        The n names in the order of the rows; a name may come twice, and an empty one is missing.
    vectors
        float32 or float64 of shape (n, d), C-contiguous; NaN and infinity as in the file.
    details
        What a reader chose or found, for the provenance (JSON-like).
    files
        The files that were read, such as one of names beside the vectors. `read_contents` adds
        the file of the source and that of `ReadOptions.names`, and makes the paths absolute.
    symbols
        The model's own gene symbols, by name, where it brings any.
    names_columns
        Where the names only number the rows: other columns, from which names may be chosen, with
        some of their cells.
    """

    names: Sequence[str]
    vectors: NDArray[np.floating]
    details: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)
    names_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
