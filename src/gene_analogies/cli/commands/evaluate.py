"""The command ``evaluate``: how many analogy questions of a file are answered correctly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.output import output_options
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.cli.question import run_question
from gene_analogies.cli.reading import file_name, is_stdin, stdin_bytes
from gene_analogies.cli.shared_options import (
    include_query_option,
)

if TYPE_CHECKING:
    from gene_analogies.results import Answer
    from gene_analogies.space import Space

__all__ = ["ask", "evaluate"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies evaluate docs/gene-questions.txt\n"
    "  gene-analogies evaluate docs/gene-questions.txt --details --format csv\n"
    "  printf 'EGF EGFR HGF MET\\n' | gene-analogies evaluate - --method 3CosMul\n"
    "  printf 'man king woman queen\\n' | gene-analogies evaluate - -e glove-6b-100d"
)
@click.argument("questions", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--method",
    type=click.Choice(["3CosAdd", "3CosMul"]),
    default="3CosAdd",
    show_default=True,
    help="Add and subtract the cosines with b, c and a, or multiply and divide them.",
)
@click.option(
    "--truncate",
    type=int,
    metavar="N",
    help="Use the first N items only, as answers and in questions.",
)
@include_query_option("Allow a, b and c as answers to their question.")
@click.option("--match-case", is_flag=True, help="Distinguish names that differ only in case.")
@click.option("--details", is_flag=True, help="Print every question and the answer to it.")
@embedding_options
@output_options
def evaluate(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Answer the analogy questions in FILE and count the correct answers.

    A line of FILE is a question and its answer, four names: "EGF EGFR HGF MET" asks what is to
    HGF as EGFR is to EGF. A line ": name" begins a section. This is the format of Google's
    questions-words.txt; tabs separate names that contain spaces, and # or // begins a comment.
    FILE may be -, standard input.
    Names are found in any case, and genes by their aliases and ids. The counts are those of
    gensim's evaluate_word_analogies.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    questions: Path,
    *,
    method: Literal["3CosAdd", "3CosMul"],
    truncate: int | None,
    include_query: bool,
    match_case: bool,
    details: bool,
) -> Answer:
    """Answer what was asked in the words of the command line, as `Space.evaluate` does.

    Parameters
    ----------
    space
        The items.
    questions
        A file of analogy questions; ``-`` is standard input.
    details
        Whether to return every question instead of the counts.
    """
    from gene_analogies.formats.analogy_questions import parse_questions, read_questions

    if is_stdin(questions):
        given = parse_questions(stdin_bytes(), file_name(questions), file_name(questions))
    else:
        given = read_questions(questions)
    with first_run_notice("evaluate"), WorkProgress("analogy questions") as progress:
        result = space.evaluate(
            given,
            method=method,
            truncate=truncate,
            include_query=include_query,
            match_case=match_case,
            progress=progress,
        )
    return result.details if details else result
