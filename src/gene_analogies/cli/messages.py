"""Errors and warnings on standard error, a line each."""

from __future__ import annotations

import logging

import click

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["one_line", "show_warnings"]


def one_line(error: Exception) -> str:
    """Return the message of an error in one line, without control codes."""
    if isinstance(error, click.ClickException):
        text = error.format_message()
    elif isinstance(error, GeneAnalogiesError):
        text = str(error)
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        text = f"{where}{error.strerror or error}"
    else:
        text = f"{type(error).__name__}: {error}"
    return _printable(" ".join(text.split()))


def _printable(text: str) -> str:
    # Imported when there is something to say: it needs NumPy, which --help does not load.
    from gene_analogies.report import text as report

    return report.one_line(text)


class _WarningLines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        kind = "Error" if record.levelno >= logging.ERROR else "Warning"
        click.echo(f"{kind}: {_printable(record.getMessage())}", err=True)
        if record.exc_info:  # a mistake of ours in a server that goes on
            trace = logging.Formatter().formatException(record.exc_info)
            click.echo("\n".join(map(_printable, trace.splitlines())), err=True)


def show_warnings(logger: logging.Logger) -> None:
    """Send the warnings of a logger to standard error, a line each."""
    if not any(isinstance(handler, _WarningLines) for handler in logger.handlers):
        logger.addHandler(_WarningLines(logging.WARNING))
