"""The command ``convert``: an embedding in another format."""

from __future__ import annotations

import click

from gene_analogies.cli.embedding_options import Choice, embedding_argument
from gene_analogies.cli.inputs import inputs_of

__all__ = ["convert"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies convert geneformer-v2-104m geneformer.h5ad\n"
    "  gene-analogies convert human human.parquet --truncate 6000\n"
    "  gene-analogies convert glove-6b-100d projector/ --truncate 20000 --unit"
)
@embedding_argument
@click.argument("target", metavar="OUT")
@click.option(
    "--to",
    metavar="FORMAT",
    help="The format to write, as `gene-analogies formats` names it; by default that of OUT's "
    "ending.",
)
def convert(choice: Choice, target: str, to: str | None) -> None:
    """Write an embedding in another format, whole or not at all.

    SOURCE is a file or folder, the built-in human, pubmed or annotation, or a name that fetch
    knows. OUT is a file, or for TensorBoard's projector a folder, written with a / at its end.
    Formats with room for it (.h5ad, .parquet, the projector) get the symbol, full name and ids of
    known genes.
    """
    from gene_analogies.formats.registry import format_to_write

    format_to_write(target, to)  # refuse a wrong ending before anything slow
    inputs = inputs_of(choice)
    inputs.check(target)

    from gene_analogies.loading.save import save

    embedding = choice.embedding()
    inputs.having_read(embedding).check(target)
    written = save(embedding, target, format=to)
    n, d = embedding.vectors.shape
    click.echo(f"{written.name}: {n:,} × {d:,} written to {target}")
