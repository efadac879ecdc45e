"""The terms that two genes share: molecular function, cellular component, Pfam domains.

A gene has the terms that it is annotated with, and all that stand above them in the Gene Ontology.
They are independent of any embedding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

import numpy as np

from gene_analogies.genes.gene_sets import GeneSets
from gene_analogies.genes.human_gene import GeneName, human_pair
from gene_analogies.genes.links import term_url
from gene_analogies.genes.packaged import packaged_arrays
from gene_analogies.util.delta_bytes import from_delta_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.genes.gene import Gene

__all__ = [
    "LARGEST_TERM",
    "GeneTerms",
    "SharedTerms",
    "Term",
    "TermsOfPairs",
    "shared_terms",
    "terms_of_pairs",
]

#: A term of more genes, such as "protein binding" or "membrane", says nothing of two of them.
LARGEST_TERM = 1_500


Kind = Literal["function", "component", "domain"]


class Term(NamedTuple):
    """A term: its id and name, what it says of a gene, and how many human genes have it."""

    id: str
    name: str
    kind: Kind
    genes: int

    @property
    def url(self) -> str:
        """Its page in QuickGO, or a domain's in InterPro."""
        return term_url(self.id)


@dataclass(frozen=True)
class SharedTerms:
    """The terms that two genes share; iterating yields them, most specific first.

    Attributes
    ----------
    first, second
        The genes.
    terms
        The terms, those of the fewest genes first.
    notes
        Names that were rewritten, and genes without any term here.
    """

    first: Gene
    second: Gene
    terms: tuple[Term, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)


class TermsOfPairs(NamedTuple):
    """The terms that the genes of many pairs share.

    Attributes
    ----------
    pairs
        int64 of shape (m,): place of the pair, in increasing order.
    terms
        int64 of shape (m,): place of the term in ``GeneTerms.packaged().terms``; within a pair in
        increasing order, which is most specific first.
    """

    pairs: NDArray[np.int64]
    terms: NDArray[np.int64]


