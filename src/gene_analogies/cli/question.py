"""What the commands that ask a space have in common, on the command line and in the shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gene_analogies.cli.embedding import Choice
from gene_analogies.cli.inputs import inputs_of
from gene_analogies.cli.output import check_output, write_answer
from gene_analogies.cli.progress import IndexProgress

if TYPE_CHECKING:
    from gene_analogies.results import Answer

__all__ = ["QUESTIONS", "files_read", "run_question"]

#: The commands that ask a space. Each is a function of this name in the module of this name, and
#: the module's ``ask(space, **options)`` answers what the command line, or a line in the shell,
#: says; ``options`` are all parameters of the command but those of the embedding and the output.
#: Where Ctrl-C stops it, the message of its KeyboardInterrupt, if any, tells what is kept.
QUESTIONS = (
    "pairs", "similar", "complete", "analogies", "top", "modules", "cluster", "evaluate",
)  # fmt: skip


def files_read(asked: dict[str, Any]) -> list[Path]:
    """Return the files among the options of a question: all of them are read."""
    values = [one for value in asked.values() for one in _each(value)]
    return [value for value in values if isinstance(value, Path)]


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
        The question's own options.
    """
    format_name = check_output(format_name, output)
    inputs = inputs_of(choice)
    inputs.check(output, *files_read(asked))
    with IndexProgress() as progress:
        space = choice.space(progress)
        inputs.having_read(space.embedding).check(output)
        result = ask(space, **asked)
    write_answer(result, format_name, output)
