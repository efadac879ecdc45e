"""The answers of `pairs_each`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from gene_analogies.report.table import Column
from gene_analogies.results.each import EachOfPairs
from gene_analogies.results.each_evidence import items_of_rows
from gene_analogies.results.evidence import no_p
from gene_analogies.results.similar import kind_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["EachPair", "PairsEachResult"]


class EachPair(NamedTuple):
    """A row of `PairsEachResult`; what it does not hold is None, or empty text."""

    query: str
    rank: int | None
    c: str
    d: str
    similarity: float | None
    error: str


@dataclass(frozen=True, repr=False, eq=False)
class PairsEachResult(EachOfPairs):
    """The answers of `pairs` to many questions.

    Attributes
    ----------
    similarity
        float64 of shape (r,): as in `PairsResult`; NaN where a question has no answer.
    score
        float64 of shape (r,), by which pairs are ordered where a pair weight counts; else None.
    untested
        With which option p would be small by chance too often, in words, and is left out.
    """

    question: ClassVar[str] = "pairs"

    similarity: NDArray[np.float64] = field(kw_only=True)
    score: NDArray[np.float64] | None = None
    untested: str = ""

    def __iter__(self) -> Iterator[EachPair]:
        c, d = (items_of_rows(rows, self.items) for rows in (self.c_rows, self.d_rows))
        numbers = self._rank_or_none()
        for (query, error), rank, one, other, similarity in zip(
            self._texts(), numbers, c, d, self.similarity.tolist(), strict=True
        ):
            if one is None or other is None:
                yield EachPair(query, None, "", "", None, error)
            else:
                yield EachPair(query, rank, one.name, other.name, similarity, error)

    @property
    def explanation(self) -> tuple[str, ...]:
        """What the numbers are."""
        kind = "cosine" if self.options["metric"] == "cosine" else "negative Euclidean distance"
        lines = [f"similarity: the {kind} of the offsets of c, d and of the question"]
        if self.score is not None:
            lines.append(f"score: {self._weighted}")
        evidence = self.evidence
        if evidence is not None and evidence.p is not None:
            lines.append("p: share of items as close as c and d")
        if evidence is not None and evidence.papers is not None:
            lines.append("papers: how many name c and d")
        return ("; ".join(lines),)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why there is no p; which questions have no answer."""
        return (*no_p(self.untested), *super().remarks)

    @property
    def _weighted(self) -> str:
        return f"similarity + {self.options['pair_weight']:g} · cos(c, d)"

    @property
    def _asked(self) -> tuple[Column, ...]:
        return self._pair_asked

    @property
    def _answers(self) -> tuple[Column, ...]:
        columns = [
            Column("c", items_of_rows(self.c_rows, self.items), "item"),
            Column("d", items_of_rows(self.d_rows, self.items), "item"),
            Column("similarity", self.similarity, kind_of(self.options["metric"])),
        ]
        evidence = self.evidence
        if evidence is not None:
            columns.append(Column("cos_cd", evidence.cos_cd, "cosine", title="cos(c, d)"))
        if self.score is not None:
            columns.append(Column("score", self.score, "score", note=self._weighted))
        if evidence is not None and evidence.p is not None:
            columns.append(Column("p", evidence.p, "p", note="c and d belong together"))
        if evidence is not None and evidence.papers is not None:
            counted, urls = evidence.papers, evidence.urls_of_papers
            columns.append(Column("papers", counted, "count", "", "that name c and d", urls))
        return tuple(columns)

    @property
    def _more(self) -> tuple[Column, ...]:
        return () if self.evidence is None else tuple(self.evidence.more_columns())
