"""The answers of `similar_each`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from gene_analogies.report.table import Column
from gene_analogies.results.each import EachResult
from gene_analogies.results.each_evidence import items_of_rows
from gene_analogies.results.similar import about_one, kind_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EachNeighbour", "SimilarEachResult"]


class EachNeighbour(NamedTuple):
    """A row of `SimilarEachResult`."""

    query: str
    rank: int | None
    item: str
    similarity: float | None
    error: str


@dataclass(frozen=True, repr=False, eq=False)
class SimilarEachResult(EachResult):
    """The answers of `similar` to many questions.

    Attributes
    ----------
    members
        The rows of the items that each question was asked with.
    rows
        int64 of shape (r,): the rows found; −1 where there is none.
    similarity
        float64 of shape (r,): as in `SimilarResult`; NaN where a question has no answer.
    """

    question: ClassVar[str] = "similar"

    members: tuple[tuple[int, ...], ...] = ()
    rows: NDArray[np.int64] = field(kw_only=True)
    similarity: NDArray[np.float64] = field(kw_only=True)

    def __iter__(self) -> Iterator[EachNeighbour]:
        numbers, items = self._rank_or_none(), items_of_rows(self.rows, self.items)
        for (query, error), rank, item, similarity in zip(
            self._texts(), numbers, items, self.similarity.tolist(), strict=True
        ):
            known = item is not None
            yield EachNeighbour(
                query, rank, item.name if item else "", similarity if known else None, error
            )

    @property
    def explanation(self) -> tuple[str, ...]:
        """What the similarity is."""
        several = f"; of several, {self.options['how']}" if self._any_several else ""
        return (about_one(self.options["metric"]) + several,)

    @property
    def _any_several(self) -> bool:
        return any(len(members) > 1 for members in self.members)

    @property
    def _asked(self) -> tuple[Column, ...]:
        single = [members[0] if len(members) == 1 else -1 for members in self.members]
        return (self._member("a", np.array(single, np.int64)),)

    @property
    def _answers(self) -> tuple[Column, ...]:
        kind = kind_of(self.options["metric"])
        return (
            Column("item", items_of_rows(self.rows, self.items), "item"),
            Column("similarity", self.similarity, kind),
        )
