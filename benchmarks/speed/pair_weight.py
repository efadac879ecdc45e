"""Pair queries with a pair weight beside plain ones, all in one run.

Run ``python -m benchmarks.speed.pair_weight``. Plain and weighted queries take turns; the answers
to the first of them are compared with a brute force over all pairs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.data_sets import DATA_SETS, glove_words
from benchmarks.measure import markdown_table
from gene_analogies import Embedding, Space

K = 10
WEIGHTS = (0.1, 0.25, 0.5, 1.0)
CHECKED = 2

_ROWS = 1024


def unit_words() -> Embedding:
    """Return the GloVe words at unit length."""
    words = glove_words()
    norms = np.linalg.norm(words.vectors, axis=1, keepdims=True)
    return Embedding(words.names, words.vectors / norms)


SETS: dict[str, Callable[[], Embedding]] = {
    "built-in": DATA_SETS["built-in"],
    "words": DATA_SETS["words"],
    "unit words": unit_words,
    "i^-1": DATA_SETS["i^-1"],
}


def scores_of(
    E: NDArray[Any], q: NDArray[np.float64], weight: float, pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the scores of pairs in float64; −∞ for equal vectors."""
    c, d = E[pairs[:, 0]].astype(np.float64), E[pairs[:, 1]].astype(np.float64)
    lengths = np.linalg.norm(c - d, axis=1)
    similarity = np.divide(
        (c - d) @ q, lengths, where=lengths > 0, out=np.full(len(pairs), -np.inf)
    )
    norms = np.linalg.norm(c, axis=1) * np.linalg.norm(d, axis=1)
    together = np.divide(
        np.einsum("ij,ij->i", c, d), norms, where=norms > 0, out=np.zeros(len(pairs))
    )
    return np.asarray(similarity + weight * together)


def check(E: NDArray[Any], asked: list[tuple[NDArray[np.int64], float, Any]]) -> None:
    """Compare answers with all pairs that come near them by float32 products, in float64."""
    X = (E - E.mean(axis=0, dtype=np.float64)).astype(np.float32)
    norms = np.linalg.norm(E.astype(np.float64), axis=1).astype(np.float32)
    squares = np.einsum("ij,ij->i", X, X)
    inverse = np.divide(1.0, norms, where=norms > 0, out=np.zeros_like(norms))
    directions, found = [], []
    for (a, b), _, _ in asked:
        offset = E[a].astype(np.float64) - E[b]
        directions.append(offset / np.linalg.norm(offset))
        found.append([np.empty((0, 2), np.int64)])
    for start in range(0, len(E), _ROWS):
        rows = slice(start, start + _ROWS)
        both = squares[rows, None] + squares
        square = both - 2 * (X[rows] @ X.T)
        # As near as they may be: a similarity that is too high lets a pair through.
        one_over = 1 / np.sqrt(np.maximum(square - 1e-5 * both, 1e-20))
        together = (E[rows] @ E.T) * inverse[rows, None] * inverse
        for number, (_, weight, answer) in enumerate(asked):
            s = E @ directions[number]
            gaps = (s[rows, None] - s).astype(np.float32)
            near = gaps * one_over + np.float32(weight) * together
            floor = (answer.score if weight else answer.similarity)[-1] - 1e-3
            found[number].append(np.argwhere(near >= floor) + np.array([start, 0]))
    for q, pieces, (query, weight, answer) in zip(directions, found, asked, strict=True):
        pairs = np.concatenate(pieces)
        pairs = pairs[~np.isin(pairs, query).any(axis=1)]
        scores = np.rint(scores_of(E, q, weight, pairs) * 2.0**40)
        order = np.lexsort((pairs[:, 1], pairs[:, 0], -scores))[:K]
        given = np.column_stack([answer.c_rows, answer.d_rows])
        if not np.array_equal(pairs[order], given):
            raise SystemExit(f"the answer to rows {query}, {weight:g} differs from the brute force")


def bench_space(name: str, embedding: Embedding, count: int) -> list[list[str]]:
    """Time one data set; return a line of the table for each weight."""
    space = Space(embedding, keep_index=False)
    space.index()
    E, names = space.prepared.vectors, embedding.names
    start = time.perf_counter()
    space.prepared.cosines(space.prepared.indexed(np.arange(len(E)), None, -1))
    known = time.perf_counter() - start
    queries = np.random.default_rng(0).integers(0, len(E), (count, 2))
    queries = queries[queries[:, 0] != queries[:, 1]]
    times: dict[float, list[float]] = {weight: [] for weight in (0.0, *WEIGHTS)}
    asked = []
    for number, (a, b) in enumerate([queries[0], *queries]):  # the first compiles
        for weight, seconds in times.items():
            start = time.perf_counter()
            answer = space.pairs(names[a], names[b], k=K, pair_weight=weight)
            if number:
                seconds.append(time.perf_counter() - start)
            if 0 < number <= CHECKED:
                asked.append((np.array([a, b]), weight, answer))
    check(E, asked)
    plain = float(np.median(times[0.0]))
    return [
        [
            name,
            f"{weight:g}",
            f"{1e3 * np.median(seconds):.2f}",
            f"{1e3 * max(seconds):.1f}",
            f"{np.median(seconds) / plain:.2f}",
            f"{known:.2f}" if weight else "",
        ]
        for weight, seconds in times.items()
    ]


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=50, help="random queries a data set")
    parser.add_argument("--data", nargs="*", default=list(SETS), choices=SETS)
    options = parser.parse_args()
    rows = [["data", "pair weight", "median, ms", "worst, ms", "÷ plain", "cosines, s"]]
    for name in options.data:
        rows += bench_space(name, SETS[name](), options.queries)
    print(markdown_table(rows))


if __name__ == "__main__":
    main()
