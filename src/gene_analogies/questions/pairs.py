"""The main question: a pair of items, or several, to the pairs with the same relation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.results import PairsResult
from gene_analogies.results.evidence import PairEvidence
from gene_analogies.search.direction import apart, mean_direction, unit_offset
from gene_analogies.util.arguments import (
    Metric,
    Operation,
    check_choice,
    check_int,
    check_pair_weight,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from gene_analogies.search.pairs.find import FoundPairs
    from gene_analogies.search.pairs.weighted import WeightedPairs

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
            Names of two items; or, as ``a`` alone, several example pairs that define the relation
            together: the direction is then the mean of their unit offsets, and its length (for
            the Euclidean metric) the mean of their lengths.
        k
            How many pairs to return; fewer where there are fewer.
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
        check_choice("metric", metric, ("cosine", "euclidean"))
        check_choice("operation", operation, ("difference", "sum"))
        weight = check_pair_weight(pair_weight, metric, operation)
        k = check_int("k", k)
        sign = -1 if operation == "difference" else 1
        notes: list[str] = []
        examples = self._examples(a, b, offset, notes)
        vectors, exponent = self.prepared.vectors, self.prepared.exponent
        if offset is None:
            direction, length = mean_direction(vectors, examples, sign, self.embedding.names)
            length = math.ldexp(length, -exponent)
        else:
            direction, length = unit_offset(offset, vectors.shape[1])
        allowed = self._allowed(among, truncate, notes)
        allowed_c, allowed_d = allowed, allowed
        if examples and not include_query:
            allowed = allowed.copy()
            allowed[np.asarray(examples).ravel()] = False
            allowed_c, allowed_d = allowed, allowed
        if max_similarity is not None:
            allowed_c, allowed_d = apart(vectors, examples, allowed, max_similarity, sign)
        if not (allowed_c.any() and allowed_d.any()) or np.count_nonzero(allowed_c | allowed_d) < 2:
            if max_similarity is not None:
                notes.append(f"max_similarity is {max_similarity:g}")
            why = "".join(f"; {note}" for note in notes)
            raise GeneAnalogiesError(f"fewer than two items are left to make a pair of{why}")

        euclidean = metric == "euclidean"
        if euclidean and not 1e-100 < math.ldexp(length, exponent) < 1e100:
            raise GeneAnalogiesError(f"the offset's length, {length:.3g}, is out of proportion")
        target = direction * math.ldexp(length, exponent) if euclidean else direction
        part = self.prepared.indexed(np.flatnonzero(allowed_c | allowed_d), truncate, sign)
        masks = {"allowed_c": allowed_c[part.rows], "allowed_d": allowed_d[part.rows]}
        weighted: WeightedPairs | None = None
        found: FoundPairs
        if weight > 0.0:
            from gene_analogies.search.pairs.weighted import find_weighted_pairs

            found = weighted = find_weighted_pairs(
                part.vectors, part.neighbours, self.prepared.cosines(part), target,
                weight=weight, k=k, **masks,
            )  # fmt: skip
        else:
            from gene_analogies.search.pairs.find import find_pairs

            found = find_pairs(
                part.vectors, part.neighbours, target, k=k, euclidean=euclidean, **masks
            )
        c_rows, d_rows = part.numbers(found.c), part.numbers(found.d)
        similarity = np.ldexp(found.scores, -exponent) if euclidean else found.scores
        asked = tuple((self.item(x), self.item(y)) for x, y in examples)
        c, d = self._items(c_rows), self._items(d_rows)
        untested = _untested(metric, operation, max_similarity, weight)
        evidence = PairEvidence(
            self.prepared, asked, tuple(examples), c, d, c_rows, d_rows,
            None if untested else allowed, untested,
        )  # fmt: skip
        return PairsResult(
            examples=asked,
            c=c,
            d=d,
            c_rows=c_rows,
            d_rows=d_rows,
            similarity=weighted.similarity if weighted else similarity,
            metric=metric,
            operation=operation,
            pair_weight=weight,
            score=weighted.scores if weighted else None,
            evidence=evidence,
            notes=tuple(notes),
            without_direction=found.without_direction,
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


def _untested(
    metric: Metric, operation: Operation, max_similarity: float | None, pair_weight: float
) -> str:
    """Return with what p is small by chance too often, as docs/evidence.md has it; or nothing."""
    if pair_weight > 0.0:
        return "a pair weight"
    if metric == "euclidean":
        return "Euclidean distance"
    if operation == "sum":
        return "sums"
    if max_similarity is not None and max_similarity < 1.0:
        return "max_similarity"
    return ""
