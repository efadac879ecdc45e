"""Seconds of questions in this checkout and in another one, in alternating runs.

Run ``python -m benchmarks.speed.side_by_side --beside PATH``; a checkout of an older commit is made
by ``git worktree add PATH COMMIT``. A run is a process of its own; printed are medians over the
runs, and their ratios.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.checkouts import Checkout, add_options, compare
from benchmarks.data_sets import DATA_SETS
from benchmarks.measure import seconds

__all__ = ["main"]

_QUESTIONS = "benchmarks.speed.timed_questions"
#: Whole processes, each run three times.
_COMMANDS = (("--help",), ("pairs", "EGF", "EGFR"))


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="built-in", choices=DATA_SETS)
    parser.add_argument("--items", type=int, default=20_000, help="the first items of the data")
    parser.add_argument("--few", type=int, default=1_000, help="items for top over all pairs")
    add_options(parser, runs=5)
    options = parser.parse_args()
    embedding = DATA_SETS[options.data]().truncate(options.items)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "vectors.npz")
        np.savez(path, words=np.array(embedding.names), vectors=embedding.vectors)

        def measure(checkout: Checkout) -> dict[str, float]:
            found = checkout.run("-m", _QUESTIONS, path, str(options.few))
            figures: dict[str, float] = json.loads(found)
            for words in _COMMANDS:
                times = [seconds(partial(checkout.run_command, *words)) for _ in range(3)]
                figures[f"gene-analogies {' '.join(words)}"] = float(np.median(times))
            return figures

        compare(options, measure, prepare=lambda one: one.run_command(*_COMMANDS[-1]))


if __name__ == "__main__":
    main()
