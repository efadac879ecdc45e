"""Forms in which data sets write genes, beside the symbols and identifiers of the gene table."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gene_analogies.genes.table import Gene, GeneTable

__all__ = ["concept_names", "entrez_of_concept", "hgnc_symbol", "mitochondrial_genes", "other_kind"]

# BioConceptVec writes PubTator's concepts with their kind in front.
_CONCEPT: Final = re.compile(r"gene_([0-9]+)", re.IGNORECASE)

#: HGNC's symbols of the mitochondrial genes, and NCBI's, which the gene table has.
_MITOCHONDRIAL: Final = MappingProxyType(
    {
        "MT-CYB": "CYTB",
        **{f"MT-CO{number}": f"COX{number}" for number in (1, 2, 3)},
        **{f"MT-T{part}": f"TRN{part}" for part in (*"ACDEFGHIKMNPQRTVWY", "L1", "L2", "S1", "S2")},
        **{
            f"MT-{symbol}": symbol
            for symbol in (
                "ATP6", "ATP8", "ND1", "ND2", "ND3", "ND4", "ND4L", "ND5", "ND6", "RNR1", "RNR2",
            )
        },
    }
)  # fmt: skip
_OF_HGNC: Final = MappingProxyType({theirs: hgnc for hgnc, theirs in _MITOCHONDRIAL.items()})

#: Identifiers that name no human gene, and what they name.
_OTHER_KINDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (r"ENSMUSG[0-9]+(\.[0-9]+)?", "a mouse gene"),
        (r"ENS[A-Z]{3,4}G[0-9]+(\.[0-9]+)?", "a gene of another species"),
        (r"ENS([A-Z]{3,4})?T[0-9]+(\.[0-9]+)?", "an Ensembl transcript"),
        (r"ENS([A-Z]{3,4})?P[0-9]+(\.[0-9]+)?", "an Ensembl protein"),
        (r"[NX][MR]_[0-9]+(\.[0-9]+)?", "a RefSeq transcript"),
        (r"[NXY]P_[0-9]+(\.[0-9]+)?", "a RefSeq protein"),
        (r"HGNC:[0-9]+", "an HGNC id"),
    )
)


def entrez_of_concept(name: str) -> str | None:
    """Return the Entrez number in a name of BioConceptVec, or None for any other name.

    Examples
    --------
    >>> entrez_of_concept("Gene_1956"), entrez_of_concept("Disease_MESH_D001943")
    ('1956', None)
    """
    concept = _CONCEPT.fullmatch(name)
    return concept[1] if concept else None


def concept_names(entrez: int) -> tuple[str, str]:
    """Return the names that BioConceptVec may give a gene."""
    return f"Gene_{entrez}", f"gene_{entrez}"


def mitochondrial_genes(name: str, table: GeneTable) -> tuple[Gene, ...]:
    """Return the genes that HGNC's symbol of a mitochondrial gene, in any case, means.

    NCBI, and so the table, calls ``MT-CO1`` ``COX1``; some of its symbols (``RNR2``) belong to a
    gene of the nucleus, too.
    """
    symbol = _MITOCHONDRIAL.get(name.upper())
    if symbol is None:
        return ()
    return tuple(gene for gene in table.by_symbol(symbol) if gene.chromosome == "MT")


def hgnc_symbol(gene: Gene) -> str | None:
    """Return HGNC's symbol of a mitochondrial gene, or None for any other gene.

    Examples
    --------
    >>> from gene_analogies.genes.table import Gene
    >>> hgnc_symbol(Gene(4512, "COX1", chromosome="MT"))
    'MT-CO1'
    """
    return _OF_HGNC.get(gene.symbol) if gene.chromosome == "MT" else None


def other_kind(name: str) -> str | None:
    """Say what an identifier names that is no human gene's, or None.

    Examples
    --------
    >>> other_kind("ENST00000275493.7"), other_kind("EGFR")
    ('an Ensembl transcript', None)
    """
    return next((what for pattern, what in _OTHER_KINDS if pattern.fullmatch(name)), None)
