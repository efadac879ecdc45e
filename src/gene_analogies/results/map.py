"""The answer of `map`: where items lie on a map of all items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from gene_analogies.plots.kinds import MAP_KINDS
from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.on_map import in_words, map_of
from gene_analogies.results.pictured import PicturedAnswer, kind_of_all
from gene_analogies.results.similar import left_out
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gene_analogies.plots.picture import Picture
    from gene_analogies.search.layout.layout import Layout

#: As many items are named in a title.
_NAMED = 6

__all__ = ["ListedItems", "MapResult", "Place"]


class Place(NamedTuple):
    """One item, and where it lies."""

    item: str
    x: float
    y: float


class ListedItems:
    """The items of rows, looked up when they are first asked for: there may be thousands.

    Parameters
    ----------
    rows
        Their rows, int64.
    find
        Returns the items of rows.
    """

    def __init__(
        self,
        rows: NDArray[np.int64],
        find: Callable[[NDArray[np.int64]], tuple[Item, ...]],
    ) -> None:
        self._rows = rows
        self._find = find

    def __getstate__(self) -> dict[str, Any]:
        return {"items": self.items}

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items."""
        return self._find(self._rows)


@dataclass(frozen=True, repr=False, eq=False)
class MapResult(PicturedAnswer):
    """Where items lie on a map of all items.

    Attributes
    ----------
    names
        The names of the k items: those asked for, or all that have a place.
    listed
        Knows the genes of these.
    marked
        The items that were asked for; empty where all are listed.
    rows
        int64 of shape (k,): their rows in the embedding.
    coordinates
        float64 of shape (k, 2): their places; only their distances mean something, and short ones
        alone.
    layout
        The whole map: ``rows`` and ``coordinates`` of all items that have a place, the ``method``
        (``"tsne"`` or ``"pca"``), and ``kept``, the share of the 10 nearest items by cosine that
        are among the 10 nearest on the map.
    total
        Number of items of the embedding.
    notes
        Names that were rewritten; how many items were laid out, where not all are.
    without_direction
        Number of items that have no place because their vector is zero.
    """

    question: ClassVar[str] = "map"
    rows_name: ClassVar[str] = "items"
    ranked: ClassVar[bool] = False

    names: tuple[str, ...]
    listed: ListedItems
    marked: tuple[Item, ...]
    rows: NDArray[np.int64]
    coordinates: NDArray[np.float64]
    layout: Layout
    total: int
    notes: tuple[str, ...] = ()
    without_direction: int = 0

    def picture(self, kind: str | None = None, row: int | None = None) -> Picture:
        """Return the map as dots and texts at places; `plot` draws it.

        Parameters
        ----------
        kind
            ``"map"``, the only one: all items, and the names of those that were asked for, as many
            as fit.
        row
            Must be None, for all items are shown.

        Raises
        ------
        GeneAnalogiesError
            If there is no such figure.
        """
        kind_of_all(kind, MAP_KINDS, row, "items")
        rows = self.rows[: len(self.marked)]
        return map_of(self.layout, self.title, list(self.marked), [], rows, self.total)

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[Place]:
        for name, (x, y) in zip(self.names, self.coordinates.tolist(), strict=True):
            yield Place(name, x, y)

    @property
    def items(self) -> tuple[Item, ...]:
        """The k items."""
        return self.listed.items

    @property
    def query(self) -> str:
        """The items that were asked for, or how many there are."""
        if not self.marked:
            return pluralise(len(self), "item")
        return first_few([item.symbol for item in self.marked], _NAMED)

    @property
    def title(self) -> str:
        """The question: ``map: EGF, EGFR``."""
        return f"map: {self.query}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """How the map was made, and how many neighbours it keeps."""
        return in_words(self.layout, self.total)

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many items have no place because they have no direction."""
        return left_out(self.without_direction)

    @property
    def columns(self) -> tuple[Column, ...]:
        """``item``, ``x`` and ``y``."""
        x, y = self.coordinates.T
        return Column("item", self.items, "item"), Column("x", x, "score"), Column("y", y, "score")

    @property
    def facts(self) -> dict[str, Any]:
        """The items asked for, the method, and the share of neighbours that it keeps."""
        kept = self.layout.kept
        return {
            "asked": [described(item) for item in self.marked],
            "method": self.layout.method,
            "kept": None if np.isnan(kept) else kept,
            "on_map": len(self.layout.rows),
        }

    @property
    def totals(self) -> dict[str, Any]:
        """How many items have no direction."""
        return {"without_direction": self.without_direction}
