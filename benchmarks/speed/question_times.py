"""Time every question beside its floor, the two in turn, so that what else runs slows both."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import seconds
from benchmarks.speed.question_checks import EDGES, METHODS, MOST, K
from gene_analogies import Embedding, Space
from gene_analogies.search.analogies.all_items import TopJob
from gene_analogies.search.items.complete import (
    find_by_cosine,
    find_by_direction,
    find_by_products,
    unit_rows,
)
from gene_analogies.search.items.similar import find_similar
from gene_analogies.util.progress import Progress

__all__ = [
    "Share",
    "Times",
    "time_analogies",
    "time_building",
    "time_edges",
    "time_rows",
    "time_share",
    "time_top",
    "warm_up",
]

#: Rows of a block of `E @ E.T`.
_ROWS = 1_000
#: Listed blocks of `top` that are done first, for the threshold of the others.
_LEADING = 4


class Times(NamedTuple):
    """Seconds of calls, and of the floor before each of them."""

    floor: NDArray[np.float64]
    call: NDArray[np.float64]

    @property
    def ratio(self) -> float:
        """The median call over the median floor."""
        return float(np.median(self.call) / np.median(self.floor))

    @property
    def median(self) -> float:
        """Median seconds of a call."""
        return float(np.median(self.call))


class Share(NamedTuple):
    """What a part of `top` took.

    Attributes
    ----------
    done
        The share of the cost of k-NN edges, and of that of rows.
    blocks
        How many blocks of each were done.
    seconds
        What all would take: for k-NN edges, and for rows.
    threshold
        The k-th best score when the last block was begun.
    """

    done: tuple[float, float]
    blocks: tuple[int, int]
    seconds: tuple[float, float]
    threshold: float


def in_turn(floors: list[Callable[[], object]], calls: list[Callable[[], object]]) -> Times:
    """Time floors and calls in turn, after one of each that does not count."""
    floors[0]()
    calls[0]()
    pairs = [(seconds(floor), seconds(call)) for floor, call in zip(floors, calls, strict=True)]
    return Times(*np.array(pairs).T)


def warm_up(embedding: Embedding) -> None:
    """Ask every question of the first rows, so that all kernels are compiled."""
    space = Space(embedding.truncate(300), keep_index=False)
    names = space.embedding.names
    space.similar(names[0])
    for method in METHODS:
        space.complete(*names[:3], method=method)
    space.analogies(names[0])
    for edges in (None, EDGES):
        _top(space, edges)


def time_rows(space: Space, count: int) -> dict[str, tuple[Times, Times]]:
    """Time `similar` and `complete`: as a method of `Space`, and the search alone.

    The floor is `E @ q` and the selection of the k best.
    """
    names = space.embedding.names
    E, norms = space.prepared.vectors, space.prepared.norms
    n = len(E)
    rng = np.random.default_rng(0)
    triples = [rng.permutation(n)[:3] for _ in range(count)]
    floors: list[Callable[[], object]] = [partial(_floor, E, E[t[0]].copy()) for t in triples]
    found = {
        "similar": (
            in_turn(floors, [partial(space.similar, names[t[0]], k=K) for t in triples]),
            in_turn(
                floors,
                [
                    partial(find_similar, E, norms, [t[0]], k=K, allowed=_others(n, t[:1]))
                    for t in triples
                ],
            ),
        )
    }
    for method in METHODS:
        asked: list[Callable[[], object]] = [
            partial(space.complete, *(names[row] for row in t), method=method, k=K) for t in triples
        ]
        alone = [_completion(E, norms, t, method) for t in triples]
        found[method] = in_turn(floors, asked), in_turn(floors, alone)
    return found


def _others(n: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    allowed = np.ones(n, np.bool_)
    allowed[rows] = False
    return allowed


def _floor(E: NDArray[Any], q: NDArray[Any]) -> NDArray[np.int64]:
    scores = E @ q
    best = np.argpartition(scores, len(scores) - K)[-K:]
    return np.asarray(best[np.argsort(-scores[best])])


def _completion(
    E: NDArray[Any], norms: NDArray[np.float64], triple: NDArray[np.int64], method: str
) -> Callable[[], object]:
    """Return the search for d, ready to be called."""
    allowed = _others(len(E), triple)
    a, b, c = unit_rows(E, norms, triple)
    if method == "PairDirection":
        step = E[triple[1]].astype(np.float64) - E[triple[0]]
        return partial(
            find_by_direction, E, norms, step / np.linalg.norm(step), E[triple[2]], K, allowed
        )
    if method == "3CosMul":
        return partial(find_by_products, E, norms, np.stack([b, c]), a[None], K, allowed)
    target = b - a + c
    return partial(find_by_cosine, E, norms, target / np.linalg.norm(target), K, allowed)


def time_building(space: Space) -> tuple[float, float]:
    """Return the seconds of the neighbour index, and of what analogies need beside it."""
    return seconds(space.index), seconds(lambda: space._rows_and_bounds(None, None, []))


def time_analogies(space: Space, names: list[str]) -> Times:
    """Time `analogies` of items; the floor is all products of rows, in blocks."""
    E = np.ascontiguousarray(space.prepared.vectors, np.float32)
    block = np.empty((min(_ROWS, len(E)), len(E)), np.float32)

    def products() -> None:
        for first in range(0, len(E), _ROWS):
            rows = E[first : first + _ROWS]
            np.matmul(rows, E.T, out=block[: len(rows)])

    asked: list[Callable[[], object]] = [
        partial(space.analogies, name, k=K, max_similarity=MOST) for name in names
    ]
    return in_turn([products] * len(asked), asked)


def time_top(embedding: Embedding, n: int) -> float:
    """Return the seconds of `top` of the first rows, with all that it builds for them."""
    space = Space(embedding.truncate(n), keep_index=False)
    return seconds(lambda: _top(space, None))


def time_edges(space: Space) -> float:
    """Return the seconds of `top` among neighbours; the index and the field are there."""
    return seconds(lambda: _top(space, EDGES))


def _top(space: Space, edges: int | None) -> None:
    """Ask with a folder that is new, so that nothing is known from an earlier run."""
    with tempfile.TemporaryDirectory() as folder:
        space.top(k=K, max_similarity=MOST, edges=edges, folder=folder)


def time_share(space: Space, share: float, progress: Progress | None = None) -> Share:
    """Do a share of the blocks of `top` over all pairs, evenly spread, and say what all take.

    A run does the blocks of k-NN edges first. So a few of them come first here too, for
    their threshold, and count for themselves only; then those spread over the rest, then those
    of rows. A whole run would know a better threshold by then.
    """
    job = TopJob(space._rows_and_bounds(None, None, [])[1], K, MOST)
    costs = job.costs()
    edges = np.arange(len(costs)) < job._edge_blocks
    leading = np.flatnonzero(edges)[:_LEADING]
    kinds = [np.flatnonzero(edges)[_LEADING:], np.flatnonzero(~edges)]
    chosen = [_spread(blocks, costs, share) for blocks in kinds]
    merged, threshold = job.merge([]), -np.inf
    taken = np.zeros(len(costs))
    order = [*leading, *chosen[0], *chosen[1]]
    for done, block in enumerate(order):
        threshold = job.threshold(merged)
        start = time.perf_counter()
        part = job.solve(int(block), threshold)
        taken[block] = time.perf_counter() - start
        merged = job.merge([merged, part])
        if progress is not None:
            progress(done + 1, len(order))
    whole = [
        float(taken[some].sum() / costs[some].sum() * costs[blocks].sum()) if len(some) else 0.0
        for some, blocks in zip(chosen, kinds, strict=True)
    ]
    parts = [np.concatenate([leading, chosen[0]]), chosen[1]]
    of = [costs[edges].sum(), costs[~edges].sum()]
    return Share(
        (float(costs[parts[0]].sum() / of[0]), float(costs[parts[1]].sum() / of[1])),
        (len(parts[0]), len(parts[1])),
        (whole[0] + float(taken[leading].sum()), whole[1]),
        threshold,
    )


def _spread(blocks: NDArray[np.int64], costs: NDArray[np.float64], share: float) -> NDArray[Any]:
    """Return blocks in the middles of equal shares of the cost, at least ``share`` of it."""
    if not len(blocks):
        return blocks
    reached = np.cumsum(costs[blocks])
    for count in range(max(1, int(share * len(blocks))), len(blocks) + 1):
        middles = (np.arange(count) + 0.5) / count * reached[-1]
        chosen = np.unique(np.searchsorted(reached, middles).clip(max=len(blocks) - 1))
        if costs[blocks[chosen]].sum() >= share * reached[-1]:
            break
    return np.asarray(blocks[chosen])
