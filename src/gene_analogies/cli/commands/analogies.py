"""The command ``analogies``: the best analogies that one item takes part in, or every item."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.long_work import dask_options, long_work
from gene_analogies.cli.names import read_names
from gene_analogies.cli.output import output_options
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.cli.question import run_question
from gene_analogies.cli.shared_options import (
    analogy_options,
    count_option,
    search_options,
)
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.results import AllAnalogiesResult, AnalogiesResult
    from gene_analogies.space import Space

__all__ = ["analogies", "ask"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies analogies CDK1\n"
    "  gene-analogies analogies KRAS --distinct -k 5 --truncate 2000\n"
    "  gene-analogies analogies --all --truncate 2000 -o all.parquet\n"
    "  gene-analogies analogies --all --dask local -o all.parquet\n"
    "  gene-analogies analogies france -e glove-6b-100d --truncate 20000"
)
@click.argument("name", required=False, metavar="[A]")
@count_option("How many analogies (of each item).")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Without A: the best analogies of every item; with -o FILE.parquet, for programs.",
)
@analogy_options
@search_options
@dask_options
@embedding_options
@output_options
def analogies(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Find the best analogies of A: A is to b as c is to d.

    All b, c and d are compared, exactly.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    name: str | None,
    *,
    k: int,
    everything: bool,
    max_similarity: float,
    distinct: bool,
    among: Path | None,
    truncate: int | None,
    dask: str | None,
    workers: int | None,
    folder: str | None,
) -> AnalogiesResult | AllAnalogiesResult:
    """Answer what was asked in the words of the command line.

    Parameters
    ----------
    space
        The items.
    name
        The name of an item; none with ``everything``.
    everything
        Whether to answer with `Space.all_analogies`.
    among
        A file of names.
    """
    if everything == (name is not None):
        what = "goes without a name" if everything else "is for every item"
        raise GeneAnalogiesError(f"analogies needs a name, or --all, which {what}")
    if everything and distinct:
        raise GeneAnalogiesError("--distinct is for one item: it goes without --all")
    if name is not None and not (dask is None and workers is None and folder is None):
        raise GeneAnalogiesError("--dask, --workers and --folder go with --all")
    chosen = None if among is None else read_names(among)
    if name is None:
        with first_run_notice("analogies"), long_work("analogies", dask, workers) as work:
            return space.all_analogies(
                k=k,
                max_similarity=max_similarity,
                among=chosen,
                truncate=truncate,
                folder=folder,
                client=work.client,
                progress=work.progress,
                on_estimate=work.on_estimate,
            )
    space.resolver.resolve(name)
    with first_run_notice("analogies"), WorkProgress(f"analogies of {name}") as progress:
        return space.analogies(
            name,
            k=k,
            max_similarity=max_similarity,
            distinct=distinct,
            among=chosen,
            truncate=truncate,
            progress=progress,
        )
