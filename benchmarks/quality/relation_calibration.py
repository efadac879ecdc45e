"""Do the tests of `relation` find what is there, and nothing where nothing is.

``python -m benchmarks.quality.relation_calibration --data FOLDER`` prints the tables of
`docs/relation-test.md`: how often p is small in lists whose items were replaced by random ones, how
often in lists of true pairs, and the verdicts on all relations, on random pairs and on words.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

import gene_analogies as ga
from benchmarks.data_sets import DATA, glove_words
from benchmarks.measure import markdown_table
from benchmarks.quality.relation_figures import Rows
from benchmarks.quality.relation_lists import (
    WORD_QUESTIONS,
    Pair,
    Relation,
    read_relations,
    sections_of,
)
from gene_analogies.results import RelationResult
from gene_analogies.results.relation_parts import VERDICTS
from gene_analogies.search.learned.chance import direction_p, draw_matching, pairing_p
from gene_analogies.search.learned.relation import check_pairs

__all__ = ["NAIVE", "TESTS", "relabelled", "share_small", "verdict_line"]

_LEVEL = 0.05
_SEED = 0
#: Random pairs that are judged.
_RANDOM = 500
#: Of true pairs lists of so many are drawn.
_SIZES = (5, 10, 50)
#: So many lists of each size.
_LISTS = 200
#: Relations, and the size of their relabelled lists.
_RELABELLED = (("ligand–receptor", 50), ("TF–target", 100))
_SECTION = "capital-world"

Rowed = NDArray[np.int64]

#: A swap of the roles of each pair by itself, as if no two pairs shared an item.
NAIVE = "direction, naive swaps"
TESTS = ("direction", "pairing", NAIVE)

_HEADS = [
    "embedding", "relation", "pairs", "direction", "p", "pairing", "p", "3CosAvg", "best rule",
    "gain", "verdict", "direction of control", "gain of control",
]  # fmt: skip


def relabelled(pairs: Rowed, n: int, random: np.random.Generator) -> Rowed:
    """Return pairs whose items are replaced by random rows, different ones by different ones."""
    items, places = np.unique(pairs, return_inverse=True)
    return np.asarray(random.choice(n, len(items), replace=False)[places.reshape(pairs.shape)])


def p_values(vectors: NDArray[np.float32], pairs: Rowed, seed: int) -> tuple[float, ...]:
    """Return the p of each of `TESTS`."""
    pairs = check_pairs(pairs, len(vectors))
    matching = draw_matching(pairs, seed)
    return (
        direction_p(vectors, matching, seed),
        pairing_p(vectors, matching, seed),
        direction_p(vectors, pairs, seed),
    )


def share_small(found: Iterable[tuple[float, ...]]) -> list[str]:
    """Return how often each test's p is below 0.05."""
    shares = np.mean(np.array(list(found)) < _LEVEL, axis=0)
    return [f"{100 * share:.1f} %" for share in shares]


def _null(
    vectors: NDArray[np.float32], pairs: Rowed, size: int, lists: int
) -> Iterator[tuple[float, ...]]:
    random = np.random.default_rng(_SEED)
    for seed in range(lists):
        drawn = pairs[random.choice(len(pairs), size, replace=False)]
        yield p_values(vectors, relabelled(drawn, len(vectors), random), seed)


def _true(
    vectors: NDArray[np.float32], pairs: Rowed, size: int, lists: int
) -> Iterator[tuple[float, ...]]:
    random = np.random.default_rng(_SEED)
    for seed in range(lists):
        yield p_values(vectors, pairs[random.choice(len(pairs), size, replace=False)], seed)


def verdict_line(embedding: str, relation: str, found: RelationResult) -> list[str]:
    """Return what is said of a relation."""
    tests = {test.test: test for test in found.tests}
    pairing = tests["pairing"]
    line = [embedding, relation, f"{len(found.a):,}"]
    if found.prediction is None:
        return [
            *line, "–", "–", f"{pairing.effect:.3f}", f"{pairing.p:.2g}", "–", "–", "–",
            VERDICTS[found.verdict][0], "–", "–",
        ]  # fmt: skip
    direction, gain = tests["direction"], tests["prediction"]
    ranks, best = found.prediction.reciprocal_ranks, found.prediction.best_rule
    half = (direction.high - direction.low) / 2
    return [
        *line,
        f"{direction.effect:.4f} ± {half:.4f}",
        f"{direction.p:.2g}",
        f"{pairing.effect:.3f}",
        f"{pairing.p:.2g}",
        f"{ranks['3CosAvg']:.3f}",
        f"{ranks[best]:.3f} ({best})",
        f"{gain.effect:+.4f} ± {found.prediction.error:.4f}",
        VERDICTS[found.verdict][0],
        f"{direction.control:.4f} (p = {direction.control_p:.2g})",
        f"{gain.control:+.4f}",
    ]


