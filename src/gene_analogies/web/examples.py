"""Questions to begin with, of genes that everybody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gene_analogies.space import Space

__all__ = ["example_pairs", "example_relations"]

#: Pairs, a gene whose partner may be asked for, and what they are.
_PAIRS: Final = (
    ("EGF", "EGFR", "HGF", "a growth factor and its receptor"),
    ("CDK1", "CCNB1", "CDK2", "a kinase and its cyclin"),
    ("IFNG", "IFNGR1", "IL6", "a cytokine and its receptor"),
    ("CCL2", "CCR2", "CXCL12", "a chemokine and its receptor"),
)
#: Lists of pairs that are related in one way, in another, and in none.
_RELATIONS: Final = {
    "cytokines and their receptors": "IL6 IL6R, IL2 IL2RA, IFNG IFNGR1, TNF TNFRSF1A, IL4 IL4R, "
    "IL10 IL10RA, IL7 IL7R, IL15 IL15RA, CSF2 CSF2RA, CSF3 CSF3R, EPO EPOR, THPO MPL",
    "transcription factors and a target each": "TP53 CDKN1A, MYC ODC1, HIF1A VEGFA, NFKB1 IL6, "
    "STAT3 SOCS3, E2F1 CCNE1, FOXP3 IL2RA, GATA1 HBB, PPARG FABP4, SREBF2 LDLR, NFE2L2 HMOX1, "
    "AR KLK3",
    "genes that have nothing to do with each other": "TP53 INS, ALB ACTB, EGFR HBB, CFTR MYC, "
    "BRCA1 APOE, KRAS COL1A1, GAPDH IL6, TTN VEGFA, LEP RHO, DMD CD4, HTT INSR, F8 TNF",
}
#: Names of a file that are looked at until three of them lead to an item each.
_LOOKED_AT: Final = 40
#: Fewer pairs give no verdict.
_FEWEST: Final = 6


def example_pairs(space: Space) -> Sequence[tuple[str, str, str, str]]:
    """Return pairs of items that a space has, a third item, and what they are."""
    found = [one for one in _PAIRS if all(name in space for name in one[:3])]
    if not found:
        first = [name for name in space.names[:_LOOKED_AT] if name in space]
        three = zip(first[:1], first[1:2], first[2:3], strict=False)  # none of fewer names
        found = [(a, b, c, "the first of the file") for a, b, c in three]
    return found


def example_relations(space: Space) -> Sequence[tuple[str, list[tuple[str, str]]]]:
    """Return what lists of pairs are, and their pairs."""
    found = []
    for called, text in _RELATIONS.items():
        listed = [tuple(pair.split()) for pair in text.split(", ")]
        pairs = [(a, b) for a, b in listed if a in space and b in space]
        if len(pairs) >= _FEWEST:
            found.append((called, pairs))
    return found
