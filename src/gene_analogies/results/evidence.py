"""What the pairs of an answer can be judged by, beside their similarity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.report.table import Column, Item
from gene_analogies.util.lazy_values import LazyValues
from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from gene_analogies.genes.gene import Gene
    from gene_analogies.search.prepared import PreparedVectors

__all__ = ["NEWEST_PAPERS", "PairEvidence", "entrez_numbers", "gene_ids", "no_p", "urls_of_papers"]

#: What p says, and what it does not.
_P = 'share of items as close as c and d ("they belong together", not "by this relation")'
_P_NAMED = f"{_P}; exact for pairs that were named without a look at these vectors"
_P_CAL = (
    "share of the answers to random pairs whose members are as close by rank "
    '("they belong together", not "by this relation")'
)
#: PubMed ids that stand beside a pair: so many, the newest.
NEWEST_PAPERS = 10
#: Papers that a number links to, the newest: an address has room for so many.
_LINKED_PAPERS = 50
#: Pairs whose terms are looked up at a time: each may share a hundred.
_AT_ONCE = 1 << 14


@dataclass(frozen=True, eq=False, repr=False)
class PairEvidence:
    """The evidence for pairs c, d found from example pairs a, b; worked out when it is asked for.

    Attributes
    ----------
    prepared
        The vectors.
    examples, example_rows
        The example pairs, and their rows; none where an offset was given.
    c, d, c_rows, d_rows
        The k pairs, and their rows.
    candidates
        Which rows could have been c or d, bool of shape (n,); None where nothing is said of p.
    untested
        With which option p is small by chance too often, in words, and is not shown; or nothing.
    candidates_d
        Which rows could have been d, where others than could have been c.
    named
        Whether the pairs were named, not found.
    random_p
        That of the answers to random queries like this one, increasing, by which p is calibrated;
        None where they were not asked for, or there are none.
    calibrates
        Whether they were asked for.
    direction
        The unit vector that was searched for, float64 of shape (d,); None where it is not known.
    """

    prepared: PreparedVectors
    examples: tuple[tuple[Item, Item], ...]
    example_rows: tuple[tuple[int, int], ...]
    c: tuple[Item, ...]
    d: tuple[Item, ...]
    c_rows: NDArray[np.int64]
    d_rows: NDArray[np.int64]
    candidates: NDArray[np.bool_] | None
    untested: str = ""
    candidates_d: NDArray[np.bool_] | None = None
    named: bool = False
    random_p: NDArray[np.float64] | None = None
    calibrates: bool = False
    direction: NDArray[np.float64] | None = None

    def __getstate__(self) -> dict[str, Any]:
        # A copy has the results: the vectors and masks, which are large, are not needed for them.
        kept = {name: getattr(self, name) for name in _RESULTS}
        return {**vars(self), **kept, **dict.fromkeys(_LEFT_OUT)}

    @cached_property
    def cos_ab(self) -> float | None:
        """The cosine of a and b, the mean over several examples; None without examples."""
        if not self.example_rows:
            return None
        a, b = np.array(self.example_rows, np.int64).T
        return float(self._cosines(a, b).mean())

    @cached_property
    def cos_cd(self) -> NDArray[np.float64]:
        """The cosines of c and d, float64 of shape (k,); 0 where a vector is zero."""
        return self._cosines(self.c_rows, self.d_rows)

    @cached_property
    def cos_ac(self) -> NDArray[np.float64] | None:
        """Those of a and c, the mean over several examples; None without examples."""
        return self._to_examples(self.c_rows, 0)

    @cached_property
    def cos_bd(self) -> NDArray[np.float64] | None:
        """Those of b and d."""
        return self._to_examples(self.d_rows, 1)

    @property
    def p(self) -> NDArray[np.float64] | None:
        """How many of the candidates are as close as c and d: float64 of shape (k,), or None.

        See `gene_analogies.search.significance.mutual_rank_p`.
        """
        return None if self.untested else self._p

    @cached_property
    def p_cal(self) -> NDArray[np.float64] | None:
        """How many of the answers to random queries have a p as small: float64 of shape (k,).

        With m of them, (1 + those with a p that is not greater) / (1 + m). None unless random
        queries were asked for, and some are like this one.
        """
        if self._p is None or self.random_p is None:
            return None
        as_small = np.searchsorted(self.random_p, self._p, side="right")
        return np.asarray((1 + as_small) / (1 + len(self.random_p)))

    @cached_property
    def _p(self) -> NDArray[np.float64] | None:
        if self.candidates is None:
            return None
        from gene_analogies.search.significance import mutual_rank_p

        return mutual_rank_p(
            self.prepared.vectors,
            self.prepared.norms,
            self.c_rows,
            self.d_rows,
            allowed_c=self.candidates,
            allowed_d=self.candidates if self.candidates_d is None else self.candidates_d,
        )

    @cached_property
    def q(self) -> NDArray[np.float64] | None:
        """The false discovery rate among all k pairs at which each is kept; depends on k.

        Of `p_cal` where it is known, else of `p`.
        """
        p = self.p if self.p_cal is None else self.p_cal
        if p is None:
            return None
        from gene_analogies.search.significance import benjamini_hochberg

        return benjamini_hochberg(p)

    @cached_property
    def papers(self) -> NDArray[np.int64] | None:
        """How many papers name both c and d, int64 of shape (k,); None without human genes."""
        if not self._of_genes:
            return None
        from gene_analogies.genes.papers import count_papers

        return count_papers(entrez_numbers(self.c), entrez_numbers(self.d))

    @cached_property
    def pubmed_ids(self) -> list[str] | None:
        """The newest of these papers, as PubMed ids with blanks between them."""
        if not self._of_genes:
            return None
        from gene_analogies.genes.papers import newest_papers

        found = newest_papers(entrez_numbers(self.c), entrez_numbers(self.d), NEWEST_PAPERS)
        return [" ".join(map(str, ids)) for ids in found]

    @cached_property
    def terms_ac(self) -> list[str] | None:
        """The terms that a and c share, most specific first, as text.

        None without human genes, and where there is not one example.
        """
        return self._terms(0, self.c)

    @cached_property
    def terms_bd(self) -> list[str] | None:
        """Those that b and d share."""
        return self._terms(1, self.d)

    @property
    def explanation(self) -> tuple[str, ...]:
        """One line: the cosine of a and b, and what the columns that people see are."""
        parts = []
        if self.cos_ab is not None:
            of = "the mean cos(a, b)"
            if len(self.examples) == 1:
                a, b = self.examples[0]
                of = f"cos({a.symbol}, {b.symbol})"
            parts.append(f"{of} is {self.cos_ab:.4f}")
        if self.p_cal is not None:
            parts.append(f"p_cal: {_P_CAL}")
        elif self.p is not None:
            parts.append(f"p: {_P_NAMED if self.named else _P}")
        if self.papers is not None:
            parts.append("papers: how many name c and d")
        return ("; ".join(parts),) if parts else ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why there is no p."""
        if self.p_cal is not None:
            return ()
        end = (
            ", and random pairs to calibrate it are lacking"
            if self.calibrates
            else "; add --chance for a calibrated one"
        )
        return tuple(f"{line}{end}" for line in no_p(self.untested))

    def more_columns(self, *, one_c: bool = False) -> tuple[Column, ...]:
        """Return the columns of data frames and files beside those that a person reads.

        Parameters
        ----------
        one_c
            Leave out what is of c alone, which is the same in every row.
        """
        columns = [Column("rank", np.arange(1, len(self.c) + 1), "count")]
        if self.p_cal is not None and self.p is not None:
            columns.append(Column("p", self.p, "p"))
        if self.q is not None:
            columns.append(Column("q", self.q, "p"))
        if self.cos_ac is not None and not one_c:
            columns.append(Column("cos_ac", self.cos_ac, "cosine"))
        if self.cos_bd is not None:
            columns.append(Column("cos_bd", self.cos_bd, "cosine"))
        if self.pubmed_ids is not None:
            columns.append(Column("pubmed_ids", self.pubmed_ids, "text"))
        if self.terms_ac is not None and not one_c:
            columns.append(Column("shared_terms_ac", self.terms_ac, "text"))
        if self.terms_bd is not None:
            columns.append(Column("shared_terms_bd", self.terms_bd, "text"))
        if self._of_genes:
            columns += [] if one_c else gene_ids("c", self.c)
            columns += gene_ids("d", self.d)
        return tuple(columns)

    @cached_property
    def _of_genes(self) -> bool:
        return bool(entrez_numbers(self.c).any() or entrez_numbers(self.d).any())

    def _cosines(self, c: NDArray[np.int64], d: NDArray[np.int64]) -> NDArray[np.float64]:
        from gene_analogies.search.significance import pair_cosines

        return pair_cosines(self.prepared.vectors, c, d)

    def _to_examples(self, rows: NDArray[np.int64], side: int) -> NDArray[np.float64] | None:
        """Return the mean cosine of each row with the examples' first or second members."""
        if not self.example_rows:
            return None
        members = [example[side] for example in self.example_rows]
        cosines = [self._cosines(np.full_like(rows, one), rows) for one in members]
        return np.asarray(np.mean(cosines, axis=0))

    def _terms(self, side: int, items: Sequence[Item]) -> list[str] | None:
        if len(self.examples) != 1 or not self._of_genes:
            return None
        from gene_analogies.genes.terms import GeneTerms

        member = int(entrez_numbers([self.examples[0][side]])[0])
        found: list[str] = []
        for rows in row_blocks(len(items), _AT_ONCE):
            some = entrez_numbers(items[rows])
            found += GeneTerms.packaged().texts_of_pairs(np.full_like(some, member), some)
        return found


