"""Options of reading that have a meaning for some formats only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gene_analogies.formats.contents import ReadOptions

if TYPE_CHECKING:
    from gene_analogies.formats.source import Source

__all__ = ["check_options"]


def check_options(
    source: Source, options: ReadOptions, form: str, known: Mapping[str, Sequence[str]]
) -> None:
    """Refuse options that are given and have no meaning for a format.

    Parameters
    ----------
    source
        The file, for errors.
    options
        How to read it.
    form
        The name of its format.
    known
        Which of ``columns``, ``transpose`` and ``bad_bytes`` have a meaning, for every format.

    Raises
    ------
    FormatError
        If one has none.
    """
    given = {
        "columns": options.columns is not None,
        "transpose": options.transpose,
        "bad_bytes": options.bad_bytes != "error",
    }
    for name, is_given in given.items():
        if is_given and name not in known[form]:
            choices = ", ".join(other for other, names in known.items() if name in names)
            raise source.error(f"{name} has no meaning for {form}; it has for {choices}")
