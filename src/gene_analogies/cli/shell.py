"""The command ``shell``: one pair after another, over a space that is loaded once."""

from __future__ import annotations

import io
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from gene_analogies._version import __version__
from gene_analogies.cli.embedding import EMBEDDING_OPTIONS, Choice, embedding_options
from gene_analogies.cli.inputs import Inputs, inputs_of
from gene_analogies.cli.output import check_output, is_stdout, write_answer
from gene_analogies.cli.pairs import answer, pairs
from gene_analogies.cli.progress import IndexProgress
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.space import Space

__all__ = ["shell"]

_HELP = """\
Type two names, such as EGF EGFR, or example pairs, such as EGF:EGFR HGF:MET.
Tab completes a name; quit, exit or Ctrl-D leaves; Ctrl-C clears the line.
Options may follow the names, as in EGF EGFR -k 20 --metric euclidean:

"""


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies shell --log answers.md\n"
    "  printf 'EGF EGFR\\nINS INSR -k 3\\n' | gene-analogies shell"
)
@embedding_options
@click.option(
    "--log",
    type=click.Path(path_type=Path),
    metavar="FILE.md",
    help="Append every answer to this file, as Markdown.",
)
@click.pass_context
def shell(context: click.Context, choice: Choice, log: Path | None) -> None:
    """Ask for pairs until told to stop.

    Type two names; options of the command pairs may follow them. Tab completes names, the arrow
    keys bring back earlier lines, help tells more, quit leaves.

    Where standard input is no terminal, it is read as a script: one question a line; blank lines
    and lines from a # are skipped. Errors are told with the number of their line, and the exit
    code is 0 if every line was answered, 2 if not.
    """
    inputs = inputs_of(choice)
    inputs.check(log)
    with IndexProgress() as progress, _journal(log) as journal:
        space = choice.space(progress)
        inputs = inputs.having_read(space.embedding)
        inputs.check(log)
        dialogue = _Dialogue(space, inputs, journal, log)
        if sys.stdin is None or not sys.stdin.isatty():
            context.exit(2 if _run_script(dialogue) else 0)

        from gene_analogies.cli.prompt import make_prompt

        click.echo(
            f"gene-analogies {__version__}, {choice.source}: {len(dialogue.space):,} items. "
            "Type two names, such as EGF EGFR, or help."
        )
        _converse(dialogue, make_prompt(dialogue.space.resolver, dialogue.command), progress)


class _Dialogue:
    """Answers lines; knows nothing of where they come from."""

    def __init__(
        self, space: Space, inputs: Inputs, journal: TextIO | None = None, log: Path | None = None
    ) -> None:
        self.space = space
        self._inputs = inputs
        self._journal = journal
        self._log = log

    @cached_property
    def command(self) -> click.Command:
        """The command ``pairs`` as far as a line may say it."""
        return click.Command(
            "pairs", params=[one for one in pairs.params if one.name not in EMBEDDING_OPTIONS]
        )

    def take(self, line: str) -> bool:
        """Answer a line; False if it asks to stop.

        Raises
        ------
        GeneAnalogiesError, click.ClickException
            If the line cannot be answered.
        """
        try:
            words = shlex.split(line)
        except ValueError:
            raise GeneAnalogiesError(
                "a quotation mark stands alone; put a name that holds one between marks of the "
                "other kind"
            ) from None
        if words in (["quit"], ["exit"]):
            return False
        if words in (["help"], ["?"], ["-h"], ["--help"]):
            click.echo(self._help(), nl=False)
        elif words:
            self._answer(words)
        return True

    def _answer(self, words: list[str]) -> None:
        context = self.command.make_context("", words)
        options = dict(context.params)
        names: tuple[str, ...] = options.pop("names")
        # A line that was copied from a terminal may begin with the command.
        while names[0] in ("gene-analogies", "pairs") and (len(names) > 2 or ":" in names[-1]):
            names = names[1:]
        output: Path | None = options.pop("output")
        format_name = check_output(options.pop("format_name"), output)
        self._check_written(output, options["among"])
        result = answer(self.space, names, **options)
        write_answer(result, format_name, output)
        if output is None and format_name in ("table", "markdown"):
            click.echo()
        if self._journal is not None:
            try:
                self._journal.write(f"{result.to_markdown()}\n")
                self._journal.flush()
            except OSError as error:
                raise GeneAnalogiesError(
                    f"the answer could not be logged: {error.strerror or error}"
                ) from None

    def _check_written(self, output: Path | None, among: Path | None) -> None:
        """Keep the answer off what is read, and off the log."""
        self._inputs.check(self._log, among)
        self._inputs.check(output, among)
        if output is None or is_stdout(output) or not output.exists():
            return
        if _is_script(output.stat()):
            raise GeneAnalogiesError(f"{output} is the script itself: write to another file")
        if self._log is not None and output.samefile(self._log):
            raise GeneAnalogiesError(f"{output} is the log, too: write to another file")

    def _help(self) -> str:
        context = click.Context(self.command)
        formatter = context.make_formatter()
        self.command.format_options(context, formatter)
        return _HELP + formatter.getvalue()


def _run_script(dialogue: _Dialogue) -> int:
    """Answer the lines of standard input; return how many could not be answered."""
    failures = 0
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Letters of another encoding make a name that is not found, with the number of its line.
        sys.stdin.reconfigure(errors="replace")
    for number, line in enumerate(sys.stdin or (), start=1):
        question = line.strip().removeprefix("\ufeff")
        if question.startswith("#"):
            continue
        try:
            if not dialogue.take(question):
                break
        except (GeneAnalogiesError, click.ClickException) as error:
            failures += 1
            click.echo(f"line {number}: Error: {_message(error)}", err=True)
        except click.exceptions.Exit:
            continue
    return failures


def _converse(dialogue: _Dialogue, prompt: Callable[[], str], progress: IndexProgress) -> None:
    """Answer what a person types, whatever goes wrong."""
    while True:
        try:
            line = prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            if not dialogue.take(line):
                return
        except KeyboardInterrupt:
            progress.close()
            click.echo("stopped", err=True)
        except click.exceptions.Exit:
            continue
        except Exception as error:
            # One bad question must not cost the session.
            progress.close()
            click.echo(f"Error: {_message(error)}", err=True)


def _message(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, GeneAnalogiesError):
        return str(error)
    return f"{type(error).__name__}: {error}"


@contextmanager
def _journal(path: Path | None) -> Iterator[TextIO | None]:
    """Open the file to which answers are appended, if there is one."""
    if path is None:
        yield None
        return
    try:
        file = path.open("a", encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise GeneAnalogiesError(
            f"{path} cannot be opened as a log: {error.strerror or error}"
        ) from None
    with file:
        if _is_script(os.fstat(file.fileno())):
            raise GeneAnalogiesError(f"{path} is the script itself: log to another file")
        yield file


def _is_script(file: os.stat_result) -> bool:
    """Whether a file is what standard input is read from."""
    try:
        return os.path.samestat(file, os.fstat(sys.stdin.fileno()))
    except (
        OSError,
        AttributeError,
        ValueError,
    ):  # there is no standard input, or no file behind it
        return False
