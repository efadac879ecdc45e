"""The log of a session: every answer, in Markdown or as a page in HTML."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from gene_analogies.cli.reading import is_script
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.whole_files import whole_file

if TYPE_CHECKING:
    from gene_analogies.results import Answer

__all__ = ["HtmlJournal", "Journal", "MarkdownJournal", "open_journal"]

#: Files with these endings are pages; all others are Markdown.
_HTML = (".html", ".htm")


class Journal(Protocol):
    """What keeps the answers of a session."""

    def add(self, answer: Answer) -> None:
        """Keep an answer; an `OSError` says why that failed."""


class MarkdownJournal:
    """A file to which answers are appended.

    Parameters
    ----------
    file
        It, open for writing.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def add(self, answer: Answer) -> None:
        """Append an answer."""
        self._file.write(f"{answer.to_markdown()}\n")
        self._file.flush()


class HtmlJournal:
    """A page with a section for every question, which is whole after each of them.

    Parameters
    ----------
    path
        Its file. One that an earlier session has left goes on.

    Raises
    ------
    GeneAnalogiesError
        If the file holds something else.
    OSError
        If it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        from gene_analogies.report.html_page import sections_of

        self._path = path
        self._sections: list[str] = []
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "is no file")
        page = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        if page.strip():
            found = sections_of(page)
            if found is None:
                raise GeneAnalogiesError(
                    f"{path} exists and is no log of a shell in HTML: name another file"
                )
            self._sections = found
        self._write()

    def add(self, answer: Answer) -> None:
        """Add the section of an answer, and write the page."""
        from gene_analogies.report.html_page import answer_section

        self._sections.append(answer_section(answer, len(self._sections) + 1))
        try:
            self._write()
        except OSError:
            self._sections.pop()
            raise

    def _write(self) -> None:
        from gene_analogies.report.html_page import session_page

        with whole_file(self._path) as part:
            part.write_bytes(session_page(self._sections).encode("utf-8", "replace"))


@contextmanager
def open_journal(path: Path | None) -> Iterator[Journal | None]:
    """Open the log of a session, if there is one.

    Parameters
    ----------
    path
        Its file: a page if it ends in .html, Markdown otherwise.

    Raises
    ------
    GeneAnalogiesError
        If it cannot be one.
    """
    if path is None:
        yield None
        return
    try:
        if path.suffix.lower() in _HTML:
            _refuse_script(path)
            page = HtmlJournal(path)
            file = None
        else:
            file = path.open("a", encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise GeneAnalogiesError(
            f"{path} cannot be opened as a log: {error.strerror or error}"
        ) from None
    if file is None:
        yield page
        return
    with file:
        _refuse_script(path)
        yield MarkdownJournal(file)


def _refuse_script(path: Path) -> None:
    if path.exists() and is_script(path.stat()):
        raise GeneAnalogiesError(f"{path} is the script itself: log to another file")
