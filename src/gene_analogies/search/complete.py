"""The rows that complete an analogy best: by cosine, by products of cosines, by direction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search._exact import exact_cosines
from gene_analogies.search._numba import with_sound_kernels
from gene_analogies.search._scan import (
    Kept,
    Rows,
    new_kept,
    scan_cosines,
    scan_directions,
    scan_multiplied,
)
from gene_analogies.search._threads import run_parts, thread_count
from gene_analogies.search.best_rows import QUANTUM

__all__ = [
    "Found",
    "best_by_cosine",
    "best_by_direction",
    "best_by_products",
    "cosine_margin",
    "cosines_of",
    "unit_rows",
]

#: Numbers to scan that are worth waking a thread: a few tenths of a millisecond's work.
_A_PART = 1 << 20
#: Numbers that are scanned while a thread wakes up.
_HEAD_START = 1 << 18


class Found(NamedTuple):
    """The best rows.

    Attributes
    ----------
    rows
        int64 of shape (k,), best first; scores that are equal are ordered by row.
    scores
        float64 of shape (k,).
    without_direction
        How many allowed rows have no score, since they, or their difference, are zero.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    without_direction: int


@with_sound_kernels
def best_by_cosine(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    target: NDArray[np.float64],
    k: int,
    allowed: NDArray[np.bool_],
) -> Found:
    """Return the rows of the highest cosine with a direction.

    Parameters
    ----------
    vectors, norms
        Shape (n, d), float32 or float64, and the lengths of the rows, float64 of shape (n,).
        Rows of zeros have no cosine.
    target
        A unit vector, float64 of shape (d,).
    k
        How many; fewer come back where there are fewer.
    allowed
        bool of shape (n,): which rows count.
    """
    data = Rows(vectors, norms, allowed, *_product_error(vectors))
    products = vectors @ target.astype(vectors.dtype)

    def scan(begin: int, end: int, kept: Kept) -> None:
        scan_cosines(data, products, QUANTUM, begin, end, kept)

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(cosines_of(vectors, rows, target[None])[0])

    return _best(scan, exact, (len(vectors), 1), k)


