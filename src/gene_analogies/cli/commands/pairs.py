"""The command ``pairs``: the pairs that relate as given ones do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.answer_file import read_saved_pairs
from gene_analogies.cli.each import each_option, pair_question, read_questions
from gene_analogies.cli.embedding_options import Choice, embeddings_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.names import parse_examples, read_names
from gene_analogies.cli.output import figure_options
from gene_analogies.cli.progress import PoolProgress, WorkProgress
from gene_analogies.cli.question import run_question, run_questions
from gene_analogies.cli.shared_options import (
    OPERATIONS,
    count_option,
    include_query_option,
    metric_option,
    search_options,
)
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.results import AgreementResult, PairsEachResult, PairsResult
    from gene_analogies.space import Metric, Operation, Space

__all__ = ["ask", "pairs"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies pairs EGF EGFR\n"
    "  gene-analogies pairs EGF:EGFR HGF:MET -k 20\n"
    "  gene-analogies pairs IL6 IL6R --pair-weight 0.25\n"
    "  printf 'LIF LIFR\\nIL11 IL11RA\\n' | gene-analogies pairs IL6 IL6R --candidates -\n"
    "  gene-analogies pairs IL6 IL6R -e human -e pubmed\n"
    "  gene-analogies pairs IL6 IL6R --pair-weight 0.25 --chance\n"
    "  gene-analogies pairs INS INSR --metric euclidean -o insulin.md\n"
    "  gene-analogies pairs EGF EGFR -o compass.svg\n"
    "  gene-analogies pairs EGF EGFR --figure quadrilateral -o best.png\n"
    "  gene-analogies pairs EGF EGFR --figure map -o map.svg\n"
    "  printf 'EGF EGFR\\nINS INSR\\n' | gene-analogies pairs --each - -o answers.csv\n"
    "  gene-analogies pairs SNAP25 STX1A -e geneformer-v2-104m\n"
    "  gene-analogies pairs woman man -e glove-6b-100d --truncate 20000"
)
@click.argument("names", nargs=-1, metavar="[A B | A:B [C:D]...]")
@each_option("two names or several example pairs A:B")
@count_option(
    "How many pairs to print.", default=None, show_default="10; with --candidates all of them"
)
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
@click.option(
    "--candidates",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Order only the pairs in this file, and give the rank of each among all pairs: two names "
    "a line, or a saved answer; - is standard input.",
)
@click.option(
    "--chance",
    is_flag=True,
    help="Say how many of 400 random pairs like A and B find a best match as good, and calibrate p "
    "by their answers; they are asked once, in about half a minute, and kept.",
)
@include_query_option("Keep pairs that share a gene with the query.")
@embeddings_options
@figure_options
def pairs(
    choices: tuple[Choice, ...],
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Find the pairs that relate as A and B do.

    A and B are genes: symbols, aliases, or Ensembl, Entrez or UniProt ids, in any case. Several
    example pairs, each written A:B, define the relation together. All ordered pairs are compared,
    exactly. Two embeddings, -e X -e Y, answer side by side.
    """
    if len(choices) == 1:
        run_question(ask, choices[0], format_name, output, asked)
    else:
        run_questions(_agree, choices, format_name, output, asked)


def ask(
    space: Space,
    names: Sequence[str],
    *,
    k: int | None,
    metric: Metric,
    operation: Operation,
    among: Path | None,
    max_similarity: float | None,
    truncate: int | None,
    include_query: bool,
    pair_weight: float,
    candidates: Path | None,
    chance: bool,
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
    candidates
        A file of pairs.
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
        for option, value in (("candidates", candidates), ("chance", chance or None)):
            if value is not None:
                raise GeneAnalogiesError(f"--{option} is for one question: it goes without --each")
        lines = read_questions(each, names, among, space.resolver)
        questions = [pair_question(line, space.embedding.rows.__contains__) for line in lines]
        chosen = None if among is None else read_names(among)
        with first_run_notice(first_run), WorkProgress("answering questions") as progress:
            options["k"] = 10 if k is None else k
            return space.pairs_each(questions, among=chosen, progress=progress, **options)
    if not names:
        raise click.UsageError("pairs needs two names, as in EGF EGFR, or --each FILE")
    examples = parse_examples(names, space.embedding.rows.__contains__)
    for name in (name for pair in examples for name in pair):
        # A misspelt name is an error before anything that takes long.
        space.resolver.resolve(name)
    chosen = None if among is None else read_names(among)
    named = None if candidates is None else read_saved_pairs(candidates, space.resolver).pairs
    doing: WorkProgress = PoolProgress()
    if named is not None:
        first_run, doing = "pairs --candidates", WorkProgress("ranking candidates")
    elif chance:
        first_run = f"{first_run} --chance"
    with first_run_notice(first_run), doing as progress:
        return space.pairs(
            examples, among=chosen, candidates=named, chance=chance, progress=progress, **options
        )


def _agree(spaces: Sequence[Space], names: Sequence[str], **asked: Any) -> AgreementResult:  # noqa: ANN401
    """Ask two embeddings, and compare their answers."""
    from gene_analogies.questions.agree import agree

    if len(spaces) != 2:
        raise GeneAnalogiesError(f"pairs compares two embeddings, not {len(spaces)}")
    for option in ("candidates", "each", "chance"):
        if asked.pop(option):
            raise GeneAnalogiesError(f"--{option} is for one embedding: give one -e")
    first, second = spaces
    examples = parse_examples(names, first.embedding.rows.__contains__)
    k, among = asked.pop("k"), asked.pop("among")
    chosen = None if among is None else read_names(among)
    with first_run_notice("pairs --candidates"):
        return agree(first, second, examples, k=10 if k is None else k, among=chosen, **asked)
