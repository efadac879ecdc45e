"""What one embedding knows of one relation, in figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import gene_analogies as ga
from benchmarks.quality.relation_lists import Half, Pair, Relation
from gene_analogies.errors import ItemNameError
from gene_analogies.search.learned.prediction import Prediction, measure_prediction
from gene_analogies.search.learned.relation import (
    Direction,
    Pairing,
    measure_direction,
    measure_pairing,
)
from gene_analogies.search.learned.retrieval import Retrieval, Search, measure_retrieval
from gene_analogies.util.progress import Progress

__all__ = ["ANSWERS", "Counts", "Figures", "Rows", "library_search", "measure"]

ANSWERS = 10
_EXAMPLES = 10
_SEED = 0


@dataclass(frozen=True)
class Counts:
    """How much is asked: pairs of a prediction, queries of one pair, and of ten."""

    predicted: int = 300
    single: int = 250
    several: int = 20
    #: Relations of fewer pairs are left out.
    least: int = 25


@dataclass(frozen=True)
class Figures:
    """What an embedding knows of a relation.

    Attributes
    ----------
    pairs
        How many of the relation's (or its half's) pairs have both items in the embedding.
    single, several
        From one pair, and from ten; the latter is None where there are too few pairs.
    """

    relation: Relation
    pairs: int
    pairing: Pairing
    direction: Direction
    prediction: Prediction
    single: Retrieval
    several: Retrieval | None


class Rows:
    """The rows of names: by an item's own name, or by the symbol of its gene."""

    def __init__(self, space: ga.Space) -> None:
        self._rows = dict(space.embedding.rows)
        for row in range(len(space)):
            gene = space.resolver.gene(row)
            if gene is not None:
                self._rows.setdefault(gene.symbol, row)

    def row(self, name: str) -> int:
        """Return the row of a name, or −1."""
        return self._rows.get(name, -1)

    def of(self, pairs: Iterable[Pair]) -> NDArray[np.int64]:
        """Return the pairs whose two names are different rows, each once, in order."""
        rows = ((self.row(a), self.row(b)) for a, b in pairs)
        found = dict.fromkeys(pair for pair in rows if min(pair) >= 0 and pair[0] != pair[1])
        return np.array(list(found), np.int64).reshape(-1, 2)


def library_search(space: ga.Space, pair_weight: float = 0.0) -> Search:
    """Return the search of `Space.pairs`; a query without a direction has no answers."""
    names = space.embedding.names
    # Rows are asked for, not genes: an item's name may be that of two genes.
    space = ga.Space(space.embedding, genes=None)

    def search(queries: Sequence[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
        found = []
        for query in queries:
            try:
                pairs = [(names[a], names[b]) for a, b in query]
                answer = space.pairs(pairs, k=ANSWERS, pair_weight=pair_weight)
            except ItemNameError:
                raise
            except ga.GeneAnalogiesError:
                found.append(np.empty((0, 2), np.int64))
            else:
                found.append(np.stack([answer.c_rows, answer.d_rows], axis=1))
        return found

    return search


def measure(
    space: ga.Space,
    rows: Rows,
    relation: Relation,
    *,
    half: Half,
    search: Search,
    counts: Counts = Counts(),
    progress: Progress,
) -> Figures | None:
    """Measure a half of a relation, or all of it; None where too few of its pairs are there.

    What is drawn comes from the half, and so does all that something is learnt from; whether an
    answer is a pair of the relation is told by all pairs.
    """
    drawn = rows.of(relation.half(half))
    if len(drawn) < counts.least:
        return None
    known = rows.of(relation.pairs)
    if relation.symmetric:
        known = np.concatenate([known, known[:, ::-1]])
    vectors, n = space.prepared.vectors, len(space)

    def within(first: float, last: float) -> Progress:
        def report(done: int, total: int) -> None:
            progress(round(1000 * (first + (last - first) * done / total)), 1000)

        return report

    prediction = measure_prediction(
        vectors, drawn[: counts.predicted], seed=_SEED, progress=within(0.0, 0.3)
    )
    single = [drawn[place : place + 1] for place in range(min(counts.single, len(drawn)))]
    several = None
    if len(drawn) > _EXAMPLES:
        generator = np.random.default_rng(_SEED)
        draws = [
            drawn[generator.choice(len(drawn), _EXAMPLES, replace=False)]
            for _ in range(counts.several)
        ]
        several = measure_retrieval(search, draws, known, n, progress=within(0.9, 1.0))
    return Figures(
        relation=relation,
        pairs=len(drawn),
        pairing=measure_pairing(vectors, drawn, known),
        direction=measure_direction(vectors, drawn),
        prediction=prediction,
        single=measure_retrieval(search, single, known, n, progress=within(0.3, 0.9)),
        several=several,
    )
