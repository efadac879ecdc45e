"""From a query and options to the best pairs of rows: what the questions about pairs share."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.direction import apart, mean_direction, unit_offset
from gene_analogies.util.arguments import (
    Metric,
    Operation,
    check_choice,
    check_int,
    check_pair_weight,
)
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.search.pairs.find import FoundPairs
    from gene_analogies.search.pairs.weighted import WeightedPairs
    from gene_analogies.search.prepared import IndexedRows, PreparedVectors

__all__ = ["BestPairs", "PairOptions", "PairQuery", "direct", "search_many", "search_pairs"]


#: An answer of so many pairs takes a minute and 3 GB, most of it for names and genes.
MAX_PAIRS = 1_000_000


@dataclass(frozen=True)
class PairOptions:
    """What a search for pairs is told beside the query, as `Space.pairs` describes it.

    Raises
    ------
    GeneAnalogiesError
        If a value has no meaning.
    """

    k: int = 10
    metric: Metric = "cosine"
    operation: Operation = "difference"
    max_similarity: float | None = None
    truncate: int | None = None
    include_query: bool = False
    pair_weight: float = 0.0

    def __post_init__(self) -> None:
        check_choice("metric", self.metric, ("cosine", "euclidean"))
        check_choice("operation", self.operation, ("difference", "sum"))
        weight = check_pair_weight(self.pair_weight, self.metric, self.operation)
        object.__setattr__(self, "pair_weight", weight)
        k = check_int("k", self.k)
        if k > MAX_PAIRS:
            raise GeneAnalogiesError(f"k must be at most {MAX_PAIRS:,}, not {k:,}")
        object.__setattr__(self, "k", k)

    @property
    def sign(self) -> int:
        """−1 for differences, +1 for sums."""
        return -1 if self.operation == "difference" else 1

    @property
    def untested(self) -> str:
        """With what p is small by chance too often, as docs/evidence.md has it; or nothing."""
        if self.pair_weight > 0.0:
            return "a pair weight"
        if self.metric == "euclidean":
            return "Euclidean distance"
        if self.operation == "sum":
            return "sums"
        if self.max_similarity is not None and self.max_similarity < 1.0:
            return "max_similarity"
        return ""


@dataclass(frozen=True)
class PairQuery:
    """A direction, and the rows that may be its answer.

    Attributes
    ----------
    examples
        Rows of the example pairs; none where an offset was given.
    direction
        Unit vector, float64 of shape (d,).
    length
        Of the offset, the mean over several examples, in units of the prepared vectors.
    candidates
        Rows that may be c or d but for ``max_similarity``, bool of shape (n,).
    allowed_c, allowed_d
        Rows that may be c, and d.
    """

    examples: Sequence[tuple[int, int]]
    direction: NDArray[np.float64]
    length: float
    candidates: NDArray[np.bool_]
    allowed_c: NDArray[np.bool_]
    allowed_d: NDArray[np.bool_]


def direct(
    prepared: PreparedVectors,
    names: Sequence[str],
    examples: Sequence[tuple[int, int]],
    offset: ArrayLike | None,
    allowed: NDArray[np.bool_],
    options: PairOptions,
    notes: Sequence[str] = (),
) -> PairQuery:
    """Return the direction of example pairs, or of a ready offset, and the rows that may answer.

    Parameters
    ----------
    prepared
        The vectors.
    names
        Names of their rows, for errors.
    examples
        Rows of the example pairs; none where an offset is given.
    offset
        A vector of shape (d,) in units of the embedding, or None.
    allowed
        Rows that may be in the answer, bool of shape (n,).
    options
        What else is asked.
    notes
        What is said of names already, for errors.

    Raises
    ------
    GeneAnalogiesError
        If there is no direction, or fewer than two rows are left.
    """
    vectors = prepared.vectors
    if offset is None:
        direction, length = mean_direction(vectors, examples, options.sign, names)
    else:
        direction, length = unit_offset(offset, vectors.shape[1])
        length = math.ldexp(length, prepared.exponent)
    if examples and not options.include_query:
        allowed = allowed.copy()
        allowed[np.asarray(examples).ravel()] = False
    allowed_c, allowed_d = allowed, allowed
    limit = options.max_similarity
    if limit is not None:
        allowed_c, allowed_d = apart(
            vectors, prepared.norms, examples, allowed, limit, options.sign
        )
    if not (allowed_c.any() and allowed_d.any()) or np.count_nonzero(allowed_c | allowed_d) < 2:
        why = [*notes, *([] if limit is None else [f"max_similarity is {limit:g}"])]
        raise GeneAnalogiesError(
            "fewer than two items are left to make a pair of" + "".join(f"; {one}" for one in why)
        )
    if options.metric == "euclidean" and not 1e-100 < length < 1e100:
        given = math.ldexp(length, -prepared.exponent)
        raise GeneAnalogiesError(f"the offset's length, {given:.3g}, is out of proportion")
    return PairQuery(examples, direction, length, allowed, allowed_c, allowed_d)


@dataclass(frozen=True)
class BestPairs:
    """Pairs of rows, best first.

    Attributes
    ----------
    c, d
        int64 of shape (k,).
    similarity
        float64 of shape (k,): cosines, or negative distances in units of the embedding.
    score
        float64 of shape (k,): by what they are ordered where a pair weight counts; else None.
    without_direction
        Number of pairs left out because they combine to the zero vector.
    """

    c: NDArray[np.int64]
    d: NDArray[np.int64]
    similarity: NDArray[np.float64]
    score: NDArray[np.float64] | None
    without_direction: int

    @property
    def order_by(self) -> NDArray[np.float64]:
        """What they are ordered by."""
        return self.similarity if self.score is None else self.score


def search_pairs(prepared: PreparedVectors, query: PairQuery, options: PairOptions) -> BestPairs:
    """Return the best pairs of all.

    Parameters
    ----------
    prepared
        The vectors.
    query
        As `direct` returns it.
    options
        What else is asked.
    """
    part = _indexed(prepared, [query], options)
    allowed_c, allowed_d = query.allowed_c[part.rows], query.allowed_d[part.rows]
    if options.pair_weight > 0.0:
        from gene_analogies.search.pairs.weighted import find_weighted_pairs

        weighted = find_weighted_pairs(
            part.vectors, part.neighbours, prepared.cosines(part), query.direction,
            weight=options.pair_weight, k=options.k, allowed_c=allowed_c, allowed_d=allowed_d,
        )  # fmt: skip
        return _of_weighted(weighted, part)
    from gene_analogies.search.pairs.find import find_pairs

    euclidean = options.metric == "euclidean"
    found = find_pairs(
        part.vectors, part.neighbours, _target(query, options),
        k=options.k, euclidean=euclidean, allowed_c=allowed_c, allowed_d=allowed_d,
    )  # fmt: skip
    return _of_plain(found, part, prepared.exponent if euclidean else 0)


def search_many(
    prepared: PreparedVectors,
    queries: Iterable[PairQuery],
    options: PairOptions,
    progress: Progress | None = None,
) -> Iterator[BestPairs]:
    """Yield the best pairs of each query, in order; what `search_pairs` returns for each.

    Parameters
    ----------
    prepared
        The vectors.
    queries
        As `direct` returns them; taken a block at a time, so that they may be made on the way.
    options
        What else is asked, of all.
    progress
        Called with (queries done, all queries), 0 for all where ``queries`` has no length.
    """
    from gene_analogies.search.pairs.many import directions_at_once

    total, done = operator.length_hint(queries), 0
    waiting = iter(queries)
    while block := list(itertools.islice(waiting, directions_at_once(len(prepared)))):
        yield from _search_block(prepared, block, options)
        done += len(block)
        if progress is not None:
            progress(done, total)


def _search_block(
    prepared: PreparedVectors, queries: Sequence[PairQuery], options: PairOptions
) -> list[BestPairs]:
    from gene_analogies.search.pairs.many import find_many_pairs, find_many_weighted_pairs

    part = _indexed(prepared, queries, options)
    directions = np.array([_target(query, options) for query in queries])
    allowed_c = [query.allowed_c[part.rows] for query in queries]
    allowed_d = [query.allowed_d[part.rows] for query in queries]
    if options.pair_weight > 0.0:
        weighted = find_many_weighted_pairs(
            part.vectors, part.neighbours, prepared.cosines(part), directions,
            weight=options.pair_weight, k=options.k, allowed_c=allowed_c, allowed_d=allowed_d,
        )  # fmt: skip
        return [_of_weighted(found, part) for found in weighted]
    euclidean = options.metric == "euclidean"
    plain = find_many_pairs(
        part.vectors, part.neighbours, directions,
        k=options.k, euclidean=euclidean, allowed_c=allowed_c, allowed_d=allowed_d,
    )  # fmt: skip
    return [_of_plain(found, part, prepared.exponent if euclidean else 0) for found in plain]


def _indexed(
    prepared: PreparedVectors, queries: Sequence[PairQuery], options: PairOptions
) -> IndexedRows:
    """Return an index of the rows that may answer any of some queries."""
    allowed = np.zeros(len(prepared), np.bool_)
    for query in queries:
        allowed |= query.allowed_c | query.allowed_d
    return prepared.indexed(np.flatnonzero(allowed), options.truncate, options.sign)


def _target(query: PairQuery, options: PairOptions) -> NDArray[np.float64]:
    """Return what offsets are compared with: a unit vector for cosines."""
    return query.direction * (query.length if options.metric == "euclidean" else 1.0)


def _of_plain(found: FoundPairs, part: IndexedRows, exponent: int) -> BestPairs:
    """Return pairs of some rows as pairs of all, distances in units of the embedding."""
    c, d = part.numbers(found.c), part.numbers(found.d)
    scores = np.ldexp(found.scores, -exponent)
    return BestPairs(c, d, scores, None, found.without_direction)


def _of_weighted(found: WeightedPairs, part: IndexedRows) -> BestPairs:
    c, d = part.numbers(found.c), part.numbers(found.d)
    return BestPairs(c, d, found.similarity, found.scores, found.without_direction)
