"""What each choice in the recipe of `human`, the default embedding, is worth.

``python -m benchmarks.quality.annotation_sweep --sqlite org.Hs.eg.sqlite`` rebuilds `annotation`
with one choice changed at a time, puts it beside `pubmed`, and prints a table. The shares are of
the tuning halves of :mod:`benchmarks.quality.relation_lists`; nothing is drawn from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

import gene_analogies as ga
from benchmarks.data_sets import DATA
from benchmarks.quality.relation_figures import Rows, library_search
from benchmarks.quality.relation_lists import GENE_QUESTIONS, Relation, read_relations
from gene_analogies.search.learned.retrieval import measure_retrieval
from gene_analogies.sources.annotation import AnnotationParameters, build_annotation
from gene_analogies.sources.annotations import GeneAnnotations, read_sqlite_annotations
from gene_analogies.sources.builtin import load_builtin, quantise
from gene_analogies.sources.facts import read_sqlite
from gene_analogies.sources.gene_table import best_known_first
from gene_analogies.sources.human import PARTS, compose, side_by_side

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_WEIGHT = "weight"
_EVIDENCE = "evidence"
_EXTRA = "without papers"
_AS_THEY_ARE = "axes of papers as they are"

#: What is changed, one at a time, from the recipe of the packaged file.
VARIANTS: dict[str, dict[str, Any]] = {
    "papers alone, not whitened": {_WEIGHT: 0.0, _AS_THEY_ARE: True},
    "papers alone": {_WEIGHT: 0.0},
    "the packaged recipe": {},
    "axes of papers not whitened": {_AS_THEY_ARE: True},
    "weight 0.35": {_WEIGHT: 0.35},
    "weight 0.7": {_WEIGHT: 0.7},
    "weight 1": {_WEIGHT: 1.0},
    "16 axes": {"dimension": 16},
    "32 axes": {"dimension": 32},
    "128 axes": {"dimension": 128},
    "components at full weight": {"component": 1.0},
    "no components": {"component": 0.0},
    "functions at half weight": {"function": 0.5},
    "no domains": {"domain": 0.0},
    "processes at a tenth of the weight": {"process": 0.1},
    "processes at full weight": {"process": 1.0},
    "terms of up to 750 genes": {"most_genes": 750},
    "terms of up to 3,000 genes": {"most_genes": 3000},
    "rows divided by the root of their length": {"row_exponent": 0.5},
    "axes from 6,000 genes": {"axes_from": 6000},
    "axes from all genes": {"axes_from": 100_000},
    "without physical interactions (IPI)": {_EVIDENCE: ("IPI",)},
    "without electronic annotations (IEA)": {_EVIDENCE: ("IEA",)},
    "without either": {_EVIDENCE: ("IPI", "IEA")},
    "with genes that have no papers": {_EXTRA: True},
}

_ASKED = ("ligand–receptor", "TF–target", "families", "complexes")


def known_share(space: ga.Space, relation: Relation, count: int = 250) -> tuple[float, float]:
    """Return how many of ten answers to one tuning pair are pairs of the relation, in percent.

    Returns
    -------
    mean, error
        Over the pairs asked, and its standard error.
    """
    rows = Rows(space)
    drawn, known = rows.of(relation.tuning), rows.of(relation.pairs)
    if relation.symmetric:
        known = np.concatenate([known, known[:, ::-1]])
    asked = [drawn[place : place + 1] for place in range(min(count, len(drawn)))]
    found = measure_retrieval(library_search(space), asked, known, len(space))
    shares = 100 * found.known
    return float(shares.mean()), float(shares.std(ddof=1) / len(shares) ** 0.5)


def joined(
    annotations: GeneAnnotations, genes: Sequence[Any], changed: dict[str, Any]
) -> ga.Embedding:
    """Build `annotation` with some choices changed, and return it beside `pubmed`."""
    changed = dict(changed)
    weight = changed.pop(_WEIGHT, PARTS["annotation"])
    annotations = annotations.without(*changed.pop(_EVIDENCE, ()))
    extra = changed.pop(_EXTRA, False)
    as_they_are = changed.pop(_AS_THEY_ARE, False)
    built = build_annotation(annotations, genes, replace(AnnotationParameters(), **changed))
    codes, scales = quantise(built.vectors)
    terms = ga.Embedding(built.names, codes * scales[:, None])
    papers = load_builtin("pubmed")
    if extra:
        others = [name for name in terms.names if name not in papers.rows]
        empty = np.zeros((len(others), papers.dimension), np.float32)
        vectors = np.concatenate([papers.vectors, empty])
        papers = ga.Embedding([*papers.names, *others], vectors)
    if as_they_are:
        return side_by_side([(papers, PARTS["pubmed"]), (terms, weight)])
    return compose(papers, terms, {**PARTS, "annotation": weight})


@click.command()
@click.option("--sqlite", type=_FILE, required=True, help="org.Hs.eg.sqlite.")
@click.option(
    "--data",
    type=_FOLDER,
    default=DATA,
    show_default="benchmarks/data",
    help="Folder of the relations' files.",
)
@click.option("--only", multiple=True, type=click.Choice(list(VARIANTS)), help="Which variants.")
def main(sqlite: Path, data: Path, only: tuple[str, ...]) -> None:
    r"""Rebuild the default embedding with one choice changed at a time, and measure each.

    \b
    Example:
      python -m benchmarks.quality.annotation_sweep --sqlite org.Hs.eg.sqlite --only "16 axes"
    """
    warn: Callable[[str], None] = lambda line: click.echo(line, err=True)  # noqa: E731
    relations = [one for one in read_relations(data, warn) if one.name in _ASKED]
    try:
        genes, annotations = best_known_first(read_sqlite(sqlite)), read_sqlite_annotations(sqlite)
    except ga.GeneAnalogiesError as error:
        raise click.UsageError(str(error)) from None
    head = ("recipe", *(one.name for one in relations), "3CosAdd", "3CosMul")
    click.echo(f"| {' | '.join(head)} |")
    click.echo("|---" * (len(relations) + 3) + "|")
    for name in only or VARIANTS:
        embedding = joined(annotations, genes, VARIANTS[name])
        space = ga.Space(embedding, genes=None, keep_index=False)
        shares = [known_share(space, relation) for relation in relations]
        cells = [name, *(f"{mean:.1f} ± {error:.1f}" for mean, error in shares)]
        for method in ("3CosAdd", "3CosMul"):
            answer = space.evaluate(GENE_QUESTIONS, method=method)
            cells.append(f"{int(answer.correct.sum())} of {len(answer.correct)}")
        click.echo(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
