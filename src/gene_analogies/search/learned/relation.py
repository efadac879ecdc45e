"""What vectors know of a relation: are its pairs close, and do their offsets agree.

`gene_analogies.search.learned.prediction` asks whether a partner can be told from other pairs, and
`gene_analogies.search.learned.retrieval` whether the best pairs of a search have the relation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.learned.dyads import dyadic_error, shared_sums
from gene_analogies.util.row_blocks import row_blocks

__all__ = [
    "CANCELLED",
    "Direction",
    "Pairing",
    "check_pairs",
    "connected",
    "measure_direction",
    "measure_pairing",
    "offsets_of",
    "permute_axes",
    "unit_or_zero",
]

#: Cosines that are held at a time.
_AT_ONCE = 1 << 20
#: Means of unit vectors that are shorter are rounding noise.
CANCELLED = 1e-12


@dataclass(frozen=True)
class Pairing:
    """How well cosines tell the true partners of an item from the others of the relation.

    Attributes
    ----------
    rows
        Left items that have a partner and a non-partner, int64 of shape (m,), increasing.
    auc
        For each of them the chance that a true partner has a higher cosine with it than another
        right item of the relation has, ties counted half: float64 of shape (m,).
    pairs
        Their pairs, int64 of shape (p, 2), ordered.
    pair_auc
        The same chance for each of these pairs, float64 of shape (p,).
    beaten
        For every right item of the relation (``partners``, int64 of shape (r,)), by how much its
        comparisons raise the mean of ``auc``: float64 of shape (r,), of sum 0.
    """

    rows: NDArray[np.int64]
    auc: NDArray[np.float64]
    pairs: NDArray[np.int64]
    pair_auc: NDArray[np.float64]
    partners: NDArray[np.int64]
    beaten: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """The mean over the left items; NaN if there are none."""
        return float(self.auc.mean()) if len(self.auc) else float("nan")

    @property
    def error(self) -> float:
        """The standard error of the mean; see `gene_analogies.search.learned.dyads`."""
        lefts = np.searchsorted(self.rows, self.pairs[:, 0])
        weights = len(self.rows) * np.bincount(lefts)[lefts]
        return dyadic_error(
            self.pairs, (self.pair_auc - self.mean) / weights, self.partners, self.beaten
        )


@dataclass(frozen=True)
class Direction:
    """How far the offsets of a relation's pairs agree.

    Attributes
    ----------
    pairs
        The pairs with an offset, int64 of shape (m, 2), ordered.
    sums
        For each the sum of its offset's cosines with those of the pairs that share no item with
        it, float64 of shape (m,).
    counts
        How many these are, int64 of shape (m,).
    cosines
        The cosine of each offset with the mean of theirs, float64 of shape (m,); NaN without any,
        or where they cancel out.
    """

    pairs: NDArray[np.int64]
    sums: NDArray[np.float64]
    counts: NDArray[np.int64]
    cosines: NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many unordered couples of pairs share no item."""
        return int(self.counts.sum()) // 2

    @property
    def mean_cosine(self) -> float:
        """Of the offsets of all such couples; NaN if there are none."""
        return float(self.sums.sum()) / (2 * self.count) if self.count else float("nan")

    @property
    def error(self) -> float:
        """The standard error of the mean; see `gene_analogies.search.learned.dyads`."""
        if not self.count:
            return float("nan")
        return dyadic_error(self.pairs, (self.sums - self.mean_cosine * self.counts) / self.count)


