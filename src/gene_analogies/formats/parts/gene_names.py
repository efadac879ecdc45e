"""Whether names are genes, so that no cells, samples or coordinates are taken for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gene_analogies.genes.forms import inner_name
from gene_analogies.genes.table import GeneTable

__all__ = ["are_genes"]

_SAMPLE: Final = 256
_ENSEMBL: Final = re.compile(r"ENS[A-Z]*G[0-9]{11}(?:\.[0-9]+)?")


def are_genes(names: Sequence[str], share: float = 0.1) -> bool:
    """Return whether names are genes; a number may be anything, and is not counted.

    Parameters
    ----------
    names
        The names, of which a sample is looked at.
    share
        How many of them must be known genes, of man or in another case.
    """
    table = GeneTable.packaged()
    sample = [inner_name(name) for name in names[:: max(1, len(names) // _SAMPLE)]]
    known = sum(
        not name.isdecimal()
        and bool(_ENSEMBL.fullmatch(name) or table.find(name) or table.find(name.upper()))
        for name in sample
    )
    return known > 0 and known >= share * len(sample)
