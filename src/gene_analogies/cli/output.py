"""Where an answer goes, and in which format: options that the commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from gene_analogies.cli.layout import layout_option
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.kinds import (
    MAP_KINDS,
    PAIR_KINDS,
    RELATION_KINDS,
    ROW_KINDS,
    SIMILAR_KINDS,
)
from gene_analogies.report.registry import (
    FORMATS,
    HEADED,
    TABLES,
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
    "FigureChoice",
    "check_output",
    "figure_options",
    "format_options",
    "has_header",
    "is_stdout",
    "map_figure_options",
    "output_options",
    "relation_figure_options",
    "similar_figure_options",
    "write_answer",
]

F = TypeVar("F", bound=Callable[..., Any])

#: Where a context keeps whether --json was given, until --format is parsed.
_JSON = "gene_analogies.cli.output.json"
#: Where it keeps whether --header was given.
_HEADER = "gene_analogies.cli.output.header"


class FigureChoice(NamedTuple):
    """Which figure a question that has figures draws, if a file is to hold one.

    Attributes
    ----------
    kind
        Its name in `gene_analogies.plots.kinds`, if it was given.
    rank
        Which pair, from 1, if it was given.
    """

    kind: str | None = None
    rank: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """As the functions of `gene_analogies.report.figure` take them."""
        return {"kind": self.kind, "row": None if self.rank is None else self.rank - 1}

    @classmethod
    def taken_from(
        cls, asked: dict[str, Any], embeddings: int = 1, *, together: bool = False
    ) -> FigureChoice | None:
        """Return the choice, and take it out of the options of a command.

        None where there are no figures: of other questions, of many at once, and of several
        embeddings, unless these are shown ``together``; and of the ``details`` of an answer.

        Raises
        ------
        GeneAnalogiesError
            If a figure is chosen where there is none.
        """
        if "figure" not in asked:
            return None
        choice = cls(asked.pop("figure"), asked.pop("rank", None))
        if asked.get("details"):
            if choice != cls():
                raise GeneAnalogiesError("--figure shows the tests, --details pairs: give one")
            return None
        if asked.get("each") is None and (embeddings == 1 or together):
            return choice
        if choice != cls():
            raise GeneAnalogiesError(
                f"{choice.option} is of one question to one embedding: ask them one by one"
            )
        return None

    @property
    def option(self) -> str:
        """The option that was given."""
        return "--rank" if self.kind is None else "--figure"


def output_options(command: F) -> F:
    """Add ``--format``, ``--json``, ``--layout`` and ``--output`` to a command."""
    return _output_options(command, TABLES)


def figure_options(command: F) -> F:
    """Add the same, for figures too, and ``--figure`` and ``--rank``, which choose one."""
    command = click.option(
        "--rank",
        type=click.IntRange(min=1),
        metavar="N",
        help="Which pair a quadrilateral or a receipt shows, the best one unless given, or a "
        "compass marks; without --figure, its quadrilateral.",
    )(command)
    command = click.option(
        "--figure",
        type=click.Choice(PAIR_KINDS),
        help="What a figure shows. Of all pairs: their true angles to the query (compass, as by "
        "default); a list or a heatmap of their offsets, in families; their place in the "
        "distribution of all similarities; where their items lie on the map of all. Of one "
        "pair: a quadrilateral of true distances, or a receipt, what its similarity is the sum "
        "of.",
    )(command)
    return _output_options(command, tuple(FORMATS))


def similar_figure_options(command: F) -> F:
    """Add the same to ``similar``."""
    text = "all items by their similarity to A and to B, as by default with --contrast; or where "
    text += "the answer lies on the map of all items, as by default without."
    return _with_figures(command, SIMILAR_KINDS, f"What a figure shows: {text}")


def map_figure_options(command: F) -> F:
    """Add the same to ``map`` and ``complete``, which have one figure."""
    return _with_figures(command, MAP_KINDS, "The map, as any figure of this answer.")


def relation_figure_options(command: F) -> F:
    """Add the same to ``relation``, which has one figure, also of several embeddings."""
    return _with_figures(command, RELATION_KINDS, "The tests, as any figure of this answer.")


def _with_figures(command: F, kinds: Sequence[str], text: str) -> F:
    command = click.option("--figure", type=click.Choice(kinds), help=text)(command)
    return _output_options(command, tuple(FORMATS))


def _output_options(command: F, names: Sequence[str]) -> F:
    endings = " ".join(FORMATS[name].ending or "" for name in names if FORMATS[name].ending)
    command = click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"Write to this file, atomically; its ending ({endings}) names the format. - is "
        "standard output.",
    )(command)
    command = layout_option(command)
    command = click.option(
        "--header",
        is_flag=True,
        expose_value=False,
        callback=_keep_header,
        help="Begin CSV and TSV with lines of # that say embedding, version and command; other "
        "files say so anyway.",
    )(command)
    return format_options(
        names,
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


def check_output(
    format_name: str | None, output: Path | None, figure: FigureChoice | None = None
) -> str:
    """Return the format to write, after checking that the file can be one.

    Parameters
    ----------
    format_name
        The format that was asked for, if any.
    output
        The file to write, if any.
    figure
        Which figure, if it is one; None where the question has none.

    Raises
    ------
    GeneAnalogiesError
        If the ending of the file names no format, or its folder does not exist; or if the format
        needs a file, or an extra that is not installed; or if a figure is chosen for a table.
    """
    found = _format(format_name, output, TABLES if figure is None else tuple(FORMATS))
    if figure is not None and figure != FigureChoice():
        if not FORMATS[found].is_figure:
            raise GeneAnalogiesError(
                f"{figure.option} chooses a figure: give -o a .svg, .png or .pdf file"
            )
        if figure.rank is not None and figure.kind not in (None, *ROW_KINDS):
            raise GeneAnalogiesError(
                f"--rank chooses one pair, but --figure {figure.kind} shows all: leave it out"
            )
    return found


def _format(format_name: str | None, output: Path | None, names: Sequence[str]) -> str:
    if output is None or is_stdout(output):
        if format_name not in (None, *TEXTS):
            raise GeneAnalogiesError(
                f"{format_name} needs a file: give one with -o, or choose from {', '.join(TEXTS)}"
            )
        return format_name or "table"
    if output.is_dir():
        raise GeneAnalogiesError(f"{output} is a folder; name a file in it")
    if not output.parent.is_dir():
        raise GeneAnalogiesError(f"there is no folder {output.parent} to write {output.name} into")
    format_name = format_name or format_of_file(output, names)
    check_needs(format_name)
    return format_name


def write_answer(
    result: Answer,
    format_name: str,
    output: Path | None,
    *,
    compact: bool = False,
    figure: FigureChoice | None = None,
    header: bool = False,
    layout: dict[str, Any] | None = None,
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
    figure
        Which figure, if the format is one.
    header
        Begin CSV and TSV with where the answer came from; see :func:`has_header`.
    layout
        The layout that was asked for, if any, from `gene_analogies.cli.layout.layout_of`.

    Raises
    ------
    GeneAnalogiesError
        If the file cannot be written, or there is no such figure.
    """
    options = dict(layout or {})
    if output is None or is_stdout(output):
        text = render(result, format_name, width=None if output is None else 0, **options)
        if compact and format_name == "json":
            text = "".join(line.lstrip() for line in text.split("\n")) + "\n"
        if header:
            from gene_analogies.report.text import comment_lines  # needs NumPy

            text = comment_lines(result.origin) + text
        click.echo(text, nl=False)
    else:
        if figure is not None and FORMATS[format_name].is_figure:
            if figure.rank is not None and figure.rank > max(1, len(result)):
                raise GeneAnalogiesError(
                    f"--rank must be at most {len(result)}, the number of pairs, not {figure.rank}"
                )
            options = figure.options
        write_whole(output, pieces(result, format_name, header=header, **options))
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
