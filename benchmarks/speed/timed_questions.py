"""Time questions and print the seconds as JSON; run by `benchmarks.speed.side_by_side`.

Its arguments: the file of an embedding, and how many items `top` over all pairs takes. Only names
that every version of the package has are used.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import gene_analogies as ga
from benchmarks.measure import seconds


def median(call: Callable[..., object], asked: Sequence[Sequence[object]]) -> float:
    """Return the median seconds of a call, after one that does not count."""
    call(*asked[0])
    return statistics.median(seconds(partial(call, *one)) for one in asked)


def measure(space: Any, few: int) -> Iterator[tuple[str, float]]:  # noqa: ANN401 - of either version
    """Time each question: the median of many, or one that takes long."""
    drawn = random.Random(0)
    fours = [drawn.sample(space.embedding.names, 4) for _ in range(30)]

    def top(**options: int) -> None:
        with tempfile.TemporaryDirectory() as folder:  # nothing is known from an earlier run
            space.top(folder=folder, **options)

    yield "the index", seconds(space.index)
    pairs, triples = [four[:2] for four in fours], [four[:3] for four in fours]
    for metric in ("cosine", "euclidean"):
        yield f"pairs, {metric}", median(partial(space.pairs, metric=metric), pairs)
    yield "similar", median(space.similar, [four[:1] for four in fours])
    yield "similar, three items", median(lambda *names: space.similar(names), triples)
    for method in ("3CosAdd", "3CosMul", "PairDirection"):
        yield f"complete, {method}", median(partial(space.complete, method=method), triples)
    questions = {"": [tuple(four) for four in fours]}
    yield "evaluate", median(space.evaluate, [(questions,)] * 5)
    yield "similar, overall", seconds(space.similar_overall)
    yield "analogies", median(space.analogies, [four[:1] for four in fours[:3]])
    yield f"top of {few:,} items", seconds(lambda: top(truncate=few))
    yield "top, 4 edges", seconds(lambda: top(edges=4))


def main() -> None:
    """Time the questions, after all have been asked of a few items, which compiles kernels."""
    path, few = sys.argv[1], int(sys.argv[2])
    embedding = ga.load(path).embedding
    for _ in measure(ga.Space(embedding.truncate(300), keep_index=False), few):
        pass
    print(json.dumps(dict(measure(ga.Space(embedding, keep_index=False), few))))


if __name__ == "__main__":
    main()
