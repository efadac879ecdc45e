"""The formats of an answer: one registry of names, file endings and functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.extras import require

if TYPE_CHECKING:
    from gene_analogies.report.table import Table

__all__ = [
    "FORMATS",
    "HEADED",
    "TABLES",
    "TEXTS",
    "Format",
    "check_needs",
    "content",
    "format_of_file",
    "pieces",
    "render",
]


class Format(NamedTuple):
    """One format of an answer.

    Attributes
    ----------
    ending
        The ending of its files, with the dot; None for one that is asked for by name alone.
    module, function
        The part of the package that writes it; imported only when it is asked for.
    has_notes
        Whether the notes of an answer are in it, too.
    needs
        What its function imports that may be missing, and the extra that brings it; only files
        can be in such a format, for it is no text.
    is_figure
        Whether it is a figure, which only some answers have; in a file, too.
    """

    ending: str | None
    module: str
    function: str
    has_notes: bool
    needs: tuple[str, str] | None = None
    is_figure: bool = False


_MATPLOTLIB = ("matplotlib", "plot")

FORMATS = {
    "table": Format(".txt", "terminal", "answer_text", has_notes=True),
    "markdown": Format(".md", "markdown", "answer_markdown", has_notes=True),
    "csv": Format(".csv", "tabular", "answer_csv", has_notes=False),
    "tsv": Format(".tsv", "tabular", "answer_tsv", has_notes=False),
    "spreadsheet": Format(None, "tabular", "answer_spreadsheet", has_notes=False),
    "html": Format(".html", "html_page", "answer_page", has_notes=True),
    "json": Format(".json", "tabular", "answer_json", has_notes=True),
    "parquet": Format(
        ".parquet", "parquet", "answer_parquet", has_notes=False, needs=("pyarrow", "parquet")
    ),
    "svg": Format(".svg", "figure", "answer_svg", has_notes=False, is_figure=True),
    "png": Format(
        ".png", "figure", "answer_png", has_notes=False, needs=_MATPLOTLIB, is_figure=True
    ),
    "pdf": Format(
        ".pdf", "figure", "answer_pdf", has_notes=False, needs=_MATPLOTLIB, is_figure=True
    ),
}

#: The formats that every answer has.
TABLES = tuple(name for name, one in FORMATS.items() if not one.is_figure)
#: Those of them that are text, and may go to a terminal.
TEXTS = tuple(name for name in TABLES if FORMATS[name].needs is None)

#: What stands between the cells of a format, and before texts like formulas.
_SEPARATED = {"csv": (",", ""), "tsv": ("\t", ""), "spreadsheet": (",", "'")}

#: Those that may begin with where an answer came from, in lines that begin with ``#``.
HEADED = tuple(_SEPARATED)


def format_of_file(path: Path, names: Sequence[str] = tuple(FORMATS)) -> str:
    """Return the name of the format that the ending of a file stands for, in any case.

    Parameters
    ----------
    path
        A file name.
    names
        The formats to choose from.

    Raises
    ------
    GeneAnalogiesError
        If none of them has this ending.
    """
    ending = path.suffix.lower()
    for name in names:
        if FORMATS[name].ending == ending:
            return name
    choices = ", ".join(FORMATS[name].ending or "" for name in names if FORMATS[name].ending)
    if any(one.is_figure and one.ending == ending for one in FORMATS.values()):
        raise GeneAnalogiesError(f"there is no figure of this answer; choose from {choices}")
    raise GeneAnalogiesError(
        f"the ending of {path.name!r} names no format; choose from {choices}, or give the format"
    )


def check_needs(name: str) -> None:
    """Check that a format can be written here, before work that may take long.

    Parameters
    ----------
    name
        A key of :data:`FORMATS`.

    Raises
    ------
    MissingExtraError
        If what it needs is not installed.
    """
    chosen = FORMATS[name]
    if chosen.needs is not None:
        require(*chosen.needs, f"writing {chosen.ending} files")


def content(result: Table, name: str, **options: Any) -> bytes:  # noqa: ANN401 - of any format
    """Return an answer as a file holds it, text as UTF-8, with where it came from.

    Parameters
    ----------
    result
        The answer.
    name
        A key of :data:`FORMATS`.
    **options
        Of the format: which figure, as `gene_analogies.report.figure` describes them; the layout of
        Markdown.

    Raises
    ------
    MissingExtraError
        If what the format needs is not installed.
    """
    if name in TEXTS or name not in FORMATS:
        from gene_analogies.report.text import comment_lines  # needs NumPy, which --help does not

        text = render(result, name, **options)
        if name == "table" and result.origin is not None:
            text += f"\n{comment_lines(result.origin)}"
        return text.encode("utf-8", "replace")
    check_needs(name)
    write: Callable[..., bytes] = _function(name)
    return write(result, **options)


def pieces(
    result: Table,
    name: str,
    *,
    header: bool = False,
    **options: Any,  # noqa: ANN401 - of any format
) -> Iterator[bytes]:
    """Yield what `content` returns, in pieces where an answer may have millions of lines.

    Parameters
    ----------
    result, name, **options
        As for `content`.
    header
        Say where the answer came from above CSV and TSV, too, in lines that begin with ``#``.
    """
    if name not in _SEPARATED:
        yield content(result, name, **options)
        return
    from gene_analogies.report.tabular import separated_pieces
    from gene_analogies.report.text import comment_lines

    if header:
        yield comment_lines(result.origin).encode("utf-8", "replace")
    for piece in separated_pieces(result, *_SEPARATED[name]):
        yield piece.encode("utf-8", "replace")


def render(
    result: Table,
    name: str,
    *,
    width: int | None = 0,
    **options: Any,  # noqa: ANN401 - of any format
) -> str:
    """Return an answer as text in one format.

    Parameters
    ----------
    result
        The answer.
    name
        One of :data:`TEXTS`.
    width
        Columns that a table may take; 0 for no limit, None for those of the terminal. Other
        formats are never cut.
    **options
        Of the format: the layout of Markdown.

    Raises
    ------
    GeneAnalogiesError
        If this is no format, or one that is no text.
    """
    if name not in TEXTS:
        raise GeneAnalogiesError(f"format must be one of {', '.join(TEXTS)}, not {name!r}")
    write: Callable[..., str] = _function(name)
    return write(result, width) if name == "table" else write(result, **options)


def _function(name: str) -> Callable[..., Any]:
    chosen = FORMATS[name]
    found: Callable[..., Any] = getattr(
        import_module(f"gene_analogies.report.{chosen.module}"), chosen.function
    )
    return found
