"""The command ``similar``: what is like an item, or like several; the most similar pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.answer_file import is_known
from gene_analogies.cli.each import each_option, read_questions
from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.names import read_names
from gene_analogies.cli.output import similar_figure_options
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.cli.question import run_question
from gene_analogies.cli.shared_options import (
    count_option,
    include_query_option,
    metric_option,
    search_options,
)
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.questions.similar import How
    from gene_analogies.results import SimilarEachResult, SimilarPairsResult, SimilarResult
    from gene_analogies.space import Metric, Space

__all__ = ["ask", "similar"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies similar TP53\n"
    "  gene-analogies similar BRCA1 BRCA2 PALB2 --how min\n"
    "  gene-analogies similar EGFR ERBB2 --contrast\n"
    "  gene-analogies similar EGFR ERBB2 --contrast -o contrast.svg\n"
    "  gene-analogies similar TP53 --figure map -o map.svg\n"
    "  gene-analogies similar --overall -k 20 -o twins.md\n"
    "  printf 'TP53\\nEGFR\\n' | gene-analogies similar --each - -k 3\n"
    "  gene-analogies similar france germany italy -e glove-6b-100d"
)
@click.argument("names", nargs=-1, metavar="[A [B]...]")
@each_option("a name, or several that count together")
@count_option("How many items, or pairs, to print.")
@click.option(
    "--how",
    type=click.Choice(["span", "mean", "min"]),
    help="Similarity to several items: to their span (any linear combination), to their mean, or "
    "to the least similar of them; span by default.",
)
@click.option(
    "--contrast", is_flag=True, help="With two names: items that are like A rather than B."
)
@click.option(
    "--overall",
    is_flag=True,
    help="Without names: the most similar pairs of all, and the distribution of similarities.",
)
@metric_option
@search_options
@include_query_option("Keep the items of the query.")
@embedding_options
@similar_figure_options
def similar(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Find the items most similar to A, or to several items together.

    Names are genes: symbols, aliases, or Ensembl, Entrez or UniProt ids, in any case. All items
    are compared, exactly.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    names: Sequence[str],
    *,
    k: int,
    how: How | None,
    contrast: bool,
    overall: bool,
    metric: Metric,
    among: Path | None,
    truncate: int | None,
    include_query: bool,
    each: Path | None,
) -> SimilarResult | SimilarPairsResult | SimilarEachResult:
    """Answer what was asked in the words of the command line; the rest is as in `Space.similar`.

    Parameters
    ----------
    space
        The items.
    names
        Names of items; none with ``overall``.
    contrast
        Whether the second of two names is what the answer should be far from.
    overall
        Whether to answer with `Space.similar_overall`.
    among
        A file of names.
    each
        A file of questions, instead of names.
    """
    if each is not None:
        if contrast or overall:
            what = "--contrast" if contrast else "--overall"
            raise GeneAnalogiesError(f"--each goes without {what}")
        lines = read_questions(each, names, among, space.resolver)
        questions = [
            [line.text] if is_known(line.text, space.resolver) else line.words for line in lines
        ]
        with WorkProgress("answering questions") as progress:
            return space.similar_each(
                questions,
                k=k,
                metric=metric,
                how=how or "span",
                among=None if among is None else read_names(among),
                truncate=truncate,
                include_query=include_query,
                progress=progress,
            )
    rows = space.embedding.rows
    given = [name if name in rows else name.strip(",;") for name in names]
    if overall:
        if given or contrast or include_query or how is not None:
            what = "--contrast" if contrast else "--include-query" if include_query else "--how"
            what = repr(given[0]) if given else what
            raise GeneAnalogiesError(f"--overall compares all items: it goes without {what}")
    elif not given:
        raise GeneAnalogiesError("similar needs a name, or several, or --overall, or --each FILE")
    elif contrast and len(given) != 2:
        raise GeneAnalogiesError(
            f"--contrast needs two names, as in EGFR ERBB2 --contrast, not {len(given)}"
        )
    chosen = None if among is None else read_names(among)
    if overall:
        with first_run_notice("similar"), WorkProgress("comparing all pairs") as progress:
            return space.similar_overall(
                k=k, metric=metric, among=chosen, truncate=truncate, progress=progress
            )
    return space.similar(
        given[:1] if contrast else given,
        contrast=given[1] if contrast else None,
        k=k,
        metric=metric,
        how=how or "span",
        among=chosen,
        truncate=truncate,
        include_query=include_query,
    )
