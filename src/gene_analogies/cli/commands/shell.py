"""The command ``shell``: one question after another, over a space that is loaded once."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import click

from gene_analogies._version import __version__
from gene_analogies.cli.command_text import option_words
from gene_analogies.cli.embedding_options import EMBEDDING_OPTIONS, Choice, embedding_options
from gene_analogies.cli.inputs import inputs_of
from gene_analogies.cli.messages import one_line
from gene_analogies.cli.progress import IndexProgress
from gene_analogies.cli.repl.journal import open_journal
from gene_analogies.cli.repl.session import ReplSession
from gene_analogies.errors import GeneAnalogiesError

__all__ = ["shell"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies shell --log answers.md\n"
    "  gene-analogies shell --log session.html\n"
    "  printf 'EGF EGFR\\nsimilar TP53 -k 3\\n' | gene-analogies shell"
)
@embedding_options
@click.option(
    "--log",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Append every answer to this file: to a page with figures if it ends in .html, which is "
    "whole after each answer, else as Markdown.",
)
@click.pass_context
def shell(context: click.Context, choice: Choice, log: Path | None) -> None:
    """Ask one question after another.

    A line is a question as on the command line, such as similar TP53 -k 5; a line that names no
    question asks for pairs: EGF EGFR. Tab completes questions, names and options, the arrow keys
    bring back earlier lines, help lists the questions, quit leaves.

    If standard input is not a terminal, it is read as a script: one question a line; blank lines
    and lines that begin with # are skipped. Errors are printed with the number of their line; the
    exit code is 0 if every line was answered, 2 if not.
    """
    inputs = inputs_of(choice)
    inputs.check(log)
    with IndexProgress() as progress, open_journal(log) as journal:
        space = choice.space(progress)
        inputs = inputs.having_read(space.embedding)
        inputs.check(log)
        embedding = option_words(context, EMBEDDING_OPTIONS)
        session = ReplSession(space, inputs, journal, log, embedding)
        if sys.stdin is None or not sys.stdin.isatty():
            context.exit(2 if _run_script(session) else 0)

        from gene_analogies.cli.repl.prompt import make_prompt

        click.echo(
            f"gene-analogies {__version__}, {choice.source}: {len(space):,} items. "
            "Ask, for example, EGF EGFR or similar TP53; help lists the questions. "
            "--pair-weight 0.25 puts pairs first that belong together."
        )
        _converse(session, make_prompt(space.resolver), progress)


def _run_script(session: ReplSession) -> int:
    """Answer the lines of standard input; return how many could not be answered."""
    failures = 0
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Bytes of another encoding become a name that is not found, with the number of its line.
        sys.stdin.reconfigure(errors="replace")
    for number, line in enumerate(sys.stdin or (), start=1):
        question = line.strip().removeprefix("\ufeff")
        if question.startswith("#"):
            continue
        try:
            if not session.take(question):
                break
        except BrokenPipeError:
            raise
        except (GeneAnalogiesError, click.ClickException, OSError) as error:
            failures += 1
            click.echo(f"line {number}: Error: {one_line(error)}", err=True)
        except click.exceptions.Exit:
            continue
    return failures


def _converse(session: ReplSession, prompt: Callable[[], str], progress: IndexProgress) -> None:
    """Answer what a person types, whatever goes wrong."""
    while True:
        try:
            line = prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            if not session.take(line):
                return
        except KeyboardInterrupt as stop:
            progress.close()
            click.echo(f"\nStopped: {stop}" if str(stop) else "\nStopped.", err=True)
        except click.exceptions.Exit:
            continue
        except Exception as error:
            # A question that fails does not end the session.
            progress.close()
            click.echo(f"Error: {one_line(error)}", err=True)
