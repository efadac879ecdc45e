"""Text that a command reads: from a file, a pipe, or standard input."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.regular_files import read_bounded

__all__ = ["file_name", "is_script", "is_stdin", "read_text", "stdin_bytes"]


def is_stdin(path: Path) -> bool:
    """Whether a file name stands for standard input."""
    return str(path) == "-"


def is_script(file: os.stat_result) -> bool:
    """Whether a file is what standard input is read from."""
    try:
        return os.path.samestat(file, os.fstat(sys.stdin.fileno()))
    except (OSError, AttributeError, ValueError):  # no standard input, or not a file
        return False


def file_name(path: Path) -> str:
    """Return the name of a file for answers and errors."""
    return "standard input" if is_stdin(path) else str(path)


def stdin_bytes() -> bytes:
    """Return all of standard input; nothing where a process has none."""
    if sys.stdin is None:
        return b""
    return sys.stdin.buffer.read()


def read_text(path: Path, wanted: str) -> str:
    """Return the text in a file, without a byte order mark.

    Parameters
    ----------
    path
        A file or a pipe; ``-`` is standard input.
    wanted
        What it should be, for the error: ``it must hold one name a line``.

    Raises
    ------
    GeneAnalogiesError
        If it cannot be read, or is not text in UTF-8.
    """
    name = file_name(path)
    try:
        content = stdin_bytes() if is_stdin(path) else read_bounded(path)
    except OSError as error:
        raise GeneAnalogiesError(f"{name} cannot be read: {error.strerror or error}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise GeneAnalogiesError(f"{name} is not text in UTF-8; {wanted}")
    return text
