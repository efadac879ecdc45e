"""The line a person types into the shell: completion and history."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.output import create_output

if TYPE_CHECKING:
    from gene_analogies.genes.resolve import Resolver

__all__ = ["NameCompleter", "make_prompt"]

_PROMPT = "pair> "


def make_prompt(resolver: Resolver, command: click.Command) -> Callable[[], str]:
    """Return a function that asks for one line.

    It raises KeyboardInterrupt on Ctrl-C, and EOFError on Ctrl-D in an empty line.

    Parameters
    ----------
    resolver
        Knows the names to complete.
    command
        Its options are completed, too.
    """
    session: PromptSession[str] = PromptSession(
        _PROMPT,
        completer=NameCompleter(resolver, command),
        complete_in_thread=True,
        complete_while_typing=False,
        history=_history(),
        # Answers may go to a file; the prompt is for the person.
        output=None if sys.stdout.isatty() else create_output(stdout=sys.stderr),
    )
    return session.prompt


class NameCompleter(Completer):
    """Completes gene names, also behind a colon, and options and their choices.

    Parameters
    ----------
    resolver
        Knows the names.
    command
        Has the options.
    """

    def __init__(self, resolver: Resolver, command: click.Command) -> None:
        self._resolver = resolver
        self._options = {
            name: option
            for option in command.params
            if isinstance(option, click.Option)
            for name in option.opts
        }

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - prompt_toolkit's signature
    ) -> Iterator[Completion]:
        """Yield what the word before the cursor may become."""
        words = document.text_before_cursor.split(" ")
        word = words[-1]
        before = self._options.get(words[-2]) if len(words) > 1 else None
        if before is not None and not before.is_flag:
            choices = before.type.choices if isinstance(before.type, click.Choice) else ()
            for choice in choices:
                if str(choice).startswith(word):
                    yield Completion(str(choice), -len(word))
        elif word.startswith("-"):
            for name, option in self._options.items():
                if name.startswith(word):
                    yield Completion(name, -len(word), display_meta=option.help or "")
        elif part := word.rpartition(":")[2]:
            for name in self._resolver.complete(part):
                yield Completion(shlex.quote(name), -len(part), display_meta=self._describe(name))

    def _describe(self, name: str) -> str:
        gene = self._resolver.gene(self._resolver.resolve(name).row)
        if gene is None:
            return ""
        return gene.full_name if gene.symbol == name else f"{gene.symbol}, {gene.full_name}"


def _history() -> History:
    """Return the lines of earlier sessions, or none where they cannot be kept."""
    from gene_analogies.folders import cache_folder

    path = cache_folder() / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
