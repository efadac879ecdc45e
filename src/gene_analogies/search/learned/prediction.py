"""Can the partner of an item be told from other pairs of the relation, better than without them.

The pairs that share an item with the asked one are never examples, since many of a relation's pairs
share a hub (Linzen 2016; Rogers, Drozd & Li 2017 on what the offset adds to plain nearness).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.learned.lrcos import learn_class
from gene_analogies.search.learned.relation import (
    check_pairs,
    connected,
    offsets_of,
    unit_or_zero,
)
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["BASELINES", "METHODS", "Estimate", "Prediction", "measure_prediction"]

#: Use the offsets of examples, or the class of their b's beside a.
METHODS = ("3CosAvg", "LRCos", "PairDirection")
#: Use a alone, the b's alone, or neither.
BASELINES = ("nearest to a", "class of b", "popularity")

_FOLDS = 10
#: Asked pairs whose scores are held at a time.
_AT_ONCE = 64
#: Squared distances below this share of the squared lengths are worked out from differences; above
#: it, a cosine with a direction that is made from products is off by less than the margin.
_NEAR = 1e-6
_MARGIN = 1e-8
#: Sums of unit vectors that are shorter are rounding noise.
_CANCELLED = 1e-12
#: Differences of rows held at a time.
_DIFFERENCES = 1 << 14


@dataclass(frozen=True)
class Estimate:
    """A number and its standard error, NaN where that cannot be told."""

    value: float
    error: float


@dataclass(frozen=True)
class Prediction:
    """At which ranks the true partners are found.

    Attributes
    ----------
    pairs
        The asked pairs that have examples, int64 of shape (m, 2).
    groups
        Which of them share items, also by way of others: int64 of shape (m,).
    ranks
        For each of `METHODS` and `BASELINES` the rank of b among all items but a, from 1, the mean
        rank where scores are equal: float64 of shape (m,).
    """

    pairs: NDArray[np.int64]
    groups: NDArray[np.int64]
    ranks: Mapping[str, NDArray[np.float64]]

    def hits(self, method: str, k: int = 10) -> float:
        """Return the share of the asked pairs whose b is among the first ``k``."""
        return float(np.mean(self.ranks[method] <= k)) if len(self.pairs) else math.nan

    def mean_reciprocal_rank(self, method: str) -> float:
        """Return the mean of 1/rank."""
        return float(np.mean(1.0 / self.ranks[method])) if len(self.pairs) else math.nan

    def best_baseline(self, k: int = 10) -> str:
        """Return the baseline with most hits; the first of equal ones."""
        return max(BASELINES, key=lambda method: self.hits(method, k))

    def gain(self, method: str, k: int = 10) -> Estimate:
        """Return by how much the hits of a method exceed those of the best baseline.

        The error is that of the jackknife that leaves out one group at a time, for groups of
        different sizes (Busing, Meijer & van der Leeden 1999). Every time the best baseline is
        chosen anew. Where one group holds more than half of the pairs, there is no telling.
        """
        hit = np.stack([self.ranks[name] <= k for name in (method, *BASELINES)]).astype(np.float64)
        m = len(self.pairs)
        if not m:
            return Estimate(math.nan, math.nan)

        def gained(sums: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(sums[0] - sums[1:].max(axis=0))

        sizes = np.bincount(self.groups)
        value = float(gained(hit.sum(axis=1)) / m)
        if 2 * sizes.max() > m:
            return Estimate(value, math.nan)
        inside = np.stack([np.bincount(self.groups, weights=row) for row in hit])
        without = gained(hit.sum(axis=1)[:, None] - inside) / (m - sizes)
        share = m / sizes
        pseudo = share * value - (share - 1.0) * without
        centre = len(sizes) * value - float(((1.0 - 1.0 / share) * without).sum())
        return Estimate(value, math.sqrt(float(np.mean((pseudo - centre) ** 2 / (share - 1.0)))))


def measure_prediction(
    vectors: NDArray[Any],
    pairs: NDArray[np.int64],
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Prediction:
    """Ask for the partner b of every pair's a, with the pairs that share no item as examples.

    3CosAvg is the cosine with a plus the mean offset of unit vectors; PairDirection that of the
    offset from a with the mean of unit offsets, of vectors as they are; LRCos the probability of
    being a b times the cosine with a, learnt once for each tenth of the pairs. The baselines are
    the cosine with a, the cosine with the mean of the b's, and the order of the rows.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow. A zero vector
        has the cosine 0 with every other.
    pairs
        Rows of pairs (a, b), int64 of shape (m, 2): those that are asked for, and the examples.
    seed
        Of the random items that LRCos tells the b's from.
    progress
        Called with (pairs done, m).

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    GeneAnalogiesError
        As `check_pairs`.
    """
    pairs = check_pairs(pairs, len(vectors))
    groups = connected(pairs)
    folds = _folds(pairs, groups)
    norms = row_norms(vectors)
    learnt = {}
    for fold in np.unique(folds).tolist():
        model = _learn(vectors, norms, pairs, folds == fold, seed)
        if model is not None:
            learnt[fold] = model
    apart = _share_no_item(pairs)
    kept = apart.any(axis=1) & np.isin(folds, list(learnt))
    asked = np.flatnonzero(kept)
    units = unit_or_zero(vectors)
    whole = vectors.astype(np.float64)
    ends_a, ends_b = units[pairs.T]
    directions = offsets_of(vectors, pairs)
    ranks = {name: np.empty(len(asked)) for name in (*METHODS, *BASELINES)}
    for part in row_blocks(len(asked), _AT_ONCE):
        these = asked[part]
        a, b = pairs[these].T
        weights = apart[these] / apart[these].sum(axis=1, keepdims=True)
        near = ends_a[these] @ units.T
        targets = {
            "3CosAvg": ends_a[these] + weights @ (ends_b - ends_a),
            "class of b": weights @ ends_b,
        }
        for name, target in targets.items():
            ranks[name][part] = _ranks(_unit_sums(target) @ units.T, a, b)
        ranks["nearest to a"][part] = _ranks(near, a, b)
        ranks["popularity"][part] = b + 1.0 - (a < b)
        along = _along(whole, a, b, _unit_sums(weights @ directions))
        ranks["PairDirection"][part] = _ranks(along, a, b)
        for fold in np.unique(folds[these]).tolist():
            chosen = np.flatnonzero(folds[these] == fold)
            coefficients, constant = learnt[fold]
            with np.errstate(over="ignore"):
                chance = 1.0 / (1.0 + np.exp(-(units @ coefficients + constant)))
            ranks["LRCos"][part.start + chosen] = _ranks(
                near[chosen] * chance, a[chosen], b[chosen]
            )
        if progress is not None:
            progress(part.stop, len(asked))
    return Prediction(pairs[asked], connected(pairs[asked]), ranks)


def _share_no_item(pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for every two pairs whether they have no item in common, bool of shape (m, m)."""
    a, b = pairs.T
    shared = (a[:, None] == a) | (a[:, None] == b) | (b[:, None] == a) | (b[:, None] == b)
    return np.asarray(~shared)


