"""Many questions at once beside as many calls: time of the search and of the evidence.

Run ``python -m benchmarks.speed.each``; docs/benchmarks.md holds a run. Both ways take turns on
parts of the questions; the answers and their evidence are compared, bit for bit. Processor time is
that of all threads.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import gene_analogies as ga
from benchmarks.measure import markdown_table

K = 10
#: Questions that are asked before the other way takes its turn.
TURN = 128
NUMBERS = ("p", "q", "cos_cd", "cos_ac", "cos_bd", "papers")

#: What is asked: a name, and the options.
ASKED: dict[str, dict[str, Any]] = {
    "plain": {},
    "`pair_weight=0.25`": {"pair_weight": 0.25},
    '`metric="euclidean"`': {"metric": "euclidean"},
    '`operation="sum"`': {"operation": "sum"},
    "`max_similarity=0.5`": {"max_similarity": 0.5},
}

Queries = Sequence[tuple[str, str]]


class Clock:
    """Seconds that have passed, and seconds of all processors: of calls, added up."""

    def __init__(self) -> None:
        self.passed = self.used = 0.0

    def time(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        """Call, and add the time that it takes."""
        passed, used = time.perf_counter(), time.process_time()
        found = call(*arguments, **options)
        self.passed += time.perf_counter() - passed
        self.used += time.process_time() - used
        return found


def ask_each(space: ga.Space, queries: Queries, options: dict[str, Any]) -> list[Any]:
    """Ask one question after the other."""
    return [space.pairs(*query, k=K, **options) for query in queries]


def evidence_of(answer: Any) -> list[Any]:  # noqa: ANN401 - of either kind
    """Return the numbers that an answer is judged by."""
    return [getattr(answer, name) for name in NUMBERS]


def compare(many: ga.results.PairsEachResult, alone: Sequence[ga.results.PairsResult]) -> None:
    """Compare answers and evidence; end the program where any number differs."""
    together = [many.c_rows, many.d_rows, many.similarity, *evidence_of(many.evidence)]
    single = [[one.c_rows, one.d_rows, one.similarity, *evidence_of(one)] for one in alone]
    for numbers, parts in zip(together, zip(*single, strict=True), strict=True):
        if numbers is not None and not np.array_equal(numbers, np.concatenate(parts)):
            raise SystemExit("an answer to many questions differs from that to one")


def bench(space: ga.Space, queries: Queries, options: dict[str, Any]) -> list[list[str]]:
    """Ask all queries in both ways; return the cells of two lines, of the search and evidence."""
    clocks = [Clock() for _ in range(4)]
    search_each, search_alone, evidence_each, evidence_alone = clocks
    for turn, first in enumerate([0, *range(0, len(queries), TURN)]):
        some = queries[first : first + TURN]
        many = search_each.time(space.pairs_each, some, k=K, **options)
        alone = search_alone.time(ask_each, space, some, options)
        evidence_each.time(evidence_of, many.evidence)
        evidence_alone.time(lambda answers: [evidence_of(one) for one in answers], alone)
        compare(many, alone)
        if turn == 0:  # it compiles
            for clock in clocks:
                clock.passed = clock.used = 0.0
    return [
        [
            f"{alone.passed:.2f}",
            f"{each.passed:.2f}",
            f"{each.passed / alone.passed:.2f}",
            f"{alone.used:.2f}",
            f"{each.used:.2f}",
            f"{each.used / alone.used:.2f}",
        ]
        for each, alone in ((search_each, search_alone), (evidence_each, evidence_alone))
    ]


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--embedding", default="human")
    parser.add_argument("--queries", type=int, default=1000, help="random pairs of items")
    parser.add_argument("--asked", nargs="*", default=list(ASKED), choices=ASKED)
    options = parser.parse_args()
    space = ga.load(options.embedding)
    names, rng = space.embedding.names, np.random.default_rng(0)
    queries = [
        (names[a], names[b])
        for a, b in (rng.choice(len(names), 2, replace=False) for _ in range(options.queries))
    ]
    rows = [["", "calls, s", "at once, s", "ratio", "calls, CPU s", "at once, CPU s", "ratio"]]
    for asked in options.asked:
        search, evidence = bench(space, queries, ASKED[asked])
        rows += [[f"{asked}: search", *search], [f"{asked}: evidence", *evidence]]
    print(markdown_table(rows))


if __name__ == "__main__":
    main()
