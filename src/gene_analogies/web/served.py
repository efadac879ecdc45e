"""Spaces as a server has them: under a name of its own, and ready."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.agree import agree
from gene_analogies.report.registry import render
from gene_analogies.search.engine.threads import check_stop
from gene_analogies.web.maps import map_json
from gene_analogies.web.parameters import ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gene_analogies.results import Answer
    from gene_analogies.space import Space
    from gene_analogies.util.progress import Progress

__all__ = ["as_served", "warm", "warm_rest"]

#: Pairs of rows that are tried until one has an answer.
_TRIED = 20
#: Pairs of a relation that is asked.
_PAIRS = 10


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
    """Ask a space one of each of the quick questions, so that no client waits for what comes once.

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


def warm_rest(spaces: Mapping[str, Space]) -> None:
    """Do the same for the other questions, one after the other; `check_stop` ends it between two.

    Maps are worked out, scikit-learn is loaded, and any two spaces learn what they have in common.

    Parameters
    ----------
    spaces
        All that are served, by name.
    """
    asked: list[Callable[[], object]] = []
    for name, space in spaces.items():
        pairs = _some_pairs(space)
        if len(pairs) > 1:
            asked += [
                partial(_show, partial(space.relation, pairs)),
                partial(_show, partial(space.complete, pairs[1:], c=pairs[0][0], method="LRCos")),
            ]
        asked.append(partial(map_json, space, name))
    for one, other in itertools.combinations(spaces.values(), 2):
        common = [pair for pair in _some_pairs(one) if pair[0] in other and pair[1] in other]
        if common:
            # What they have in common depends on how many pairs each is asked for.
            asked.append(partial(_show, partial(agree, one, other, *common[0], k=int(ROWS))))
    for question in asked:
        check_stop()
        with suppress(GeneAnalogiesError):
            question()


def _show(question: Callable[[], Answer]) -> None:
    render(question(), "json")


def _some_pairs(space: Space) -> list[tuple[str, str]]:
    """Return pairs of some names that lead to an item each."""
    names = [name for name in space.names[: 4 * _PAIRS] if name in space]
    return list(itertools.islice(zip(names[::2], names[1::2], strict=False), _PAIRS))


def _pair_with_an_answer(space: Space) -> tuple[str, str] | None:
    """Return two names to ask with; some may be ambiguous, or have one vector."""
    for a, b in pairwise(space.names[:_TRIED]):
        with suppress(GeneAnalogiesError):
            render(space.pairs(a, b), "json")
            return a, b
    return None
