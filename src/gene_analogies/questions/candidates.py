"""Pairs that the user names, to be ranked alone: from names to rows, and to ranks among all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.questions.base import WHY, as_pairs
from gene_analogies.questions.pair_search import BestPairs, PairOptions, PairQuery
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.genes.resolve import Resolver
    from gene_analogies.search.prepared import PreparedVectors
    from gene_analogies.util.progress import Progress

__all__ = ["RankedCandidates", "candidate_rows", "rank_rows"]


@dataclass(frozen=True)
class RankedCandidates(BestPairs):
    """Named pairs, best first.

    Attributes
    ----------
    ranks
        int64 of shape (k,): the place of each among all pairs that could be an answer, from 1.
    pairs
        How many pairs could be.
    """

    ranks: NDArray[np.int64]
    pairs: int


def candidate_rows(
    candidates: Iterable[tuple[str, str]],
    resolver: Resolver,
    query: PairQuery,
    options: PairOptions,
    notes: list[str],
) -> NDArray[np.int64]:
    """Return the rows of those named pairs that could be an answer, int64 of shape (m, 2).

    Each pair is there once; for sums, where it has no order, with the earlier row first. How many
    were left out, and why, goes to the notes.

    Raises
    ------
    GeneAnalogiesError
        If these are no pairs, or none is left.
    """
    if isinstance(candidates, str) or not isinstance(candidates, Iterable):
        raise GeneAnalogiesError(f"candidates must be a list of pairs, not {candidates!r}")
    named = list(as_pairs(candidates))
    if not named:
        raise GeneAnalogiesError("candidates holds no pair")
    rows, missing = _rows_of_names([name for pair in named for name in pair], resolver, notes)

    def leave_out(count: int, why: str) -> None:
        if count:
            are = "is" if count == 1 else "are"
            total = pluralise(len(named), "candidate pair")
            notes.append(f"{count:,} of {total} {are} left out: {why}")

    found = [(rows[a], rows[b]) for a, b in named if a in rows and b in rows]
    lead = "leads" if len(missing) == 1 else "lead"
    names = f"{pluralise(len(missing), 'name')} {lead} to no item: {first_few(missing)}"
    leave_out(len(named) - len(found), names)
    pairs: NDArray[np.int64] = np.array(found, np.int64).reshape(-1, 2)
    two = pairs[pairs[:, 0] != pairs[:, 1]]
    leave_out(len(pairs) - len(two), "both names are of one item")
    once = np.unique(two if options.sign < 0 else np.sort(two, axis=1), axis=0)
    leave_out(len(two) - len(once), "named twice")
    kept: NDArray[np.int64] = once[query.allowed_c[once[:, 0]] & query.allowed_d[once[:, 1]]]
    why = "with an item of the query, or one that the options leave out"
    leave_out(len(once) - len(kept), why)
    if not len(kept):
        raise GeneAnalogiesError(f"no candidate pair is left; {'; '.join(notes)}")
    return kept


def _rows_of_names(
    names: Iterable[str], resolver: Resolver, notes: list[str]
) -> tuple[dict[str, int], list[str]]:
    """Return the rows of those names that lead to one, and why others do not."""
    rows: dict[str, int] = {}
    missing, rewritten = [], []
    for name in dict.fromkeys(names):
        try:
            found = resolver.resolve(str(name) if isinstance(name, int) else name, suggest=False)
        except ItemNameError as error:
            missing.append(f"{name!r} {WHY[type(error)]}")
            continue
        rows[name] = found.row
        if found.note:
            rewritten.append(found.note)
    if rewritten:
        were = "was" if len(rewritten) == 1 else "were"
        which = f"{pluralise(len(rewritten), 'name')} of candidates {were} rewritten"
        notes.append(f"{which}: {first_few(rewritten)}")
    return rows, missing


def rank_rows(
    prepared: PreparedVectors,
    query: PairQuery,
    options: PairOptions,
    pairs: NDArray[np.int64],
    progress: Progress | None = None,
) -> RankedCandidates:
    """Return pairs of rows in the order of their scores, with their ranks among all pairs.

    Parameters
    ----------
    prepared
        The vectors.
    query
        As `direct` returns it.
    options
        What else is asked; of `PairOptions.k` only so many are returned.
    pairs
        int64 of shape (m, 2), as `candidate_rows` returns them.
    progress
        Called with (rows done, n).
    """
    from gene_analogies.search.pairs.ranks import rank_pairs

    euclidean = options.metric == "euclidean"
    c, d = np.ascontiguousarray(pairs.T)
    found = rank_pairs(
        prepared.vectors,
        query.direction * query.length if euclidean else query.direction,
        c,
        d,
        sign=options.sign,
        euclidean=euclidean,
        weight=options.pair_weight,
        allowed_c=query.allowed_c,
        allowed_d=query.allowed_d,
        index=prepared.known_index(options.sign),
        progress=progress,
    )
    best = slice(options.k)
    similarity = np.ldexp(found.similarity, -prepared.exponent if euclidean else 0)
    return RankedCandidates(
        found.c[best],
        found.d[best],
        similarity[best],
        found.scores[best] if options.pair_weight > 0.0 else None,
        found.without_direction,
        found.ranks[best],
        found.pairs,
    )
