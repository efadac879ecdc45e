"""Pairs that the user names, to be ranked alone: from names to rows, and to ranks among all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.questions.base import as_pairs
from gene_analogies.questions.pair_search import BestPairs, PairOptions, PairQuery
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.genes.resolve import Resolver
    from gene_analogies.search.prepared import PreparedVectors
    from gene_analogies.util.progress import Progress

__all__ = ["RankedCandidates", "allowed_candidates", "rank_rows", "rows_of_candidates"]


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


def rows_of_candidates(
    candidates: Iterable[tuple[str, str]], resolver: Resolver, notes: list[str]
) -> NDArray[np.int64]:
    """Return the rows of named pairs, int64 of shape (m, 2); what is left out goes to the notes.

    Raises
    ------
    GeneAnalogiesError
        If these are no pairs, or none of them has two items.
    """
    if isinstance(candidates, str) or not isinstance(candidates, Iterable):
        raise GeneAnalogiesError(f"candidates must be a list of pairs, not {candidates!r}")
    named = list(as_pairs(candidates))
    if not named:
        raise GeneAnalogiesError("candidates holds no pair")
    rows: dict[str, int] = {}
    missing: dict[str, str] = {}
    rewritten = []
    for name in dict.fromkeys(name for pair in named for name in pair):
        try:
            found = resolver.resolve(str(name) if isinstance(name, int) else name, suggest=False)
        except ItemNameError as error:
            missing[name] = str(error)
            continue
        rows[name] = found.row
        if found.note:
            rewritten.append(found.note)
    if rewritten:
        were = "was" if len(rewritten) == 1 else "were"
        which = f"{pluralise(len(rewritten), 'name')} of candidates {were} rewritten"
        notes.append(f"{which}: {first_few(rewritten)}")
    found_pairs = [(rows[a], rows[b]) for a, b in named if a in rows and b in rows]
    if missing:
        lead = "leads" if len(missing) == 1 else "lead"
        lost = _left_out(len(named) - len(found_pairs), len(named))
        names = f"{pluralise(len(missing), 'name')} {lead} to no item"
        notes.append(f"{lost}: {names}: {first_few(list(missing.values()))}")
    if not found_pairs:
        raise GeneAnalogiesError(f"no candidate pair has two items; {'; '.join(notes)}")
    return np.array(found_pairs, np.int64)


def allowed_candidates(
    pairs: NDArray[np.int64], query: PairQuery, sign: int, notes: list[str]
) -> NDArray[np.int64]:
    """Return those named pairs that could be an answer, each once; the rest goes to the notes.

    Parameters
    ----------
    pairs
        int64 of shape (m, 2): rows.
    query
        Which rows may be in the answer.
    sign
        −1 for differences; +1 for sums, where a pair has no order.
    notes
        Where to say how many were left out, and why.

    Raises
    ------
    GeneAnalogiesError
        If none is left.
    """
    total = len(pairs)
    two = pairs[pairs[:, 0] != pairs[:, 1]]
    if len(two) < total:
        notes.append(f"{_left_out(total - len(two), total)}: both names are of one item")
    if sign > 0:
        two = np.sort(two, axis=1)
    once = np.unique(two, axis=0)
    if len(once) < len(two):
        notes.append(f"{_left_out(len(two) - len(once), total)}: named before")
    inside = query.allowed_c[once[:, 0]] & query.allowed_d[once[:, 1]]
    kept = once[inside]
    if len(kept) < len(once):
        notes.append(
            f"{_left_out(len(once) - len(kept), total)}: they hold an item of the query, or one "
            "that the options leave out"
        )
    if not len(kept):
        raise GeneAnalogiesError(f"no candidate pair is left; {'; '.join(notes)}")
    return kept


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
        int64 of shape (m, 2), as `allowed_candidates` returns them.
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


def _left_out(count: int, total: int) -> str:
    are = "is" if count == 1 else "are"
    return f"{count:,} of {pluralise(total, 'candidate pair')} {are} left out"