class GeneTerms:
    """Which genes have which terms.

    Parameters
    ----------
    terms
        The terms, those of fewer genes first, a term before those above it.
    parents
        Places in ``terms`` of the parents of every term.
    entrez
        Entrez numbers of the n genes, each once: shape (n,).
    keys
        ``gene * len(terms) + term`` for every gene and term that it is annotated with, places in
        the two lists, in increasing order.

    Attributes
    ----------
    terms
        As given.
    own
        The terms that a gene is annotated with, of any size.
    implied
        These and all above them, but none of more than `LARGEST_TERM` genes.
    """

    def __init__(
        self,
        terms: Sequence[Term],
        parents: Sequence[Sequence[int]],
        entrez: NDArray[np.int64],
        keys: NDArray[np.int64],
    ) -> None:
        self.terms = tuple(terms)
        width = len(self.terms)
        self.own = GeneSets(entrez, keys, width)
        self._above, self._starts = _ancestors(self.terms, parents)
        gene, term = np.divmod(keys, max(width, 1))
        place, above = self._expand(term)
        implied = np.sort(gene[place] * width + above)  # faster than np.unique, for it is nearly so
        implied = implied[np.diff(implied, prepend=-1) > 0]
        self.implied = GeneSets(entrez, implied, width)

    @classmethod
    @cache
    def packaged(cls) -> GeneTerms:
        """Return the terms that come with the package; they are read once."""
        arrays = packaged_arrays("terms")
        lines = [line.split("\t") for line in arrays["terms"].tobytes().decode().split("\n")]
        return cls(
            [Term(term, name, cast("Kind", kind), int(n)) for term, name, kind, n, _ in lines],
            [list(map(int, line[-1].split("|"))) if line[-1] else [] for line in lines],
            from_delta_bytes(arrays["entrez"]),
            from_delta_bytes(arrays["annotations"]),
        )

    def of_pairs(self, first: ArrayLike, second: ArrayLike) -> TermsOfPairs:
        """Return the terms that the genes of many pairs share, as in `shared_terms`.

        Parameters
        ----------
        first, second
            Entrez numbers of the genes of p pairs, shape (p,). A number of no gene here shares
            nothing.
        """
        pairs, terms = self.implied.shared(first, second)
        # What stands above another shared term follows from it.
        place, above = self._expand(terms, itself=False)
        width = max(len(self.terms), 1)
        follows = np.isin(pairs * width + terms, pairs[place] * width + above)
        return TermsOfPairs(pairs[~follows], terms[~follows])

    def texts_of_pairs(self, first: ArrayLike, second: ArrayLike) -> list[str]:
        """Return what `of_pairs` finds as text: ``name (id); name (id)`` for each pair."""
        found: list[list[str]] = [[] for _ in np.asarray(first)]
        pairs, terms = self.of_pairs(first, second)
        for pair, place in zip(pairs.tolist(), terms.tolist(), strict=True):
            term = self.terms[place]
            found[pair].append(f"{term.name} ({term.id})")
        return ["; ".join(texts) for texts in found]

    def _expand(
        self, terms: NDArray[np.int64], *, itself: bool = True
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all terms above each of these, and the place of the one that each is above.

        Terms of too many genes are left out. Of a term's list the first is the term itself.
        """
        starts = self._starts[terms] + (not itself) * (
            self._starts[terms + 1] > self._starts[terms]
        )
        counts = self._starts[terms + 1] - starts
        place = np.repeat(np.arange(terms.size), counts)
        shift = starts - (np.cumsum(counts) - counts)
        return place, self._above[np.arange(place.size) + shift[place]]


def _ancestors(
    terms: Sequence[Term], parents: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each term with all above it, one list after the other, and where the lists begin.

    A list is increasing, so that the term itself comes first; it has no terms of too many genes.
    """
    found: list[list[int]] = [[] for _ in terms]
    for place in range(len(terms) - 1, -1, -1):  # parents come later
        if terms[place].genes <= LARGEST_TERM:
            found[place] = sorted({place}.union(*(found[parent] for parent in parents[place])))
    starts = np.cumsum([0, *map(len, found)])
    return np.fromiter(chain.from_iterable(found), np.int64, int(starts[-1])), starts


def shared_terms(first: GeneName, second: GeneName) -> SharedTerms:
    """Return the terms that two genes share, most specific first.

    A term that both genes inherit counts: two genes annotated with different kinds of "cytokine
    activity" share it. Of the shared terms those are left out that stand above another one, and
    so follow from it; and those of more than `LARGEST_TERM` genes, such as "protein binding".

    Parameters
    ----------
    first, second
        Two genes, each by any of its names (symbol, alias, Ensembl id, Entrez number) or as a
        `Gene`. A mouse gene stands for its one-to-one human ortholog.

    Returns
    -------
    SharedTerms

    Raises
    ------
    GeneAnalogiesError
        If a name is unknown or ambiguous, or both are the same gene.

    Examples
    --------
    >>> import gene_analogies as ga
    >>> [term.name for term in ga.shared_terms("CXCL12", "CCL2")]
    ['Chemokine interleukin-8-like domain', 'chemokine activity']
    """
    a, b, notes = human_pair(first, second)
    known = GeneTerms.packaged()
    found = known.of_pairs([a.entrez], [b.entrez])
    without = [
        f"no function, component or domain of {gene.symbol} is known here"
        for gene in (a, b)
        if not known.own.has_gene(gene.entrez)
    ]
    terms = tuple(known.terms[place] for place in found.terms.tolist())
    return SharedTerms(a, b, terms, (*notes, *without))


def terms_of_pairs(first: ArrayLike, second: ArrayLike) -> TermsOfPairs:
    """Return the terms that the genes of many pairs share, as `shared_terms` does for one.

    Parameters
    ----------
    first, second
        Entrez numbers of the genes of p pairs, shape (p,). A number of no gene here, such as the 0
        of a mouse gene, shares nothing.

    Examples
    --------
    >>> found = terms_of_pairs([6387, 6387], [6347, 0])
    >>> found.pairs.tolist(), GeneTerms.packaged().terms[found.terms[1]].name
    ([0, 0], 'chemokine activity')
    """
    return GeneTerms.packaged().of_pairs(first, second)
