"""The command ``top``: the best analogies of all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.answer_file import read_saved_pairs
from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.long_work import dask_options, long_work
from gene_analogies.cli.names import read_names
from gene_analogies.cli.output import output_options
from gene_analogies.cli.question import run_question
from gene_analogies.cli.shared_options import (
    analogy_options,
    count_option,
    search_options,
)

if TYPE_CHECKING:
    from gene_analogies.results import TopResult
    from gene_analogies.space import Space

__all__ = ["ask", "top"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies top --truncate 2000 --distinct\n"
    "  gene-analogies top --edges 16 -k 100 -o top.md\n"
    "  gene-analogies pairs EGF EGFR -k 100 -o pairs.csv\n"
    "  gene-analogies top --pairs pairs.csv --max-similarity 0.6\n"
    "  gene-analogies top --dask local --workers 8 --folder top-run\n"
    "  gene-analogies top -e glove-6b-100d --truncate 2000"
)
@count_option("How many analogies to print.")
@click.option(
    "--edges",
    type=int,
    metavar="K",
    help="Compare only the pairs of an item and one of its K nearest neighbours.",
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Compare only the pairs in this file: two names a line, or a saved answer; - is standard "
    "input.",
)
@analogy_options
@search_options
@dask_options
@embedding_options
@output_options
def top(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Find the best analogies of all: a is to b as c is to d.

    All pairs are compared with all pairs, exactly, or only those that --edges or --pairs names.
    Long work says how long it will take and keeps finished blocks: after an interruption, the same
    command resumes it.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    *,
    k: int,
    edges: int | None,
    pairs: Path | None,
    max_similarity: float,
    distinct: bool,
    among: Path | None,
    truncate: int | None,
    dask: str | None,
    workers: int | None,
    folder: str | None,
) -> TopResult:
    """Answer what was asked in the words of the command line; the rest is as in `Space.top`.

    Parameters
    ----------
    space
        The items.
    pairs
        A file of pairs.
    among
        A file of names.
    dask, workers, folder
        Where to work, and where finished blocks are kept.
    """
    given = None
    if pairs is not None:
        given = read_saved_pairs(pairs, space.resolver).pairs
    chosen = None if among is None else read_names(among)
    with first_run_notice("top"), long_work("top", dask, workers) as work:
        return space.top(
            k=k,
            max_similarity=max_similarity,
            distinct=distinct,
            edges=edges,
            pairs=given,
            among=chosen,
            truncate=truncate,
            folder=folder,
            client=work.client,
            progress=work.progress,
            on_estimate=work.on_estimate,
        )