@with_sound_kernels
def best_by_products(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    positive: NDArray[np.float64],
    negative: NDArray[np.float64],
    k: int,
    allowed: NDArray[np.bool_],
) -> Found:
    """Return the best rows by 3CosMul (Levy & Goldberg 2014).

    The score is the product of the cosines with ``positive``, each shifted to [0, 1], over the
    product of those with ``negative`` plus 10⁻⁶; to about twelve digits.

    Parameters
    ----------
    vectors, norms, k, allowed
        As for `best_by_cosine`.
    positive, negative
        Unit vectors, float64 of shapes (p, d) and (m, d); either may be empty.
    """
    data = Rows(vectors, norms, allowed, *_product_error(vectors))
    targets = np.concatenate([positive, negative])
    units = np.zeros((-(-len(targets) // 3) * 3, vectors.shape[1]), vectors.dtype)
    units[: len(targets)] = targets
    signs = np.zeros(len(units), np.int64)
    signs[: len(targets)] = -1
    signs[: len(positive)] = 1

    def scan(begin: int, end: int, kept: Kept) -> None:
        scan_multiplied(data, units, signs, QUANTUM, begin, end, kept)

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        shifted = (1.0 + cosines_of(vectors, rows, targets)) / 2.0
        above = np.prod(shifted[: len(positive)], axis=0)
        below = np.prod(shifted[len(positive) :], axis=0)
        share, exponent = np.frexp(above / (below + 1e-6))
        return np.asarray(np.ldexp(np.rint(share / QUANTUM) * QUANTUM, exponent))

    return _best(scan, exact, vectors.shape, k)


@with_sound_kernels
def best_by_direction(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    direction: NDArray[np.float64],
    origin: NDArray[Any],
    k: int,
    allowed: NDArray[np.bool_],
) -> Found:
    """Return the best rows by PairDirection (Levy & Goldberg 2014): cos(row − origin, direction).

    Parameters
    ----------
    vectors, norms, k, allowed
        As for `best_by_cosine`, but rows of zeros count; those that equal the origin do not.
    direction
        A unit vector, float64 of shape (d,).
    origin
        The vector to which the direction is applied, shape (d,), of the type of ``vectors``.
    """
    data = Rows(vectors, norms, allowed, *_product_error(vectors))
    centre = origin.astype(np.float64)
    length = float(np.sqrt(centre @ centre))
    unit = (centre / length if length > 0.0 else centre).astype(vectors.dtype)
    step = direction.astype(vectors.dtype)
    place = float(centre @ direction)

    def scan(begin: int, end: int, kept: Kept) -> None:
        scan_directions(data, step, origin, unit, length, place, QUANTUM, begin, end, kept)

    def exact(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(cosines_of(vectors, rows, direction[None], centre)[0])

    return _best(scan, exact, vectors.shape, k)


def unit_rows(
    vectors: NDArray[Any], norms: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return rows, none of them zero, divided by their lengths: float64 of shape (m, d)."""
    return np.asarray(vectors[rows].astype(np.float64) / norms[rows, None])


def cosine_margin(vectors: NDArray[Any], norms: NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return a bound of the error of a cosine made from an inner product with a unit vector.

    It is measured against `cosines_of`. One number for all rows, or one each, of shape (n,).
    """
    relative, absolute = _product_error(vectors)
    if absolute > 0.0 and len(norms) and norms.min() < 1e-25:
        return relative + absolute / np.where(norms > 0.0, norms, 1.0) + QUANTUM
    return relative + QUANTUM


def cosines_of(
    vectors: NDArray[Any],
    rows: NDArray[np.int64],
    targets: NDArray[np.float64],
    origin: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the cosines of rows with unit vectors in float64, multiples of `QUANTUM`.

    They are of shape (m, rows) for targets of shape (m, d). With an origin, they are those of the
    differences from it.
    """
    cosines = np.empty((len(targets), len(rows)))
    start = np.zeros(vectors.shape[1]) if origin is None else origin
    exact_cosines(vectors, rows, start, targets, QUANTUM, cosines)
    return cosines


def _product_error(vectors: NDArray[Any]) -> tuple[float, float]:
    """Return a bound of the error of a row's inner product with a unit vector.

    It is at most the first number times the row's length, plus the second, whatever the order of
    the sum and even where tiny numbers are taken for zero. In float64 that is measured against
    another such product, in float32 against the true one.
    """
    d = vectors.shape[1]
    single = vectors.dtype == np.float32
    relative = 1.02 * (d + 8) * (2.0**-24 if single else 2.0**-52)
    return relative, d * 2.0**-124 if single else 0.0


def _best(
    scan: Callable[[int, int, Kept], None],
    exact: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    shape: tuple[int, ...],
    k: int,
) -> Found:
    """Scan rows of a shape, on every core where there is enough to do; score what is kept."""
    n, width = shape
    parts = min(thread_count(), 1 + n * width // _A_PART)
    # The last part is this thread's, and longer: the others are still waking up when it begins.
    rest = max(0, n - _HEAD_START // width) if parts > 1 else n
    ends = [*(rest * part // parts for part in range(parts)), n]
    k = min(k, n)
    kept = [new_kept(k, ends[part + 1] - ends[part]) for part in range(parts)]
    run_parts(lambda part, _: scan(ends[part], ends[part + 1], kept[part]), parts)
    floor = np.sort(np.concatenate([one.floor for one in kept]))[-k]
    found = [one.rows[: one.counts[0]][one.most[: one.counts[0]] >= floor] for one in kept]
    rows = np.concatenate(found)
    scores = exact(rows)
    order = np.lexsort((rows, -scores))[:k]
    return Found(rows[order], scores[order], sum(int(one.counts[1]) for one in kept))
