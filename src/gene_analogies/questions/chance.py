"""How often random queries find a best match as good as that of a query."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.questions.pair_search import BestPairs, PairOptions, PairQuery
from gene_analogies.questions.query_pool import LONGEST, QUERIES, Pools
from gene_analogies.results.chance import Chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.util.progress import Progress

__all__ = ["chance_of"]

#: Among fewer items, random pairs are too often the same ones.
_FEWEST = 100


def chance_of(
    pools: Pools,
    query: PairQuery,
    options: PairOptions,
    allowed: NDArray[np.bool_],
    found: BestPairs,
    progress: Progress | None = None,
) -> tuple[Chance, NDArray[np.float64] | None]:
    """Compare a query's best answer with those of random queries like it.

    Parameters
    ----------
    pools
        Random queries.
    query, options, found
        The query, which has examples, and its answer.
    allowed
        Rows that may be in an answer, but for the query's, bool of shape (n,).
    progress
        Called with (queries done, all queries) where the pool is not known yet.

    Returns
    -------
    chance : Chance
        What it says.
    p : NDArray[np.float64] or None
        `mutual_rank_p` of the answers to random queries that are as popular, increasing: of the k
        best each, or the ten best. None where there are no such queries.
    """
    examples = np.array([query.examples], np.int64)
    pairs = examples.shape[1]
    if len(allowed) < _FEWEST:
        return Chance.unknown(f"{len(allowed)} items are too few to draw random pairs"), None
    if pairs > LONGEST:
        return Chance.unknown(f"it is for up to {LONGEST} examples"), None
    if not len(found.c):
        return Chance.unknown("no pair was found"), None
    pool = pools.pool(options, allowed, pairs, progress)
    features = pools.features(examples, options.sign)[0]
    p, best = pool.p_like(features, options.k), pool.best_like(features)
    if best is None:
        what = "pairs" if pairs == 1 else f"lists of {pairs} pairs"
        return Chance.unknown(f"too few of {QUERIES:,} random {what} are like this one"), p
    limit = options.max_similarity
    limited = limit is not None and limit < 1.0
    chance = Chance.counted(
        int(np.count_nonzero(best >= found.order_by[0])),
        len(best),
        pools.matched_by,
        pairs=pairs,
        best="best match" if found.score is None else "best score",
        limit=limit if limited else None,
        telling=pairs > 1 or limited,
    )
    if options.metric == "cosine" and found.score is None:
        cosines = best[np.isfinite(best)].tolist()
        chance = replace(chance, random_best=tuple(cosines))
    return chance, p
