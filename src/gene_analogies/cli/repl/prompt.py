"""The prompt of the shell: completion and history."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.output import create_output

from gene_analogies.cli import question
from gene_analogies.cli.repl.parser import (
    HELP_WORDS,
    question_parser,
    split_question,
    without_program,
)

if TYPE_CHECKING:
    from gene_analogies.genes.resolve import Resolver

__all__ = ["LineCompleter", "make_prompt"]

_PROMPT = "ask> "
#: The metavar of options whose value is an item.
_NAME = "NAME"


def make_prompt(resolver: Resolver) -> Callable[[], str]:
    """Return a function that asks for one line.

    It raises KeyboardInterrupt on Ctrl-C, and EOFError on Ctrl-D in an empty line.

    Parameters
    ----------
    resolver
        Has the names to complete.
    """
    session: PromptSession[str] = PromptSession(
        _PROMPT,
        completer=LineCompleter(resolver),
        complete_in_thread=True,
        complete_while_typing=False,
        history=_history(),
        # Answers may be redirected to a file; the prompt is not.
        output=None if sys.stdout.isatty() else create_output(stdout=sys.stderr),
    )
    return session.prompt


class LineCompleter(Completer):
    """Completes the name of the question, its options and their choices, files, and names.

    Parameters
    ----------
    resolver
        Has the names.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,
    ) -> Iterator[Completion]:
        """Yield completions of the word before the cursor."""
        *before, word = document.text_before_cursor.split(" ")
        before = without_program([word for word in before if word])
        if not before or (len(before) == 1 and before[0] in HELP_WORDS):
            yield from _questions(word)
            if before:
                return
        name, _ = split_question(before)
        parameters = question_parser(name).command.params
        options = {
            flag: parameter
            for parameter in parameters
            if isinstance(parameter, click.Option)
            for flag in parameter.opts
        }
        valued = options.get(before[-1]) if before else None
        if valued is not None and not (valued.is_flag or valued.count):
            if valued.metavar == _NAME:
                yield from self._names(word)
            else:
                yield from _values(valued, word, complete_event)
        elif word.startswith("-"):
            for flag, option in options.items():
                if flag.startswith(word):
                    yield Completion(flag, -len(word), display_meta=option.help or "")
        elif any(_is_file(one) for one in parameters if isinstance(one, click.Argument)):
            yield from _paths(word, complete_event)
        elif word or before:
            yield from self._names(word.rpartition(":")[2])

    def _names(self, part: str) -> Iterator[Completion]:
        for name in self._resolver.complete(part):
            yield Completion(shlex.quote(name), -len(part), display_meta=self._describe(name))

    def _describe(self, name: str) -> str:
        gene = self._resolver.gene(self._resolver.resolve(name).row)
        if gene is None:
            return ""
        return gene.full_name if gene.symbol == name else f"{gene.symbol}, {gene.full_name}"


def _questions(word: str) -> Iterator[Completion]:
    for name in question.QUESTIONS:
        if name.startswith(word):
            meaning = question_parser(name).command.get_short_help_str(limit=200)
            yield Completion(name, -len(word), display_meta=meaning)


def _values(option: click.Option, word: str, event: CompleteEvent) -> Iterator[Completion]:
    if isinstance(option.type, click.Choice):
        for choice in map(str, option.type.choices):
            if choice.startswith(word):
                yield Completion(choice, -len(word))
    elif _is_file(option):
        yield from _paths(word, event)


def _is_file(parameter: click.Parameter) -> bool:
    return isinstance(parameter.type, click.Path)


def _paths(word: str, event: CompleteEvent) -> Iterator[Completion]:
    for found in PathCompleter().get_completions(Document(word), event):
        yield Completion(shlex.quote(word + found.text), -len(word), display=found.display)


def _history() -> History:
    """Return the lines of earlier sessions, or none where they cannot be kept."""
    from gene_analogies.util.folders import cache_folder

    path = cache_folder() / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
