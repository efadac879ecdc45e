"""A float64 brute force over all analogies: what `analogies` and `top` must equal."""

from __future__ import annotations

import numpy as np
from oracle import lane_sum, sum_in_lanes


def _cosines(E):
    squares = lane_sum(E * E)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = lane_sum(E[:, None] * E[None, :]) / (
            np.sqrt(squares)[:, None] * np.sqrt(squares)[None, :]
        )
    return np.where(np.isfinite(found), np.rint(found * 2.0**40) / 2.0**40, 0.0)


def all_analogies(vectors, max_similarity, pairs=None):
    """Return rows (m, 4) and scores of every allowed analogy in all its forms, unsorted."""
    E = np.asarray(vectors, np.float64)
    n = len(E)
    a, b = np.nonzero(~np.eye(n, dtype=bool))
    if pairs is not None:
        given = {frozenset(pair) for pair in pairs}
        both = zip(a.tolist(), b.tolist(), strict=True)
        chosen = np.array([frozenset(pair) in given for pair in both], bool)
        a, b = a[chosen], b[chosen]
    offsets = E[a] - E[b]
    squares = lane_sum(offsets * offsets)
    real = squares > 0
    a, b, offsets, squares = a[real], b[real], offsets[real], squares[real]
    allowed = _cosines(E) <= np.rint(max_similarity * 2.0**40) / 2.0**40
    lengths, coordinates = np.sqrt(squares), offsets.T.copy()
    rows, scores = [np.empty((0, 4), np.int64)], [np.empty(0)]
    for i in np.flatnonzero(a < b):
        dots = sum_in_lanes(x[i] * x for x in coordinates)
        score = np.clip(np.rint(dots / (lengths[i] * lengths) * 2.0**40) / 2.0**40, -1.0, 1.0)
        usable = (score > 0) & allowed[a[i]][a] & allowed[b[i]][b]
        usable &= (a != a[i]) & (a != b[i]) & (b != a[i]) & (b != b[i])
        j = np.flatnonzero(usable)
        found = np.stack([np.full(len(j), a[i]), np.full(len(j), b[i]), a[j], b[j]], axis=1)
        rows += [found, found[:, [1, 0, 3, 2]]]  # the same differences, with the other sign
        scores += [score[j], score[j]]
    return np.concatenate(rows), np.concatenate(scores)


def best(rows, scores, k):
    order = np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0], -scores))[:k]
    return rows[order], scores[order]


def best_with(known, a, k):
    """Return the best of all known analogies with ``a`` first."""
    rows, scores = known
    own = rows[:, 0] == a
    return best(rows[own], scores[own], k)


def best_of_all(known, k):
    """Return the best of all known analogies, each in one form."""
    rows, scores = known
    own = rows[:, 0] == rows.min(axis=1)
    return best(rows[own], scores[own], k)
