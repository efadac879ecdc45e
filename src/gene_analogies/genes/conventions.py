"""Names that several genes list as an alias, though in practice they mean one of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["CONVENTIONS"]

# Kept short, by hand: numbers of papers do not decide such cases (most papers would make MENA
# mean EGFR, and PD1 mean SNCA), and a name with two living meanings (p38, TAZ, ERK, HSP70) stays
# ambiguous.
CONVENTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        alias.casefold(): symbol
        for alias, symbol in {
            # CD antigens, as the HLDA workshops number them
            "CD16a": "FCGR3A",
            "CD20": "MS4A1",
            "CD25": "IL2RA",
            "CD97": "ADGRE5",
            "CD98": "SLC3A2",
            "CD158a": "KIR2DL1",
            "CD182": "CXCR2",
            "CD277": "BTN3A1",
            # proteins
            "A20": "TNFAIP3",
            "AIB1": "NCOA3",
            "ASC": "PYCARD",
            "BiP": "HSPA5",
            "CIP1": "CDKN1A",
            "eNOS": "NOS3",
            "IL-7": "IL7",
            "iNOS": "NOS2",
            "KIP1": "CDKN1B",
            "MDR1": "ABCB1",
            "MENA": "ENAH",
            "MRP1": "ABCC1",
            "NRF2": "NFE2L2",
            "p21": "CDKN1A",
            "p63": "TP63",
            "p65": "RELA",
            "p73": "TP73",
            "PD-1": "PDCD1",
            "PD1": "PDCD1",
            "PrP": "PRNP",
            "RAGE": "AGER",
            "TRIF": "TICAM1",
            "uPA": "PLAU",
        }.items()
    }
)
