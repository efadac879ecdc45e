"""A blind judgement of what embeddings answer to thirty textbook relations.

``python -m benchmarks.quality.textbook sheet -e human -e pubmed --output sheet.tsv --key key.json``
asks each embedding for its five best pairs and writes a sheet to judge, each distinct pair once;
``python -m benchmarks.quality.textbook score sheet.tsv key.json`` counts a judged sheet, and says
how far two judges agree. docs/textbook-relations.md says what makes an answer right.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

import gene_analogies as ga
from benchmarks.quality.blind_sheet import (
    Key,
    Mark,
    Relation,
    read_key,
    read_marks,
    write_key,
    write_sheet,
)
from gene_analogies.errors import GeneAnalogiesError, ItemNameError, MissingExtraError
from gene_analogies.results import Item
from gene_analogies.util.extras import require
from gene_analogies.util.wording import first_few, pluralise

__all__ = ["read_relations"]

#: Answers to each question.
ANSWERS = 5
#: So many right ones make a relation known.
ENOUGH = 3

_LIST = Path(__file__).with_suffix(".tsv")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


def read_relations(path: Path = _LIST) -> list[Relation]:
    """Read the relations, in the order in which they are asked."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Relation(row["a"], row["b"], row["relation"], row["set"])
            for row in csv.DictReader(stream, delimiter="\t")
        ]


def ask(space: ga.Space, relation: Relation, pair_weight: float = 0.0) -> list[tuple[Item, Item]]:
    """Return the best pairs for a relation; none where the embedding lacks a or b."""
    try:
        found = space.pairs(relation.a, relation.b, k=ANSWERS, pair_weight=pair_weight)
    except ItemNameError as error:
        click.echo(f"note: {relation.query} has no answers: {error}", err=True)
        return []
    return list(zip(found.c, found.d, strict=True))


def counts(key: Key, marks: Mapping[Mark, bool]) -> dict[str, dict[str, int]]:
    """Return how many answers of each embedding to each query are right.

    Raises
    ------
    click.UsageError
        If the sheet and the key are not of the same pairs.
    """
    given = {
        Mark(query, c, d)
        for answers in key.values()
        for query, pairs in answers.items()
        for c, d in pairs
    }
    if given != marks.keys():
        odd = sorted(f"{mark.c} : {mark.d}" for mark in given ^ marks.keys())
        raise click.UsageError(
            f"the sheet and the key differ in {pluralise(len(odd), 'pair')}: {first_few(odd)}"
        )
    return {
        embedding: {
            query: sum(marks[Mark(query, c, d)] for c, d in pairs)
            for query, pairs in answers.items()
        }
        for embedding, answers in key.items()
    }


def report(relations: Sequence[Relation], right: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield a table of embeddings and sets, and one of the relations."""
    yield f"| embedding | relations | right answers | at least {ENOUGH} of {ANSWERS} right |"
    yield "|---|---|---|---|"
    for embedding, of in right.items():
        for name in dict.fromkeys(relation.set for relation in relations):
            found = [of[relation.query] for relation in relations if relation.set == name]
            known = sum(count >= ENOUGH for count in found)
            yield (
                f"| {embedding} | {name} | {sum(found)} of {ANSWERS * len(found)}"
                f" | {known} of {len(found)} |"
            )
    yield ""
    yield f"| relation | {' | '.join(right)} |"
    yield "|---" * (len(right) + 1) + "|"
    for relation in relations:
        found = [of[relation.query] for of in right.values()]
        yield f"| {relation.query} | {' | '.join(map(str, found))} |"


def agreement(first: Mapping[Mark, bool], second: Mapping[Mark, bool]) -> str:
    """Return in words how far two judges of the same pairs agree."""
    metrics = require("sklearn.metrics", "learn", "the agreement of two judges")
    pairs = list(first)
    one, other = [first[pair] for pair in pairs], [second[pair] for pair in pairs]
    same = sum(a == b for a, b in zip(one, other, strict=True))
    line = f"The judges agree on {same} of {len(pairs)} pairs"
    if len({*one, *other}) == 1:
        return f"{line}; Cohen's κ is undefined, since both gave every pair the same mark"
    return f"{line}; Cohen's κ = {metrics.cohen_kappa_score(one, other):.2f}"


@click.group()
def main() -> None:
    """Ask the textbook relations blindly, and score what judges made of the answers."""


@main.command()
@click.option("-e", "--embedding", "sources", multiple=True, required=True,
              help="A name or a file of an embedding; may be given several times.")  # fmt: skip
@click.option("--pair-weight", type=click.FloatRange(min=0), default=0.0,
              help="Ask each embedding with this weight of cos(c, d), too.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True,
              help="Draws the order of the pairs.")  # fmt: skip
@click.option("--output", type=_NEW_FILE, required=True, help="The sheet, TSV.")
@click.option("--key", "key_path", type=_NEW_FILE, required=True,
              help="Which embedding gave what, JSON.")  # fmt: skip
def sheet(
    sources: tuple[str, ...], pair_weight: float, seed: int, output: Path, key_path: Path
) -> None:
    """Write a blind sheet of the five best pairs of each embedding.

    Example: python -m benchmarks.quality.textbook sheet -e pubmed --output sheet.tsv --key key.json
    """
    if len(set(sources)) < len(sources):
        raise click.UsageError(f"an embedding was given twice: -e {' -e '.join(sources)}")
    for path in (output, key_path):
        if path.exists():
            raise click.UsageError(f"{path} is there already, and may hold what a judge wrote")
        if not path.parent.is_dir():
            raise click.UsageError(f"{path}: there is no folder {path.parent}")
    relations = read_relations()
    found: dict[str, dict[str, list[tuple[Item, Item]]]] = {}
    for source in sources:
        try:
            space = ga.load(source)
            for weight in dict.fromkeys((0.0, pair_weight)):
                label = f"{source}, pair weight {weight:g}" if weight else source
                found[label] = {one.query: ask(space, one, weight) for one in relations}
        except GeneAnalogiesError as error:
            raise click.UsageError(f"{source}: {error}") from error
    pools = {
        relation.query: [pair for of in found.values() for pair in of[relation.query]]
        for relation in relations
    }
    count = write_sheet(output, relations, pools, seed)
    key = {
        source: {query: [(c.symbol, d.symbol) for c, d in pairs] for query, pairs in of.items()}
        for source, of in found.items()
    }
    write_key(key_path, key, seed)
    click.echo(f"{output}: {pluralise(count, 'pair')} to judge")


@main.command()
@click.argument("sheets", nargs=-1, required=True, type=_FILE)
@click.argument("key_path", metavar="KEY", type=_FILE)
def score(sheets: tuple[Path, ...], key_path: Path) -> None:
    """Count one judged sheet, or two of the same pairs, and their agreement.

    Example: python -m benchmarks.quality.textbook score sheet.tsv key.json
    """
    if len(sheets) > 2:
        raise click.UsageError(f"one or two sheets can be scored, not {len(sheets)}")
    key = read_key(key_path)
    relations = read_relations()
    queries = {relation.query for relation in relations}
    if not key or any(answers.keys() != queries for answers in key.values()):
        raise click.UsageError(f"{key_path} is not of the relations in {_LIST.name}")
    judged = [read_marks(path) for path in sheets]
    for path, marks in zip(sheets, judged, strict=True):
        click.echo(f"{path}:\n")
        for line in report(relations, counts(key, marks)):
            click.echo(line)
        click.echo()
    if len(judged) == 2:
        try:
            click.echo(agreement(*judged))
        except MissingExtraError as error:
            raise click.UsageError(str(error)) from error


if __name__ == "__main__":
    main()
