"""Parsers of the lines of the shell: the questions, without the options of the embedding."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from gene_analogies.cli import question
from gene_analogies.cli.embedding_options import EMBEDDING_OPTIONS

if TYPE_CHECKING:
    from gene_analogies.results import Answer

__all__ = [
    "DEFAULT",
    "HELP_WORDS",
    "QuestionParser",
    "question_parser",
    "split_question",
    "without_program",
]

#: The question of a line that names none.
DEFAULT: Final = "pairs"
#: First words that ask for help.
HELP_WORDS: Final = ("help", "?", "-h", "--help")

_PROGRAM: Final = "gene-analogies"


class QuestionParser(NamedTuple):
    """Parses and answers the lines that ask one question.

    Attributes
    ----------
    command
        Parses the words of a line; it runs nothing.
    ask
        Answers ``ask(space, **options)``.
    left_out
        The options of the command that a line does not have, since the embedding is loaded.
    """

    command: click.Command
    ask: Callable[..., Answer]
    left_out: frozenset[str]


def question_parser(name: str) -> QuestionParser:
    """Return the parser of a question, one of `QUESTIONS`; its module is imported here."""
    module: Any = import_module(f"gene_analogies.cli.commands.{name}")
    full: click.Command = getattr(module, name)
    command = copy.copy(full)
    command.callback = None
    command.params = [
        parameter for parameter in full.params if parameter.name not in EMBEDDING_OPTIONS
    ]
    left_out = frozenset(
        flag
        for parameter in full.params
        if parameter.name in EMBEDDING_OPTIONS
        for flag in parameter.opts
    )
    command.epilog = _examples(full.epilog or "", left_out)
    return QuestionParser(command, module.ask, left_out)


def without_program(words: Sequence[str]) -> list[str]:
    """Return the words of a line without the program's name, with which copied lines begin."""
    return list(words[1:] if words[:1] == [_PROGRAM] else words)


def split_question(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the name of the question that a line asks, and the other words."""
    if words and words[0] in question.QUESTIONS:
        return words[0], list(words[1:])
    return DEFAULT, list(words)


def _examples(epilog: str, left_out: frozenset[str]) -> str | None:
    """Return the examples of a command that are lines of the shell, too."""
    title, *examples = epilog.split("\n  ")
    lines = [
        line.removeprefix(f"{_PROGRAM} ")
        for line in examples
        if line.startswith(f"{_PROGRAM} ") and not {"|", *left_out}.intersection(line.split())
    ]
    return "\n  ".join([title, *lines]) if lines else None
