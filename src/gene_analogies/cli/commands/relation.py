"""The command ``relation``: does an embedding know the relation between pairs in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.cli.answer_file import read_saved_pairs
from gene_analogies.cli.embedding_options import Choice, embeddings_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.output import relation_figure_options
from gene_analogies.cli.question import run_question, run_questions
from gene_analogies.cli.reading import is_stdin
from gene_analogies.cli.shared_options import seed_option
from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from gene_analogies.results import Answer, RelationResult
    from gene_analogies.space import Space

__all__ = ["ask", "relation"]

_LIGANDS = "EGF EGFR\\nHGF MET\\nINS INSR\\nLEP LEPR\\nEPO EPOR\\nPRL PRLR\\nGH1 GHR\\n"
_COMPLEXES = "BRCA1 BARD1\\nCCNT1 CDK9\\nMSH2 MSH6\\nXRCC5 XRCC6\\nITGB1 ITGA5\\nMLH1 PMS2\\n"
_CAPITALS = "france paris\\nitaly rome\\nspain madrid\\negypt cairo\\njapan tokyo\\nperu lima\\n"


@click.command(
    epilog="\b\nExamples:\n"
    f"  printf '{_LIGANDS}' | gene-analogies relation -\n"
    f"  printf '{_LIGANDS}' | gene-analogies relation - -e human -e pubmed\n"
    f"  printf '{_LIGANDS}' | gene-analogies relation - -o tests.svg\n"
    f"  printf '{_LIGANDS}' | gene-analogies relation - --details --format csv\n"
    f"  printf '{_COMPLEXES}' | gene-analogies relation - --unordered --json\n"
    f"  printf '{_CAPITALS}' | gene-analogies relation - -e glove-6b-100d"
)
@click.argument("pairs", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--unordered",
    is_flag=True,
    help="Take a pair for the same in either order, as members of a complex are: no direction is "
    "tested.",
)
@click.option("--details", is_flag=True, help="Print every pair, and how well it fits.")
@seed_option
@embeddings_options
@relation_figure_options
def relation(
    choices: tuple[Choice, ...],
    format_name: str | None,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the options of `ask`
) -> None:
    """Tell whether an embedding knows the relation between the pairs in FILE.

    FILE holds two names a line, or is a saved answer with columns c and d; a header is skipped; -
    is standard input. Three tests: do the offsets of pairs agree (direction), are partners closer
    than others (pairing), and does the offset find partners that simpler rules do not
    (prediction). The verdict is analogy; related pairs, no analogy; classes only; no relation; or
    too few pairs. Random pairs, as popular and as close, are tested beside them.
    """
    if len(choices) == 1:
        run_question(ask, choices[0], format_name, output, asked)
    else:
        _compare(choices, format_name, output, asked)


def ask(space: Space, pairs: Path, *, unordered: bool, details: bool, seed: int) -> Answer:
    """Answer what was asked in the words of the command line, as `Space.relation` does.

    Parameters
    ----------
    space
        The items.
    pairs
        A file of pairs; ``-`` is standard input.
    details
        Whether to return every pair instead of the tests.
    """
    (result,) = _results([space], pairs, unordered, seed)
    return result.details if details else result


def _results(
    spaces: list[Space], path: Path, unordered: bool, seed: int
) -> tuple[RelationResult, ...]:
    """Ask every space, with the file read once."""
    pairs = read_saved_pairs(path, spaces[0].resolver).pairs
    source = "" if is_stdin(path) else path.name
    with first_run_notice("relation"):
        return tuple(
            replace(space.relation(pairs, unordered=unordered, seed=seed), source=source)
            for space in spaces
        )


def _compare(
    choices: tuple[Choice, ...], format_name: str | None, output: Path | None, asked: dict[str, Any]
) -> None:
    """Ask several embeddings, and write the answers side by side."""
    if asked["details"]:
        raise GeneAnalogiesError(f"--details shows one embedding, not {len(choices)}: give one -e")

    def ask_all(
        spaces: list[Space], *, pairs: Path, unordered: bool, details: bool, seed: int
    ) -> Answer:
        from gene_analogies.results import RelationsResult

        del details
        results = _results(spaces, pairs, unordered, seed)
        return RelationsResult(tuple(choice.source for choice in choices), results)

    run_questions(ask_all, choices, format_name, output, asked, together=True)
