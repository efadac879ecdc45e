"""The command ``modules``: what a space is made of, and which items belong together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.embedding_options import Choice, embedding_options
from gene_analogies.cli.output import output_options
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.cli.question import run_question
from gene_analogies.cli.shared_options import (
    count_option,
    seed_option,
)
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.results import Answer
    from gene_analogies.space import Space

__all__ = ["ask", "modules"]


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies modules\n"
    "  gene-analogies modules TP53\n"
    "  gene-analogies modules --module 7 -k 30\n"
    "  gene-analogies modules --count 100 --save modules.h5ad\n"
    "  gene-analogies modules king -e glove-6b-100d --count 30"
)
@click.argument("name", required=False, metavar="[A]")
@click.option("--module", type=int, metavar="NUMBER", help="Print the members of this module.")
@click.option("--count", default=50, show_default=True, help="How many modules to find.")
@click.option(
    "--sparsity",
    default=0.1,
    show_default=True,
    metavar="COSINE",
    help="The minimum cosine of a member, between 0 and 1; higher values make smaller modules.",
)
@seed_option
@click.option(
    "--seeds",
    default=5,
    show_default=True,
    help="How many runs measure the stability of the modules, at least 2.",
)
@count_option("How many members of a module to print.")
@click.option(
    "--save",
    type=click.Path(),
    metavar="FILE.h5ad",
    help="Write the embedding and its modules to this file, too (atomically).",
)
@embedding_options
@output_options
def modules(
    choice: Choice,
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Find the modules of the embedding, of A, or a module's members.

    A module is a group of items whose vectors share a direction: genes with a common function,
    words of a topic. An item may be in several modules, or in none. The most stable modules come
    first. They are found once (50 modules of the built-in genes take about 8 seconds) and kept in
    the cache folder.
    """
    run_question(ask, choice, format_name, output, asked)


def ask(
    space: Space,
    name: str | None,
    *,
    module: int | None,
    count: int,
    sparsity: float,
    seed: int,
    seeds: int,
    k: int,
    save: str | None,
) -> Answer:
    """Answer what was asked in the words of the command line; the rest is as in `Space.modules`.

    Parameters
    ----------
    space
        The items.
    name
        An item whose modules are asked for; or else
    module
        the number of a module whose members are; or else all modules.
    save
        The file to write.
    """
    if name is not None and module is not None:
        raise GeneAnalogiesError(f"give an item or --module, not both {name!r} and {module}")
    # Errors come before anything that takes long.
    if module is not None and not 1 <= module <= count:
        raise GeneAnalogiesError(f"--module must be a number in 1..{count}, not {module}")
    if name is not None:
        space.resolver.resolve(name)
    if save is not None:
        from gene_analogies.report.modules_h5ad import check_modules_path

        check_modules_path(save)
    with WorkProgress("modules") as progress:
        found = space.modules(
            count, sparsity=sparsity, seed=seed, seeds=seeds, k=k, progress=progress
        )
    if save is not None:
        found.save(save)
    if name is not None:
        return found.of(name)
    return found if module is None else found.members(module)
