"""What stands before a table: comments that begin with #, and Excel's ``sep=;``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["before_table"]

_SEPARATOR: Final = re.compile(r'"?sep=([,;\t ])"?\s*', re.IGNORECASE)


def before_table(lines: Iterable[str]) -> tuple[list[str], str | None, str]:
    """Return the lines before a table, its delimiter where ``sep=`` says it, and its first line.

    Parameters
    ----------
    lines
        The first lines of the file, with their ends; they are taken up to the first of the table,
        which is empty where there is none. Of the comments the last may be its header.
    """
    before: list[str] = []
    delimiter = None
    for line in lines:
        found = None if before else _SEPARATOR.fullmatch(line)
        if found:
            delimiter = found[1]
        elif not line.startswith("#"):
            return before, delimiter, line
        before.append(line)
    return before, delimiter, ""
