"""Answers, with documented shapes; as a table, a data frame, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from gene_analogies.genes.table import Gene

__all__ = ["Item", "Pair", "PairsResult"]


class Item(NamedTuple):
    """An item of an answer: its name in the embedding, and the known gene behind it, if any."""

    name: str
    gene: Gene | None = None

    @property
    def symbol(self) -> str:
        """The approved symbol; the item's own name where no gene is known."""
        return self.gene.symbol if self.gene else self.name

    @property
    def full_name(self) -> str:
        """The gene's full name; empty where no gene is known."""
        return self.gene.full_name if self.gene else ""


class Pair(NamedTuple):
    """One pair of an answer: item names and the similarity of its offset to the query's."""

    c: str
    d: str
    similarity: float


@dataclass(frozen=True, repr=False)
class PairsResult:
    """The pairs that relate as the query does, best first.

    Attributes
    ----------
    examples
        The pairs that were asked for; empty where a ready offset was given.
    c, d
        The k first and second items.
    c_rows, d_rows
        int64 of shape (k,): their rows in the embedding.
    similarity
        float64 of shape (k,): the cosine of the two offsets in [−1, 1], or the negative of their
        Euclidean distance, in units of the embedding.
    metric
        ``"cosine"`` or ``"euclidean"``.
    operation
        ``"difference"`` or ``"sum"``.
    notes
        What a reader should know: names that were rewritten, or left out.
    without_direction
        Number of pairs left out because they have no direction (two equal vectors).
    """

    examples: tuple[tuple[Item, Item], ...]
    c: tuple[Item, ...]
    d: tuple[Item, ...]
    c_rows: NDArray[np.int64]
    d_rows: NDArray[np.int64]
    similarity: NDArray[np.float64]
    metric: str
    operation: str
    notes: tuple[str, ...] = ()
    without_direction: int = 0

    def __len__(self) -> int:
        return len(self.c)

    def __iter__(self) -> Iterator[Pair]:
        for c, d, similarity in zip(self.c, self.d, self.similarity.tolist(), strict=True):
            yield Pair(c.name, d.name, similarity)

    @property
    def query(self) -> str:
        """The question in words, such as ``EGF : EGFR``."""
        sign = ":" if self.operation == "difference" else "+"
        return ", ".join(f"{a.symbol} {sign} {b.symbol}" for a, b in self.examples) or "an offset"

    def to_frame(self) -> pd.DataFrame:
        """Return the answer as a data frame of k rows.

        Columns: ``c``, ``d`` (item names), ``similarity``, ``c_symbol``, ``d_symbol``,
        ``c_name``, ``d_name`` (full names of genes; empty where none is known).
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "c": [item.name for item in self.c],
                "d": [item.name for item in self.d],
                "similarity": self.similarity,
                "c_symbol": [item.symbol for item in self.c],
                "d_symbol": [item.symbol for item in self.d],
                "c_name": [item.full_name for item in self.c],
                "d_name": [item.full_name for item in self.d],
            }
        )

    def to_markdown(self) -> str:
        """Return the answer as a Markdown table, genes linked to the Human Protein Atlas."""
        from gene_analogies.report.markdown import pairs_markdown

        return pairs_markdown(self)

    def __str__(self) -> str:
        from gene_analogies.report.terminal import pairs_text

        return pairs_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from gene_analogies.report.html import pairs_html

        return pairs_html(self)
