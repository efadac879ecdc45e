"""The answer of `cluster`: pairs in families of one relation each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from gene_analogies.report.table import Column, Item
from gene_analogies.results.answer import Answer
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ClusteredPair", "ClustersResult", "Family"]

#: Pairs that stand for a family in the explanation.
_SHOWN = 3


class ClusteredPair(NamedTuple):
    """One pair of an answer: its family, and its cosine to the family's centroid."""

    family: int
    c: str
    d: str
    centroid_cosine: float


class Family(NamedTuple):
    """One family: its number, how many pairs, and the mean of their silhouettes."""

    family: int
    size: int
    silhouette: float


@dataclass(frozen=True, repr=False, eq=False)
class ClustersResult(Answer):
    """Pairs in families: the largest first, in each the pair closest to its centroid first.

    Attributes
    ----------
    family
        int64 of shape (m,): the number of each pair's family, from 1.
    c, d
        The m first and second items.
    c_rows, d_rows
        int64 of shape (m,): their rows in the embedding.
    centroid_cosine
        float64 of shape (m,), in [−1, 1]: the cosine of the pair's offset to the centroid of its
        family, the mean of its unit offsets.
    silhouette
        float64 of shape (m,), in [−1, 1]: how much nearer the offset is to its family than to the
        nearest other one, for distances of 1 − cosine; 0 where it is alone, or there is one family
        only.
    families
        The families.
    tried
        The numbers of families that were tried, and the mean silhouette with each.
    chosen
        Whether the number of families was chosen by silhouette.
    seed
        The seed of k-means.
    operation
        ``"difference"`` or ``"sum"``: what an offset is.
    without_direction
        Number of pairs left out because they have no direction (two equal vectors).
    notes
        What a reader should know: names that were rewritten, or pairs that were left out.
    """

    question: ClassVar[str] = "cluster"
    rows_name: ClassVar[str] = "pairs"
    ranked: ClassVar[bool] = False

    family: NDArray[np.int64]
    c: tuple[Item, ...]
    d: tuple[Item, ...]
    c_rows: NDArray[np.int64]
    d_rows: NDArray[np.int64]
    centroid_cosine: NDArray[np.float64]
    silhouette: NDArray[np.float64]
    families: tuple[Family, ...]
    tried: tuple[tuple[int, float], ...]
    chosen: bool
    seed: int
    operation: str
    without_direction: int = 0
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.c)

    def __iter__(self) -> Iterator[ClusteredPair]:
        for family, c, d, cosine in zip(
            self.family.tolist(), self.c, self.d, self.centroid_cosine.tolist(), strict=True
        ):
            yield ClusteredPair(family, c.name, d.name, cosine)

    @property
    def query(self) -> str:
        """How many families of how many pairs."""
        count = len(self.families)
        return f"{pluralise(count, 'family', 'families')} of {pluralise(len(self), 'pair')}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """How the number was chosen; the families, with the pairs closest to their centroids."""
        offset = "difference c − d" if self.operation == "difference" else "sum c + d"
        lines = [
            f"a family holds pairs whose {offset} points the same way: one relation (k-means on "
            "unit vectors)"
        ]
        if len(self.families) > 1:
            best = ""
            if self.chosen:
                best = f", the best for {self.tried[0][0]} to {self.tried[-1][0]} families"
            lines.append(
                "silhouette: how clearly a family is set apart (1: far from all others, 0: it "
                f"touches another); {float(self.silhouette.mean()):.4f} on average{best}"
            )
        typical = (
            "cosine to centroid: how typical of its family a pair is (its cosine to the family's "
            "mean offset, at best 1)"
        )
        return (*lines, typical, *self._families())

    def _families(self) -> Iterator[str]:
        sign = ":" if self.operation == "difference" else "+"
        first = 0
        for family in self.families:
            rows = range(first, min(first + _SHOWN, first + family.size))
            pairs = [f"{self.c[row].symbol} {sign} {self.d[row].symbol}" for row in rows]
            more = ", …" if family.size > _SHOWN else ""
            silhouette = f", silhouette {family.silhouette:.4f}" if len(self.families) > 1 else ""
            yield (
                f"family {family.family}: {pluralise(family.size, 'pair')}{silhouette}: "
                f"{', '.join(pairs)}{more}"
            )
            first += family.size

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many pairs were left out because they have no direction."""
        if not self.without_direction:
            return ()
        same = "equal" if self.operation == "difference" else "opposite"
        single = self.without_direction == 1
        return (
            f"{self.without_direction:,} {'pair' if single else 'pairs'} of {same} vectors "
            f"{'has' if single else 'have'} no direction and {'is' if single else 'are'} left out",
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """``family``, ``c``, ``d`` and ``centroid_cosine``."""
        return (
            Column("family", self.family, "count"),
            Column("c", self.c, "item"),
            Column("d", self.d, "item"),
            Column("centroid_cosine", self.centroid_cosine, "score", "cosine to centroid"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The families, the numbers of families that were tried, and what was asked for."""
        return {
            "families": [family._asdict() for family in self.families],
            "tried": [
                {"clusters": number, "silhouette": silhouette} for number, silhouette in self.tried
            ],
            "seed": self.seed,
            "operation": self.operation,
            "without_direction": self.without_direction,
        }
