"""The questions as a line of the shell may ask them: without the options of the embedding."""

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

__all__ = ["DEFAULT", "HELP_WORDS", "LineQuestion", "line_question", "name_and_words", "own_words"]

#: What a line asks that names no question.
DEFAULT: Final = "pairs"
#: First words that ask for help.
HELP_WORDS: Final = ("help", "?", "-h", "--help")

_PROGRAM: Final = "gene-analogies"


class LineQuestion(NamedTuple):
    """A question that lines may ask.

    Attributes
    ----------
    command
        Reads the words of a line; it runs nothing.
    ask
        Answers ``ask(space, **options)``.
    left_out
        The options of the command line that a line has not, since its embedding is loaded.
    """

    command: click.Command
    ask: Callable[..., Answer]
    left_out: frozenset[str]


def line_question(name: str) -> LineQuestion:
    """Return the question of this name, one of `QUESTIONS`; its module is imported here."""
    module: Any = import_module(f"gene_analogies.cli.commands.{name}")
    full: click.Command = getattr(module, name)
    command = copy.copy(full)
    command.callback = None
    command.params = [one for one in full.params if one.name not in EMBEDDING_OPTIONS]
    left_out = frozenset(
        word for one in full.params if one.name in EMBEDDING_OPTIONS for word in one.opts
    )
    command.epilog = _examples(full.epilog or "", left_out)
    return LineQuestion(command, module.ask, left_out)


def own_words(words: Sequence[str]) -> list[str]:
    """Return the words of a line; one copied from a terminal begins with the program's name."""
    return list(words[1:] if words[:1] == [_PROGRAM] else words)


def name_and_words(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the name of the question that a line asks, and the words that are left to it."""
    if words and words[0] in question.QUESTIONS:
        return words[0], list(words[1:])
    return DEFAULT, list(words)


def _examples(epilog: str, left_out: frozenset[str]) -> str | None:
    """Return the examples of a command that are lines, too."""
    title, *examples = epilog.split("\n  ")
    lines = [
        one.removeprefix(f"{_PROGRAM} ")
        for one in examples
        if one.startswith(f"{_PROGRAM} ") and not {"|", *left_out}.intersection(one.split())
    ]
    return "\n  ".join([title, *lines]) if lines else None
