"""How long it takes to rank named pairs among all, beside a brute force that only finds the best.

Run ``python -m benchmarks.speed.candidates``, with ``-e`` for another embedding: lists of several
lengths, every kind of score; and the evidence for many analogies, apart from their search.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gene_analogies as ga
from benchmarks.brute_force import best_pairs
from benchmarks.measure import seconds
from gene_analogies.questions.candidates import rank_rows
from gene_analogies.questions.pair_search import PairOptions, direct

LENGTHS = (10, 3_000, 100_000)
KINDS: dict[str, dict[str, Any]] = {
    "cosine": {},
    "pair weight": {"pair_weight": 0.25},
    "Euclidean": {"metric": "euclidean"},
    "sums": {"operation": "sum"},
}


def named_pairs(space: ga.Space, count: int) -> NDArray[np.int64]:
    """Return random pairs of rows, each once, the earlier row first."""
    drawn = np.random.default_rng(0).integers(2, len(space), (2 * count, 2))
    pairs = np.sort(drawn[drawn[:, 0] != drawn[:, 1]], axis=1)
    return np.asarray(np.unique(pairs, axis=0)[:count])


def rows_of_table(space: ga.Space, lengths: tuple[int, ...]) -> Iterator[str]:
    """Yield a row for every kind of score and length of list."""
    for kind, given in KINDS.items():
        options = PairOptions(**given)
        everything = np.ones(len(space), np.bool_)
        query = direct(space.prepared, space.names, [(0, 1)], None, everything, options)
        cells = []
        for length in lengths:
            pairs = named_pairs(space, length)
            rank_rows(space.prepared, query, options, pairs[:2])  # compiles
            spent = seconds(partial(rank_rows, space.prepared, query, options, pairs))
            cells.append(f"{spent:.1f} s")
        yield f"| {kind} | {' | '.join(cells)} |"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-e", "--embedding", default="human")
    arguments = parser.parse_args()
    space = ga.load(arguments.embedding)
    E = np.asarray(space.prepared.vectors)
    direction = (E[0] - E[1]) / np.linalg.norm(E[0] - E[1])
    print(f"brute force: {seconds(lambda: best_pairs(E, direction, 10)):.1f} s\n")
    print("| score | " + " | ".join(f"{length:,} pairs" for length in LENGTHS) + " |")
    print("| --- |" + " --: |" * len(LENGTHS))
    for row in rows_of_table(space, LENGTHS):
        print(row)
    found = space.top(k=10_000, truncate=300)
    spent = seconds(lambda: found.all_columns)
    print(f"\nevidence for {len(found):,} analogies: {spent:.2f} s")


if __name__ == "__main__":
    main()
