"""Gene families and complexes, and the names that people give them, from FamPlex."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.families import COLUMNS
from gene_analogies.genes.other_symbols import step_back
from gene_analogies.genes.table import GeneTable
from gene_analogies.sources.packed import write_packed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["write_families"]

_FILES: Final = ("relations.csv", "grounding_map.csv")


def write_families(
    folder: str | Path, table: GeneTable, path: Path, release: str = "unknown"
) -> dict[str, Any]:
    """Write the families of at least two known genes, each with all names for it.

    Parameters
    ----------
    folder
        FamPlex's ``resources``: ``relations.csv`` (who belongs to what) and
        ``grounding_map.csv`` (which words of papers mean what).
    table
        The known genes: members are written with their symbols of today, best known first, and
        without the pseudogenes among them.
    path
        The file to write, such as ``families.tsv.gz``; the provenance goes beside it.
    release
        Where the folder is from.

    Returns
    -------
    dict
        How many families, names and members were written.

    Raises
    ------
    GeneAnalogiesError
        If a file is missing or is not FamPlex's.
    """
    folder = Path(folder)
    members_of: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, list[str]] = {}
    try:
        for space, member, _, whole_space, whole in _rows(folder / "relations.csv"):
            if whole_space == "FPLX":
                members_of.setdefault(whole, []).append((space, member))
        for text, *groundings in _rows(folder / "grounding_map.csv"):
            # Namespace and id take turns; the list is padded with empty cells.
            for space, entity in zip(groundings[::2], groundings[1::2], strict=False):
                if space == "FPLX":
                    names.setdefault(entity, []).append(text)
        digests = {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _FILES
        }
    except (OSError, ValueError, csv.Error) as error:
        raise GeneAnalogiesError(f"{folder}: expected FamPlex's resources ({error})") from None
    lines = []
    counts = {"families": 0, "names": 0, "members": 0}
    for family in sorted(members_of):
        genes = {
            gene
            for symbol in _genes_of(family, members_of)
            for gene in table.by_symbol(symbol)[:1] or table.by_previous(symbol)[:1]
        }
        members = table.best_known_first(step_back(tuple(genes)))
        if len(members) < 2:
            continue
        known = dict.fromkeys(
            name.casefold()
            for name in (family, family.replace("_", " "), *names.get(family, ()))
            if not set("|\t\r\n") & set(name)
        )
        symbols = [gene.symbol for gene in members]
        lines.append(f"{family}\t{'|'.join(known)}\t{'|'.join(symbols)}")
        counts["families"] += 1
        counts["names"] += len(known)
        counts["members"] += len(members)
    source = {"name": "FamPlex", "release": release, "licence": "CC0 1.0", "sha256": digests}
    write_packed(path, COLUMNS, lines, {"sources": source, "counts": counts})
    return counts


def _genes_of(
    family: str, members_of: Mapping[str, list[tuple[str, str]]], above: tuple[str, ...] = ()
) -> set[str]:
    """Return the symbols of the genes of a family and of the families in it."""
    genes: set[str] = set()
    for space, member in members_of.get(family, ()):
        if space == "HGNC":
            genes.add(member)
        elif space == "FPLX" and member not in above:
            genes |= _genes_of(member, members_of, (*above, family))
    return genes


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
