"""Ask questions of the built-in embedding in a new process; run by `benchmarks.speed.first_use`.

Only names that every version of the package has are used.
"""

from __future__ import annotations

import sys
from itertools import product
from typing import Any

import gene_analogies as ga

__all__ = ["QUESTIONS"]


def pairs(space: Any) -> None:  # noqa: ANN401 - of either version
    """Ask what `make demo` asks."""
    space.pairs("EGF", "EGFR")


def top(space: Any) -> None:  # noqa: ANN401
    """Ask for the best analogies of a few items."""
    space.top(truncate=500)


def everything(space: Any) -> None:  # noqa: ANN401
    """Ask for whatever has a kernel of its own, but `modules`, whose learning takes longer."""
    for metric, operation in product(("cosine", "euclidean"), ("difference", "sum")):
        space.pairs("EGF", "EGFR", metric=metric, operation=operation)
        space.pairs("EGF", "EGFR", metric=metric, operation=operation, truncate=3_000)
    space.pairs("EGF", "EGFR", max_similarity=0.5)
    for metric in ("cosine", "euclidean"):
        space.similar("EGF", metric=metric)
        space.similar("EGF", contrast="HGF", metric=metric)
        for how in ("span", "mean", "min"):
            space.similar(["EGF", "HGF", "INS"], metric=metric, how=how)
        space.similar_overall(metric=metric, truncate=3_000)
    for method in ("3CosAdd", "3CosMul", "PairDirection"):
        space.complete("EGF", "EGFR", "HGF", method=method)
    space.complete([("EGF", "EGFR"), ("INS", "INSR")], c="HGF")
    for method in ("3CosAdd", "3CosMul"):
        space.evaluate({"": [("EGF", "EGFR", "HGF", "MET")]}, method=method)
    space.analogies("EGF", truncate=500)
    space.all_analogies(k=1, truncate=100)
    for options in ({}, {"edges": 16}, {"distinct": True}):
        space.top(truncate=500, **options)


QUESTIONS = {"pairs": pairs, "top --truncate 500": top, "all questions": everything}


if __name__ == "__main__":
    QUESTIONS[sys.argv[1]](ga.load())
