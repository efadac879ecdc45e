"""Names that several genes list, or none, though textbooks mean one gene."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["CONVENTIONS", "Convention"]


class Convention(NamedTuple):
    """The approved symbol that a name means, and why."""

    symbol: str
    reason: str


_HLDA: Final = "the antigen's number in the HLDA workshops"

# Kept short, by hand: numbers of papers do not decide such cases (most papers would make MENA
# mean EGFR, and PD1 mean SNCA), and a name with two living meanings (p38, TAZ, ERK, HSP70) stays
# ambiguous.
CONVENTIONS: Final[Mapping[str, Convention]] = MappingProxyType(
    {
        name.casefold(): Convention(symbol, reason)
        for name, symbol, reason in (
            ("CD16a", "FCGR3A", _HLDA),
            ("CD20", "MS4A1", _HLDA),
            ("CD25", "IL2RA", _HLDA),
            ("CD97", "ADGRE5", _HLDA),
            ("CD98", "SLC3A2", "the heavy chain of the antigen"),
            ("CD158a", "KIR2DL1", _HLDA),
            ("CD182", "CXCR2", _HLDA),
            ("CD277", "BTN3A1", _HLDA),
            ("α-SMA", "ACTA2", "alpha smooth muscle actin"),
            ("A20", "TNFAIP3", "the zinc finger protein A20"),
            ("ASC", "PYCARD", "the adaptor of inflammasomes"),
            ("aSMA", "ACTA2", "alpha smooth muscle actin"),
            ("BiP", "HSPA5", "binding immunoglobulin protein"),
            ("CDC2", "CDK1", "its approved symbol until 2009"),
            ("CIP1", "CDKN1A", "p21/Cip1"),
            ("COX-1", "PTGS1", "with a hyphen, cyclooxygenase 1"),
            ("COX-2", "PTGS2", "with a hyphen, cyclooxygenase 2"),
            ("eNOS", "NOS3", "endothelial nitric oxide synthase"),
            ("ERα", "ESR1", "estrogen receptor alpha"),
            ("ER-α", "ESR1", "estrogen receptor alpha"),
            ("IL-7", "IL7", "interleukin 7"),
            ("iNOS", "NOS2", "inducible nitric oxide synthase"),
            ("KIP1", "CDKN1B", "p27/Kip1"),
            ("MDR1", "ABCB1", "multidrug resistance protein 1"),
            ("MENA", "ENAH", "mammalian homolog of Drosophila's enabled"),
            ("MRP1", "ABCC1", "multidrug resistance-associated protein 1"),
            ("NRF2", "NFE2L2", "nuclear factor erythroid 2-related factor 2"),
            ("P-gp", "ABCB1", "P-glycoprotein"),
            ("p21", "CDKN1A", "p21/Cip1/Waf1"),
            ("p27", "CDKN1B", "p27/Kip1"),
            ("p63", "TP63", "the relative of p53"),
            ("p65", "RELA", "the subunit of NF-κB"),
            ("p73", "TP73", "the relative of p53"),
            ("PARP-1", "PARP1", "poly(ADP-ribose) polymerase 1"),
            ("PD-1", "PDCD1", "programmed cell death 1"),
            ("PD1", "PDCD1", "programmed cell death 1"),
            ("pRb", "RB1", "the retinoblastoma protein"),
            ("PrP", "PRNP", "the prion protein"),
            ("RAGE", "AGER", "receptor for advanced glycation end products"),
            ("SF-1", "NR5A1", "steroidogenic factor 1"),
            ("SP-C", "SFTPC", "surfactant protein C"),
            ("SP-D", "SFTPD", "surfactant protein D"),
            ("TAK1", "MAP3K7", "TGF-β-activated kinase 1"),
            ("TRIF", "TICAM1", "the adaptor of toll-like receptors"),
            ("uPA", "PLAU", "urokinase-type plasminogen activator"),
            ("YAP", "YAP1", "the Yes-associated protein"),
            # names of proteins that no table of genes lists
            ("brachyury", "TBXT", "the protein's name"),
            ("connexin 43", "GJA1", "named by its mass"),
            ("fibronectin", "FN1", "the protein's name"),
            ("glucocorticoid receptor", "NR3C1", "the protein's name"),
            ("hTERT", "TERT", "the human protein's name"),
            ("lactoferrin", "LTF", "the protein's name"),
            ("osteocalcin", "BGLAP", "the protein's name"),
            ("osteopontin", "SPP1", "the protein's name"),
            ("P-glycoprotein", "ABCB1", "the protein's name"),
            ("progranulin", "GRN", "the protein's name"),
            ("prothrombin", "F2", "the protein's name"),
            ("sonic hedgehog", "SHH", "the protein's name"),
            ("thymidylate synthase", "TYMS", "the protein's name"),
            ("VE-cadherin", "CDH5", "vascular endothelial cadherin"),
        )
    }
)
