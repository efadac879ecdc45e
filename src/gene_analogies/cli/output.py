"""Where an answer goes, and in which format: options that the commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.report.registry import (
    FORMATS,
    HEADED,
    TEXTS,
    check_needs,
    format_of_file,
    pieces,
    render,
)
from gene_analogies.util.whole_files import whole_file, write_errors

if TYPE_CHECKING:
    from gene_analogies.results import Answer

__all__ = [
    "check_output",
    "format_options",
    "has_header",
    "is_stdout",
    "output_options",
    "write_answer",
]

F = TypeVar("F", bound=Callable[..., Any])

#: Where a context keeps whether --json was given, until --format is parsed.
_JSON = "gene_analogies.cli.output.json"
#: Where it keeps whether --header was given.
_HEADER = "gene_analogies.cli.output.header"


def output_options(command: F) -> F:
    """Add ``--format``, ``--json`` and ``--output`` to a command."""
    endings = " ".join(format.ending for format in FORMATS.values() if format.ending)
    command = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"Write to this file, atomically; its ending ({endings}) names the format. - is "
        "standard output.",
    )(command)
    command = click.option(
        "--header",
        is_flag=True,
        expose_value=False,
        callback=_keep_header,
        help="Begin CSV and TSV with lines of # that say embedding, version and command; other "
        "files say so anyway.",
    )(command)
    return format_options(
        list(FORMATS),
        help="Format of the answer; a table unless the file says otherwise. spreadsheet is CSV "
        "with ' before names that look like formulas.",
    )(command)


def format_options(names: Sequence[str], **settings: Any) -> Callable[[F], F]:  # noqa: ANN401
    """Return a decorator that adds ``--format`` and ``--json``, which is short for a format.

    A command gets both as its argument ``format_name``.

    Parameters
    ----------
    names
        The formats, json among them.
    **settings
        What `click.option` takes for ``--format``, such as a default.
    """

    def add(command: F) -> F:
        command = click.option(
            "--json",
            is_flag=True,
            # Parsed before --format, in whichever order they are given.
            is_eager=True,
            expose_value=False,
            callback=_keep_json,
            help="Same as --format json.",
        )(command)
        return click.option(
            "--format",
            "format_name",
            type=click.Choice(names),
            callback=_choose_format,
            **settings,
        )(command)

    return add


def _keep_json(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    del parameter
    context.meta[_JSON] = value


def _keep_header(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    del parameter
    context.meta[_HEADER] = value


def has_header(context: click.Context, format_name: str) -> bool:
    """Whether ``--header`` was given.

    Raises
    ------
    GeneAnalogiesError
        If it was, and this format has none.
    """
    given = bool(context.meta.get(_HEADER))
    if given and format_name not in HEADED:
        raise GeneAnalogiesError(f"--header is for {', '.join(HEADED)}, not for {format_name}")
    return given


def _choose_format(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """Return the format that --json or --format asks for.

    Raises
    ------
    GeneAnalogiesError
        If they do not agree.
    """
    if not context.meta.pop(_JSON, False):
        return value
    source = context.get_parameter_source(str(parameter.name))
    if source is click.core.ParameterSource.COMMANDLINE and value != "json":
        raise GeneAnalogiesError(f"--json and --format {value} contradict each other; give one")
    return "json"


def check_output(format_name: str | None, output: Path | None) -> str:
    """Return the format to write, after checking that the file can be one.

    Parameters
    ----------
    format_name
        The format that was asked for, if any.
    output
        The file to write, if any.

    Raises
    ------
    GeneAnalogiesError
        If the ending of the file names no format, or its folder does not exist; or if the format
        needs a file, or an extra that is not installed.
    """
    if output is None or is_stdout(output):
        if format_name not in (None, *TEXTS):
            raise GeneAnalogiesError(
                f"{format_name} is not text: give a file with -o, or choose from {', '.join(TEXTS)}"
            )
        return format_name or "table"
    if output.is_dir():
        raise GeneAnalogiesError(f"{output} is a folder; name a file in it")
    if not output.parent.is_dir():
        raise GeneAnalogiesError(f"there is no folder {output.parent} to write {output.name} into")
    format_name = format_name or format_of_file(output)
    check_needs(format_name)
    return format_name


def write_answer(
    result: Answer,
    format_name: str,
    output: Path | None,
    *,
    compact: bool = False,
    header: bool = False,
) -> None:
    """Write an answer to a file, or else to standard output.

    Notes that the reader would not see in the answer go to standard error.

    Parameters
    ----------
    result
        The answer.
    format_name
        From :func:`check_output`.
    output
        The file, if any.
    compact
        Write JSON to standard output as one line, so that several answers are JSON Lines.
    header
        Begin CSV and TSV with where the answer came from; see :func:`has_header`.
    """
    if output is None or is_stdout(output):
        text = render(result, format_name, width=None if output is None else 0)
        if compact and format_name == "json":
            text = "".join(line.lstrip() for line in text.split("\n")) + "\n"
        if header:
            from gene_analogies.report.text import comment_lines  # needs NumPy

            text = comment_lines(result.origin) + text
        click.echo(text, nl=False)
    else:
        write_whole(output, pieces(result, format_name, header=header))
    if output is not None or not FORMATS[format_name].has_notes:
        from gene_analogies.report.text import one_line  # needs NumPy, which --help does not load

        for note in result.notes:
            click.echo(f"Note: {one_line(note)}", err=True)


def is_stdout(path: Path) -> bool:
    """Whether a file name stands for standard output, which is never replaced."""
    return str(path) in {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path
        The file; a link is followed, and a device or pipe is written to directly.
    content
        What it is to hold, or pieces of it.

    Raises
    ------
    GeneAnalogiesError
        If that fails; the file is then as it was.
    """
    parts = [content] if isinstance(content, bytes) else content
    with write_errors(path):
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                file.writelines(parts)
            return
        with whole_file(path) as part, part.open("wb") as file:
            file.writelines(parts)
