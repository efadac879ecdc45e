import logging

import click
import pytest

from gene_analogies import GeneAnalogiesError
from gene_analogies.cli.messages import one_line, show_warnings


def test_warnings_are_lines_of_their_own(capsys):
    logger = logging.getLogger("test of warnings")
    show_warnings(logger)
    show_warnings(logger)
    logger.warning("the cache folder %s is full", "x")
    logger.info("hidden")
    logger.warning("\x07")
    assert capsys.readouterr() == (
        "",
        "Warning: the cache folder x is full\nWarning: \N{REPLACEMENT CHARACTER}\n",
    )


def test_a_failure_that_is_logged_is_shown_with_its_traceback(capsys):
    logger = logging.getLogger("test of failures")
    show_warnings(logger)
    logger.error("%r failed", "/pairs", exc_info=ValueError("no \x1b[31m"))
    shown = "ValueError: no \N{REPLACEMENT CHARACTER}[31m"
    assert capsys.readouterr() == ("", f"Error: '/pairs' failed\n{shown}\n")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (GeneAnalogiesError("bad name"), "bad name"),
        (click.UsageError("Choose from:\n\ta,\n\tb"), "Choose from: a, b"),
        (PermissionError(13, "Permission denied", "f"), "f: Permission denied"),
        (OSError("odd"), "odd"),
        (ValueError("two\nlines"), "ValueError: two lines"),
        (GeneAnalogiesError("no \x1b[31m"), "no \N{REPLACEMENT CHARACTER}[31m"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_is_one_line(error, line):
    assert one_line(error) == line
