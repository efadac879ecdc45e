"""The kernel over all pairs of rows: their distribution, and the most similar of them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best, cannot_enter, push
from gene_analogies.search.engine.jit import REASSOCIATE, njit

__all__ = [
    "BINS",
    "HISTOGRAMS",
    "QUANTUM_BITS",
    "Rows",
    "Seen",
    "bin_edges",
    "scan_products",
]

#: Scores keep this many bits behind the point of a cosine, or of a distance's own size.
QUANTUM_BITS = 40
#: Two histograms are filled in turn: a processor waits less for the bin it has just raised.
HISTOGRAMS = 2
#: Bins are equal ranges of the bits of a float32 in [2, 4), for a cosine plus 3: of width 2^-15;
#: or in [2^-24, 1], for a distance: of 2^-12 of its size, or less.
_SHIFT_COSINE = 7
_SHIFT_DISTANCE = 11
_FIRST_COSINE = 0x40000000
_FIRST_DISTANCE = 0x33800000
BINS = (0x3F800000 - _FIRST_DISTANCE >> _SHIFT_DISTANCE) + 1
_CHUNK = 256


class Rows(NamedTuple):
    """The rows that are compared; those that were asked for have positions from 0 on.

    Attributes
    ----------
    E, norms
        All vectors, (n, d), and their lengths, float64 of shape (n,).
    numbers
        int64 of shape (m,): which of them are asked for.
    euclidean
        Negative distances instead of cosines.
    scale
        For distances, what the vectors were multiplied by before their products were made.
    squares
        For distances, their squared lengths, float32 of shape (m,).
    error
        Of a cosine, or of a squared distance relative to the two squared lengths.
    """

    E: NDArray[Any]
    norms: NDArray[np.float64]
    numbers: NDArray[np.int64]
    euclidean: bool
    scale: float
    squares: NDArray[np.float32]
    error: float


class Seen(NamedTuple):
    """What a thread has seen.

    Attributes
    ----------
    counts
        int64 of shape (HISTOGRAMS, BINS).
    sums
        float64 of shape (3,): the sum of all values, of their squares, and the least similar one.
    best
        The most similar pairs of positions.
    tau
        float64 of shape (1,): the k-th best score, which threads share.
    """

    counts: NDArray[np.int64]
    sums: NDArray[np.float64]
    best: Best
    tau: NDArray[np.float64]


def bin_edges(*, euclidean: bool) -> NDArray[np.float64]:
    """Return the edges of the bins, float64 of shape (BINS + 1,), increasing."""
    first, shift = (
        (_FIRST_DISTANCE, _SHIFT_DISTANCE) if euclidean else (_FIRST_COSINE, _SHIFT_COSINE)
    )
    bits = first + (np.arange(BINS + 1, dtype=np.int32) << shift)
    edges = bits.astype(np.int32).view(np.float32).astype(np.float64)
    if euclidean:
        edges[0] = 0.0
        return edges
    return edges - 3.0


@njit()
def _rounded(value: float, size: float) -> float:
    """Round to 40 bits behind the point of the power of two above ``size``."""
    exponent = math.frexp(size)[1]
    return math.ldexp(np.rint(math.ldexp(value, QUANTUM_BITS - exponent)), exponent - QUANTUM_BITS)


@njit(fastmath=REASSOCIATE)
def _exact(E: NDArray[Any], norms: NDArray[np.float64], c: int, d: int, euclidean: bool) -> float:
    """Score of two rows, summed in float64."""
    total = 0.0
    if euclidean:
        for i in range(E.shape[1]):
            x = np.float64(E[c, i]) - np.float64(E[d, i])
            total += x * x
        distance = math.sqrt(total)
        return -_rounded(distance, distance)
    for i in range(E.shape[1]):
        total += np.float64(E[c, i]) * np.float64(E[d, i])
    return _rounded(total / (norms[c] * norms[d]), 0.5)


@njit(inline=True)
def _limit(tau: float, scale: float, error: float, euclidean: bool) -> np.float32:
    """Return what the key of a pair that reaches ``tau`` cannot exceed, for float32."""
    limit = (tau * scale) ** 2 if euclidean else error - tau
    return np.float32(limit + 1e-6 * abs(limit) + 2.0**-110)


@njit(fastmath=REASSOCIATE)
def scan_products(
    products: NDArray[np.float32],
    first: int,
    second: int,
    start: int,
    stop: int,
    asked: Rows,
    seen: Seen,
) -> None:
    """Take a block of products into account, each pair of positions i < j once.

    ``products[i, j]``, for i from ``start`` to ``stop``, is that of positions ``first + i`` and
    ``second + j``.
    """
    E, norms, rows, euclidean = asked.E, asked.norms, asked.numbers, asked.euclidean
    scale, squares, error = asked.scale, asked.squares, asked.error
    counts, sums, best, tau = seen.counts, seen.sums, seen.best, seen.tau
    width = products.shape[1]
    values = np.empty(_CHUNK, np.float32)
    keys = np.empty(_CHUNK, np.float32)
    shifted = np.empty(_CHUNK, np.float32)
    bits = shifted.view(np.int32)
    one, three, zero = np.float32(1.0), np.float32(3.0), np.float32(0.0)
    shrink = np.float32(1.0 - error)
    max_score = 0.0 if euclidean else 1.0
    total, total_square, farthest = sums[0], sums[1], np.float32(sums[2])
    for i in range(start, stop):
        c = first + i
        square = squares[c] if euclidean else one
        for begin in range(max(0, c + 1 - second), width, _CHUNK):
            count = min(_CHUNK, width - begin)
            limit = _limit(tau[0], scale, error, euclidean)
            near, far = 0, 0
            if euclidean:
                for t in range(count):
                    both = square + squares[second + begin + t]
                    twice = products[i, begin + t] + products[i, begin + t]
                    value = np.sqrt(max(both - twice, zero))
                    key = both * shrink - twice
                    values[t] = value
                    shifted[t] = value
                    keys[t] = key
                    near += key <= limit
                    far += value > farthest
            else:
                for t in range(count):
                    value = min(max(products[i, begin + t], -one), one)
                    values[t] = value
                    shifted[t] = value + three
                    keys[t] = -value
                    near += -value <= limit
                    far += value < farthest
            part, part_square = 0.0, 0.0
            for t in range(count):
                wide = np.float64(values[t])
                part += wide
                part_square += wide * wide
            total += part
            total_square += part_square
            if euclidean:
                for t in range(count):
                    bin_ = (bits[t] - _FIRST_DISTANCE) >> _SHIFT_DISTANCE
                    counts[t & 1, min(max(bin_, 0), BINS - 1)] += 1
            else:
                for t in range(count):
                    counts[t & 1, (bits[t] - _FIRST_COSINE) >> _SHIFT_COSINE] += 1
            if far > 0:
                for t in range(count):
                    if (values[t] > farthest) == euclidean:
                        farthest = values[t]
            if near == 0:
                continue
            for t in range(count):
                if keys[t] > limit:
                    continue
                d = second + begin + t
                if cannot_enter(best, max_score, (c, d)):
                    continue
                push(best, tau, _exact(E, norms, rows[c], rows[d], euclidean), (c, d))
                limit = _limit(tau[0], scale, error, euclidean)
    sums[0], sums[1], sums[2] = total, total_square, farthest
