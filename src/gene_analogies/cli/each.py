"""Many questions from a file: the option ``--each``."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from gene_analogies.cli.answer_file import has_header
from gene_analogies.cli.names import parse_examples
from gene_analogies.cli.reading import file_name, is_stdin, read_text
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.genes.resolve import Resolver
    from gene_analogies.results import Answer

__all__ = ["Line", "each_option", "end_with_failures", "pair_question", "read_questions"]

F = TypeVar("F", bound=Callable[..., Any])


def each_option(asks: str) -> Callable[[F], F]:
    """Return a decorator that adds ``--each``; ``asks`` is what a line of the file holds."""
    return click.option(
        "--each",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"Instead of names: ask a question for each line of this file, {asks}, and put all "
        "answers into one table; # begins a comment, - is standard input.",
    )


class Line(NamedTuple):
    """A line of a file of questions, and the words in it."""

    text: str
    words: list[str]


def read_questions(
    path: Path, names: Sequence[str], among: Path | None, resolver: Resolver
) -> list[Line]:
    """Return the lines of a file, without a header, comments and blank lines.

    Words are separated by tabs, or else by commas, or else by blanks. A first line without any
    known name above a line with one is a header: it is skipped, and standard error says so.

    Parameters
    ----------
    path
        The file; ``-`` is standard input.
    names
        The names on the command line: there must be none.
    among
        The file of ``--among``: not standard input, too.
    resolver
        Knows which names there are.

    Raises
    ------
    GeneAnalogiesError
        If the file cannot be read or holds no question, or names or standard input are given twice.
    """
    if names:
        raise GeneAnalogiesError(
            f"{names[0]!r} is given beside --each {path}: give one or the other"
        )
    if among is not None and is_stdin(path) and is_stdin(among):
        raise GeneAnalogiesError("standard input can be read once: for --each or for --among")
    name = file_name(path)
    text = read_text(path, "it must hold one question a line")
    lines = [Line(line, _words(line)) for line in _lines(text)]
    if has_header([list(_names(line)) for line in lines[:2]], resolver):
        click.echo(f"Note: {name}: {lines[0].text!r} is taken for a header", err=True)
        del lines[0]
    if not lines:
        raise GeneAnalogiesError(f"{name} holds no questions; it must hold one a line")
    return lines


def pair_question(line: Line, is_item: Callable[[str], bool]) -> list[tuple[str, str]] | str:
    """Return the example pairs of a line; the line as it is where it holds none."""
    try:
        return parse_examples(line.words, is_item)
    except GeneAnalogiesError:
        return line.text


def end_with_failures(answer: Answer) -> None:
    """End a command with an exit code of its own where questions of many have no answer.

    Raises
    ------
    click.exceptions.Exit
        With 1 if some have none, with 2 if none has one; standard error says which.
    """
    from gene_analogies.report.text import one_line  # needs NumPy, which --help does not load
    from gene_analogies.results.each import EachResult

    if isinstance(answer, EachResult) and answer.failed:
        click.echo(f"Error: {one_line(answer.failure)}", err=True)
        raise click.exceptions.Exit(2 if answer.failed == len(answer.queries) else 1)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def _words(line: str) -> list[str]:
    """Return the words of a line; those of tables may be in quotation marks."""
    for sign in "\t,":
        if sign in line:
            words = next(csv.reader([line], delimiter=sign, skipinitialspace=True))
            return [word.strip() for word in words if word.strip()]
    return line.split()


def _names(line: Line) -> Iterator[str]:
    """Yield what may be names in a line."""
    for word in (line.text, *line.words):
        yield word
        yield from word.split(":") if ":" in word else ()
