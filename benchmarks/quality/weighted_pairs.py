"""The best pairs by the cosine of offsets plus a weight times cos(c, d), by brute force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gene_analogies as ga
from gene_analogies.search.direction import mean_direction
from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.engine.threads import run_parts, thread_count
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.learned.relation import offsets_of, unit_or_zero
from gene_analogies.search.learned.retrieval import Search

__all__ = ["best_weighted_pairs", "weighted_search"]

#: Rows c whose products with all d are held at a time, by each thread.
_ROWS = 64
#: Rows d at a time, so that what is read again for every query stays in the processor's cache.
_COLUMNS = 256
#: Squared distances below this share of the squared lengths are worked out from differences; above
#: it, a score that is made from products is off by less than half the margin.
_NEAR = 1e-6
_MARGIN = 1e-8
#: Beyond every score, but finite.
_NEVER = 1e9


@njit(fastmath=REASSOCIATE)
def _terms(
    E: NDArray[np.float64],
    squares: NDArray[np.float64],
    weight: float,
    first: int,
    products: NDArray[np.float64],
    inverse: NDArray[np.float64],
) -> None:
    """Turn products of rows into what cos(c, d) adds to a score; write inverse distances."""
    for i in range(len(products)):
        c = first + i
        for d in range(len(E)):
            product = products[i, d]
            both = squares[c] * squares[d]
            distance = squares[c] + squares[d] - 2.0 * product
            if distance <= _NEAR * (squares[c] + squares[d]):
                distance = 0.0
                for axis in range(E.shape[1]):
                    distance += (E[c, axis] - E[d, axis]) ** 2
            if distance > 0.0:
                inverse[i, d] = 1.0 / np.sqrt(distance)
                products[i, d] = weight * product / np.sqrt(both) if both > 0.0 else 0.0
            else:
                inverse[i, d] = 0.0
                products[i, d] = -2.0 * _NEVER


@njit(fastmath=REASSOCIATE)
def _scan(
    s: NDArray[np.float64],
    allowed: NDArray[np.bool_],
    inverse: NDArray[np.float64],
    bonus: NDArray[np.float64],
    first: int,
    best: NDArray[np.float64],
    found: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> int:
    """Write (query, c, d) that may be among the best, as far as there is room; count all."""
    n, count = s.shape[1], 0
    for begin in range(0, n, _COLUMNS):
        end = min(begin + _COLUMNS, n)
        for query in range(len(s)):
            own = s[query]
            floor = best[query].min() - _MARGIN
            for i in range(len(inverse)):
                c = first + i
                passing = 0
                for d in range(begin, end):
                    passing += (own[c] - own[d]) * inverse[i, d] + bonus[i, d] >= floor
                if passing == 0 or not allowed[query, c]:
                    continue
                for d in range(begin, end):
                    score = (own[c] - own[d]) * inverse[i, d] + bonus[i, d]
                    if score < floor or not allowed[query, d]:
                        continue
                    if count < len(scores):
                        found[count, 0], found[count, 1], found[count, 2] = query, c, d
                        scores[count] = score
                    count += 1
                    lowest = best[query].argmin()
                    if score > best[query, lowest]:
                        best[query, lowest] = score
                        floor = best[query].min() - _MARGIN
    return count


def best_weighted_pairs(
    vectors: NDArray[Any],
    directions: NDArray[np.float64],
    excluded: Sequence[NDArray[np.int64]],
    weight: float,
    k: int,
) -> list[NDArray[np.int64]]:
    """Return for each direction q the pairs (c, d) of the highest cos(c − d, q) + w·cos(c, d).

    Scores are made of float64 differences and rounded, and equal ones ordered by rows, as in the
    library. Pairs of equal vectors have no score.

    Parameters
    ----------
    vectors, directions
        Arrays of shape (n, d) and (m, d); directions have length 1.
    excluded
        For each direction the rows that no pair may have.
    weight, k
        That of cos(c, d), and how many pairs to return.
    """
    E = vectors.astype(np.float64)
    n, units = len(E), unit_or_zero(E)
    squares = np.einsum("ij,ij->i", E, E)
    s = np.ascontiguousarray(directions @ E.T)
    allowed = np.ones((len(s), n), np.bool_)
    for usable, rows in zip(allowed, excluded, strict=True):
        usable[rows] = False
    parts = thread_count()
    best = np.full((parts, len(s), k), -_NEVER)
    kept: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []

    def scan(part: int, parts: int) -> None:
        room = 4096
        inverse = np.empty((_ROWS, n))
        for first in range(n * part // parts, end := n * (part + 1) // parts, _ROWS):
            bonus = E[first : min(first + _ROWS, end)] @ E.T
            _terms(E, squares, weight, first, bonus, inverse)
            block = inverse[: len(bonus)]
            while True:
                found, scores = np.empty((room, 3), np.int64), np.empty(room)
                before = best[part].copy()
                count = _scan(s, allowed, block, bonus, first, best[part], found, scores)
                if count <= room:
                    break
                # Too many at once: again, with room for them.
                best[part], room = before, count
            kept.append((found[:count].copy(), scores[:count].copy()))

    run_parts(scan, parts)
    found = np.concatenate([rows for rows, _ in kept])
    scores = np.concatenate([values for _, values in kept])
    lowest = np.sort(np.concatenate(list(best), axis=1), axis=1)[:, -k]
    found = found[scores >= lowest[found[:, 0]] - _MARGIN]
    answers = []
    for query, direction in enumerate(directions):
        pairs = found[found[:, 0] == query, 1:]
        exact = -(offsets_of(E, pairs) @ direction)
        exact += weight * np.einsum("ij,ij->i", *units[pairs.T])
        order = np.lexsort((pairs[:, 1], pairs[:, 0], -np.rint(exact / QUANTUM)))
        answers.append(pairs[order[:k]])
    return answers


def weighted_search(space: ga.Space, weight: float, k: int) -> Search:
    """Return a search like that of `Space.pairs` with a weight on cos(c, d).

    A query without a direction has no answers.
    """
    vectors, names = space.prepared.vectors, space.embedding.names

    def search(queries: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
        directions = {}
        for place, query in enumerate(queries):
            try:
                directions[place] = mean_direction(vectors, query.tolist(), -1, names)[0]
            except ga.GeneAnalogiesError:
                continue
        found = [np.empty((0, 2), np.int64) for _ in queries]
        if directions:
            stacked = np.stack(list(directions.values()))
            excluded = [queries[place].ravel() for place in directions]
            answers = best_weighted_pairs(vectors, stacked, excluded, weight, k)
            for place, answer in zip(directions, answers, strict=True):
                found[place] = answer
        return found

    return search
