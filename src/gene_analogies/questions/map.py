"""Where items lie on a map of all items."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.questions.layouts import LARGEST, METHODS, MapMethod
from gene_analogies.questions.origin import with_call
from gene_analogies.results.map import ListedItems, MapResult
from gene_analogies.util.arguments import check_choice
from gene_analogies.util.progress import Progress
from gene_analogies.util.wording import pluralise

__all__ = ["Map"]


class Map(Base):
    """`map`: where items lie on a map of all items."""

    @with_call
    def map(
        self,
        items: str | Iterable[str] | None = None,
        *,
        method: MapMethod = "auto",
        progress: Progress | None = None,
    ) -> MapResult:
        """Return where items lie on a map of all items, which is for neighbourhoods alone.

        Offsets on a map are not those of the vectors: analogies cannot be seen on it. Items with a
        zero vector have no place; of more than 20,000 items the best known are laid out (by papers
        for human genes, else the first rows), and those asked for.

        Parameters
        ----------
        items
            Names of the items to list and to mark; all that have a place unless given.
        method
            ``"tsne"``: t-SNE by openTSNE, of the extra ``map``; it takes minutes for thousands of
            items, and is kept in the cache folder. That of the built-in embedding comes with the
            package. ``"pca"``: the first two principal components of the unit vectors, at once,
            which keep few neighbours together. ``"auto"``: the packaged map for the built-in
            embedding, else ``"pca"``.
        progress
            Called with (steps done, steps) while t-SNE is at work.

        Returns
        -------
        MapResult
            ``coordinates`` has the places; `plot` draws them.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        MissingExtraError
            If t-SNE is asked for and openTSNE is not installed.
        GeneAnalogiesError
            If an argument has no meaning, an item has a zero vector, or too few items are left.

        Examples
        --------
        >>> import gene_analogies as ga
        >>> found = ga.load().map(["EGF", "EGFR"])
        >>> found.layout.method, found.coordinates.shape
        ('tsne', (2, 2))
        """
        check_choice("method", method, METHODS)
        notes: list[str] = []
        asked = [] if items is None else self._rows_of(items, "items", notes)
        for row in asked:
            if self.prepared.norms[row] == 0.0:
                raise GeneAnalogiesError(
                    f"the vector of {self.embedding.names[row]!r} is zero: it has no place"
                )
        layout = self.layouts.of(asked, method, progress)
        rows = np.array(asked, np.int64) if asked else layout.rows
        coordinates = layout.coordinates[np.searchsorted(layout.rows, rows)]
        for array in (rows, coordinates):
            array.flags.writeable = False
        zero = len(self.prepared.zero_rows)
        if len(self) - zero > LARGEST:
            notes.append(
                f"the map has {len(layout.rows):,} of {pluralise(len(self), 'item')}: the "
                f"{self.layouts.order}{', and those asked for' if asked else ''}"
            )
        return MapResult(
            names=tuple(self.embedding.names[row] for row in rows.tolist()),
            listed=ListedItems(rows, self._items),
            marked=self._items(asked),
            rows=rows,
            coordinates=coordinates,
            layout=layout,
            total=len(self),
            notes=tuple(notes),
            without_direction=zero,
        )
