"""The answer of `similar`: items like others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.kinds import SIMILAR_KINDS
from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.on_map import MappedAnswer
from gene_analogies.results.pictured import kind_of_all

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gene_analogies.plots.picture import Picture
    from gene_analogies.search.prepared import PreparedVectors

__all__ = ["Contrasted", "Neighbour", "SimilarResult", "about_one", "kind_of", "left_out"]

#: What the similarity with several items is, by metric and ``how``.
_MEANINGS = {
    ("cosine", "span"): "the share of an item that a mix of them makes up, 0 to 1 (the squared "
    "cosine with their span; signs do not matter)",
    ("cosine", "mean"): "the cosine with the mean of their unit vectors, at best 1",
    ("cosine", "min"): "the lowest of the cosines with each of them, at best 1",
    ("euclidean", "span"): "the negative Euclidean distance to the affine span of them, at best 0",
    ("euclidean", "mean"): "the negative Euclidean distance to their mean, at best 0",
    ("euclidean", "min"): "the negative Euclidean distance to the farthest of them, at best 0",
}
#: How a title says that several items count together.
_TITLES = {"span": "{} together", "mean": "the mean of {}", "min": "each of {}"}

#: More items than these are counted in a title, not named.
_NAMED = 6


class Neighbour(NamedTuple):
    """One item of an answer, and its similarity to what was asked for."""

    item: str
    similarity: float


@dataclass(frozen=True, repr=False, eq=False)
class Contrasted:
    """The vectors of a contrast, and the rows of both items; a pickled one has no vectors."""

    prepared: PreparedVectors
    rows: tuple[int, int]

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "prepared": None}


@dataclass(frozen=True, repr=False, eq=False)
class SimilarResult(MappedAnswer):
    """The items most similar to one item, to several together, or to one rather than another.

    Attributes
    ----------
    members
        The items that were asked for.
    contrast
        The item that the answer is far from; None where there was none.
    items
        The k items, best first.
    rows
        int64 of shape (k,): their rows in the embedding.
    similarity
        float64 of shape (k,): the score, as ``metric`` and ``how`` say; with a contrast, the
        similarity to the member less that to the contrast.
    to_each
        float64 of shape (k, j): the similarity to each item of ``compared``.
    compared
        The j items that each answer is compared with: the members where they are 2 to 5; the
        member and the contrast; else none.
    metric
        ``"cosine"`` or ``"euclidean"``: negative distances, in units of the embedding.
    how
        ``"span"``, ``"mean"`` or ``"min"``, for several members.
    notes
        What a reader should know: names that were rewritten, or left out.
    without_direction
        Number of items left out because their vector is zero.
    contrasted
        What a figure of a contrast needs; None where there was none.
    """

    question: ClassVar[str] = "similar"
    rows_name: ClassVar[str] = "items"

    members: tuple[Item, ...]
    contrast: Item | None
    items: tuple[Item, ...]
    rows: NDArray[np.int64]
    similarity: NDArray[np.float64]
    to_each: NDArray[np.float64]
    compared: tuple[Item, ...]
    metric: str
    how: str
    notes: tuple[str, ...] = ()
    without_direction: int = 0
    contrasted: Contrasted | None = None

    def picture(self, kind: str | None = None, row: int | None = None) -> Picture:
        """Return a figure of the answer as lines and texts at places; `plot` draws it.

        Parameters
        ----------
        kind
            ``"contrast"``: all items by their similarity to the member and to the contrast;
            ``"map"``: where the answer lies on the map of `Space.map`. The contrast where there is
            one, unless chosen.
        row
            Must be None, for all items are shown.

        Raises
        ------
        GeneAnalogiesError
            If there is no such figure of this answer, or it is a copy, which has no vectors.
        """
        from gene_analogies.plots.contrast import contrast
        from gene_analogies.plots.contrast_picture import contrast_picture
        from gene_analogies.report.text import labels

        if kind is None:
            kind = "map" if self.contrast is None else "contrast"
        kind = kind_of_all(kind, SIMILAR_KINDS, row, "items")
        if kind == "map":
            other = () if self.contrast is None else (self.contrast,)
            return self._on_map((*self.members, *other), self.items)
        if self.contrast is None:
            raise GeneAnalogiesError("this answer has no contrast: choose kind='map'")
        known = self.contrasted
        if known is None or known.prepared is None:
            raise GeneAnalogiesError(
                "this answer has no vectors to draw, for it is a copy (from a pickle, say): ask "
                "again"
            )
        cosine = self.metric == "cosine"
        drawn = contrast(
            known.prepared.vectors, known.prepared.norms, known.rows, self.rows,
            euclidean=not cosine, exponent=known.prepared.exponent,
        )  # fmt: skip
        asked = (self.members[0], self.contrast)
        names = labels([*asked, *self.items])
        called = "cosine with" if cosine else "negative distance to"
        return contrast_picture(
            drawn, self.title, [names[item.name] for item in asked],
            [names[item.name] for item in self.items], called,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Neighbour]:
        for item, similarity in zip(self.items, self.similarity.tolist(), strict=True):
            yield Neighbour(item.name, similarity)

    @property
    def query(self) -> str:
        """What was asked for, such as ``TP53``, ``TP53, MDM2`` or ``EGFR rather than ERBB2``."""
        if self.contrast is not None:
            return f"{self.members[0].symbol} rather than {self.contrast.symbol}"
        return ", ".join(item.symbol for item in self.members)

    @property
    def title(self) -> str:
        """The question: ``similar to TP53, MDM2 and ATM together``."""
        if self.contrast is not None or len(self.members) == 1:
            return f"similar to {self.query}"
        names = [item.symbol for item in self.members]
        if len(names) > _NAMED:
            names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1:,} others"]
        several = f"{', '.join(names[:-1])} and {names[-1]}"
        return f"similar to {_TITLES[self.how].format(several)}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """The full name of a single item; what the similarity is."""
        cosine = self.metric == "cosine"
        if self.contrast is not None:
            full_names = [item.full_name for item in (self.members[0], self.contrast)]
            lines = [" rather than ".join(full_names)] if all(full_names) else []
            kind = "cosine with" if cosine else "negative Euclidean distance to"
            first, second = (_label(item, self.compared) for item in self.compared)
            return (
                *lines,
                f"difference: the {kind} {first} minus that {kind.split()[-1]} {second}",
            )
        if len(self.members) > 1:
            alone = "cosine with" if cosine else "negative distance to"
            each = f"; to X: the {alone} X alone" if self.compared else ""
            return (f"similarity: {_MEANINGS[self.metric, self.how]}{each}",)
        lines = [self.members[0].full_name] if self.members[0].full_name else []
        return (*lines, about_one(self.metric))

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many items were left out because they have no direction."""
        return left_out(self.without_direction)

    @property
    def columns(self) -> tuple[Column, ...]:
        """``item``, ``similarity`` (or ``difference``), and ``to_X`` for each compared item X."""
        kind = kind_of(self.metric)
        names = [_label(item, self.compared) for item in self.compared]
        score = "similarity" if self.contrast is None else "difference"
        return (
            Column("item", self.items, "item"),
            Column(score, self.similarity, kind),
            *(
                Column(f"to_{item.name}", self.to_each[:, index], kind, f"to {name}")
                for index, (item, name) in enumerate(zip(self.compared, names, strict=True))
            ),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The members, the contrast, the metric and how several members count."""
        return {
            "members": [described(item) for item in self.members],
            "contrast": None if self.contrast is None else described(self.contrast),
            "metric": self.metric,
            "how": self.how if len(self.members) > 1 else None,
        }

    @property
    def totals(self) -> dict[str, Any]:
        """How many items have no direction."""
        return {"without_direction": self.without_direction}


def about_one(metric: str) -> str:
    """Say what the similarity of two items is."""
    if metric == "cosine":
        return "similarity: the cosine of the two vectors, at best 1"
    return "similarity: the negative Euclidean distance, at best 0"


def kind_of(metric: str) -> Literal["cosine", "score"]:
    """Return the kind of a column of similarities."""
    return "cosine" if metric == "cosine" else "score"


def _label(item: Item, others: Sequence[Item]) -> str:
    """Return the symbol of an item, or its name where another one has that symbol, too."""
    alone = [other.symbol for other in others].count(item.symbol) == 1
    return item.symbol if alone else item.name


def left_out(count: int) -> tuple[str, ...]:
    """Say how many items have no direction."""
    if not count:
        return ()
    single = count == 1
    return (
        f"{count:,} {'item has a zero vector' if single else 'items have zero vectors'}, without a "
        f"direction, and {'is' if single else 'are'} left out",
    )