def _folds(pairs: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a fold for every pair, all of about one size, neighbours by shared items together."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0], groups))
    folds = np.empty(len(pairs), np.int64)
    folds[order] = np.arange(len(pairs)) * _FOLDS // len(pairs)
    return folds


def _learn(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    pairs: NDArray[np.int64],
    fold: NDArray[np.bool_],
    seed: int,
) -> tuple[NDArray[np.float64], float] | None:
    """Learn the class of b's from the pairs that share no item with a fold's.

    As in `Space.complete`, they are told from the a's and as many random items as there are b's.
    """
    examples = pairs[~np.isin(pairs, pairs[fold]).any(axis=1)]
    members = np.unique(examples[:, 1])
    members = members[norms[members] > 0.0]
    outside = np.setdiff1d(examples[:, 0], members)
    free = norms > 0.0
    free[np.concatenate([examples, pairs[fold]]).ravel()] = False
    pool = np.flatnonzero(free)
    count = min(len(members), len(pool))
    chance = np.random.default_rng(seed).choice(pool, count, replace=False)
    others = np.concatenate([outside[norms[outside] > 0.0], chance])
    if not len(members) or not len(others):
        return None
    return learn_class(vectors, norms, members, others)


def _ranks(
    scores: NDArray[np.float64], a: NDArray[np.int64], b: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the rank of each b among all items but a, float64 of shape (q,)."""
    rounded = np.rint(scores / QUANTUM)
    each = np.arange(len(a))
    rounded[each, a] = -np.inf
    reached = rounded[each, b][:, None]
    above = np.count_nonzero(rounded > reached, axis=1)
    return np.asarray(above + (np.count_nonzero(rounded == reached, axis=1) + 1.0) / 2.0)


def _unit_sums(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return means of unit vectors at length 1; zero where they cancel out."""
    lengths = row_norms(sums)[:, None]
    return np.asarray(np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > _CANCELLED))


def _along(
    vectors: NDArray[np.float64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    directions: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the cosine of every row's offset from a with a direction, shape (q, n).

    Those near to a, and those of about the score of b, are worked out from differences.
    """
    origins = vectors[a]
    squares = np.einsum("ij,ij->i", vectors, vectors)
    sums = squares[a][:, None] + squares
    distances = sums - 2.0 * (origins @ vectors.T)
    scores = directions @ vectors.T - np.einsum("ij,ij->i", directions, origins)[:, None]
    unsure = distances <= _NEAR * sums
    with np.errstate(divide="ignore", invalid="ignore"):
        scores /= np.sqrt(distances)
    each = np.arange(len(a))
    reached = _exact_along(vectors, a, directions, each, b)[:, None]
    unsure |= np.abs(scores - reached) <= _MARGIN
    aimed = np.asarray(directions.any(axis=1))[:, None]
    unsure &= aimed
    query, row = np.nonzero(unsure)
    for part in row_blocks(len(row), _DIFFERENCES):
        scores[query[part], row[part]] = _exact_along(
            vectors, a, directions, query[part], row[part]
        )
    return np.asarray(np.where(aimed, scores, 0.0))


def _exact_along(
    vectors: NDArray[np.float64],
    a: NDArray[np.int64],
    directions: NDArray[np.float64],
    query: NDArray[np.int64],
    row: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return cosines of offsets from a query's a; 0 where there is no offset."""
    units = unit_or_zero(vectors[row] - vectors[a[query]])
    return np.asarray(np.einsum("ij,ij->i", units, directions[query]))
