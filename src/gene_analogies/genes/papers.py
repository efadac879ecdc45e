"""The papers that name two genes.

They are the links that the embedding ``pubmed`` is built from: human protein-coding genes with at
least three papers, and papers that name 2 to 100 genes. They are independent of any embedding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gene_analogies.genes.gene_sets import GeneSets
from gene_analogies.genes.human_gene import GeneName, human_pair
from gene_analogies.genes.links import paper_url
from gene_analogies.genes.packaged import packaged_arrays
from gene_analogies.util.delta_bytes import from_delta_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.genes.gene import Gene

__all__ = [
    "Paper",
    "PaperLinks",
    "SharedPapers",
    "count_papers",
    "count_papers_naming",
    "newest_papers",
    "papers",
]


class Paper(NamedTuple):
    """A paper: its PubMed id, and how many of the linked genes it names."""

    pubmed_id: int
    genes: int

    @property
    def url(self) -> str:
        """Its page in PubMed."""
        return paper_url(self.pubmed_id)


@dataclass(frozen=True)
class SharedPapers:
    """The papers that name two genes; iterating yields them, newest first.

    Attributes
    ----------
    first, second
        The genes.
    papers
        The papers, by falling PubMed id: about the newest first, for ids are given as papers
        come in, and the data have no dates.
    notes
        Names that were rewritten, and genes without any paper here.
    without
        Symbols of the genes without any paper here.
    """

    first: Gene
    second: Gene
    papers: tuple[Paper, ...]
    notes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.papers)

    def __iter__(self) -> Iterator[Paper]:
        return iter(self.papers)


class PaperLinks:
    """Which genes are named in which papers.

    Parameters
    ----------
    entrez
        Entrez numbers of the n genes, each once: shape (n,).
    pubmed_ids
        PubMed ids of the papers, in increasing order: shape (papers,).
    keys
        ``gene * papers + paper`` for every link, places in the two arrays, in increasing order.
    """

    def __init__(
        self, entrez: NDArray[np.int64], pubmed_ids: NDArray[np.int64], keys: NDArray[np.int64]
    ) -> None:
        self.genes = GeneSets(entrez, keys, pubmed_ids.size)
        self._pubmed_ids = pubmed_ids
        self._sizes = np.bincount(keys % max(pubmed_ids.size, 1), minlength=pubmed_ids.size)

    @classmethod
    @cache
    def packaged(cls) -> PaperLinks:
        """Return the links that come with the package; they are read once."""
        arrays = packaged_arrays("papers")
        return cls(
            arrays["entrez"].astype(np.int64),
            from_delta_bytes(arrays["pubmed_ids"]),
            from_delta_bytes(arrays["links"]),
        )

    def naming_both(self, first: int, second: int) -> tuple[Paper, ...]:
        """Return the papers that name two genes, given by Entrez number, newest first."""
        places = self.genes.shared([first], [second])[1][::-1]
        return tuple(map(Paper, self._pubmed_ids[places].tolist(), self._sizes[places].tolist()))

    def newest(self, first: ArrayLike, second: ArrayLike, count: int) -> list[list[int]]:
        """Return the PubMed ids of the newest papers that name both genes, for many pairs."""
        pairs, places = self.genes.shared(first, second)
        # From the end of each pair's places, which are in increasing order.
        kept = np.searchsorted(pairs, pairs, side="right") - np.arange(pairs.size) <= count
        pairs, ids = pairs[kept][::-1], self._pubmed_ids[places[kept]][::-1]
        found: list[list[int]] = [[] for _ in range(np.size(first))]
        for pair, pubmed_id in zip(pairs.tolist(), ids.tolist(), strict=True):
            found[pair].append(pubmed_id)
        return found


def papers(first: GeneName, second: GeneName) -> SharedPapers:
    """Return the papers that name two genes, newest first.

    Parameters
    ----------
    first, second
        Two genes, each by any of its names (symbol, alias, Ensembl id, Entrez number) or as a
        `Gene`. A mouse gene stands for its one-to-one human ortholog.

    Returns
    -------
    SharedPapers

    Raises
    ------
    GeneAnalogiesError
        If a name is unknown or ambiguous, or both are the same gene.

    Examples
    --------
    >>> import gene_analogies as ga
    >>> found = ga.papers("EGF", "ENSG00000146648")
    >>> len(found) > 100, found.papers[0].url
    (True, 'https://pubmed.ncbi.nlm.nih.gov/35410600/')
    """
    a, b, notes = human_pair(first, second)
    links = PaperLinks.packaged()
    without = tuple(gene.symbol for gene in (a, b) if not links.genes.has_gene(gene.entrez))
    said = [
        f"no papers of {symbol} are known here: they are those of the embedding pubmed"
        for symbol in without
    ]
    found = links.naming_both(a.entrez, b.entrez)
    return SharedPapers(a, b, found, (*notes, *said), without)


def count_papers(first: ArrayLike, second: ArrayLike) -> NDArray[np.int64]:
    """Return how many papers name both genes, for many pairs at once.

    Parameters
    ----------
    first, second
        Entrez numbers of the genes of p pairs, shape (p,). A number of no gene here, such as the 0
        of a mouse gene, has no papers.

    Returns
    -------
    NDArray[np.int64]
        Array of shape (p,).

    Examples
    --------
    >>> count_papers([1950, 1950], [1956, 0])[1]
    np.int64(0)
    """
    return PaperLinks.packaged().genes.count_shared(first, second)


def count_papers_naming(genes: ArrayLike) -> NDArray[np.int64]:
    """Return how many papers name a gene, for many genes at once.

    Parameters
    ----------
    genes
        Entrez numbers, shape (g,). A number of no gene here has no papers.

    Examples
    --------
    >>> count_papers_naming([1950, 0])[1]
    np.int64(0)
    """
    return PaperLinks.packaged().genes.sizes(genes)


def newest_papers(first: ArrayLike, second: ArrayLike, count: int) -> list[list[int]]:
    """Return the PubMed ids of the newest papers that name both genes, for many pairs at once.

    Parameters
    ----------
    first, second
        As for `count_papers`.
    count
        At most so many for each pair.

    Examples
    --------
    >>> newest_papers([1950, 1950], [1956, 0], 1)
    [[35410600], []]
    """
    return PaperLinks.packaged().newest(first, second, count)
