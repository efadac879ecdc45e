"""All pairs of items: the most similar ones, exactly, and how similarities are distributed.

Blocks of float32 products are gone through once. Each pair is counted in a histogram; one that
may be among the best is scored in float64.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import merge, new_best
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import run_parts, thread_count
from gene_analogies.search.items import _similar_pairs as kernels
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["SimilarPairs", "find_similar_pairs"]

#: Rows of a block, the most bytes of prepared rows to keep, and rows in float64 at a time.
_BLOCK = 2048
_KEPT = 160 << 20
_AT_ONCE = 1 << 20


class SimilarPairs(NamedTuple):
    """What all pairs have to tell.

    Attributes
    ----------
    a, b
        int64 of shape (k,): the rows of the most similar pairs, a < b; best first.
    scores
        float64 of shape (k,): their cosines, or negative distances.
    pairs
        How many pairs there are.
    mean, deviation
        Of all similarities, summed in float64; the standard deviation is that of all, not of a
        sample.
    least, greatest
        The least similarity (from float32 products), and the greatest.
    quantiles
        float64: those asked for, from a histogram: a cosine within ``resolution``, a distance
        within about that part of itself.
    resolution
        The width of a bin and what float32 may add.
    copies
        How many pairs consist of two exact copies.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    scores: NDArray[np.float64]
    pairs: int
    mean: float
    deviation: float
    least: float
    greatest: float
    quantiles: NDArray[np.float64]
    resolution: float
    copies: int


