"""The answer of `known`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.answer import Answer
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    from gene_analogies.genes.papers import SharedPapers
    from gene_analogies.genes.terms import SharedTerms

__all__ = ["Known", "KnownResult"]


class Known(NamedTuple):
    """One row: a paper, or a term of kind ``function``, ``component`` or ``domain``."""

    kind: str
    id: str
    name: str
    genes: int
    url: str


@dataclass(frozen=True, repr=False, eq=False)
class KnownResult(Answer):
    """The papers that name two genes, newest first, and the terms they share, most specific first.

    Attributes
    ----------
    papers
        All papers that name both.
    terms
        All terms that they share.
    k
        How many papers, and how many terms, are rows of the table.
    """

    question: ClassVar[str] = "known"
    rows_name: ClassVar[str] = "facts"
    ranked: ClassVar[bool] = False

    papers: SharedPapers
    terms: SharedTerms
    k: int

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names that were rewritten, and genes of which nothing is known here."""
        return tuple(dict.fromkeys((*self.papers.notes, *self.terms.notes)))

    def __len__(self) -> int:
        return min(self.k, len(self.papers)) + min(self.k, len(self.terms))

    def __iter__(self) -> Iterator[Known]:
        for paper in self.papers.papers[: self.k]:
            yield Known("paper", str(paper.pubmed_id), "", paper.genes, paper.url)
        for term in self.terms.terms[: self.k]:
            yield Known(term.kind, term.id, term.name, term.genes, term.url)

    @property
    def query(self) -> str:
        """The two genes: ``EGF and EGFR``."""
        return f"{self.papers.first.symbol} and {self.papers.second.symbol}"

    @property
    def title(self) -> str:
        """What is known of them, in numbers."""
        count, without = len(self.papers), " and ".join(self.papers.without)
        papers = f"{pluralise(count, 'paper')} {'names' if count == 1 else 'name'} both"
        if without:
            papers = f"papers of {without} are not known here"
        return f"{self.query}: {papers}; {pluralise(len(self.terms), 'shared term')}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """The full names; what the column of numbers counts."""
        names = [gene.full_name for gene in (self.papers.first, self.papers.second)]
        return (
            *([" and ".join(names)] if all(names) else []),
            "genes: how many genes a paper names, or have a term; papers are ordered by falling"
            " PubMed id, terms by their genes",
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many rows are not shown."""
        rest = {
            "older paper": len(self.papers) - self.k,
            "less specific term": len(self.terms) - self.k,
        }
        hidden = [pluralise(count, what) for what, count in rest.items() if count > 0]
        return (f"not shown: {' and '.join(hidden)}; -k shows more",) if hidden else ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """``kind``, ``id``, ``name``, ``genes`` and ``url``."""
        rows = list(self)
        urls = [row.url for row in rows]
        return (
            Column("kind", [row.kind for row in rows], "text"),
            Column("id", [row.id for row in rows], "text", urls=urls),
            Column("name", [row.name for row in rows], "text"),
            Column("genes", np.array([row.genes for row in rows], np.int64), "count"),
            Column("url", urls, "text", urls=urls),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The two genes."""
        first, second = self.papers.first, self.papers.second
        return {
            "first": described(Item(first.symbol, first)),
            "second": described(Item(second.symbol, second)),
        }

    @property
    def totals(self) -> dict[str, Any]:
        """How many papers and terms there are in all."""
        return {"papers": len(self.papers), "terms": len(self.terms)}