#: What a copy keeps.
_RESULTS = (
    "cos_ab", "cos_cd", "cos_ac", "cos_bd", "_p", "p_cal", "q", "papers", "pubmed_ids",
    "terms_ac", "terms_bd",
)  # fmt: skip


#: What it has not.
_LEFT_OUT = ("prepared", "candidates", "candidates_d", "direction")


def no_p(untested: str) -> tuple[str, ...]:
    """Say why there is no p, where it is small by chance too often with some option."""
    return (f"no p: with {untested}, it is small by chance too often",) if untested else ()


def gene_ids(key: str, items: Sequence[Item | None]) -> Iterator[Column]:
    """Yield columns of the Ensembl, Entrez and HGNC ids of human genes, empty for others.

    They are looked up when they are read.
    """

    def column(name: str, of: Callable[[Gene], str]) -> Column:
        def texts(first: int, last: int) -> list[str]:
            genes = [item.gene if item else None for item in items[first:last]]
            return [of(gene) if gene and gene.species == "human" else "" for gene in genes]

        return Column(f"{key}_{name}", LazyValues(len(items), texts), "text")

    # Of several Ensembl ids the first is that on the reference assembly.
    yield column("ensembl", lambda gene: gene.ensembl[0] if gene.ensembl else "")
    yield column("entrez", lambda gene: str(gene.entrez))
    yield column("hgnc", lambda gene: gene.hgnc)


def urls_of_papers(c: Sequence[Item | None], d: Sequence[Item | None]) -> Sequence[str]:
    """Return the PubMed searches for the newest papers that name c and d, for every row.

    They are looked up when they are read.
    """

    def urls(first: int, last: int) -> list[str]:
        from gene_analogies.genes.links import papers_url
        from gene_analogies.genes.papers import newest_papers

        pairs = entrez_numbers(c[first:last]), entrez_numbers(d[first:last])
        return [papers_url(ids) for ids in newest_papers(*pairs, _LINKED_PAPERS)]

    return LazyValues(len(c), urls)


def entrez_numbers(items: Sequence[Item | None]) -> NDArray[np.int64]:
    """Return Entrez numbers; 0 for what is no human gene."""
    return np.array([item.gene.entrez if item and item.gene else 0 for item in items], np.int64)
