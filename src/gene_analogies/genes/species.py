"""Whose genes the names of an embedding are: human, mouse, or none that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gene_analogies.genes.forms import inner_name

if TYPE_CHECKING:
    from gene_analogies.genes.table import GeneTable

__all__ = ["table_of"]

_MOUSE_ID: Final = re.compile(r"ENSMUSG[0-9]{11}|MGI:[0-9]+")
#: Names of rat's genes alone; most of its symbols are those of mouse.
_RAT: Final = re.compile(r"RGD[0-9]{5,}|RT1-.+|AABR0[0-9.]+|Mt-(?:co[123]|nd[1-6]l?|atp[68]|cyb)")


def table_of(names: Sequence[str], sample: Sequence[str], table: GeneTable) -> GeneTable | None:
    """Return the table that knows at least a tenth of the names, or None.

    Where it is packaged, the names may be mouse genes, too. The table of these is read only if a
    twentieth of the names are identifiers of mouse genes, or known genes once in capitals. If half
    of the names are, and MGI does not know them, they are of another species.

    Parameters
    ----------
    names
        All names.
    sample
        Some of them, to be looked up.
    table
        The known genes.
    """
    words = [name for name in sample if not name.isdecimal()]
    unknown = [name for name in words if not _known(name, table)]
    other_case = sum(_known(name.upper(), table) for name in unknown)
    other_ids = sum(bool(_MOUSE_ID.fullmatch(inner_name(name))) for name in unknown)
    known = len(words) - len(unknown)
    if 20 * (other_case + other_ids) >= len(sample) > 0 and table.counterpart is not None:
        in_other = sum(_known(name, table.counterpart) for name in words)
        if in_other > known and 10 * in_other >= len(sample):
            return None if _of_rodents_but_mouse(names) else table.counterpart
    if 2 * other_case > len(sample):
        return None
    return table if known > 0 and 10 * known >= len(sample) else None


def _of_rodents_but_mouse(names: Sequence[str]) -> bool:
    """Tell rat and hamster by names that mouse has not; there, p53 is Trp53."""
    return any(map(_RAT.fullmatch, names)) or ("Tp53" in names and "Trp53" not in names)


def _known(name: str, table: GeneTable) -> bool:
    inner = inner_name(name)
    return any(table.find_number(one) is not None for one in (name, inner)) or bool(
        table.by_identifier(inner)
    )
