"""The command ``known``: what is known of two genes, independent of any embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gene_analogies.cli.command_text import having_command
from gene_analogies.cli.layout import layout_of
from gene_analogies.cli.output import check_output, has_header, output_options, write_answer
from gene_analogies.cli.shared_options import count_option

if TYPE_CHECKING:
    from pathlib import Path

    from gene_analogies.results import KnownResult
    from gene_analogies.space import Space

__all__ = ["ask", "known"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies known EGF EGFR\n"
    "  gene-analogies known p53 MDM2 -k 30\n"
    "  gene-analogies known ENSG00000136244 ENSG00000160712 --json"
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@count_option("How many papers, and how many terms, to print.")
@output_options
def known(first: str, second: str, k: int, format_name: str | None, output: Path | None) -> None:
    """Tell what is known of two genes: papers that name both, and terms that they share.

    A and B are human genes: symbols, aliases, or Ensembl, Entrez or UniProt ids. Papers are those
    that the embedding pubmed is built from, newest first. Terms are functions and components of the
    Gene Ontology, also where the genes inherit them, and Pfam domains; those of the fewest genes
    come first. No embedding is loaded.
    """
    context = click.get_current_context()
    format_name = check_output(format_name, output)
    header, layout = has_header(context, format_name), layout_of(context, format_name)
    answer = having_command(ask(None, first, second, k=k), context)
    write_answer(answer, format_name, output, header=header, layout=layout)


def ask(space: Space | None, first: str, second: str, *, k: int) -> KnownResult:
    """Answer what was asked in the words of the command line; no space is needed."""
    del space
    from gene_analogies.questions.known import known as answer

    return answer(first, second, k=k)
