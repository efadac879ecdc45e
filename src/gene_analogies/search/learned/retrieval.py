"""Of the best pairs that a search finds for pairs of a relation, how many have the relation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.learned.relation import check_pairs
from gene_analogies.util.progress import Progress

__all__ = ["Retrieval", "Search", "measure_retrieval"]

#: From the example pairs of each query, int64 of shape (m, 2), the best pairs, of shape (k, 2).
Search = Callable[[Sequence[NDArray[np.int64]]], Sequence[NDArray[np.int64]]]

_DECILES = 10
#: Queries that are asked at a time.
_AT_ONCE = 128


@dataclass(frozen=True)
class Retrieval:
    """What the answers to some queries are, each of shape (queries,), float64.

    All are 0 for a query without answers.

    Attributes
    ----------
    known
        Share of a query's answers that are pairs of the relation.
    sides
        Share of the answers whose first item is some left one of the relation, and whose second
        some right one.
    chance, sides_chance
        The same shares expected of pairs drawn from the answers' deciles of popularity, which is
        the order of the rows.
    """

    known: NDArray[np.float64]
    sides: NDArray[np.float64]
    chance: NDArray[np.float64]
    sides_chance: NDArray[np.float64]

    @property
    def lift(self) -> float:
        """How many times more often answers are pairs of the relation than by chance."""
        return _ratio(self.known, self.chance)

    @property
    def sides_lift(self) -> float:
        """How many times more often their items are of the relation's sides than by chance."""
        return _ratio(self.sides, self.sides_chance)


def _ratio(found: NDArray[np.float64], chance: NDArray[np.float64]) -> float:
    expected = float(chance.mean())
    return float(found.mean()) / expected if expected else float("nan")


def measure_retrieval(
    search: Search,
    queries: Sequence[NDArray[np.int64]],
    known: NDArray[np.int64],
    n: int,
    *,
    progress: Progress | None = None,
) -> Retrieval:
    """Ask a search for the best pairs of each query, and say what share has the relation.

    Parameters
    ----------
    search
        Returns for each of several queries its best pairs, without those that share an item with
        the query.
    queries
        Example pairs of each, int64 of shape (m, 2).
    known
        All pairs of the relation, int64 of shape (p, 2).
    n
        How many rows there are.
    progress
        Called with (queries done, all of them).

    Raises
    ------
    GeneAnalogiesError
        As `check_pairs`.
    """
    known = check_pairs(known, n)
    left, right = np.zeros((2, n), np.bool_)
    left[known[:, 0]] = right[known[:, 1]] = True
    decile = np.arange(n) * _DECILES // n
    sizes = np.bincount(decile, minlength=_DECILES)
    possible = np.outer(sizes, sizes) - np.diag(sizes)
    each = np.zeros((_DECILES, _DECILES))
    np.add.at(each, (decile[known[:, 0]], decile[known[:, 1]]), 1.0)
    lefts, rights, both = (
        np.bincount(decile[side], minlength=_DECILES) for side in (left, right, left & right)
    )
    sided = np.outer(lefts, rights) - np.diag(both)
    keys = known @ np.array([n, 1])
    shares: list[tuple[float, ...]] = []
    for first in range(0, len(queries), _AT_ONCE):
        for found in search(queries[first : first + _AT_ONCE]):
            if not len(found):
                shares.append((0.0, 0.0, 0.0, 0.0))
                continue
            c, d = found.T
            places = decile[c], decile[d]
            shares.append(
                (
                    float(np.isin(c * n + d, keys).mean()),
                    float((left[c] & right[d]).mean()),
                    float((each[places] / possible[places]).mean()),
                    float((sided[places] / possible[places]).mean()),
                )
            )
        if progress is not None:
            progress(len(shares), len(queries))
    return Retrieval(*np.array(shares).reshape(-1, 4).T)
