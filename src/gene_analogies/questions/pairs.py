"""The main question: a pair of items, or several, to the pairs with the same relation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.questions.pair_search import (
    BestPairs,
    PairOptions,
    PairQuery,
    direct,
    search_pairs,
)
from gene_analogies.results import PairsResult
from gene_analogies.results.evidence import PairEvidence
from gene_analogies.util.arguments import Metric, Operation

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Pairs"]


class Pairs(Base):
    """`pairs`: which pairs relate as these do."""

    def pairs(
        self,
        a: str | Iterable[tuple[str, str]] | None = None,
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
        offset: ArrayLike | None = None,
    ) -> PairsResult:
        """Find the pairs c, d that relate as a and b do; exact over all ordered pairs.

        Parameters
        ----------
        a, b
            Names of two items; or, as ``a`` alone, several example pairs, a list or a data frame
            with two columns, that define the relation together: the direction is then the mean of
            their unit offsets, and its length (for the Euclidean metric) the mean of their lengths.
        k
            How many pairs to return, at most 1,000,000; fewer where there are fewer.
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
        options = PairOptions(
            k, metric, operation, max_similarity, truncate, include_query, pair_weight
        )
        notes: list[str] = []
        examples = self._examples(a, b, offset, notes)
        allowed = self._allowed(among, truncate, notes)
        query = direct(
            self.prepared, self.embedding.names, examples, offset, allowed, options, notes
        )
        return self._pairs_answer(
            query, options, search_pairs(self.prepared, query, options), notes
        )

    def _pairs_answer(
        self, query: PairQuery, options: PairOptions, found: BestPairs, notes: list[str]
    ) -> PairsResult:
        """Return found rows as the answer to a query."""
        asked = tuple((self.item(x), self.item(y)) for x, y in query.examples)
        c, d = self._items(found.c), self._items(found.d)
        evidence = PairEvidence(
            self.prepared, asked, tuple(query.examples), c, d, found.c, found.d,
            None if options.untested else query.candidates, options.untested, query.direction,
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
            notes=tuple(notes),
            without_direction=found.without_direction,
            max_similarity=options.max_similarity,
        )

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
