"""The command ``gene-analogies``: its subcommands, errors and exit codes."""

from __future__ import annotations

import io
import logging
import os
import sys
from importlib import import_module
from typing import Any, NoReturn, TextIO

import click

from gene_analogies._version import __version__
from gene_analogies.cli.messages import one_line, show_warnings
from gene_analogies.errors import GeneAnalogiesError

__all__ = ["cli", "main"]

#: Every command is the function of this name in the module of this name.
_COMMANDS = (
    "pairs", "similar", "complete", "analogies", "top", "modules", "cluster", "evaluate",
    "relation", "map", "known", "shell", "serve", "info", "convert", "formats", "fetch", "cache",
)  # fmt: skip

_GREETING = """\
gene-analogies finds analogies between genes: EGF is to EGFR as HGF is to MET.

Try one of these:

  gene-analogies pairs EGF EGFR           which pairs relate as EGF and its receptor do
  gene-analogies similar BRCA1 BRCA2      what is like both
  gene-analogies complete EGF EGFR HGF    EGF is to EGFR as HGF is to what

gene-analogies --help lists all commands.
"""

_INTERRUPTED = 130
_BROKEN_PIPE = 141


class _Failure(click.ClickException):
    """An error of the user: one line on standard error."""

    exit_code = 2


class _Program(click.Group):
    """Commands that are imported when they are called, and end without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(
            import_module(f"gene_analogies.cli.commands.{cmd_name}"), cmd_name
        )
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise click.exceptions.Exit(_BROKEN_PIPE) from None
        except (GeneAnalogiesError, OSError) as error:
            raise _Failure(one_line(error)) from None


@click.group(
    cls=_Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExamples:\n"
    "  gene-analogies pairs EGF EGFR\n"
    "  gene-analogies similar TP53\n"
    "  gene-analogies complete EGF EGFR HGF\n"
    "  gene-analogies shell",
)
@click.version_option(__version__, prog_name="gene-analogies")
@click.pass_context
def cli(context: click.Context) -> None:
    """Find analogies between genes: EGF is to EGFR as HGF is to MET.

    Answers are exact, most come within milliseconds, and none needs a network: an embedding of
    human genes is built in.
    """
    show_warnings(logging.getLogger("gene_analogies"))
    if context.invoked_subcommand is None:
        click.echo(_GREETING, nl=False)


def main() -> NoReturn:
    """Run the command line and end the process.

    Exit code 0: answered. 1: some of many questions (``--each``) have no answer. 2: an error, in
    one line on standard error. 130: stopped by Ctrl-C. 141: standard output was closed.
    """
    for stream in (sys.stdout, sys.stderr):
        # Characters that the terminal cannot show are replaced, and the answer is printed.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.stdout = _buffered(sys.stdout)
    try:
        code = cli.main(prog_name="gene-analogies", standalone_mode=False) or 0
        _flush()
    except click.ClickException as error:
        click.echo(f"Error: {one_line(error)}", err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt) as stop:
        # Click turns Ctrl-C into Abort; its cause may say what is kept.
        kept = str(stop.__cause__ or stop)
        if kept:
            click.echo(f"Stopped: {kept}", err=True)
        code = _INTERRUPTED
    except BrokenPipeError:
        code = _BROKEN_PIPE
    except OSError as error:
        click.echo(f"Error: standard output: {error.strerror or error}", err=True)
        code = _Failure.exit_code
    if code != 0:
        _drop_unwritten()
    sys.exit(code)


def _buffered(stream: TextIO) -> TextIO:
    """Return a stream that writes all of its text or fails.

    With ``PYTHONUNBUFFERED`` standard output has no buffer: where the operating system takes a
    part of a text only, since the disk is full or a signal came, Python drops the rest silently.
    """
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(stream.buffer, io.RawIOBase):
        return stream
    return open(stream.fileno(), "w", encoding=stream.encoding, errors=stream.errors, closefd=False)


def _flush() -> None:
    # A process may have no standard output at all.
    if sys.stdout is not None:
        sys.stdout.flush()


def _drop_unwritten() -> None:
    """Keep the interpreter from failing again on output that could not be written."""
    try:
        _flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
