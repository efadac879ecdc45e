"""Processor time of the first questions ever asked, which compile their kernels.

Run ``python -m benchmarks.speed.first_use``, with ``--beside PATH`` to measure another checkout in
turn with this one. Each figure is user and system time of a process of its own with an empty cache
folder, imports and the index included.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.checkouts import Checkout, add_options, compare
from benchmarks.speed import first_questions

__all__ = ["main"]


def processor_time(checkout: Checkout, question: str) -> float:
    """Return the processor seconds that a question takes in an empty cache folder."""
    import resource  # not on Windows

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = used()
    with tempfile.TemporaryDirectory() as folder:
        checkout.run("-m", first_questions.__name__, question, cache=Path(folder))
    return used() - before


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [*first_questions.QUESTIONS]
    parser.add_argument("--questions", nargs="+", default=names, choices=names)
    add_options(parser, runs=3)
    options = parser.parse_args()
    compare(
        options,
        lambda checkout: {name: processor_time(checkout, name) for name in options.questions},
    )


if __name__ == "__main__":
    main()
