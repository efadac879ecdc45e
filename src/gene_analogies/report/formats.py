"""The formats of an answer: one registry of names, file endings and functions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.results import Answer

__all__ = ["FORMATS", "Format", "format_of_file", "render"]


class Format(NamedTuple):
    """One format of an answer.

    Attributes
    ----------
    ending
        The ending of its files, with the dot.
    module, function
        The part of the package that writes it; imported only when it is asked for.
    has_notes
        Whether the notes of an answer are in the text, too.
    """

    ending: str
    module: str
    function: str
    has_notes: bool


FORMATS = {
    "table": Format(".txt", "terminal", "answer_text", has_notes=True),
    "markdown": Format(".md", "markdown", "answer_markdown", has_notes=True),
    "csv": Format(".csv", "tabular", "answer_csv", has_notes=False),
    "tsv": Format(".tsv", "tabular", "answer_tsv", has_notes=False),
    "json": Format(".json", "tabular", "answer_json", has_notes=True),
}


def format_of_file(path: Path) -> str:
    """Return the name of the format that the ending of a file stands for, in any case.

    Parameters
    ----------
    path
        A file name.

    Raises
    ------
    GeneAnalogiesError
        If no format has this ending.
    """
    ending = path.suffix.lower()
    for name, one in FORMATS.items():
        if one.ending == ending:
            return name
    choices = ", ".join(one.ending for one in FORMATS.values())
    raise GeneAnalogiesError(
        f"the ending of {path.name!r} names no format; choose from {choices}, or give the format"
    )


def render(result: Answer, name: str, *, width: int | None = 0) -> str:
    """Return an answer in one format.

    Parameters
    ----------
    result
        The answer.
    name
        A key of :data:`FORMATS`.
    width
        Columns that a table may take; 0 for no limit, None for those of the terminal. Other
        formats are never cut.
    """
    if name not in FORMATS:
        raise GeneAnalogiesError(f"format must be one of {', '.join(FORMATS)}, not {name!r}")
    chosen = FORMATS[name]
    write: Callable[..., str] = getattr(
        import_module(f"gene_analogies.report.{chosen.module}"), chosen.function
    )
    return write(result, width) if name == "table" else write(result)
