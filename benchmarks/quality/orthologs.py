"""Whether the ortholog of a gene is found in the embedding of another species."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from scipy.linalg import orthogonal_procrustes

import gene_analogies as ga
from benchmarks.quality.relation_figures import Rows
from benchmarks.quality.relation_lists import Pair
from gene_analogies.genes.table import GeneTable
from gene_analogies.search.learned.relation import unit_or_zero

__all__ = ["one_to_one", "ortholog_line", "ortholog_ranks"]

_BEST = 10


def one_to_one() -> list[Pair]:
    """Return the human and mouse symbols that the packaged tables relate to each other alone."""
    table = GeneTable.packaged_mouse()
    each = ((gene.symbol, table.by_human(gene.symbol)) for gene in GeneTable.packaged())
    pairs = [(symbol, found[0].symbol) for symbol, found in each if len(found) == 1]
    times = Counter(mouse for _, mouse in pairs)
    return [pair for pair in pairs if times[pair[1]] == 1]


def ortholog_ranks(
    human: ga.Space, mouse: ga.Space, orthologs: Iterable[Pair]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], int]:
    """Rank the mouse ortholog of each held-out human gene among all mouse genes, by cosine.

    Unit vectors are mapped by the orthogonal map that fits one half of the orthologs best; the
    shorter vectors are filled up with zeros.

    Parameters
    ----------
    orthologs
        Human and mouse symbols.

    Returns
    -------
    ranks, learnt_from
        float64 of shape (m,), from 1, the mean rank where cosines are equal; how many orthologs
        the map was learnt from.
    """
    rows, other = Rows(human), Rows(mouse)
    named = [(rows.row(a), other.row(b)) for a, b in sorted(orthologs)]
    pairs = np.array([pair for pair in named if min(pair) >= 0], np.int64).reshape(-1, 2)
    pairs = pairs[np.random.default_rng(0).permutation(len(pairs))]
    units = [unit_or_zero(space.prepared.vectors) for space in (human, mouse)]
    width = max(one.shape[1] for one in units)
    source, target = (np.pad(one, ((0, 0), (0, width - one.shape[1]))) for one in units)
    learnt, asked = pairs[::2], pairs[1::2]
    turn, _ = orthogonal_procrustes(source[learnt[:, 0]], target[learnt[:, 1]])
    ranks = np.empty(len(asked))
    for place, (a, b) in enumerate(asked):
        cosines = np.rint(target @ (source[a] @ turn) * 2.0**40)
        equal = np.count_nonzero(cosines == cosines[b])
        ranks[place] = np.count_nonzero(cosines > cosines[b]) + (equal + 1.0) / 2.0
    return ranks, len(learnt)


def ortholog_line(human: ga.Space, mouse: ga.Space) -> str:
    """Return what a reader is told of these ranks."""
    ranks, learnt_from = ortholog_ranks(human, mouse, one_to_one())
    return (
        f"of {len(ranks):,} genes, {np.mean(ranks <= 1.0):.1%} find their mouse ortholog"
        f" first and {np.mean(ranks <= _BEST):.1%} among the first ten of {len(mouse):,}, by a map"
        f" learnt from {learnt_from:,} others."
    )