def _warn(line: str) -> None:
    click.echo(line, err=True)


def _judge(
    name: str, relation: str, space: ga.Space, pairs: Sequence[Pair], **options: bool
) -> list[str]:
    started = time.process_time()
    line = verdict_line(name, relation, space.relation(pairs, **options))
    _warn(f"{' | '.join(line)} | {time.process_time() - started:.1f} s of CPU")
    return line


def _gene_verdicts(name: str, space: ga.Space, relations: list[Relation]) -> Iterator[list[str]]:
    for relation in relations:
        yield _judge(name, relation.name, space, relation.pairs)
        if relation.symmetric:
            yield _judge(name, f"{relation.name}, unordered", space, relation.pairs, unordered=True)
    names = space.embedding.names
    rows = np.random.default_rng(_SEED).permutation(len(space))[: 2 * _RANDOM].reshape(-1, 2)
    yield _judge(name, "random pairs", space, [(names[a], names[b]) for a, b in rows])


def _word_verdicts(folder: Path) -> Iterator[list[str]]:
    path = WORD_QUESTIONS.find(folder)
    if path is None:
        _warn(f"words: left out; {folder} holds no {WORD_QUESTIONS.files[0]},"
              f" from {WORD_QUESTIONS.origin}")  # fmt: skip
        return
    try:
        space = ga.Space(glove_words(), keep_index=False)
    except SystemExit as missing:
        _warn(str(missing))
        return
    for section, found in sections_of(path, str.lower).items():
        pairs = sorted(found)
        yield _judge("GloVe", section, space, pairs)
        if section == _SECTION:
            inside = [pair for pair in pairs if {*pair} <= {*space.embedding.rows}]
            order = np.random.default_rng(_SEED).permutation(len(inside))
            mixed = [(inside[i][0], inside[j][1]) for i, j in enumerate(order) if i != j]
            yield _judge("GloVe", f"{section}, shuffled", space, mixed)


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DATA,
              show_default="benchmarks/data", help="Folder of the relations' files.")  # fmt: skip
@click.option("-e", "--embedding", "sources", multiple=True, default=("pubmed", "human"),
              show_default=True, help="Names or files; the first is calibrated.")  # fmt: skip
@click.option("--lists", type=click.IntRange(min=1), default=500, show_default=True,
              help="Relabelled lists of each relation.")  # fmt: skip
def main(data: Path, sources: tuple[str, ...], lists: int) -> None:
    """Print the tables of docs/relation-test.md.

    Example: python -m benchmarks.quality.relation_calibration --data FOLDER -e Geneformer/
    """
    relations = read_relations(data, _warn)
    try:
        spaces = {Path(source).name: ga.load(source) for source in sources}
    except ga.GeneAnalogiesError as error:
        raise click.UsageError(str(error)) from None
    null, power = [], []
    for name, space in spaces.items():
        vectors, rows = space.prepared.vectors, Rows(space)
        for relation, size in _RELABELLED:
            pairs = next((rows.of(one.pairs) for one in relations if one.name == relation), None)
            if pairs is None or len(pairs) < size:
                continue
            shares = share_small(_null(vectors, pairs, size, lists))
            null.append([name, f"{relation}, relabelled", str(size), *shares])
            _warn(" | ".join(null[-1]))
            for few in _SIZES:
                shares = share_small(_true(vectors, pairs, few, _LISTS))
                power.append([name, relation, str(few), *shares[:2]])
                _warn(" | ".join(power[-1]))
    judged = [
        line for name, space in spaces.items() for line in _gene_verdicts(name, space, relations)
    ]
    judged += _word_verdicts(data)
    for heads, lines in (
        (["embedding", "lists", "pairs", *(f"{test}: p < .05" for test in TESTS)], null),
        (["embedding", "relation", "pairs", *(f"{test}: p < .05" for test in TESTS[:2])], power),
        (_HEADS, judged),
    ):
        if lines:
            click.echo(f"\n{markdown_table([heads, *lines])}")


if __name__ == "__main__":
    main()