@retry_on_corrupt_cache
def find_similar_pairs(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    rows: NDArray[np.int64],
    *,
    k: int,
    levels: Sequence[float],
    euclidean: bool = False,
    progress: Progress | None = None,
) -> SimilarPairs:
    """Compare all pairs of some rows; the best are exact, ties are in the order of the rows.

    Parameters
    ----------
    vectors
        Read-only array of shape (n, d), float32 or float64, whose squares are finite.
    norms
        The lengths of the rows, read-only float64 of shape (n,).
    rows
        int64 of shape (m,): two or more rows, increasing; for cosines none of them zero.
    k
        How many pairs; fewer come back where there are fewer.
    levels
        Which quantiles, each in (0, 1): the least similarity that this share of the pairs is at
        or below.
    euclidean
        Negative distances instead of cosines.
    progress
        Called with (pairs done, all pairs).
    """
    m, d = len(rows), vectors.shape[1]
    pairs = m * (m - 1) // 2
    prepared = _Prepared(vectors, norms, rows, euclidean=euclidean)
    parts = thread_count()
    best = [new_best(min(k, pairs)) for _ in range(parts)]
    tau = np.full(1, -np.inf)
    counts = np.zeros((parts, kernels.HISTOGRAMS, kernels.BINS), np.int64)
    sums = np.tile([0.0, 0.0, -np.inf if euclidean else np.inf], (parts, 1))
    # Rounding the prepared rows, d products and their sums; for distances two sums more.
    error = 1.01 * (d + 10) * 2.0**-24
    asked = kernels.Rows(vectors, norms, rows, euclidean, prepared.scale, prepared.squares, error)
    seen = [kernels.Seen(*state, tau) for state in zip(counts, sums, best, strict=True)]
    buffer = np.empty(min(_BLOCK, m) ** 2, np.float32)

    def take(products: NDArray[np.float32], first: int, second: int) -> None:
        def scan(part: int, parts: int) -> None:
            start, stop = (len(products) * p // parts for p in (part, part + 1))
            kernels.scan_products(products, first, second, start, stop, asked, seen[part])

        run_parts(scan, parts)

    done = 0
    for first in range(0, m, _BLOCK):
        left = prepared[first : first + _BLOCK]
        for second in range(first, m, _BLOCK):
            right = left if second == first else prepared[second : second + _BLOCK]
            size = len(left), len(right)
            room = buffer[: size[0] * size[1]].reshape(size)
            take(np.matmul(left, right.T, out=room), first, second)
            done += size[0] * (size[0] - 1) // 2 if second == first else size[0] * size[1]
            if progress is not None:
                progress(done, pairs)
    scores, found = merge(best, k)
    a, b = rows[found.T]
    sign = -1.0 / prepared.scale if euclidean else 1.0
    mean = float(sums[:, 0].sum()) / pairs
    spread = math.sqrt(max(0.0, float(sums[:, 1].sum()) / pairs - mean * mean))
    farthest = sums[:, 2].max() if euclidean else sums[:, 2].min()
    values = _quantiles(counts.sum(axis=(0, 1)), pairs, levels, euclidean=euclidean)
    least, greatest = sign * float(farthest), float(scores[0]) + 0.0
    return SimilarPairs(
        a=a,
        b=b,
        scores=scores + 0.0,
        pairs=pairs,
        mean=sign * mean,
        deviation=abs(sign) * spread,
        least=min(least, greatest),
        greatest=greatest,
        quantiles=np.clip(sign * values, min(least, greatest), greatest),
        resolution=2.0**-12 if euclidean else 2.0**-15 + error,
        copies=_copies(vectors, rows),
    )


class _Prepared:
    """Rows in float32 as their products need them; all of them are kept where they are few.

    Attributes
    ----------
    scale
        A power of two with which distances are at most 1; 1 for cosines.
    squares
        float32 of shape (m,): the squared lengths of the prepared rows; for distances alone.
    """

    def __init__(
        self,
        vectors: NDArray[Any],
        norms: NDArray[np.float64],
        rows: NDArray[np.int64],
        *,
        euclidean: bool,
    ) -> None:
        self._vectors, self._norms, self._rows = vectors, norms, rows
        self._mean: NDArray[np.float64] | None = None
        self.scale, self.squares = 1.0, np.empty(0, np.float32)
        self._whole: NDArray[np.float32] | None = None
        m, d = len(rows), vectors.shape[1]
        if euclidean:
            # Distances are the same from any origin; from the mean, products are the smallest.
            self._mean = _mean_of(vectors, rows)
            squares = np.empty(m)
            for part in row_blocks(m, _AT_ONCE // d):
                away = vectors[rows[part]] - self._mean
                squares[part] = np.einsum("ij,ij->i", away, away)
            longest = math.sqrt(float(squares.max()))
            self.scale = math.ldexp(0.5, -math.frexp(longest)[1]) if longest > 0.0 else 1.0
            self.squares = (squares * self.scale**2).astype(np.float32)
        if 4 * m * d <= _KEPT:
            self._whole = self._prepare(slice(0, m))

    def __getitem__(self, positions: slice) -> NDArray[np.float32]:
        return self._prepare(positions) if self._whole is None else self._whole[positions]

    def _prepare(self, positions: slice) -> NDArray[np.float32]:
        rows = self._rows[positions]
        prepared = np.empty((len(rows), self._vectors.shape[1]), np.float32)
        for part in row_blocks(len(rows), _AT_ONCE // prepared.shape[1]):
            block = self._vectors[rows[part]].astype(np.float64)
            if self._mean is None:
                prepared[part] = block / self._norms[rows[part]][:, None]
            else:
                prepared[part] = (block - self._mean) * self.scale
        return prepared


def _mean_of(vectors: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    total = np.zeros(vectors.shape[1])
    for part in row_blocks(len(rows), _AT_ONCE // len(total)):
        total += vectors[rows[part]].sum(axis=0, dtype=np.float64)
    return total / len(rows)


def _quantiles(
    counts: NDArray[np.int64], pairs: int, levels: Sequence[float], *, euclidean: bool
) -> NDArray[np.float64]:
    """Return the values at some shares of the pairs, counted from the least similar one."""
    edges = kernels.bin_edges(euclidean=euclidean)
    below = np.concatenate([[0], np.cumsum(counts)])
    found = np.empty(len(levels))
    for i, level in enumerate(levels):
        rank = max(1, math.ceil(level * pairs))  # 1 is the least similar pair
        rank = pairs + 1 - rank if euclidean else rank
        inside = int(np.searchsorted(below, rank)) - 1
        share = (rank - 0.5 - below[inside]) / counts[inside]
        found[i] = edges[inside] + share * (edges[inside + 1] - edges[inside])
    return found


def _copies(vectors: NDArray[Any], rows: NDArray[np.int64]) -> int:
    """Return how many pairs of rows are exact copies of each other."""
    seen: Counter[bytes] = Counter()
    for part in row_blocks(len(rows), _AT_ONCE // vectors.shape[1]):
        block = vectors[rows[part]] + 0.0  # −0 becomes 0
        seen.update(blake2b(row, digest_size=16).digest() for row in block)
    return sum(count * (count - 1) // 2 for count in seen.values())
