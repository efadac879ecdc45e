"""What analogies a : b ≈ c : d can be judged by, beside their similarity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.report.table import Column, Item
from gene_analogies.results.evidence import entrez_numbers, gene_ids, urls_of_papers
from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.search.prepared import PreparedVectors

__all__ = ["AnalogyEvidence"]

#: Pairs whose papers are counted at a time.
_AT_ONCE = 1 << 14


@dataclass(frozen=True, eq=False, repr=False)
class AnalogyEvidence:
    """The evidence for m analogies; worked out when it is asked for.

    Attributes
    ----------
    prepared
        The vectors.
    items
        The m items of each of the four places, by its name.
    rows
        Their rows, int64 of shape (m,) each.
    """

    prepared: PreparedVectors
    items: dict[str, tuple[Item, ...]]
    rows: dict[str, NDArray[np.int64]]

    def __getstate__(self) -> dict[str, Any]:
        # A copy has the results: the vectors, which are large, are not needed for them.
        kept = {name: getattr(self, name) for name in _RESULTS}
        return {**vars(self), **kept, "prepared": None}

    @cached_property
    def cos_ab(self) -> NDArray[np.float64]:
        """The cosines of a and b, float64 of shape (m,); 0 where a vector is zero."""
        return self._cosines("a", "b")

    @cached_property
    def cos_cd(self) -> NDArray[np.float64]:
        """Those of c and d."""
        return self._cosines("c", "d")

    @cached_property
    def cos_ac(self) -> NDArray[np.float64]:
        """Those of a and c."""
        return self._cosines("a", "c")

    @cached_property
    def cos_bd(self) -> NDArray[np.float64]:
        """Those of b and d."""
        return self._cosines("b", "d")

    @cached_property
    def papers_ab(self) -> NDArray[np.int64] | None:
        """How many papers name both a and b, int64 of shape (m,); None without human genes."""
        return self._papers("a", "b")

    @cached_property
    def papers_cd(self) -> NDArray[np.int64] | None:
        """How many name both c and d."""
        return self._papers("c", "d")

    @property
    def columns(self) -> tuple[Column, ...]:
        """What people see: how close the members of either pair are, and their papers."""
        columns = [
            Column("cos_ab", self.cos_ab, "cosine", title="cos(a, b)"),
            Column("cos_cd", self.cos_cd, "cosine", title="cos(c, d)"),
        ]
        if self.papers_ab is not None and self.papers_cd is not None:
            both = {"papers_ab": self.papers_ab, "papers_cd": self.papers_cd}
            for key, count in both.items():
                first, second = key[-2], key[-1]
                urls = urls_of_papers(self.items[first], self.items[second])
                title = f"papers {first}, {second}"
                columns.append(Column(key, count, "count", title, "that name both", urls))
        return tuple(columns)

    @property
    def more_columns(self) -> tuple[Column, ...]:
        """What data frames and files have beside: the other cosines, and ids of human genes."""
        columns = [Column("cos_ac", self.cos_ac, "cosine"), Column("cos_bd", self.cos_bd, "cosine")]
        if self.papers_ab is not None:
            columns += [
                one for place, items in self.items.items() for one in gene_ids(place, items)
            ]
        return tuple(columns)

    def _cosines(self, first: str, second: str) -> NDArray[np.float64]:
        from gene_analogies.search.significance import pair_cosines

        return pair_cosines(self.prepared.vectors, self.rows[first], self.rows[second])

    def _papers(self, first: str, second: str) -> NDArray[np.int64] | None:
        c, d = entrez_numbers(self.items[first]), entrez_numbers(self.items[second])
        if not (c.any() or d.any()):
            return None
        from gene_analogies.genes.papers import count_papers

        found = np.empty(len(c), np.int64)
        for some in row_blocks(len(found), _AT_ONCE):
            found[some] = count_papers(c[some], d[some])
        return found


#: What a copy keeps.
_RESULTS = ("cos_ab", "cos_cd", "cos_ac", "cos_bd", "papers_ab", "papers_cd")
