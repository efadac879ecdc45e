"""The command ``map``: where items lie on a map of all items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.output import map_figure_options
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.cli.question import run_question

if TYPE_CHECKING:
    from gene_analogies.questions.layouts import MapMethod
    from gene_analogies.results import MapResult
    from gene_analogies.space import Space

__all__ = ["ask", "map"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies map EGF EGFR INS -o map.svg\n"
    "  gene-analogies map -o map.csv\n"
    "  gene-analogies map king queen -e glove-6b-100d --method tsne -o map.png"
)
@click.argument("names", nargs=-1, metavar="[ITEM]...")
@click.option(
    "--method",
    type=click.Choice(["auto", "pca", "tsne"]),
    default="auto",
    show_default=True,
    help="How items are laid out: tsne (the extra map; minutes, and kept), pca (at once, but few "
    "neighbours stay together), or auto: the packaged map by t-SNE for the built-in embedding, "
    "else pca.",
)
@embedding_options
@map_figure_options
def map(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Show where items lie on a map of all items.

    The answer lists the items named, or all, with their coordinates; a figure shows all, with those
    named. A map is for neighbourhoods: offsets and analogies cannot be seen on it.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(space: Space, names: Sequence[str], *, method: MapMethod) -> MapResult:
    """Answer what was asked in the words of the command line; the rest is as in `Space.map`.

    Parameters
    ----------
    space
        The items.
    names
        Names of items; all items without.
    """
    with WorkProgress("t-SNE") as progress:
        return space.map(list(names) or None, method=method, progress=progress)
