"""What embeddings know of relations between genes, beside copies that know nothing.

``python -m benchmarks.quality.knowledge`` measures the built-in embeddings, and ``-e FILE`` any
other, by relations that `docs/relations.md` describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

import gene_analogies as ga
from benchmarks.data_sets import DATA
from benchmarks.quality.relation_figures import (
    Counts,
    Figures,
    Rows,
    library_search,
    measure,
)
from benchmarks.quality.relation_lists import (
    SOURCES,
    Half,
    Relation,
    read_pairs,
    read_pfam,
    read_relations,
    without_twins,
)
from gene_analogies.cli.progress import WorkProgress
from gene_analogies.search.learned.prediction import BASELINES, METHODS
from gene_analogies.search.learned.relation import permute_axes
from gene_analogies.search.learned.retrieval import Retrieval
from gene_analogies.sources.builtin import builtin_names

#: Those of them that the package has are measured if no other is named.
_BUILT_IN = ("human", "pubmed", "annotation")

_HEADS = (
    "| embedding | relation | encoded by | pairs | pairing | direction | from one pair: known"
    " | lift | a and b of either side | from ten: known | lift |",
    "| embedding | relation | asked | " + " | ".join((*BASELINES, *METHODS)) + " | "
    + " | ".join(f"gain of {method}" for method in METHODS) + " |",
)  # fmt: skip


def _share(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    error = f"{100 * values.std(ddof=1) / len(values) ** 0.5:.1f}" if len(values) > 1 else "–"
    return f"{100 * values.mean():.1f} ± {error}"


def _lift(found: Retrieval) -> str:
    return f"{found.lift:,.0f}" if found.known.any() else "–"


def lines_of(label: str, figures: Figures) -> tuple[str, str]:
    """Return a line of each table."""
    begin = f"| {label} | {figures.relation.name} |"
    single, several, prediction = figures.single, figures.several, figures.prediction
    ten = "– | –" if several is None else f"{_share(several.known)} | {_lift(several)}"
    shares = [
        f"{100 * prediction.hits(name):.1f} ({prediction.mean_reciprocal_rank(name):.3f})"
        for name in (*BASELINES, *METHODS)
    ]
    gains = [prediction.gain(name) for name in METHODS]
    points = [f"{100 * gain.value:+.1f} ± {100 * gain.error:.1f}" for gain in gains]
    return (
        f"{begin} {figures.relation.encoded} | {figures.pairs:,} | {figures.pairing.mean:.3f}"
        f" | {figures.direction.mean_cosine:.3f} | {_share(single.known)} | {_lift(single)}"
        f" | {_share(single.sides)} | {ten} |",
        f"{begin} {len(prediction.pairs)} | {' | '.join([*shares, *points])} |",
    )


def measure_all(
    label: str, space: ga.Space, relations: list[Relation], half: Half, counts: Counts
) -> Iterator[tuple[str, str]]:
    """Yield the lines of each relation that has enough pairs."""
    rows, search = Rows(space), library_search(space)
    with WorkProgress(label) as shown:
        for place, relation in enumerate(relations):

            def progress(done: int, total: int, place: int = place) -> None:
                shown(place + done / total, len(relations))

            figures = measure(
                space, rows, relation, half=half, search=search, counts=counts, progress=progress
            )
            if figures is not None:
                yield lines_of(label, figures)


def embeddings(sources: tuple[str, ...]) -> Iterator[tuple[str, ga.Space]]:
    """Yield the embeddings that are measured."""
    for source in sources or [name for name in _BUILT_IN if name in builtin_names()]:
        embedding = ga.load(source).embedding
        yield Path(source).name, ga.Space(embedding, keep_index=False)


def _permuted(embedding: ga.Embedding) -> ga.Embedding:
    return ga.Embedding(embedding.names, permute_axes(embedding.vectors))


@click.command()
@click.option("-e", "--embedding", "sources", multiple=True, metavar="SOURCE",
              help="A built-in embedding or a file; repeatable.")  # fmt: skip
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              default=DATA, show_default="benchmarks/data",
              help="Folder of the relations' files.")  # fmt: skip
@click.option("--pairs", "lists", multiple=True, metavar="FILE",
              type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Pairs of your own, two names a line; repeatable.")  # fmt: skip
@click.option("--relation", "only", multiple=True, help="Only relations of this name; repeatable.")
@click.option("--half", type=click.Choice(["tuning", "held-out", "all"]), default="all",
              show_default=True, help="Of each relation's pairs.")  # fmt: skip
@click.option("--control/--no-control", default=True, show_default=True,
              help="Measure each embedding with permuted axes, too.")  # fmt: skip
def main(
    sources: tuple[str, ...],
    data: Path,
    lists: tuple[Path, ...],
    only: tuple[str, ...],
    half: Half,
    control: bool,
) -> None:
    r"""Print what embeddings know of relations between genes.

    \b
    Example: python -m benchmarks.quality.knowledge --half tuning -e pubmed
    """
    relations = read_relations(data, lambda line: click.echo(line, err=True))
    relations += [Relation.halved(path.stem, read_pairs(path), "–") for path in lists]
    pfam = SOURCES["paralogs"].find(data)
    if half == "held-out" and pfam is not None:
        domains = read_pfam(pfam)
        relations += [without_twins(one, domains) for one in relations[:1]]
    if only:
        names = [relation.name for relation in relations]
        if unknown := set(only) - set(names):
            raise click.UsageError(
                f"--relation is one of {', '.join(names)}, not {', '.join(sorted(unknown))}"
            )
        relations = [relation for relation in relations if relation.name in only]
    lines: list[tuple[str, str]] = []
    for label, space in embeddings(sources):
        lines += measure_all(label, space, relations, half, Counts())
        if control:
            permuted = ga.Space(_permuted(space.embedding), keep_index=False)
            lines += measure_all(f"{label}, axes permuted", permuted, relations, half, Counts())
    for head, table in zip(_HEADS, zip(*lines, strict=True), strict=True):
        click.echo("\n".join(["", head, "|" + "---|" * (head.count("|") - 1), *table]))


if __name__ == "__main__":
    main()
