"""The names of a file, cleaned; where they only number its rows, what to choose instead."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from gene_analogies.formats.contents import Contents
from gene_analogies.formats.parts.columns import is_name_key, listed, name_rank
from gene_analogies.formats.registry import FORMATS
from gene_analogies.genes.row_numbers import ROW_NUMBERS, are_row_numbers, row_number
from gene_analogies.genes.table import GeneTable
from gene_analogies.util.names import clean_name, clean_names
from gene_analogies.util.wording import first_few, pluralise

__all__ = ["with_clean_names"]

# As of a vocabulary: words and cell types share names with genes by chance.
_MIN_KNOWN: Final = 0.1


def with_clean_names(contents: Contents, label: str) -> tuple[Contents, list[str]]:
    """Return contents with the names that were meant, and what to warn of.

    Blanks and quotes around names are taken off, whole floats (``1956.0``) become whole numbers,
    and names in another of Unicode's forms become NFC. Names that only number the rows stay, but
    are marked, so that no gene is taken for theirs.

    Parameters
    ----------
    contents
        What a file holds.
    label
        What the warnings call it.
    """
    form = contents.details.get("format")
    words = any(known.own_names for known in FORMATS if known.name == form)
    found = clean_names(contents.names, words=words)
    warnings = []
    if found.example is not None:
        before, after = found.example
        warnings.append(
            f"{label}: blanks or quotes around {pluralise(found.stripped, 'name')} left out,"
            f" such as {before!r} → {after!r}"
        )
    details = contents.details
    if _number_rows(found.names, details):
        details = {**details, ROW_NUMBERS: True}
        warnings.append(f"{label}: {_advice(found.names, contents.names_columns)}")
    return replace(contents, names=found.names, details=details), warnings


def _number_rows(names: Sequence[str], details: Mapping[str, object]) -> bool:
    """Return whether names number rows: of this file, or of one that our own was made from."""
    before = details.get("provenance")
    left = isinstance(before, Mapping) and bool(before.get(ROW_NUMBERS))
    return are_row_numbers(names) or (left and None not in map(row_number, names))


def _advice(names: Sequence[str], columns: Mapping[str, Sequence[str]]) -> str:
    found = f"the names number the rows ({first_few(names, 3)}), and are taken for no genes"
    if not columns:
        return f"{found}; put the names of genes in their place, or give them (names=, --names)"
    best = _best_first(columns)
    return (
        f"{found}; there are names in {listed(best)}; choose (names_column={best[0]!r},"
        f" --names-column {shlex.quote(best[0])})"
    )


def _best_first(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the columns that hold names of genes, most known genes first, or else are called so.

    All columns, where there is none of these.
    """
    table = GeneTable.packaged()
    shares = {key: _known(cells, table) for key, cells in columns.items()}
    found = [key for key, share in shares.items() if share >= _MIN_KNOWN or is_name_key(key)]
    if not found:
        return list(columns)
    return sorted(found, key=lambda key: (-shares[key], name_rank(key)))


def _known(cells: Sequence[str], table: GeneTable) -> float:
    """Return the share of the cells that are known genes, each counted once."""
    known = sum(table.find_number(cell) is not None for cell in set(map(clean_name, cells)))
    return known / max(1, len(cells))
