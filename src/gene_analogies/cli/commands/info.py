"""The command ``info``: what an embedding is, and what may be wrong with it."""

from __future__ import annotations

import shutil

import click

from gene_analogies.cli.embedding_options import Choice, embedding_argument
from gene_analogies.cli.output import format_options

__all__ = ["info"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies info human\n"
    "  gene-analogies info human --center --json\n"
    "  gene-analogies info scgpt-human --key raw"
)
@embedding_argument
@format_options(["table", "json"], default="table", show_default=True, help="Format of the answer.")
def info(choice: Choice, format_name: str) -> None:
    """Tell what an embedding is, and what may be wrong with it.

    SOURCE is a file or folder, the built-in human, pubmed or annotation, or a name that fetch
    knows. Files that cannot be loaded (rows that are not finite) are looked at all the same, unless
    an option asks to prepare them: then the figures are those of the prepared embedding.
    """
    from gene_analogies.describe.info import info_json
    from gene_analogies.describe.inspection import inspect
    from gene_analogies.describe.text import info_text
    from gene_analogies.formats.contents import Contents

    if choice.prepares:
        embedding = choice.embedding()
        contents = Contents(embedding.names, embedding.vectors, embedding.provenance)
    else:
        contents = choice.contents()
    found = inspect(contents)
    if format_name == "json":
        click.echo(info_json(found, source=choice.source), nl=False)
    else:
        columns = shutil.get_terminal_size((100, 24)).columns
        click.echo(info_text(found, min(100, columns)), nl=False)
