"""Brute force over analogies: every pair against every pair, in float64, from the definition.

A yardstick for answers, not for time: it is given the score that an answer claims for its last
analogy, and returns all analogies that reach it.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["analogies_above", "cosines_of_rows", "edge_analogies_above", "score"]

#: Analogies that may be found for one a; more mean that the threshold is wrong.
_MOST = 2_000

#: Directions that are compared with a row of pairs while it is in the cache.
_LANES = 4


def score(E: NDArray[Any], quads: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return cos(a − b, c − d) of rows (a, b, c, d), int64 (m, 4), from the vectors."""
    a, b, c, d = (E[column].astype(np.float64) for column in quads.T)
    first, second = a - b, c - d
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.asarray(np.einsum("ij,ij->i", first, second) / lengths)


def cosines_of_rows(E: NDArray[Any]) -> NDArray[np.float64]:
    """Return the cosines of all rows with all rows, (n, n); 0 for rows of zeros."""
    vectors = E.astype(np.float64)
    norms = np.linalg.norm(vectors, axis=1)
    units = vectors / np.where(norms > 0.0, norms, 1.0)[:, None]
    return np.asarray(units @ units.T)


@numba.njit(parallel=True, fastmath={"reassoc", "contract", "nsz"}, cache=True)  # noqa: TID251 - a judge, no kernel of ours
def _collect(
    G: NDArray[np.float64],
    inverse: NDArray[np.float64],
    alike: NDArray[np.float64],
    firsts: NDArray[np.int64],
    fixed: bool,
    tau: NDArray[np.float64],
    most: float,
    found: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Append to ``found`` the analogies of every a in ``firsts`` that reach its ``tau``.

    With ``fixed``, a is compared with all others; without, only those of which it is the first
    row: half of the pairs with half of the pairs, since the rest are the same ones turned round.
    """
    n = len(G)
    for place in numba.prange(len(firsts)):
        a = firsts[place]
        begin = 0 if fixed else a + 1
        s = np.empty((_LANES, n))
        limit = np.empty(_LANES)
        for block in range(begin, n, _LANES):
            lanes = min(_LANES, n - block)
            for lane in range(lanes):
                b = block + lane
                for i in range(n):
                    s[lane, i] = G[a, i] - G[b, i]
                limit[lane] = tau[place] / inverse[a, b] if inverse[a, b] > 0.0 else np.inf
            for c in range(begin, n):
                for lane in range(lanes):
                    bound, own = limit[lane], s[lane, c]
                    for first in range(c + 1, n, 64):
                        last = min(first + 64, n)
                        others, parts = s[lane, first:last], inverse[c, first:last]
                        passing = 0
                        for j in range(len(others)):
                            passing += abs(own - others[j]) * parts[j] > bound
                        if passing == 0:
                            continue
                        b = block + lane
                        for d in range(first, last):
                            if abs(own - s[lane, d]) * inverse[c, d] <= bound:
                                continue
                            if a in (c, d) or b in (c, d):
                                continue
                            x, y = (c, d) if own > s[lane, d] else (d, c)
                            if alike[a, x] > most or alike[b, y] > most:
                                continue
                            if counts[place] < found.shape[1]:
                                found[place, counts[place], 0] = a
                                found[place, counts[place], 1] = b
                                found[place, counts[place], 2] = x
                                found[place, counts[place], 3] = y
                            counts[place] += 1


def analogies_above(
    E: NDArray[Any],
    tau: NDArray[np.float64],
    max_similarity: float,
    firsts: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return all analogies that score above ``tau`` > 0, int64 (m, 4), unsorted.

    Parameters
    ----------
    E
        Vectors, (n, d).
    tau
        One for every a, or one for all of them where ``firsts`` is not given.
    max_similarity
        Highest cosine of a and c, and of b and d.
    firsts
        The a's; without them every analogy is found once, with its lowest row first.
    """
    X = E.astype(np.float64)
    X = X - X.mean(axis=0)
    distances = np.stack([np.linalg.norm(X - row, axis=1) for row in X])
    inverse = np.divide(1.0, distances, out=np.zeros_like(distances), where=distances > 0.0)
    fixed = firsts is not None
    if firsts is None:
        # Work falls with a; in this order each thread gets the same share of it.
        firsts = np.random.default_rng(0).permutation(len(E))
        tau = np.full(len(E), tau[0])
    found = np.empty((len(firsts), _MOST, 4), np.int64)
    counts = np.zeros(len(firsts), np.int64)
    G = X @ X.T
    _collect(G, inverse, cosines_of_rows(E), firsts, fixed, tau, max_similarity, found, counts)
    if counts.max() > _MOST:
        raise SystemExit("far more analogies reach the last score of an answer than it holds")
    return np.concatenate([rows[:count] for rows, count in zip(found, counts, strict=True)])


def edge_analogies_above(
    E: NDArray[Any], edges: int, tau: float, max_similarity: float
) -> NDArray[np.int64]:
    """Return the analogies above ``tau`` of pairs of a row and one of its nearest neighbours.

    Parameters
    ----------
    E
        Vectors, (n, d).
    edges
        Neighbours of each row; equal vectors are none.
    tau, max_similarity
        As in `analogies_above`.
    """
    X = E.astype(np.float64)
    n = len(X)
    chosen = np.zeros((n, n), np.bool_)
    for row in range(n):
        distances = np.linalg.norm(X - X[row], axis=1)
        distances[distances == 0.0] = np.inf
        chosen[row, np.argsort(distances, kind="stable")[:edges]] = True
    a, b = np.nonzero(np.triu(chosen | chosen.T))
    offsets = X[a] - X[b]
    offsets /= np.linalg.norm(offsets, axis=1, keepdims=True)
    alike = cosines_of_rows(E)
    quads = []
    for first in range(0, len(a), 1_000):
        cosines = offsets[first : first + 1_000] @ offsets.T
        i, j = np.nonzero(np.abs(cosines) > tau)
        ahead = cosines[i, j] > 0.0
        c, d = np.where(ahead, a[j], b[j]), np.where(ahead, b[j], a[j])
        quads.append(np.stack([a[first + i], b[first + i], c, d], axis=1))
    rows = np.concatenate(quads)
    a, b, c, d = rows.T
    kept = (a < c) & (a < d) & (b != c) & (b != d)  # each analogy once
    kept &= (alike[a, c] <= max_similarity) & (alike[b, d] <= max_similarity)
    return np.asarray(rows[kept])