def check_pairs(pairs: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return pairs of different rows, each once, ordered; int64 of shape (m, 2).

    Raises
    ------
    GeneAnalogiesError
        If there are none, they are not pairs of rows in 0..n − 1, or one has a row twice.
    """
    given = np.asarray(pairs)
    if given.ndim != 2 or given.shape[1] != 2 or not np.issubdtype(given.dtype, np.integer):
        raise GeneAnalogiesError(
            f"pairs must be row numbers of shape (m, 2), not {given.dtype} of shape {given.shape}"
        )
    if not len(given):
        raise GeneAnalogiesError("pairs is empty; a relation needs at least one pair")
    if given.min() < 0 or given.max() >= n:
        wrong = given[(given < 0) | (given >= n)][0]
        raise GeneAnalogiesError(f"pairs must hold rows in 0..{n - 1}, not {wrong}")
    if (same := given[given[:, 0] == given[:, 1]]).size:
        raise GeneAnalogiesError(f"a pair needs two items, not row {same[0, 0]} twice")
    return np.asarray(np.unique(given, axis=0), np.int64)


def unit_or_zero(vectors: NDArray[Any], rows: NDArray[np.int64] | None = None) -> NDArray[Any]:
    """Return rows (all without any given) at length 1 in float64; zero vectors stay zero."""
    chosen = vectors if rows is None else vectors[rows]
    norms = row_norms(chosen)[:, None]
    return np.asarray(np.divide(chosen, norms, out=np.zeros(chosen.shape), where=norms > 0.0))


def offsets_of(vectors: NDArray[Any], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the offsets b − a at length 1, float64 of shape (m, d); zero offsets stay zero."""
    a, b = vectors[pairs.T].astype(np.float64)
    return unit_or_zero(b - a)


def measure_pairing(
    vectors: NDArray[Any], pairs: NDArray[np.int64], known: NDArray[np.int64] | None = None
) -> Pairing:
    """Measure whether the true partners of an item are nearer to it than others of the relation.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow; a zero vector
        has the cosine 0 with every other.
    pairs
        Rows of the pairs (a, b) that are measured, int64 of shape (m, 2).
    known
        All pairs of the relation; ``pairs`` if not given. Their right items are who a true
        partner is compared with, other than a itself and its partners.

    Raises
    ------
    GeneAnalogiesError
        As `check_pairs`.
    """
    pairs = check_pairs(pairs, len(vectors))
    every = pairs if known is None else check_pairs(np.concatenate([known, pairs]), len(vectors))
    partners = np.unique(every[:, 1])
    units = unit_or_zero(vectors, partners)
    rows, lefts = np.unique(pairs[:, 0], return_inverse=True)
    sizes = np.bincount(lefts)
    pair_auc, beaten = np.full(len(pairs), np.nan), np.zeros(len(partners))
    for part in row_blocks(len(pairs), _AT_ONCE // len(partners)):
        a, b = pairs[part].T
        cosines = np.rint(unit_or_zero(vectors, a) @ units.T / QUANTUM)
        reached = cosines[np.arange(len(a)), np.searchsorted(partners, b)][:, None]
        below = np.where(cosines < reached, 1.0, np.where(cosines == reached, 0.5, 0.0))
        pair, place = _not_compared(a, every, partners)
        below[pair, place] = 0.0
        others = np.asarray(len(partners) - np.bincount(pair, minlength=len(a)))
        with np.errstate(invalid="ignore"):  # NaN without any
            won = below.sum(axis=1) / others
        pair_auc[part] = won
        share = np.where(others > 0, 1.0 / (np.maximum(others, 1) * sizes[lefts[part]]), 0.0)
        expected = share * np.where(others > 0, won, 0.0)
        beaten += share @ below - expected.sum()
        beaten += np.bincount(place, expected[pair], minlength=len(partners))
    told = ~np.isnan(pair_auc)
    auc: NDArray[np.float64] = np.bincount(lefts, pair_auc) / sizes
    count = max(1, int(np.count_nonzero(~np.isnan(auc))))
    return Pairing(
        rows[~np.isnan(auc)], auc[~np.isnan(auc)], pairs[told], pair_auc[told],
        partners, beaten / count,
    )  # fmt: skip


def _not_compared(
    a: NDArray[np.int64], known: NDArray[np.int64], partners: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for some left items the places of their own partners, and of themselves.

    That is, the numbers of the left items, and for each a place in ``partners``; ``known`` is
    ordered.
    """
    begins, ends = (np.searchsorted(known[:, 0], a, side) for side in ("left", "right"))
    sizes = ends - begins
    each = np.arange(len(a))
    steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    own = known[np.repeat(begins, sizes) + steps, 1]
    itself = np.isin(a, partners)
    return (
        np.append(np.repeat(each, sizes), each[itself]),
        np.searchsorted(partners, np.append(own, a[itself])),
    )


def measure_direction(vectors: NDArray[Any], pairs: NDArray[np.int64]) -> Direction:
    """Measure the cosines of the offsets of two pairs that share no item, over all such.

    They are worked out from sums: from that of all offsets those of the pairs with a common item
    are taken off item by item; a pair with both items in common was taken off twice.

    Parameters
    ----------
    vectors, pairs
        As for `measure_pairing`. Pairs of equal vectors have no offset, and do not count.

    Raises
    ------
    GeneAnalogiesError
        As `check_pairs`.
    """
    pairs = check_pairs(pairs, len(vectors))
    units = offsets_of(vectors, pairs)
    moved = units.any(axis=1)
    pairs, units = pairs[moved], units[moved]
    others = units.sum(axis=0) - shared_sums(pairs, units)
    counts = len(pairs) - shared_sums(pairs, np.ones(len(pairs), np.int64))
    sums = np.einsum("ij,ij->i", units, others)
    lengths = row_norms(others)
    told = (counts > 0) & (lengths > CANCELLED * len(pairs))
    cosines = np.divide(sums, lengths, out=np.full(len(pairs), np.nan), where=told)
    return Direction(pairs, np.where(counts > 0, sums, 0.0), counts, cosines)


def connected(pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a label for every pair; two that share an item, also by way of others, have the same.

    Parameters
    ----------
    pairs
        int64 of shape (m, 2).

    Returns
    -------
    ndarray
        int64 of shape (m,), from 0, numbered by the smallest item of a group.
    """
    items, places = np.unique(pairs, return_inverse=True)
    a, b = places.reshape(pairs.shape).T
    label = np.arange(len(items))
    while True:
        lower = label.copy()
        np.minimum.at(lower, a, label[b])
        np.minimum.at(lower, b, label[a])
        lower = lower[lower]
        if np.array_equal(lower, label):
            return np.asarray(np.unique(label[a], return_inverse=True)[1], np.int64)
        label = lower


def permute_axes(vectors: NDArray[Any], seed: int = 0) -> NDArray[Any]:
    """Return vectors whose axes are each permuted over the rows: they know nothing of any pair."""
    return np.asarray(np.random.default_rng(seed).permuted(vectors, axis=0))
