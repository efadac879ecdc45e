"""The main question: a pair of items, or several, to the pairs with the same relation."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.questions.candidates import (
    RankedCandidates,
    candidate_rows,
    rank_rows,
)
from gene_analogies.questions.chance import chance_of
from gene_analogies.questions.origin import with_call
from gene_analogies.questions.pair_search import (
    MAX_PAIRS,
    BestPairs,
    PairOptions,
    PairQuery,
    direct,
    search_pairs,
)
from gene_analogies.questions.query_pool import Pools
from gene_analogies.results import Item, PairsResult
from gene_analogies.results.consistency import Consistency
from gene_analogies.results.evidence import PairEvidence
from gene_analogies.util.arguments import Metric, Operation
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.results.chance import Chance

__all__ = ["Pairs"]


class Pairs(Base):
    """`pairs`: which pairs relate as these do."""

    @with_call
    def pairs(
        self,
        a: str | Iterable[tuple[str, str]] | None = None,
        b: str | None = None,
        *,
        k: int | None = None,
        metric: Metric = "cosine",
        operation: Operation = "difference",
        among: Iterable[str] | None = None,
        max_similarity: float | None = None,
        truncate: int | None = None,
        include_query: bool = False,
        pair_weight: float = 0.0,
        offset: ArrayLike | None = None,
        candidates: Iterable[tuple[str, str]] | None = None,
        chance: bool = False,
        progress: Progress | None = None,
    ) -> PairsResult:
        """Find the pairs c, d that relate as a and b do; exact over all ordered pairs.

        Parameters
        ----------
        a, b
            Names of two items; or, as ``a`` alone, several example pairs, a list or a data frame
            with two columns, that define the relation together: the direction is then the mean of
            their unit offsets, and its length (for the Euclidean metric) the mean of their lengths.
        k
            How many pairs to return, at most 1,000,000; fewer where there are fewer. 10 unless
            given; with ``candidates`` all of them.
        metric
            ``"cosine"``: the cosine of the offsets (PairDirection, Levy & Goldberg 2014).
            ``"euclidean"``: the negative of their distance.
        operation
            ``"difference"``: offsets are ``a − b``, and both orders of every pair count.
            ``"sum"``: they are ``a + b``, and a pair appears once, the earlier row as c.
        among
            Names to which c and d are restricted; names without a vector are left out, and noted.
        max_similarity
            Leave out pairs where cos(a, c) or cos(b, d) exceeds this, in [−1, 1] (for sums, in
            either order); for several examples, where it does so for any of them.
        truncate
            Search the first rows only, this many.
        include_query
            Keep pairs that share a member with the query.
        pair_weight
            Order by cos(a − b, c − d) + ``pair_weight`` · cos(c, d), the answer's ``score``, in
            0..1000: pairs whose members belong together come first. For ``"cosine"`` of
            ``"difference"`` only. The cosine is of the embedding's vectors, that with a zero
            vector is 0.
        offset
            A ready vector of shape (d,) instead of ``a`` and ``b``.
        candidates
            Pairs c, d, a list or a data frame with two columns: order these alone. The answer's
            ``rank_of_all`` is the place of each among all pairs that could be an answer. Names that
            lead to no item are noted.
        chance
            Compare the best pair with those that 400 random queries like this one find, and its
            p's with theirs: the answer's ``chance`` and ``p_cal``. The random queries are asked
            once for these options, which takes about half a minute for the built-in embeddings,
            and kept in the user's cache folder.
        progress
            Called with (done, all): queries while random ones are asked, rows while candidates are
            ranked.

        Returns
        -------
        PairsResult
            Best first; scores that agree to about twelve decimals are ordered by rows. Pairs of
            equal vectors (for sums, of opposite ones) have no direction: they are left out and
            counted.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        GeneAnalogiesError
            If an argument has no meaning, an offset is zero or fewer than two items are left.
        """
        if k is None:
            k = 10 if candidates is None else MAX_PAIRS
        options = PairOptions(
            k, metric, operation, max_similarity, truncate, include_query, pair_weight
        )
        notes: list[str] = []
        examples = self._examples(a, b, offset, notes)
        if chance and not examples:
            raise GeneAnalogiesError("chance needs example items, which offset= has not")
        allowed = self._allowed(among, truncate, notes)
        query = direct(
            self.prepared, self.embedding.names, examples, offset, allowed, options, notes
        )
        found: BestPairs
        if candidates is None:
            found = search_pairs(self.prepared, query, options)
        elif chance:
            raise GeneAnalogiesError("chance is that of found pairs: it goes without candidates")
        else:
            rows = candidate_rows(candidates, self.resolver, query, options, notes)
            found = rank_rows(self.prepared, query, options, rows, progress)
        judged = None
        if chance:
            judged = chance_of(self._pools, query, options, allowed, found, progress)
        return self._pairs_answer(query, options, found, notes, judged)

    @cached_property
    def _pools(self) -> Pools:
        """Random queries."""
        return Pools(self.prepared, self.embedding, self.resolver, cache=self._keep_index)

    def _pairs_answer(
        self,
        query: PairQuery,
        options: PairOptions,
        found: BestPairs,
        notes: list[str],
        judged: tuple[Chance, NDArray[np.float64] | None] | None = None,
    ) -> PairsResult:
        """Return found rows as the answer to a query; ``judged`` is as `chance_of` has it."""
        asked = tuple((self.item(x), self.item(y)) for x, y in query.examples)
        c, d = self._items(found.c), self._items(found.d)
        named = found if isinstance(found, RankedCandidates) else None
        # p holds for pairs that were named, whatever they are ordered by.
        untested = "" if named else options.untested
        evidence = PairEvidence(
            self.prepared, asked, tuple(query.examples), c, d, found.c, found.d,
            query.allowed_c if named else query.candidates, untested,
            candidates_d=query.allowed_d if named else None, named=named is not None,
            random_p=judged[1] if judged else None, calibrates=judged is not None,
            direction=query.direction,
        )  # fmt: skip
        return PairsResult(
            examples=asked,
            c=c,
            d=d,
            c_rows=found.c,
            d_rows=found.d,
            similarity=found.similarity,
            metric=options.metric,
            operation=options.operation,
            pair_weight=options.pair_weight,
            score=found.score,
            evidence=evidence,
            chance=judged[0] if judged else None,
            notes=tuple(notes),
            without_direction=found.without_direction,
            max_similarity=options.max_similarity,
            rank_of_all=named.ranks if named else None,
            all_pairs=named.pairs if named else None,
            consistency=self._consistency(query, options, asked),
        )

    def _consistency(
        self, query: PairQuery, options: PairOptions, asked: tuple[tuple[Item, Item], ...]
    ) -> Consistency | None:
        """Return how far several examples agree; sums have no direction to agree in."""
        rows = tuple(query.examples)
        if options.operation == "sum" or len(set(rows)) < 2:
            return None
        return Consistency(self.prepared, asked, rows)

    def _examples(
        self,
        a: str | Iterable[tuple[str, str]] | None,
        b: str | None,
        offset: ArrayLike | None,
        notes: list[str],
    ) -> list[tuple[int, int]]:
        """Rows of the example pairs; none where a ready offset is given."""
        if offset is not None:
            if a is not None or b is not None:
                raise GeneAnalogiesError("give either items or offset=, not both")
            return []
        if a is None:
            raise GeneAnalogiesError("pairs needs two items, a list of pairs, or offset=")
        if isinstance(a, (str, int)):
            if b is None:
                raise GeneAnalogiesError(f"pairs needs a second item beside {a!r}")
            return self._rows_of_pairs([(str(a), b)], notes)
        if b is not None:
            raise GeneAnalogiesError("a list of pairs takes no second argument")
        return self._rows_of_pairs(a, notes)
