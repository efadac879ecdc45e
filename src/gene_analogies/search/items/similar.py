"""Exact nearest items: of one item, of a set, or of one item rather than another.

Scores of all rows come from one product of the embedding with a few vectors, with bounds of their
rounding errors; the few rows that may belong to the answer are scored again in float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.products import products_of
from gene_analogies.search.items.best_rows import SHORT, best_rows
from gene_analogies.search.items.scores import (
    RANK,
    Cosine,
    Distance,
    DistanceContrast,
    FlatDistance,
    Score,
    SpanCosine,
)
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["Neighbours", "find_contrast", "find_similar", "similarities"]

#: Numbers of a block of products, or of rows in float64, at a time.
_AT_ONCE = 1 << 20


class Neighbours(NamedTuple):
    """The best rows, int64 (k,), and their scores, float64 (k,)."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]


@retry_on_corrupt_cache
def find_similar(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    members: Sequence[int],
    *,
    k: int,
    how: str = "span",
    euclidean: bool = False,
    allowed: NDArray[np.bool_] | None = None,
) -> Neighbours:
    """Return the ``k`` rows most similar to one row, or to several; exact, ties by row number.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, whose squares are finite.
    norms
        The lengths of the rows, float64 of shape (n,).
    members
        The rows asked for; for cosines none of them zero. With one of them ``how`` says nothing.
    k
        How many; fewer come back where there are fewer.
    how
        Cosines: ``"span"``, the squared cosine of the angle with the span of the members;
        ``"mean"``, the cosine with the mean of their unit vectors; ``"min"``, the least of the
        cosines with them. Distances (negative): ``"span"``, to the flat (affine span) through the
        members; ``"mean"``, to their mean; ``"min"``, to the farthest of them.
    euclidean
        Distances instead of cosines.
    allowed
        bool of shape (n,), or of fewer first rows: which may be in the answer. Zero rows have no
        cosine.

    Raises
    ------
    GeneAnalogiesError
        If the unit vectors of the members cancel out, their mean being shorter than `RANK`, or
        they span the whole space.
    """
    several = len(members) > 1
    chosen = vectors[list(members)].astype(np.float64)
    score: Score
    if euclidean:
        if several and how == "span":
            score = FlatDistance(chosen)
        elif several and how == "mean":
            score = Distance(chosen.mean(axis=0)[None], averaged=True)
        else:
            score = Distance(chosen)
    else:
        units = chosen / norms[list(members)][:, None]
        if several and how == "span":
            score = SpanCosine(units)
        elif several and how == "mean":
            score = Cosine(_mean_unit(units)[None])
        else:
            score = Cosine(units)
    return _find(vectors, norms, score, k, allowed)


@retry_on_corrupt_cache
def find_contrast(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    near: int,
    far: int,
    *,
    k: int,
    euclidean: bool = False,
    allowed: NDArray[np.bool_] | None = None,
) -> Neighbours:
    """Return the ``k`` rows of the highest similarity to one row less that to another.

    Parameters
    ----------
    vectors, norms, k, euclidean, allowed
        As for `find_similar`.
    near, far
        The two rows.

    Raises
    ------
    GeneAnalogiesError
        If the two have one direction, their unit vectors being less than `RANK` apart (for
        distances: if they are equal).
    """
    pair = vectors[[near, far]].astype(np.float64)
    if euclidean:
        if np.array_equal(pair[0], pair[1]):
            raise GeneAnalogiesError("the two items have the same vector: there is no contrast")
        return _find(vectors, norms, DistanceContrast(pair), k, allowed)
    units = pair / norms[[near, far]][:, None]
    apart = units[0] - units[1]
    length = float(np.linalg.norm(apart))
    if length < RANK:
        raise GeneAnalogiesError(
            "the two items have the same direction: there is no contrast (their unit vectors are "
            f"{length:.2g} apart, and less than {RANK:g} may be rounding of float32)"
        )
    return _find(vectors, norms, Cosine(apart[None]), k, allowed)


def similarities(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    rows: NDArray[np.int64],
    members: Sequence[int],
    *,
    euclidean: bool = False,
) -> NDArray[np.float64]:
    """Return the similarity of each row to each member, float64 of shape (rows, members)."""
    block, lengths = vectors[rows].astype(np.float64), norms[rows]
    found = np.empty((len(rows), len(members)))
    for i, member in enumerate(members):
        one = vectors[member].astype(np.float64)[None]
        score = Distance(one) if euclidean else Cosine(one / norms[member])
        found[:, i] = score.exact(block, lengths)
    return found


def _find(
    vectors: NDArray[Any],
    norms: NDArray[np.float64],
    score: Score,
    k: int,
    allowed: NDArray[np.bool_] | None,
) -> Neighbours:
    """Return the best rows under a score."""
    if allowed is not None:
        vectors, norms = vectors[: len(allowed)], norms[: len(allowed)]
    d = vectors.shape[1]
    # Rounding the query vectors to the type of the vectors, d products and their sums, and a few
    # more roundings in that type.
    unit = (d + 24) * float(np.finfo(vectors.dtype).eps) / 2.0
    queries = score.queries.astype(vectors.dtype)
    parts = []
    for rows in row_blocks(len(vectors), _AT_ONCE // len(queries)):
        products = products_of(vectors[rows], queries)
        with np.errstate(divide="ignore", invalid="ignore"):  # cosines of zero rows are NaN
            parts.append(score.bounds(products, norms[rows], unit))
    approximate, margin = parts[0]
    if len(parts) > 1:
        approximate = np.concatenate([middle for middle, _ in parts])
        if not isinstance(margin, float):
            margin = np.concatenate([one for _, one in parts])
    if vectors.dtype == np.float32 and norms.min(initial=np.inf) <= SHORT:
        short = (norms <= SHORT) & (norms > 0.0)
        margin = np.where(short, np.finfo(np.float32).max, margin)

    def exact(found: NDArray[np.int64]) -> NDArray[np.float64]:
        scores = np.empty(len(found))
        for part in row_blocks(len(found), _AT_ONCE // d):
            some = found[part]
            scores[part] = score.exact(vectors[some].astype(np.float64), norms[some])
        return scores

    return Neighbours(*best_rows(approximate, margin, exact, k, allowed))


def _mean_unit(units: NDArray[np.float64]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = units.mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length < RANK:
        raise GeneAnalogiesError(
            "the directions of the items cancel out: they have no mean (that of their unit vectors "
            f"has length {length:.2g}, and less than {RANK:g} may be rounding of float32)"
        )
    return mean / length
