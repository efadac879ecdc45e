"""Forms in which data sets write genes, beside the symbols and identifiers of the gene table."""

from __future__ import annotations

import re
from typing import Final

from gene_analogies.genes.table import GeneTable, cut_version
from gene_analogies.util.names import clean_name

__all__ = ["concept_names", "dashed", "entrez_of_concept", "inner_name", "missing", "other_kind"]

# BioConceptVec writes PubTator's concepts with their kind in front.
_CONCEPT: Final = re.compile(r"gene_([0-9]+)", re.IGNORECASE)

# Cell Ranger puts the genome in front, where a reference holds two.
_GENOME: Final = re.compile(
    r"(?:GRCh3[678]|hg(?:18|19|38)|GRCm3[89]|mm(?:9|10|39))[_:|.-]+(?=.)", re.IGNORECASE
)
_ENSEMBL: Final = r"(ENS[A-Z]*G[0-9]{11})(?:\.[0-9]+)?(?:_PAR_Y)?"
_COMPOUNDS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf".+[_|;: ]{_ENSEMBL}",  # RGS5_ENSG00000143248, in vocabularies of scGPT
        rf"{_ENSEMBL}(?:[_|;: ].+)?",  # ENSG00000182378.12_PAR_Y, of GENCODE
        r"(?:sp|tr)\|([A-Z0-9]{6,10})(?:\|.*)?",  # sp|P00533|EGFR_HUMAN, of UniProt's FASTA files
        r"(?:entrez|geneid|ncbigene)[:_ ]([0-9]+)",
        r"(.+)__chr(?:[0-9]{1,2}|[XYM])",  # MT-CO1__chrM, of scFoundation
    )
)
# EGFR|1956, of the TCGA; EGFR (1956), of DepMap
_NUMBERED: Final = re.compile(r"(?:.*\|)?([^|]+)(?:\|([0-9]+)| \(([0-9]+)\))")
# GENCODE's ids of pseudoautosomal genes on Y, until its release 24.
_ON_Y: Final = re.compile(r"ENSGR([0-9]{10})(?:\.[0-9]+)?", re.IGNORECASE)

# What spreadsheets, R and pandas write for a value that is not there, or went wrong.
_MISSING: Final = frozenset(
    (
        "na", "n/a", "nan", "none", "null", "nil", "<na>", "#n/a", "nat", "inf", "-inf",
        "#ref!", "#name?", "#value!", "#num!", "#div/0!", "#null!",
    )
)  # fmt: skip

#: Identifiers of genes of other species, and of what is no gene.
_OTHER_KINDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (r"ENSG[0-9]+(\.[0-9]+)?", "a human gene"),
        (r"ENSMUSG[0-9]+(\.[0-9]+)?|MGI:[0-9]+", "a mouse gene"),
        (r"ENS[A-Z]{3,4}G[0-9]+(\.[0-9]+)?", "a gene of another species"),
        (r"ENS([A-Z]{3,4})?T[0-9]+(\.[0-9]+)?", "an Ensembl transcript"),
        (r"ENS([A-Z]{3,4})?P[0-9]+(\.[0-9]+)?", "an Ensembl protein"),
        (r"[NX][MR]_[0-9]+(\.[0-9]+)?", "a RefSeq transcript"),
        (r"[NXY]P_[0-9]+(\.[0-9]+)?", "a RefSeq protein"),
    )
)


def missing(name: str) -> bool:
    """Say whether a name is what programs write for a value that is not there.

    Examples
    --------
    >>> missing("NaN"), missing("NANOG")
    (True, False)
    """
    return name.casefold() in _MISSING


def inner_name(name: str) -> str:
    """Return the identifier or symbol that a longer name holds; other names stay as they are.

    Examples
    --------
    >>> inner_name("RGS5_ENSG00000143248"), inner_name("EGFR|1956"), inner_name("hg19_EGFR")
    ('ENSG00000143248', '1956', 'EGFR')
    >>> inner_name("chr7|1956"), inner_name("TP53|1956")
    ('chr7|1956', 'TP53|1956')
    >>> inner_name("ENSG00000182378.12_PAR_Y"), inner_name("bP-2171C21.3"), inner_name("mm10_Egfr")
    ('ENSG00000182378', 'bP-2171C21.3', 'Egfr')
    """
    name = clean_name(name)
    name = name[end.end() :] if (end := _GENOME.match(name)) else name
    if on_y := _ON_Y.fullmatch(name):
        return f"ENSG0{on_y[1]}"
    for pattern in _COMPOUNDS:
        if found := pattern.fullmatch(name):
            return found[1].upper() if found[1].upper().startswith("ENS") else found[1]
    numbered = _NUMBERED.fullmatch(name)
    if numbered and _is_called(numbered[1], number := numbered[2] or numbered[3]):
        return number
    return cut_version(name)


def _is_called(symbol: str, number: str) -> bool:
    """Return whether a gene is called so: chr1|1956 and topic|1956 have another number in them."""
    if symbol in ("?", f"LOC{number}"):  # as the TCGA calls genes without a symbol
        return True
    gene = GeneTable.packaged().find(number)
    called = () if gene is None else (gene.symbol, *gene.other_symbols)
    return symbol.casefold() in map(str.casefold, called)


def dashed(name: str) -> str:
    """Return a name with the hyphens for which R's ``make.names`` writes dots.

    Examples
    --------
    >>> dashed("HLA.DRB1")
    'HLA-DRB1'
    """
    return name.replace(".", "-")


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


def other_kind(name: str, species: str = "human") -> str | None:
    """Say what an identifier names that is not of a gene of this species, or None.

    Examples
    --------
    >>> other_kind("ENST00000275493.7"), other_kind("EGFR"), other_kind("ENSG00000146648")
    ('an Ensembl transcript', None, None)
    """
    kind = next((what for pattern, what in _OTHER_KINDS if pattern.fullmatch(name)), None)
    return None if kind == f"a {species} gene" else kind
