"""What each choice in the recipe of the built-in embedding is worth.

``python -m benchmarks.quality.embedding_sweep --sqlite org.Hs.eg.sqlite --liana liana-*.whl``
rebuilds the embedding with one choice changed at a time and prints a table. The shares are those of
:mod:`benchmarks.quality.relations`, on the tuning half of the pairs. A second yardstick, which no
known pair enters, is the share of a gene's ten nearest genes that are annotated with one of its own
specific processes of the Gene Ontology.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

import gene_analogies as ga
from benchmarks.quality.relations import find_resource, measure, read_known_pairs
from gene_analogies.sources.builtin import load_builtin, quantise
from gene_analogies.sources.facts import read_sqlite
from gene_analogies.sources.pubmed import PubmedParameters, build_embedding

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BEST = 6_000
_NEAREST = 10

_FLOAT = "as float32, not quantised"

#: What is changed, one at a time, from the recipe of the packaged file.
VARIANTS: dict[str, dict[str, Any]] = {
    "the packaged recipe": {},
    _FLOAT: {},
    "384 axes": {"dimension": 384},
    "128 axes": {"dimension": 128},
    "no propagation": {"propagation": 0.0},
    "no propagation, 512 axes": {"propagation": 0.0, "dimension": 512},
    "propagation 1": {"propagation": 1.0},
    "information not raised": {"information_exponent": 1.0},
    "paper weight 1/(m − 1)": {"weight_exponent": 1.0},
    "papers of up to 30 genes": {"largest_paper": 30},
    "2 papers or more": {"min_papers": 2},
    "contexts not smoothed": {"smoothing": 1.0},
    "the plain recipe, 512 axes": {
        "weight_exponent": 1.0,
        "information_exponent": 1.0,
        "propagation": 0.0,
        "dimension": 512,
    },
}


def read_processes(path: Path, smallest: int = 5, largest: int = 100) -> dict[str, set[str]]:
    """Return each gene's specific processes: symbol → Gene Ontology terms.

    Direct annotations only, without those inferred from electronic annotation (IEA) and those
    that say there are no data (ND); terms of ``smallest`` to ``largest`` genes.
    """
    query = (
        "SELECT DISTINCT symbol, go_id FROM go_bp JOIN gene_info USING (_id)"
        " WHERE evidence NOT IN ('IEA', 'ND')"
    )
    genes_of: defaultdict[str, set[str]] = defaultdict(set)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        for symbol, term in database.execute(query):
            genes_of[term].add(symbol)
    terms_of: defaultdict[str, set[str]] = defaultdict(set)
    for term, genes in genes_of.items():
        if smallest <= len(genes) <= largest:
            for gene in genes:
                terms_of[gene].add(term)
    return dict(terms_of)


def shared_processes(embedding: ga.Embedding, terms_of: dict[str, set[str]]) -> float:
    """Return the share of the ten nearest genes, by cosine, with a process of the gene."""
    vectors = embedding.vectors
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    terms = [terms_of.get(name, set()) for name in embedding.names]
    shares = []
    for first in range(0, len(unit), 1024):
        cosines = unit[first : first + 1024] @ unit.T
        for row, line in enumerate(cosines, start=first):
            if terms[row]:
                line[row] = -np.inf
                nearest = np.argpartition(-line, _NEAREST)[:_NEAREST]
                shares.append(np.mean([not terms[row].isdisjoint(terms[j]) for j in nearest]))
    return float(np.mean(shares))


@click.command()
@click.option("--sqlite", type=_FILE, required=True, help="org.Hs.eg.sqlite.")
@click.option("--liana", type=_FILE, help="liana's wheel, or its omni_resource.csv.")
@click.option("--only", multiple=True, type=click.Choice(list(VARIANTS)), help="Which variants.")
def main(sqlite: Path, liana: Path | None, only: tuple[str, ...]) -> None:
    r"""Rebuild the embedding with one choice changed at a time, and measure each.

    \b
    Example:
      python -m benchmarks.quality.embedding_sweep --sqlite org.Hs.eg.sqlite --only "128 axes"
    """
    known = read_known_pairs(find_resource(liana))
    # One half for all variants, whichever genes they have: the other half is never seen here.
    packaged_half = known.draw(load_builtin("pubmed").names)[::2]
    facts, terms_of = read_sqlite(sqlite), read_processes(sqlite)
    click.echo("| recipe | genes | axes | all genes | best 6,000 | known pair | shared process |")
    click.echo("|---|---|---|---|---|---|---|")
    for name in only or VARIANTS:
        parameters = replace(PubmedParameters(), **VARIANTS[name])
        embedding = build_embedding(facts.papers, facts.genes, parameters)
        if name != _FLOAT:
            codes, scales = quantise(embedding.vectors)
            embedding = ga.Embedding(embedding.names, codes * scales[:, None])
        tuning = [pair for pair in packaged_half if set(pair) <= set(embedding.names)]
        shares = []
        for count in (len(embedding), _BEST):
            part = embedding.truncate(count)
            inside = [pair for pair in tuning if part.rows.keys() >= set(pair)]
            space = ga.Space(part, genes=None, keep_index=False)
            shares.append(measure(space, known, inside))
        click.echo(
            f"| {name} | {len(embedding):,} | {embedding.dimension} | {shares[0].hits.mean():.1%}"
            f" | {shares[1].hits.mean():.1%} | {shares[0].exact.mean():.1%}"
            f" | {shared_processes(embedding, terms_of):.1%} |"
        )


if __name__ == "__main__":
    main()
