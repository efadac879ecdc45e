"""Blocked brute force over all pairs: a yardstick for time, and the judge of every answer."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["best_pairs", "pairs_above"]

_ROWS = 1024


def best_pairs(E: NDArray[np.float32], q: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return the ``k`` highest cosines of ``e_c − e_d`` with a unit vector, highest first.

    Float32 inner products in blocks, half of them (the rest follows by sign), one pass of
    vectorised arithmetic in place, and a running threshold.
    """
    X = E - E.mean(axis=0)
    squares = np.einsum("ij,ij->i", X, X)
    s = X @ q.astype(np.float32)
    best = np.full(k, -np.inf, np.float32)
    block = np.empty((_ROWS, len(X)), np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        for first in range(0, len(X), _ROWS):
            rows = slice(first, min(first + _ROWS, len(X)))
            G = block[: rows.stop - first, : len(X) - first]
            np.matmul(X[rows], X[first:].T, out=G)
            G *= -2
            G += squares[rows, None]
            G += squares[None, first:]
            np.maximum(G, 0, out=G)
            np.sqrt(G, out=G)
            np.divide(np.abs(s[rows, None] - s[None, first:]), G, out=G)
            G[np.tril_indices(len(G), 0, len(G))] = -1
            high = G[best[-1] < G]
            best = np.sort(np.concatenate([best, high]))[::-1][:k]
    return best.astype(np.float64)


@numba.njit(parallel=True, fastmath={"reassoc", "contract", "nsz"}, cache=True)  # noqa: TID251 - a peer, no kernel of ours
def _collect(
    G: NDArray[np.float32],
    squares: NDArray[np.float32],
    s: NDArray[np.float32],
    tau: NDArray[np.float32],
    first: int,
    found: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Append to ``found`` the pairs of a block with a cosine above each direction's ``tau``."""
    rows, n = G.shape
    for query in numba.prange(len(tau)):
        square_of_tau = tau[query] * tau[query]
        own = s[query]
        for i in range(rows):
            c = first + i
            for begin in range(i + 1, n, 64):
                end = min(begin + 64, n)
                passing = 0
                for j in range(begin, end):
                    gap = own[c] - own[first + j]
                    square = squares[c] + squares[first + j] - np.float32(2) * G[i, j]
                    passing += gap * gap > square_of_tau * square
                if passing == 0:
                    continue
                for j in range(begin, end):
                    gap = own[c] - own[first + j]
                    square = squares[c] + squares[first + j] - np.float32(2) * G[i, j]
                    if gap * gap > square_of_tau * square and counts[query] < found.shape[1]:
                        ahead = gap > 0
                        found[query, counts[query], 0] = c if ahead else first + j
                        found[query, counts[query], 1] = first + j if ahead else c
                        counts[query] += 1


def pairs_above(
    E: NDArray[np.float32], directions: NDArray[np.float64], tau: NDArray[np.float64]
) -> list[NDArray[Any]]:
    """Return, for each unit direction, all pairs (c, d) with a cosine above its ``tau`` > 0.

    One pass over the inner products for all directions; float32, so give ``tau`` a margin.
    """
    X = E - E.mean(axis=0)
    squares = np.einsum("ij,ij->i", X, X)
    s = np.ascontiguousarray((X @ directions.T.astype(np.float32)).T)
    found = np.empty((len(tau), 100_000, 2), np.int64)
    counts = np.zeros(len(tau), np.int64)
    for first in range(0, len(X), _ROWS):
        G = X[first : first + _ROWS] @ X[first:].T
        _collect(G, squares, s, tau.astype(np.float32), first, found, counts)
    if counts.max() == found.shape[1]:
        raise RuntimeError("more pairs above tau than can be checked")
    return [pairs[:count] for pairs, count in zip(found, counts, strict=True)]
