"""Families of pairs: k-means on unit offsets, and how many families there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.learned.scikit import deterministic
from gene_analogies.util.extras import require

__all__ = ["Families", "find_families", "unit_offsets"]

#: The most families that are tried.
MOST: Final = 10
#: Starts of k-means, of which the best counts.
_STARTS: Final = 10


@dataclass(frozen=True)
class Families:
    """What `find_families` finds.

    Attributes
    ----------
    labels
        int64 of shape (m,): the family of each offset, from 0; the largest first, and of equally
        large ones that of the earliest offset.
    centroid_cosines
        float64 of shape (m,): the cosine of each offset with the centroid of its family; 0 where
        that is zero.
    silhouettes
        float64 of shape (m,), in [−1, 1]: how much nearer an offset is to its own family than to
        the next one; 0 where it is alone, or there is one family only.
    tried
        The numbers of families that were tried, and the mean silhouette with each.
    """

    labels: NDArray[np.int64]
    centroid_cosines: NDArray[np.float64]
    silhouettes: NDArray[np.float64]
    tried: tuple[tuple[int, float], ...]


def unit_offsets(
    vectors: NDArray[Any], c: NDArray[np.int64], d: NDArray[np.int64], sign: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the unit offsets of those pairs that have one.

    Parameters
    ----------
    vectors
        Shape (n, d), of a size whose squares are finite.
    c, d
        Rows of the pairs, each of shape (m,).
    sign
        −1 for differences, +1 for sums.

    Returns
    -------
    units
        float64 of shape (u, d).
    usable
        bool of shape (m,), ``u`` of them true: which pairs have an offset that is not zero.
    """
    offsets = vectors[c].astype(np.float64) + sign * vectors[d].astype(np.float64)
    norms = row_norms(offsets)
    usable = norms > 0.0
    return offsets[usable] / norms[usable, None], usable


def find_families(units: NDArray[np.float64], clusters: int | None, seed: int) -> Families:
    """Group unit offsets by k-means.

    Parameters
    ----------
    units
        Shape (m, d), at least one.
    clusters
        How many families, at most m; where offsets are equal there may be fewer. None for the
        number from 2 to 10, and below m, whose mean silhouette is greatest (of equal ones the
        smallest); one family where there are fewer than 3 different offsets.
    seed
        Where the random numbers of k-means begin.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    """
    # No more families than different offsets: what differs by rounding only is the same.
    rounded = np.rint(units / QUANTUM) + 0.0  # no −0
    different = len(np.unique(rounded, axis=0))
    if clusters is None:
        numbers = list(range(2, min(MOST, len(units) - 1, different) + 1)) or [1]
    else:
        numbers = [min(clusters, different)]
    with deterministic("finding families"):
        tries = [(number, _labels(units, number, seed)) for number in numbers]
    silhouettes = [_silhouettes(units, labels) for _, labels in tries]
    means = [float(np.rint(one.mean() / QUANTUM) * QUANTUM) for one in silhouettes]
    best = int(np.argmax(means))  # the first of equal ones
    labels = _largest_first(tries[best][1])
    return Families(
        labels,
        _centroid_cosines(units, labels),
        silhouettes[best],
        tuple(zip(numbers, means, strict=True)),
    )


def _labels(units: NDArray[np.float64], number: int, seed: int) -> NDArray[np.int64]:
    """Return the families that k-means finds, int64 of shape (m,)."""
    if number == 1:
        return np.zeros(len(units), np.int64)
    means = require("sklearn.cluster", "learn", "finding families").KMeans
    found = means(number, n_init=_STARTS, random_state=seed).fit(units).labels_
    labels: NDArray[np.int64] = np.unique(found, return_inverse=True)[1].astype(np.int64)
    return labels


def _sums(units: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sum of each family, float64 of shape (families, d)."""
    sums = np.zeros((labels.max() + 1, units.shape[1]))
    np.add.at(sums, labels, units)
    return sums


def _silhouettes(units: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return every offset's silhouette (Rousseeuw 1987) for distances of 1 − cosine, shape (m,).

    The mean distance to a family is 1 less the mean cosine, which the family's sum tells: no
    distance of two offsets is needed.
    """
    sizes = np.bincount(labels).astype(np.float64)
    if len(sizes) == 1:
        return np.zeros(len(units))
    every = np.arange(len(units))
    away = sizes - units @ _sums(units, labels).T  # sums of distances to each family
    own = away[every, labels] / np.maximum(sizes[labels] - 1.0, 1.0)
    away /= sizes
    away[every, labels] = np.inf
    other = away.min(axis=1)
    larger = np.maximum(own, other)
    found = np.where(larger > 0.0, (other - own) / np.where(larger > 0.0, larger, 1.0), 0.0)
    found[sizes[labels] == 1.0] = 0.0
    return np.clip(found, -1.0, 1.0)


def _largest_first(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Renumber the families by size, then by their first offset."""
    _, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place[labels]


def _centroid_cosines(units: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cosine of every offset with the centroid of its family, float64 of shape (m,)."""
    sums = _sums(units, labels)
    norms = row_norms(sums)
    # Of offsets that cancel out nothing but rounding noise is left.
    real = norms > QUANTUM * len(units)
    means = sums / np.where(real, norms, np.inf)[:, None]
    cosines = np.einsum("ij,ij->i", units, means[labels])
    return np.asarray(np.clip(np.rint(cosines / QUANTUM) * QUANTUM, -1.0, 1.0))
