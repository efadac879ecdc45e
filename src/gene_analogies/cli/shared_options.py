"""Options that several questions share, with the same help and default in all of them.

`search_options` and the like add options to a command; `count_option` and those below it return a
decorator, since each command says what is counted or kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

__all__ = [
    "METRICS",
    "OPERATIONS",
    "analogy_options",
    "count_option",
    "include_query_option",
    "metric_option",
    "search_options",
    "seed_option",
]

F = TypeVar("F", bound=Callable[..., Any])

METRICS: Final = ("cosine", "euclidean")
OPERATIONS: Final = ("difference", "sum")


def search_options(command: F) -> F:
    """Add ``--among`` and ``--truncate`` to a command: which items to search."""
    command = click.option(
        "--truncate",
        type=int,
        metavar="N",
        help="Search only the first N items; the built-in embedding begins with the best-studied "
        "genes.",
    )(command)
    return click.option(
        "--among",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Search only among the names in this file, one a line; # begins a comment, - is "
        "standard input.",
    )(command)


def analogy_options(command: F) -> F:
    """Add ``--max-similarity`` and ``--distinct`` to a command: which analogies to leave out."""
    command = click.option(
        "--distinct",
        is_flag=True,
        help="Leave out analogies that share three of their four items with a better one.",
    )(command)
    return click.option(
        "--max-similarity",
        type=float,
        default=0.8,
        show_default=True,
        metavar="COSINE",
        help="Leave out analogies whose a and c, or b and d, are more similar than this.",
    )(command)


def metric_option(command: F) -> F:
    """Add ``--metric`` to a command."""
    return click.option(
        "--metric",
        type=click.Choice(METRICS),
        default="cosine",
        show_default=True,
        help="Compare directions, or positions too (similarity is then a negative distance).",
    )(command)


def seed_option(command: F) -> F:
    """Add ``--seed`` to a command."""
    return click.option("--seed", default=0, show_default=True, help="Seed of the random numbers.")(
        command
    )


def count_option(
    meaning: str, *, default: int | None = 10, show_default: bool | str = True
) -> Callable[[F], F]:
    """Return a decorator that adds ``-k``, 10 by default."""
    return click.option(
        "-k", "--k", type=int, default=default, show_default=show_default, help=meaning
    )


def include_query_option(meaning: str) -> Callable[[F], F]:
    """Return a decorator that adds ``--include-query``."""
    return click.option("--include-query", is_flag=True, help=meaning)
