"""What the commands that ask a space have in common, on the command line and in the shell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.command_text import having_command
from gene_analogies.cli.each import end_with_failures
from gene_analogies.cli.embedding_options import Choice
from gene_analogies.cli.inputs import Inputs, inputs_of
from gene_analogies.cli.layout import layout_of
from gene_analogies.cli.output import FigureChoice, check_output, has_header, write_answer
from gene_analogies.cli.progress import IndexProgress
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.results import Answer

__all__ = [
    "QUESTIONS",
    "check_files",
    "files_read",
    "files_written",
    "run_question",
    "run_questions",
]

#: The commands that ask a space. Each is a function of this name in the module of this name, and
#: the module's ``ask(space, **options)`` answers the command line, or a line in the shell;
#: ``options`` are all parameters of the command except those of the embedding and the output.
#: Where Ctrl-C stops it, the message of its KeyboardInterrupt, if any, says what is kept.
QUESTIONS = (
    "pairs", "similar", "complete", "analogies", "top", "modules", "cluster", "evaluate",
    "relation", "map", "known",
)  # fmt: skip

#: Options that name a file to write beside the answer; they give its path as text.
_WRITTEN = ("save",)


def files_read(asked: dict[str, Any]) -> list[Path]:
    """Return the files among the options of a question: all of them are read."""
    values = [path for value in asked.values() for path in _each(value)]
    return [value for value in values if isinstance(value, Path)]


def check_files(inputs: Inputs, output: Path | None, asked: dict[str, Any]) -> None:
    """Refuse to write an answer, or what is written beside it, over what is read, or each other.

    Parameters
    ----------
    inputs
        What was read to make the space, or will be.
    output
        The file of the answer, if any.
    asked
        The options of the question.

    Raises
    ------
    GeneAnalogiesError
        That says which file.
    """
    read = files_read(asked)
    inputs.check(output, *read)
    for other in files_written(asked):
        inputs.check(other, *read)
        if output is not None and other.absolute() == output.absolute():
            raise GeneAnalogiesError(f"{output} cannot hold both the answer and what --save writes")


def files_written(asked: dict[str, Any]) -> list[Path]:
    """Return the files among the options of a question that are written beside the answer."""
    return [Path(asked[name]) for name in _WRITTEN if asked.get(name)]


def _each(value: object) -> tuple[object, ...]:
    """Return the values of an option, which may be given several times."""
    return value if isinstance(value, tuple) else (value,)


def run_question(
    ask: Callable[..., Answer],
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    asked: dict[str, Any],
) -> None:
    """Load the space, answer one question and write the answer.

    Parameters
    ----------
    ask
        Answers ``ask(space, **asked)``.
    choice
        The embedding.
    format_name, output
        As given on the command line.
    asked
        The options of the question.
    """
    run_questions(lambda spaces, **more: ask(*spaces, **more), [choice], format_name, output, asked)


def run_questions(
    ask: Callable[..., Answer],
    choices: Sequence[Choice],
    format_name: str | None,
    output: Path | None,
    asked: dict[str, Any],
    *,
    together: bool = False,
) -> None:
    """Do the same for several embeddings.

    Parameters
    ----------
    ask
        Answers ``ask(spaces, **asked)``.
    choices
        The embeddings.
    format_name, output, asked
        As for `run_question`.
    together
        Whether figures show several embeddings.
    """
    context = click.get_current_context()
    figure = FigureChoice.taken_from(asked, embeddings=len(choices), together=together)
    format_name = check_output(format_name, output, figure)
    header, layout = has_header(context, format_name), layout_of(context, format_name)
    spaces = []
    with IndexProgress() as progress:
        for choice in choices:
            inputs = inputs_of(choice)
            check_files(inputs, output, asked)
            spaces.append(choice.space(progress))
            check_files(inputs.having_read(spaces[-1].embedding), output, asked)
        result = ask(spaces, **asked)
    result = having_command(result, context, spaces)
    write_answer(result, format_name, output, header=header, layout=layout, figure=figure)
    end_with_failures(result)
