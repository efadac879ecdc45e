"""The command ``cluster``: the pairs of a saved answer in families of one relation each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.answer_file import read_saved_pairs
from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.output import output_options
from gene_analogies.cli.question import run_question
from gene_analogies.cli.shared_options import (
    OPERATIONS,
    seed_option,
)

if TYPE_CHECKING:
    from gene_analogies.results import ClustersResult
    from gene_analogies.space import Operation, Space

__all__ = ["ask", "cluster"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies pairs EGF EGFR -k 60 -o answer.csv\n"
    "  gene-analogies cluster answer.csv\n"
    "  gene-analogies cluster answer.csv --clusters 4 -o families.md\n"
    "  gene-analogies pairs EGF EGFR -k 50 --json | gene-analogies cluster -\n"
    "  printf 'france paris\\nitaly rome\\nking queen\\n'"
    " | gene-analogies cluster - -e glove-6b-100d"
)
@click.argument("answer", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--clusters",
    type=int,
    metavar="N",
    help="How many families; by default the number from 2 to 10 with the highest silhouette.",
)
@click.option(
    "--operation",
    type=click.Choice(OPERATIONS),
    help="Offset of a pair: c − d or c + d; by default as in FILE, or else the difference.",
)
@seed_option
@embedding_options
@output_options
def cluster(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Group the pairs in FILE into families of one relation each.

    FILE is an answer with columns c and d (of pairs, analogies or top), saved as JSON, CSV or TSV;
    or text with two names a line; - is standard input. Pairs whose differences c − d point the
    same way are one family, by k-means.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    answer: Path,
    *,
    clusters: int | None,
    operation: Operation | None,
    seed: int,
) -> ClustersResult:
    """Answer what was asked in the words of the command line; the rest is as in `Space.cluster`.

    Parameters
    ----------
    space
        The items.
    answer
        The file with the pairs.
    """
    saved = read_saved_pairs(answer, space.resolver)
    return space.cluster(saved.pairs, clusters, seed=seed, operation=operation or saved.operation)
