"""What is like an item, like all items of a set, like one rather than another; and overall."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.questions.origin import with_call
from gene_analogies.results import Distribution, SimilarPairsResult, SimilarResult
from gene_analogies.results.similar import Contrasted
from gene_analogies.util.arguments import Metric, check_choice, check_int
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["How", "Nearest", "Similar", "check_similar"]

How = Literal["span", "mean", "min"]

_METRICS = ("cosine", "euclidean")
#: Answers have the similarity to each member of sets up to this size.
_COMPARED = 5
#: Quantiles of the distribution.
_LEVELS = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)


class Nearest(NamedTuple):
    """Rows, their similarities in units of the embedding, and how many had no direction."""

    rows: NDArray[np.int64]
    similarity: NDArray[np.float64]
    without_direction: int


def check_similar(metric: Metric, how: How, k: int) -> int:
    """Return k, after checking the options."""
    check_choice("metric", metric, _METRICS)
    check_choice("how", how, ("span", "mean", "min"))
    return check_int("k", k)


class Similar(Base):
    """`similar`: the items nearest to others; `similar_overall`: the nearest pairs of all."""

    @with_call
    def similar(
        self,
        names: str | Iterable[str],
        *,
        contrast: str | None = None,
        k: int = 10,
        metric: Metric = "cosine",
        how: How = "span",
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        include_query: bool = False,
    ) -> SimilarResult:
        """Find the items most similar to one item, or to several together; exact.

        Parameters
        ----------
        names
            The name of an item; or several, which count together as ``how`` says.
        contrast
            The name of another item that the answer should be far from: items are ordered by
            their similarity to ``names``, which must be one item, minus that to ``contrast``. Their
            unit vectors must be at least 10⁻⁶ apart (for distances: differ).
        k
            How many items to return; fewer where there are fewer.
        metric
            ``"cosine"``; or ``"euclidean"``: the negative distance, in units of the embedding.
        how
            What similarity to several items is; with one item all three are the similarity to it.
            ``"span"``: the squared cosine with the span of the members, summed over an
            orthonormal basis, so that members that are like each other do not count twice. It is
            1 for any linear combination of them, and signs do not matter: the opposite of a member
            is as similar as the member. For distances, that to their affine span.
            ``"mean"``: the cosine with the mean of their unit vectors, so that long vectors count
            no more than short ones (as in gensim's ``most_similar``), which must be at least 10⁻⁶
            long; or the distance to their mean.
            ``"min"``: the lowest of the cosines with them, or the distance to the farthest.
        among
            Names to which the answer is restricted; names without a vector are left out, and
            noted.
        truncate
            Search the first rows only, this many.
        include_query
            Keep the items that were asked for.

        Returns
        -------
        SimilarResult
            Best first; similarities that agree to about twelve decimals are ordered by rows.
            Items with a zero vector have no cosine: they are left out and counted.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        GeneAnalogiesError
            If an argument has no meaning, the items have no direction, mean or span to compare
            with, or no item is left.
        """
        from gene_analogies.search.items.similar import similarities

        k = check_similar(metric, how, k)
        notes: list[str] = []
        members = self._rows_of(names, "names", notes)
        other = None if contrast is None else self._contrast(contrast, members, notes)
        asked = members if other is None else [*members, other]
        cosine = metric == "cosine"
        vectors, exponent, norms = (
            self.prepared.vectors,
            self.prepared.exponent,
            self.prepared.norms,
        )
        allowed = self._allowed(among, truncate, notes)
        allowed = allowed if truncate is None else allowed[:truncate]
        found = self._nearest(members, other, allowed, k, metric, how, include_query, notes)
        compared, each = [], np.empty((len(found.rows), 0))
        if 2 <= len(asked) <= _COMPARED:
            compared = asked
            each = similarities(vectors, norms, found.rows, compared, euclidean=not cosine)
        return SimilarResult(
            members=self._items(members),
            contrast=None if other is None else self.item(other),
            items=self._items(found.rows),
            rows=found.rows,
            similarity=found.similarity,
            to_each=each if cosine else np.ldexp(each, -exponent),
            compared=self._items(compared),
            metric=metric,
            how=how,
            notes=tuple(notes),
            without_direction=found.without_direction,
            contrasted=None if other is None else Contrasted(self.prepared, (members[0], other)),
        )

    def _nearest(
        self,
        members: list[int],
        other: int | None,
        allowed: NDArray[np.bool_],
        k: int,
        metric: Metric,
        how: How,
        include_query: bool,
        notes: Sequence[str],
    ) -> Nearest:
        """Return the rows, of those allowed, that are like some and unlike another."""
        # Here, since it brings numba, which takes a while.
        from gene_analogies.search.items.similar import find_contrast, find_similar

        cosine = metric == "cosine"
        asked = members if other is None else [*members, other]
        if cosine:
            self._check_directions(asked)
        if not include_query:
            allowed = allowed.copy()
            allowed[[row for row in asked if row < len(allowed)]] = False
        if not allowed.any():
            why = "".join(f"; {note}" for note in notes)
            raise GeneAnalogiesError(f"no item is left to compare with{why}")
        vectors, norms = self.prepared.vectors, self.prepared.norms
        if other is None:
            rows, scores = find_similar(
                vectors, norms, members, k=k, how=how, euclidean=not cosine, allowed=allowed
            )
        else:
            rows, scores = find_contrast(
                vectors, norms, members[0], other, k=k, euclidean=not cosine, allowed=allowed
            )
        scores = scores if cosine else np.ldexp(scores, -self.prepared.exponent)
        return Nearest(rows, scores, self._without_direction(allowed) if cosine else 0)

    @with_call
    def similar_overall(
        self,
        *,
        k: int = 10,
        metric: Metric = "cosine",
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        progress: Progress | None = None,
    ) -> SimilarPairsResult:
        """Find the most similar pairs of all items, and how all similarities are distributed.

        All pairs are compared. The answer is exact; the distribution comes from float32 products
        and a histogram of 65,536 bins over [−1, 1], or for distances of 4,096 bins between a
        distance and its double.

        Parameters
        ----------
        k
            How many pairs to return; fewer where there are fewer.
        metric
            ``"cosine"``; or ``"euclidean"``: the negative distance, in units of the embedding.
        among
            Names of the items to compare; names without a vector are left out, and noted.
        truncate
            Compare the first rows only, this many.
        progress
            Called with (pairs done, all pairs).

        Returns
        -------
        SimilarPairsResult
            Best first; similarities that agree to about twelve decimals are ordered by rows.
            Items with a zero vector have no cosine: they are left out and counted.

        Raises
        ------
        GeneAnalogiesError
            If an argument has no meaning, or fewer than two items are left.
        """
        from gene_analogies.search.items.similar_pairs import find_similar_pairs

        check_choice("metric", metric, _METRICS)
        k = check_int("k", k)
        notes: list[str] = []
        allowed = self._allowed(among, truncate, notes)
        vectors, exponent = self.prepared.vectors, self.prepared.exponent
        cosine = metric == "cosine"
        without = self._without_direction(allowed) if cosine else 0
        rows = np.flatnonzero(allowed & (self.prepared.norms > 0.0) if cosine else allowed)
        if len(rows) < 2:
            zero = [f"{without:,} have zero vectors"] if without else []
            why = "".join(f"; {note}" for note in [*zero, *notes])
            raise GeneAnalogiesError(f"fewer than two items are left to make a pair of{why}")
        found = find_similar_pairs(
            vectors, self.prepared.norms, rows,
            k=k, levels=_LEVELS, euclidean=not cosine, progress=progress,
        )  # fmt: skip
        back = 0 if cosine else -exponent
        return SimilarPairsResult(
            a=self._items(found.a),
            b=self._items(found.b),
            a_rows=found.a,
            b_rows=found.b,
            similarity=np.ldexp(found.scores, back),
            distribution=Distribution(
                pairs=found.pairs,
                mean=math.ldexp(found.mean, back),
                deviation=math.ldexp(found.deviation, back),
                min=math.ldexp(found.least, back),
                max=math.ldexp(found.greatest, back),
                levels=_LEVELS,
                quantiles=tuple(np.ldexp(found.quantiles, back).tolist()),
                resolution=found.resolution,
            ),
            metric=metric,
            copies=found.copies,
            notes=tuple(notes),
            without_direction=without,
        )

    def _contrast(self, contrast: str, members: list[int], notes: list[str]) -> int:
        """Return the row of the item that the answer is far from."""
        if not isinstance(contrast, str):
            raise GeneAnalogiesError(f"contrast must be the name of one item, not {contrast!r}")
        if len(members) != 1:
            raise GeneAnalogiesError(
                f"contrast compares one item with another: names must be one item, not "
                f"{len(members)}"
            )
        row = self._row(contrast, notes)
        if row == members[0]:
            raise GeneAnalogiesError(
                f"contrast needs another item: {contrast!r} is {self.embedding.names[row]!r}"
            )
        return row

    def _check_directions(self, rows: list[int]) -> None:
        """Refuse items whose vector is zero."""
        for row in rows:
            if self.prepared.norms[row] == 0.0:
                name = self.embedding.names[row]
                raise GeneAnalogiesError(
                    f"the vector of {name!r} is zero: it has no cosine; use metric='euclidean'"
                )

    def _without_direction(self, allowed: NDArray[np.bool_]) -> int:
        """Return how many of the first rows may answer, yet have a zero vector."""
        zero = self.prepared.zero_rows
        return int(np.count_nonzero(allowed[zero[zero < len(allowed)]]))
