"""Analogy questions: sections of a : b :: c : d, from a file in Google's format or from Python."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.parts.text import read_text
from gene_analogies.formats.source import Source
from gene_analogies.util.regular_files import read_bounded

__all__ = ["AnalogyQuestions", "Four", "as_questions", "parse_questions", "read_questions"]

#: The section of questions that stand before the first section's name.
UNNAMED = "(no section)"

#: A question and its answer: a is to b as c is to d.
Four = tuple[str, str, str, str]

_EXAMPLE = "a question is four names, as in `EGF EGFR HGF MET`"


@dataclass(frozen=True)
class AnalogyQuestions:
    """Questions in sections.

    Attributes
    ----------
    source
        The file's name; empty for questions that came from Python.
    sections
        Names of the sections, in order.
    questions
        All questions, in order.
    ends
        For every section, how many questions there are up to its end.
    """

    source: str
    sections: tuple[str, ...]
    questions: tuple[Four, ...]
    ends: tuple[int, ...]


def read_questions(path: str | os.PathLike[str]) -> AnalogyQuestions:
    """Read analogy questions in the format of Google's ``questions-words.txt``.

    Parameters
    ----------
    path
        A text file, or one compressed with gzip: ``: name`` begins a section; any other line is a
        question of four names, between white space, or between tabs where names hold spaces.
        Empty lines and those that begin with ``//`` or ``#`` do not count. A pipe will do, too.

    Raises
    ------
    GeneAnalogiesError
        If the file cannot be read, holds no question, or a line that is none; the message says
        which line.
    """
    file = Path(path)
    if _is_stream(file):
        try:
            return parse_questions(read_bounded(file), file.name, str(path))
        except OSError as error:
            raise GeneAnalogiesError(f"{path} cannot be read: {error.strerror or error}") from None
    source = Source(file)
    if source.is_folder:
        raise GeneAnalogiesError(f"{path} is a folder; give a file of analogy questions")
    return parse_questions(read_text(source), file.name, str(path))


def parse_questions(
    content: str | bytes, source: str = "", place: str = "questions"
) -> AnalogyQuestions:
    """Return the analogy questions in a text.

    Parameters
    ----------
    content
        Text, or its bytes in UTF-8, as `read_questions` describes it.
    source
        What answers call it.
    place
        What errors call it.

    Raises
    ------
    GeneAnalogiesError
        As `read_questions`.
    """
    text = content if isinstance(content, str) else _decoded(content, place)
    sections: dict[int, list[Four]] = {}
    names: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        words = _words(line)
        if not words or words[0].startswith(("//", "#")):
            continue
        if words[0] == ":" or (words[0].startswith(":") and len(words) != 4):
            names.append(line.strip().lstrip(": ") or UNNAMED)
            continue
        if len(words) != 4:
            raise FormatError(
                place,
                f"expected four names, found {len(words)}; {_EXAMPLE}, with tabs between names"
                " that hold spaces",
                f"line {number}",
            )
        if not names:
            names.append(UNNAMED)
        sections.setdefault(len(names) - 1, []).append(cast("Four", tuple(words)))
    if not sections:
        raise GeneAnalogiesError(f"{place} holds no analogy questions; {_EXAMPLE}")
    return _joined(source, [(name, sections.get(row, [])) for row, name in enumerate(names)])


def _is_stream(path: Path) -> bool:
    """Whether a path leads to a pipe or a device, which can be read once, from its beginning."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _decoded(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"0x{error.object[error.start]:02x}"
        raise FormatError(
            place, f"expected UTF-8 text, found the byte {found}", f"line {line}"
        ) from None


def as_questions(
    questions: str | os.PathLike[str] | Mapping[str, Iterable[Sequence[str]]] | AnalogyQuestions,
) -> AnalogyQuestions:
    """Return questions as they are given to `Space.evaluate`.

    Parameters
    ----------
    questions
        A file, for `read_questions`; or for every section its questions, each of four names; or
        questions that have been read.

    Raises
    ------
    GeneAnalogiesError
        As `read_questions`; or if an entry is no question.
    """
    if isinstance(questions, AnalogyQuestions):
        return questions
    if isinstance(questions, (str, os.PathLike)):
        return read_questions(Path(questions))
    if not isinstance(questions, Mapping):
        kind = type(questions).__name__
        raise GeneAnalogiesError(
            f"questions must be a file, or a dictionary of sections, not a {kind}"
        )
    found = _joined(
        "",
        [(str(name), _section(str(name), section)) for name, section in questions.items()],
    )
    if not found.questions:
        raise GeneAnalogiesError(f"questions holds no analogy questions; {_EXAMPLE}")
    return found


def _joined(source: str, sections: list[tuple[str, list[Four]]]) -> AnalogyQuestions:
    questions: list[Four] = []
    ends = []
    for _, section in sections:
        questions += section
        ends.append(len(questions))
    return AnalogyQuestions(
        source, tuple(name for name, _ in sections), tuple(questions), tuple(ends)
    )


def _words(line: str) -> list[str]:
    """Return the names in a line: those between tabs, if they are four."""
    if "\t" in line:
        parts = [part.strip() for part in line.strip().split("\t")]
        if len(parts) == 4 and all(parts):
            return parts
    return line.split()


def _section(name: str, questions: Iterable[Sequence[str]]) -> list[Four]:
    """Return the questions of a section."""
    if isinstance(questions, str) or not isinstance(questions, Iterable):
        raise GeneAnalogiesError(
            f"the section {name!r} of questions must be a list of questions, each of four names, "
            f"not {questions!r}"
        )
    return [_question(question) for question in questions]


def _question(names: Sequence[str]) -> Four:
    if isinstance(names, str) or not isinstance(names, Sequence) or len(names) != 4:
        raise GeneAnalogiesError(f"a question must be four names a, b, c, d, not {names!r}")
    return cast("Four", tuple(map(str, names)))
