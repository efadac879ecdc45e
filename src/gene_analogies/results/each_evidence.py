"""What the pairs of the answers to many questions can be judged by: all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.report.table import Column, Item
from gene_analogies.results.evidence import NEWEST_PAPERS, entrez_numbers, gene_ids, urls_of_papers
from gene_analogies.util.lazy_values import LazyValues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.search.prepared import PreparedVectors

__all__ = ["EachEvidence", "counts", "items_of_rows"]


@dataclass(frozen=True, eq=False, repr=False)
class EachEvidence:
    """What `PairEvidence` says of the pairs c, d of each answer; worked out when it is asked for.

    Attributes
    ----------
    prepared
        The vectors.
    items
        The items of all rows that occur, by row.
    examples
        The rows of the example pairs of each question.
    questions
        int64 of shape (r,): which question a row of the table belongs to, increasing.
    c_rows, d_rows
        int64 of shape (r,): the rows of c and d; −1 where there is none.
    candidates
        Which rows could have been c or d, bool of shape (n,), but for those of the examples; None
        where p would be small by chance too often.
    with_query
        Whether the rows of the examples could have been, too.
    """

    prepared: PreparedVectors
    items: Mapping[int, Item]
    examples: Sequence[Sequence[tuple[int, int]]]
    questions: NDArray[np.int64]
    c_rows: NDArray[np.int64]
    d_rows: NDArray[np.int64]
    candidates: NDArray[np.bool_] | None = None
    with_query: bool = False

    def __getstate__(self) -> dict[str, Any]:
        # A copy has the numbers: the vectors, which are large, are not needed for them.
        kept = {name: getattr(self, name) for name in _NUMBERS}
        return {**vars(self), **kept, "prepared": None, "candidates": None}

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which rows of the table hold a pair, bool of shape (r,)."""
        return (self.c_rows >= 0) & (self.d_rows >= 0)

    @cached_property
    def cos_ab(self) -> NDArray[np.float64]:
        """The cosine of a and b of each row's question, the mean over several examples."""
        return self._mean_cosines(lambda _, example: (example[0], example[1]))

    @cached_property
    def cos_cd(self) -> NDArray[np.float64]:
        """The cosines of c and d, float64 of shape (r,); NaN where there is no pair."""
        return self._spread(self._cosines(self.c_rows[self.known], self.d_rows[self.known]))

    @cached_property
    def cos_ac(self) -> NDArray[np.float64]:
        """Those of a and c, the mean over several examples."""
        return self._mean_cosines(lambda rows, example: (example[0], self.c_rows[rows]))

    @cached_property
    def cos_bd(self) -> NDArray[np.float64]:
        """Those of b and d."""
        return self._mean_cosines(lambda rows, example: (example[1], self.d_rows[rows]))

    @cached_property
    def p(self) -> NDArray[np.float64] | None:
        """How many of the candidates are as close as c and d: float64 of shape (r,), or None.

        See `gene_analogies.search.significance.mutual_rank_p`.
        """
        if self.candidates is None:
            return None
        from gene_analogies.search.significance import Excluded, mutual_rank_p

        asked_with = [np.unique(np.array(rows, np.int64)) for rows in self.examples]
        sizes = [len(rows) for rows in asked_with]
        excluded = Excluded(
            self.questions[self.known],
            np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
            np.concatenate([np.zeros(0, np.int64), *asked_with]),
        )
        found = mutual_rank_p(
            self.prepared.vectors,
            self.prepared.norms,
            self.c_rows[self.known],
            self.d_rows[self.known],
            allowed_c=self.candidates,
            allowed_d=self.candidates,
            excluded=None if self.with_query else excluded,
        )
        return self._spread(found)

    @cached_property
    def q(self) -> NDArray[np.float64] | None:
        """The false discovery rate among the pairs of one answer at which each is kept."""
        if self.p is None:
            return None
        from gene_analogies.search.significance import benjamini_hochberg

        found = np.full(len(self.p), np.nan)
        starts = np.flatnonzero(np.diff(self.questions, prepend=-1))
        for first, last in zip(starts, [*starts[1:], len(self.p)], strict=True):
            if self.known[first]:
                found[first:last] = benjamini_hochberg(self.p[first:last])
        return found

    @cached_property
    def papers(self) -> NDArray[np.int64] | None:
        """How many papers name both c and d, masked without a pair; None without human genes."""
        if not self.of_genes:
            return None
        from gene_analogies.genes.papers import count_papers

        found = count_papers(self._entrez(self.c_rows), self._entrez(self.d_rows))
        return counts(found, ~self.known)

    @property
    def urls_of_papers(self) -> Sequence[str]:
        """The PubMed searches for these papers."""
        c, d = (items_of_rows(rows, self.items) for rows in (self.c_rows, self.d_rows))
        return urls_of_papers(c, d)

    @cached_property
    def of_genes(self) -> bool:
        """Whether any c or d is a human gene."""
        return bool(self._entrez(self.c_rows).any() or self._entrez(self.d_rows).any())

    def more_columns(self, *, of_c: bool = True) -> Iterator[Column]:
        """Yield the columns of data frames and files beside those that a person reads.

        Parameters
        ----------
        of_c
            Whether what is of c alone is among them.
        """
        if self.q is not None:
            yield Column("q", self.q, "p")
        yield Column("cos_ab", self.cos_ab, "cosine")
        if of_c:
            yield Column("cos_ac", self.cos_ac, "cosine")
        yield Column("cos_bd", self.cos_bd, "cosine")
        if not self.of_genes:
            return
        yield Column("pubmed_ids", self._texts(self._pubmed_ids), "text")
        if of_c:
            yield Column("shared_terms_ac", self._terms(0, self.c_rows), "text")
        yield Column("shared_terms_bd", self._terms(1, self.d_rows), "text")
        for key, rows in (("c", self.c_rows), ("d", self.d_rows)):
            if key == "d" or of_c:
                yield from gene_ids(key, items_of_rows(rows, self.items))

    def _texts(self, of: Callable[[int, int], list[str]]) -> LazyValues[str]:
        return LazyValues(len(self.questions), of)

    def _pubmed_ids(self, first: int, last: int) -> list[str]:
        from gene_analogies.genes.papers import newest_papers

        c, d = (self._entrez(rows[first:last]) for rows in (self.c_rows, self.d_rows))
        return [" ".join(map(str, ids)) for ids in newest_papers(c, d, NEWEST_PAPERS)]

    def _terms(self, side: int, rows: NDArray[np.int64]) -> LazyValues[str]:
        """Return the terms that a member of a single example shares with an answer's."""
        from gene_analogies.genes.terms import GeneTerms

        members = np.array(
            [one[0][side] if len(one) == 1 else -1 for one in self.examples], np.int64
        )

        def of(first: int, last: int) -> list[str]:
            asked = self._entrez(members[self.questions[first:last]])
            return GeneTerms.packaged().texts_of_pairs(asked, self._entrez(rows[first:last]))

        return self._texts(of)

    def _entrez(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the Entrez numbers of rows; 0 for what is no human gene."""
        unique, place = np.unique(rows, return_inverse=True)
        items = [self.items[row] if row >= 0 else None for row in unique.tolist()]
        return entrez_numbers(items)[place]

    def _cosines(self, c: NDArray[np.int64], d: NDArray[np.int64]) -> NDArray[np.float64]:
        from gene_analogies.search.significance import pair_cosines

        return pair_cosines(self.prepared.vectors, c, d)

    def _mean_cosines(
        self,
        pair: Callable[
            [NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.int64], NDArray[np.int64]]
        ],
    ) -> NDArray[np.float64]:
        """Return the mean, over the examples of each row's question, of the cosines of a pair.

        ``pair`` takes some rows of the table, and for each of them an example: (2, rows).
        """
        sizes = np.array([len(one) for one in self.examples], np.int64)
        total = np.zeros(len(self.questions))
        for place in range(int(sizes.max(initial=0))):
            rows = np.flatnonzero(self.known & (sizes[self.questions] > place))
            members = np.array(
                [one[place] if len(one) > place else (-1, -1) for one in self.examples], np.int64
            )
            total[rows] += self._cosines(*pair(rows, members[self.questions[rows]].T))
        several = sizes[self.questions]
        found = total / np.maximum(several, 1)
        return np.asarray(np.where(self.known & (several > 0), found, np.nan))

    def _spread(self, found: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return numbers of the pairs as numbers of all rows, NaN where there is no pair."""
        every = np.full(len(self.questions), np.nan)
        every[self.known] = found
        return every


#: What a copy keeps.
_NUMBERS = ("cos_ab", "cos_cd", "cos_ac", "cos_bd", "p", "q", "papers")


def counts(values: NDArray[np.int64], missing: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return whole numbers as a column has them: masked where any are missing."""
    return np.ma.masked_array(values, missing) if missing.any() else values


def items_of_rows(rows: NDArray[np.int64], items: Mapping[int, Item]) -> LazyValues[Item | None]:
    """Return the items of rows as a column has them; None for −1."""
    return LazyValues(
        len(rows),
        lambda first, last: [items[row] if row >= 0 else None for row in rows[first:last].tolist()],
    )
