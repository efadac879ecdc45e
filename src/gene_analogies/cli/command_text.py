"""The command that was given, as text that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from gene_analogies.results import Answer
    from gene_analogies.space import Space

__all__ = ["having_command", "option_words"]

_PROGRAM = "gene-analogies"
#: What does not change an answer: where it goes, how it is written, what is said yes to.
_OF_OUTPUT = frozenset({"output", "format_name", "json", "header", "layout", "yes"})


def having_command(
    answer: Answer,
    context: click.Context,
    spaces: Sequence[Space] = (),
    embedding: Sequence[str] = (),
) -> Answer:
    """Return an answer whose origin has the command that repeats it.

    Parameters
    ----------
    answer
        The answer.
    context
        Of the command, as it was parsed; or of a line in the shell.
    spaces
        Those that were asked.
    embedding
        The words that choose the embedding, where the line in the shell has none.
    """
    from gene_analogies.report.origin import Origin

    options, names = [*option_words(context), *embedding], list(_argument_words(context))
    # A name that begins like an option stands behind a double dash, and after all options.
    hidden = any(name.startswith("-") and name != "-" for name in names)
    asked = [*options, "--", *names] if hidden else [*names, *options]
    words = [_PROGRAM, str(context.info_name), *asked]
    origin = answer.origin or Origin(tuple(space.embedding for space in spaces))
    return answer.having_origin(replace(origin, command=shlex.join(words)))


def option_words(context: click.Context, only: Collection[str] | None = None) -> list[str]:
    """Return the options that were given, as words, but for those that choose the output.

    Parameters
    ----------
    context
        Of a command.
    only
        The names of the parameters to return; all unless given.
    """
    found: list[str] = []
    for parameter in context.command.params:
        name = str(parameter.name)
        if not isinstance(parameter, click.Option) or name in _OF_OUTPUT:
            continue
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or (only is not None and name not in only):
            continue
        value = context.params[name]
        if parameter.is_flag:
            found += parameter.opts[:1] if value else parameter.secondary_opts[:1]
            continue
        for one in _each(value):
            found += [parameter.opts[0], str(one)]
    return found


def _argument_words(context: click.Context) -> Iterator[str]:
    for parameter in context.command.params:
        value = context.params.get(str(parameter.name))
        if isinstance(parameter, click.Argument) and value is not None:
            yield from map(str, _each(value))


def _each(value: Any) -> Sequence[Any]:  # noqa: ANN401 - whatever click makes of an option
    return value if isinstance(value, (tuple, list)) else (value,)
