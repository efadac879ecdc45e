"""The same question about pairs in two embeddings: what they agree on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.questions.base import as_pairs
from gene_analogies.questions.candidates import rank_rows
from gene_analogies.questions.pair_search import (
    PairOptions,
    PairQuery,
    direct,
    search_pairs,
)
from gene_analogies.questions.random_agreement import numbered, random_agreement, rows_mask
from gene_analogies.report.origin import Origin
from gene_analogies.results.agreement import AgreementResult
from gene_analogies.util.arguments import Metric, Operation, check_int
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.questions.base import Base
    from gene_analogies.report.table import Item

__all__ = ["agree"]

Pairs = list[tuple[int, int]]


def agree(
    space_a: Base,
    space_b: Base,
    a: str | Iterable[tuple[str, str]],
    b: str | None = None,
    *,
    k: int = 10,
    metric: Metric = "cosine",
    operation: Operation = "difference",
    among: Iterable[str] | None = None,
    max_similarity: float | None = None,
    truncate: int | None = None,
    include_query: bool = False,
    pair_weight: float = 0.0,
) -> AgreementResult:
    """Ask two embeddings which pairs relate as a and b do, and compare the answers.

    Only the items that both have are searched: human genes that are the same gene, whatever they
    are called, and other items of one name.

    Parameters
    ----------
    space_a, space_b
        The two spaces.
    a, b, k, metric, operation, among, max_similarity, include_query, pair_weight
        As for `Space.pairs`.
    truncate
        Search the first of the common items only, this many, in the order of the first embedding.

    Returns
    -------
    AgreementResult
        The pairs that are among the best ``k`` of both; then the others, by the better of their
        ranks. Ranks are exact, among all pairs.

    Raises
    ------
    ItemNameError
        If a name does not lead to one item.
    GeneAnalogiesError
        If an argument has no meaning, or the embeddings have too few items in common.

    Examples
    --------
    >>> import gene_analogies as ga
    >>> ga.agree(ga.load("human"), ga.load("pubmed"), "EGF", "EGFR")  # doctest: +SKIP
    """
    options = PairOptions(
        k, metric, operation, max_similarity, truncate, include_query, pair_weight
    )
    spaces = space_a, space_b
    given = [(a, b)] if b is not None else a
    if isinstance(given, str):
        raise GeneAnalogiesError(f"agree needs a second item beside {given!r}")
    named = list(as_pairs(given))
    notes: list[str] = []
    examples = [_examples(space, named, notes) for space in spaces]
    common = _common(space_a, space_b, among, truncate, notes)
    masks = [rows_mask(len(space), rows) for space, rows in zip(spaces, common.T, strict=True)]
    # The rows are the same ones for both, whatever part of them is searched.
    options = replace(options, truncate=None)
    queries = [
        direct(space.prepared, space.names, rows, None, mask, options, notes)
        for space, rows, mask in zip(spaces, examples, masks, strict=True)
    ]
    best = [
        numbered(search_pairs(space.prepared, query, options), len(space), options, common[:, side])
        for side, (space, query) in enumerate(zip(spaces, queries, strict=True))
    ]
    union = np.array(list(dict.fromkeys(best[0] + best[1])), np.int64).reshape(-1, 2)
    ranked = [
        _ranked(space, query, options, common[:, side], union)
        for side, (space, query) in enumerate(zip(spaces, queries, strict=True))
    ]
    both = set(best[0]) & set(best[1])
    ranks = np.array([one[1] for one in ranked])
    agreed = np.array([tuple(pair) in both for pair in union.tolist()], np.bool_)
    # A missing rank is 0: it comes after all others.
    last = np.where(ranks > 0, ranks, np.iinfo(np.int64).max)
    lower, upper = last.min(axis=0), last.max(axis=0)
    order = np.lexsort((
        np.where(agreed, lower, upper), np.where(agreed, upper, lower), ~agreed
    ))  # fmt: skip
    answer = AgreementResult(
        embeddings=_labels(spaces),
        examples=tuple((space_a.item(x), space_a.item(y)) for x, y in examples[0]),
        c=_items(space_a, common[union[order, 0], 0]),
        d=_items(space_a, common[union[order, 1], 0]),
        similarity=np.array([one[0] for one in ranked])[:, order],
        ranks=np.ma.masked_equal(ranks[:, order], 0),
        agreeing=len(both),
        random_agreeing=random_agreement(spaces, common, options),
        k=options.k,
        items=len(common),
        metric=options.metric,
        operation=options.operation,
        pair_weight=options.pair_weight,
        notes=tuple(notes),
    )
    return answer.having_origin(Origin((space_a.embedding, space_b.embedding)))


def _examples(space: Base, named: Iterable[tuple[str, str]], notes: list[str]) -> Pairs:
    rows = []
    for pair in named:
        found = [space.resolver.resolve(name) for name in pair]
        notes += [one.note for one in found if one.note and one.note not in notes]
        if found[0].row == found[1].row:
            raise GeneAnalogiesError(f"a pair needs two items: {pair} are one")
        rows.append((found[0].row, found[1].row))
    if not rows:
        raise GeneAnalogiesError("the list of pairs is empty")
    return rows


def _common(
    space_a: Base,
    space_b: Base,
    among: Iterable[str] | None,
    truncate: int | None,
    notes: list[str],
) -> NDArray[np.int64]:
    """Return the rows of the items to search in both spaces, int64 of shape (m, 2)."""
    first, second = space_a.row_by_gene, space_b.row_by_gene
    rows = np.array([(row, second[key]) for key, row in first.items() if key in second], np.int64)
    rows = rows.reshape(-1, 2)
    if among is not None:
        rows = rows[np.isin(rows[:, 0], _chosen(space_a, among, notes))]
    if truncate is not None:
        rows = rows[: check_int("truncate", truncate)]
    if len(rows) < 2:
        raise GeneAnalogiesError(
            f"the two embeddings have {pluralise(len(rows), 'item')} to search in common; a pair "
            f"needs two{''.join(f'; {note}' for note in notes)}"
        )
    notes.append(
        f"searched: {len(rows):,} items that both embeddings have, of {len(space_a):,} and "
        f"{len(space_b):,}"
    )
    return rows


def _chosen(space: Base, among: Iterable[str], notes: list[str]) -> list[int]:
    if isinstance(among, str) or not isinstance(among, Iterable):
        raise GeneAnalogiesError(f"among must be a list of names, not {among!r}")
    rows, missing = [], []
    for name in among:
        try:
            rows.append(space.resolver.resolve(name, suggest=False).row)
        except ItemNameError:
            missing.append(repr(name))
    if missing:
        lead = "leads" if len(missing) == 1 else "lead"
        which = f"{pluralise(len(missing), 'name')} to search among {lead} to no item"
        notes.append(f"{which}: {first_few(missing)}")
    return rows


def _ranked(
    space: Base,
    query: PairQuery,
    options: PairOptions,
    rows: NDArray[np.int64],
    pairs: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the similarity and the rank of some pairs; NaN and 0 for those that are no answer."""
    of_space = rows[pairs]
    if options.sign > 0:
        of_space = np.sort(of_space, axis=1)
    allowed = query.allowed_c[of_space[:, 0]] & query.allowed_d[of_space[:, 1]]
    found = rank_rows(
        space.prepared, query, replace(options, k=max(1, len(pairs))), of_space[allowed]
    )
    place = {pair: at for at, pair in enumerate(map(tuple, of_space.tolist()))}
    at = [place[pair] for pair in zip(found.c.tolist(), found.d.tolist(), strict=True)]
    similarity, ranks = np.full(len(pairs), np.nan), np.zeros(len(pairs), np.int64)
    similarity[at], ranks[at] = found.similarity, found.ranks
    return similarity, ranks


def _labels(spaces: tuple[Base, Base]) -> tuple[str, str]:
    labels = [space.embedding.label for space in spaces]
    if labels[0] == labels[1]:
        labels = [f"{label} ({number})" for number, label in enumerate(labels, start=1)]
    return labels[0], labels[1]


def _items(space: Base, rows: NDArray[np.int64]) -> tuple[Item, ...]:
    return tuple(space.item(row) for row in rows.tolist())
