"""Answers that say where their items lie on the map of their space."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.results.pictured import PicturedAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding
    from gene_analogies.plots.picture import Picture
    from gene_analogies.report.table import Item
    from gene_analogies.search.layout.layout import Layout

__all__ = ["MappedAnswer", "OnMap", "in_words", "map_of"]


@dataclass(frozen=True, repr=False, eq=False)
class OnMap:
    """Finds where items lie; a pickled one does not."""

    layout: Callable[[NDArray[np.int64]], Layout] | None
    embedding: Embedding | None

    def __getstate__(self) -> dict[str, Any]:
        return dict.fromkeys(vars(self))


class MappedAnswer(PicturedAnswer):
    """An answer that can be drawn on the map of its space."""

    on_map: OnMap | None = None

    def having_map(self, on_map: OnMap) -> Self:
        """Return the same answer with where its items lie."""
        answer = copy.copy(self)
        object.__setattr__(answer, "on_map", on_map)  # an answer is frozen otherwise
        return answer

    def _on_map(self, query: Iterable[Item], answers: Iterable[Item]) -> Picture:
        """Return the map of all items with those of the query and those of the answer.

        Raises
        ------
        GeneAnalogiesError
            If the answer is a copy, which does not know the map.
        """
        known = self.on_map
        if known is None or known.layout is None or known.embedding is None:
            raise GeneAnalogiesError(
                "this answer has no vectors to draw, for it is a copy (from a pickle, say): ask "
                "again"
            )
        query, answers = list(query), list(answers)
        rows = known.embedding.rows
        asked = np.array([rows[item.name] for item in (*query, *answers)], np.int64)
        return map_of(known.layout(asked), self.title, query, answers, asked, len(rows))


def map_of(
    layout: Layout,
    title: str,
    query: list[Item],
    answers: list[Item],
    rows: NDArray[np.int64],
    total: int,
) -> Picture:
    """Return a map with some items marked.

    Parameters
    ----------
    layout
        Where items lie.
    title
        What stands above.
    query, answers
        The items to mark; those without a place are left out.
    rows
        Their rows, int64, in the same order.
    total
        How many items the embedding has.
    """
    from gene_analogies.plots.map_picture import Mark, map_picture
    from gene_analogies.report.text import labels

    names = labels([*query, *answers])
    marks: dict[int, Mark] = {}
    for index, (item, row) in enumerate(zip([*query, *answers], rows.tolist(), strict=True)):
        place = int(np.searchsorted(layout.rows, row))
        if row not in marks and place < len(layout.rows) and layout.rows[place] == row:
            x, y = layout.coordinates[place].tolist()
            marks[row] = Mark(names[item.name], (x, y), index < len(query))
    return map_picture(
        layout.coordinates, title, list(marks.values()),
        [f"{line[0].upper()}{line[1:]}." for line in in_words(layout, total)],
    )  # fmt: skip


def in_words(layout: Layout, total: int) -> tuple[str, ...]:
    """Say how a map was made, and how many neighbours it keeps."""
    count = len(layout.rows)
    shown = f"all {count:,} items" if count == total else f"{count:,} of {total:,} items"
    kind = "t-SNE" if layout.method == "tsne" else "the first two principal components"
    lines = [f"map of {shown} by {kind}"]
    if layout.kept == layout.kept:
        poor = " (few: t-SNE keeps more)" if layout.method == "pca" else ""
        lines.append(
            f"{100 * layout.kept:.1f} % of the ten nearest items by cosine are among the ten "
            f"nearest here{poor}; longer distances mean little, and directions nothing"
        )
    return tuple(lines)
