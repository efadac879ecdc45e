"""Which rows of a file become items: duplicates, restriction, order, truncation."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.errors import GeneAnalogiesError, ItemNameError
from gene_analogies.formats.contents import Contents
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable
from gene_analogies.loading.options import Duplicates
from gene_analogies.util.folders import user_path
from gene_analogies.util.row_blocks import row_blocks
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Rows"]

logger = logging.getLogger(__name__)

_WORD = re.compile(r"[a-z]+")
# Numbers looked at a time.
_BLOCK = 2**20


class Rows:
    """The rows that are kept, and their names.

    Parameters
    ----------
    contents
        Names and vectors as read.
    label
        What the errors call the file.

    Attributes
    ----------
    names
        The names of the rows that are left.
    index
        Their row numbers in the file, int64.
    steps
        A line for each step taken.
    """

    def __init__(self, contents: Contents, label: str) -> None:
        self.names: list[str] = list(contents.names)
        self.steps: list[str] = []
        self.index = np.arange(len(self.names))
        self._all = contents.vectors
        self._symbols = contents.symbols
        self._label = label
        #: The mean vectors of duplicate names, if those are wanted.
        self._means: dict[str, NDArray[np.floating]] = {}

    def vectors(self) -> NDArray[np.floating]:
        """Return the vectors of the rows, copied only where these are not simply the first."""
        count = len(self.index)
        if np.array_equal(self.index, np.arange(count)) and not self._means:
            return self._all[:count]
        chosen = self._all[self.index]
        if self._means:
            for row, name in enumerate(self.names):
                if name in self._means:
                    chosen[row] = self._means[name]
        return chosen

    def drop_nameless(self) -> None:
        """Leave out the rows without a name, which nobody could ask for."""
        if "" in self.names:
            self._leave_out([row for row, name in enumerate(self.names) if not name], "no name")

    def drop_missing(self) -> None:
        """Leave out the rows with a number that is missing (NaN) or infinite."""
        vectors = self._all
        bad = [
            block.start + row
            for block in row_blocks(len(vectors), _BLOCK // vectors.shape[1])
            for row in np.flatnonzero(~np.isfinite(vectors[block]).all(axis=1)).tolist()
        ]
        rows = np.flatnonzero(np.isin(self.index, bad)).tolist()
        if rows:
            self._leave_out(rows, "a missing or infinite number")

    def clean(self) -> None:
        """Lower-case the names, and keep the first of each word of the letters a to z."""
        first: dict[str, int] = {}
        for row, name in enumerate(self.names):
            word = name.lower()
            if _WORD.fullmatch(word):
                first.setdefault(word, row)
        self.steps.append(f"words cleaned: {len(first):,} of {len(self.names):,} kept")
        self._keep(list(first.values()))
        self.names = list(first)

    def merge(self, duplicates: Duplicates) -> None:
        """Keep one row per name."""
        first: dict[str, int] = {}
        again: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            if first.setdefault(name, row) != row:
                again.setdefault(name, []).append(row)
        if not again:
            return
        found = f"{len(again):,} names come more than once, such as {next(iter(again))!r}"
        if duplicates == "error":
            raise GeneAnalogiesError(
                f"{self._label}: {found}; duplicates='first' or 'mean' says what to do with them"
            )
        if duplicates == "first":
            logger.warning(
                "%s: %s; the first of each is kept (duplicates: first, mean or error)",
                self._label, found,
            )  # fmt: skip
        else:
            for name, others in again.items():
                same = self._all[self.index[[first[name], *others]]]
                self._means[name] = same.mean(axis=0, dtype=np.float64).astype(same.dtype)
        self.steps.append(f"{found}: {'first' if duplicates == 'first' else 'mean'} kept")
        self._keep(list(first.values()))

    def restrict(self, among: Iterable[str], genes: GeneTable | None) -> None:
        """Keep the rows of some names, in the order of the rows."""
        rows, missing = self._find(_as_list("among", among), genes)
        if missing:
            logger.warning("among: %s", _not_found(missing))
        self.steps.append(f"among: {len(rows):,} items kept; {len(missing):,} names not found")
        self._keep(sorted(rows))

    def reorder(self, order: Sequence[str] | str | Path, genes: GeneTable | None) -> None:
        """Put the rows of some names first; the others follow as they were."""
        wanted = _names_in(order)
        rows, missing = self._find(wanted, genes)
        if not rows:
            raise GeneAnalogiesError(
                f"order: none of its {len(wanted):,} names is an item; {_not_found(missing)}"
            )
        if missing:
            logger.warning("order: %s", _not_found(missing))
        first = set(rows)
        by = f"by {order}" if isinstance(order, (str, Path)) else "by a list of names"
        self.steps.append(
            f"ordered {by}: {len(rows):,} items first; {len(missing):,} names not found"
        )
        self._keep([*rows, *(row for row in range(len(self.names)) if row not in first)])

    def truncate(self, count: int) -> None:
        """Keep the first rows."""
        # A reader may have stopped there already, so how many there were is not known.
        if count < len(self.names):
            self._keep(range(count))
        self.steps.append(f"truncated: the first {len(self.names):,} items kept")

    def _leave_out(self, rows: list[int], what: str) -> None:
        """Drop rows, and say how many and why."""
        left_out = set(rows)
        have = f"{pluralise(len(rows), 'row')} of {len(self.names):,} with {what}"
        first = self.index[rows[0]]
        logger.warning("%s: %s left out, the first row %d", self._label, have, first)
        self.steps.append(f"{have} left out, the first row {first}")
        self._keep([row for row in range(len(self.names)) if row not in left_out])

    def _find(self, names: Sequence[str], genes: GeneTable | None) -> tuple[list[int], list[str]]:
        """Return the rows of names, each once, and the names that lead to none."""
        resolver = Resolver(self.names, genes, self._symbols)
        rows: dict[int, None] = {}
        missing = []
        for name in names:
            try:
                rows[resolver.resolve(name, suggest=False).row] = None
            except ItemNameError:
                missing.append(str(name))
        return list(rows), missing

    def _keep(self, rows: Sequence[int]) -> None:
        self.names = [self.names[row] for row in rows]
        self.index = self.index[np.asarray(rows, np.int64)]


def _names_in(order: Sequence[str] | str | Path) -> list[str]:
    """Return the names that go first."""
    if not isinstance(order, (str, Path)):
        return _as_list("order", order)
    path = user_path(order)
    if path.suffix.lower() == ".h5ad":
        from gene_analogies.loading.expression import genes_by_cells

        return genes_by_cells(path)
    from gene_analogies.formats.parts.names import read_names

    return [name for name in read_names(path) if name and not name.startswith("#")]


def _as_list(option: str, names: Iterable[str]) -> list[str]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise GeneAnalogiesError(f"{option} must be a list of names, not {names!r}")
    return list(names)


def _not_found(names: list[str]) -> str:
    return f"{len(names):,} names lead to no item: {first_few(list(map(repr, names)))}"
