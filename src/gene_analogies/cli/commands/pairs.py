"""The command ``pairs``: the pairs that relate as given ones do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.each import each_option, pair_question, read_questions
from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.names import parse_examples, read_names
from gene_analogies.cli.output import figure_options
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.cli.question import run_question
from gene_analogies.cli.shared_options import (
    OPERATIONS,
    count_option,
    include_query_option,
    metric_option,
    search_options,
)

if TYPE_CHECKING:
    from gene_analogies.results import PairsEachResult, PairsResult
    from gene_analogies.space import Metric, Operation, Space

__all__ = ["ask", "pairs"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies pairs EGF EGFR\n"
    "  gene-analogies pairs EGF:EGFR HGF:MET -k 20\n"
    "  gene-analogies pairs IL6 IL6R --pair-weight 0.25\n"
    "  gene-analogies pairs INS INSR --metric euclidean -o insulin.md\n"
    "  gene-analogies pairs EGF EGFR -o compass.svg\n"
    "  gene-analogies pairs EGF EGFR --figure quadrilateral -o best.png\n"
    "  printf 'EGF EGFR\\nINS INSR\\n' | gene-analogies pairs --each - -o answers.csv\n"
    "  gene-analogies pairs SNAP25 STX1A -e geneformer-v2-104m\n"
    "  gene-analogies pairs woman man -e glove-6b-100d --truncate 20000"
)
@click.argument("names", nargs=-1, metavar="[A B | A:B [C:D]...]")
@each_option("two names or several example pairs A:B")
@count_option("How many pairs to print.")
@metric_option
@click.option(
    "--operation",
    type=click.Choice(OPERATIONS),
    default="difference",
    show_default=True,
    help="Offset of a pair: a − b (the order counts) or a + b.",
)
@search_options
@click.option(
    "--max-similarity",
    type=float,
    metavar="COSINE",
    help="Leave out pairs whose c is more similar to A than this, or d to B.",
)
@click.option(
    "--pair-weight",
    type=float,
    default=0.0,
    show_default=True,
    metavar="W",
    help="Order by the similarity plus W times the cosine of c and d, so that pairs that belong "
    "together come first; try 0.25.",
)
@include_query_option("Keep pairs that share a gene with the query.")
@embedding_options
@figure_options
def pairs(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Find the pairs that relate as A and B do.

    A and B are genes: symbols, aliases, or Ensembl, Entrez or UniProt ids, in any case. Several
    example pairs, each written A:B, define the relation together. All ordered pairs are compared,
    exactly.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    names: Sequence[str],
    *,
    k: int,
    metric: Metric,
    operation: Operation,
    among: Path | None,
    max_similarity: float | None,
    truncate: int | None,
    include_query: bool,
    pair_weight: float,
    each: Path | None,
) -> PairsResult | PairsEachResult:
    """Answer what was asked in the words of the command line; the rest is as in `Space.pairs`.

    Parameters
    ----------
    space
        The items.
    names
        Two names, or example pairs.
    among
        A file of names.
    each
        A file of questions, instead of names.
    """
    options: dict[str, Any] = {
        "k": k,
        "metric": metric,
        "operation": operation,
        "max_similarity": max_similarity,
        "truncate": truncate,
        "include_query": include_query,
        "pair_weight": pair_weight,
    }
    first_run = "pairs --pair-weight" if pair_weight > 0.0 else "pairs"
    if each is not None:
        lines = read_questions(each, names, among, space.resolver)
        questions = [pair_question(line, space.embedding.rows.__contains__) for line in lines]
        chosen = None if among is None else read_names(among)
        with first_run_notice(first_run), WorkProgress("answering questions") as progress:
            return space.pairs_each(questions, among=chosen, progress=progress, **options)
    if not names:
        raise click.UsageError("pairs needs two names, as in EGF EGFR, or --each FILE")
    examples = parse_examples(names, space.embedding.rows.__contains__)
    for name in (name for pair in examples for name in pair):
        # A misspelt name is an error before anything that takes long.
        space.resolver.resolve(name)
    chosen = None if among is None else read_names(among)
    with first_run_notice(first_run):
        return space.pairs(examples, among=chosen, **options)
