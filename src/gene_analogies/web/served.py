"""Spaces as a server has them: under a name of its own, and ready."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.report.registry import render

if TYPE_CHECKING:
    from gene_analogies.results import Answer
    from gene_analogies.space import Space
    from gene_analogies.util.progress import Progress

__all__ = ["as_served", "warm"]

#: Pairs of rows that are tried until one has an answer.
_TRIED = 20


def as_served(space: Space, name: str) -> Space:
    """Return a space whose answers say that name, and nothing of where its files lie.

    Parameters
    ----------
    space
        As it was loaded.
    name
        What the server calls it.
    """
    known, call = space.embedding.provenance, space.loaded_by
    told = [call or "", *map(str, known.get("steps") or ())]
    tells = any(mark in one for one in told for mark in "/\\")
    if known.get("source") == name and not tells:
        return space
    embedding, served = copy.copy(space.embedding), copy.copy(space)
    steps = [re.sub(r"(?<=by ).*[/\\]", "", str(step)) for step in known.get("steps") or ()]
    object.__setattr__(embedding, "provenance", {**known, "source": name, "steps": steps})
    served.embedding = embedding
    served.loaded_by = None
    return served


def warm(space: Space, *, chance: bool, step: Progress, progress: Progress) -> None:
    """Ask a space one question of each kind, so that a client waits for none of what comes once.

    That is the compilation of kernels, the neighbour indexes of differences and sums, the cosines
    of neighbours, and the random queries.

    Parameters
    ----------
    space
        The items.
    chance
        Whether random queries are asked.
    step
        Called with (done, all) of the kinds of question.
    progress
        Called with (done, all) of the random queries.
    """
    pair = _pair_with_an_answer(space)
    if pair is None:
        return
    a, b = pair
    asked: list[Callable[[], Answer]] = [
        lambda: space.similar(a),
        lambda: space.complete(a, b, space.names[-1]),
        lambda: space.pairs(a, b, pair_weight=0.25),
        lambda: space.pairs(a, b, metric="euclidean"),
        lambda: space.pairs(a, b, operation="sum"),
        lambda: space.analogies(a, k=1, truncate=1000),
    ]
    if chance:
        asked.append(lambda: space.pairs(a, b, chance=True, progress=progress))
    kinds = len(asked) + 1
    for done, question in enumerate(asked, start=1):
        step(done, kinds)
        with suppress(GeneAnalogiesError):
            render(question(), "json")  # evidence is worked out when it is shown
    step(kinds, kinds)


def _pair_with_an_answer(space: Space) -> tuple[str, str] | None:
    """Return two names to ask with; some may be ambiguous, or have one vector."""
    for a, b in pairwise(space.names[:_TRIED]):
        with suppress(GeneAnalogiesError):
            render(space.pairs(a, b), "json")
            return a, b
    return None
