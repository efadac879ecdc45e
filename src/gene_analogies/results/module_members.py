"""The answers of `modules` about one module or item: its members, or its modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.answer import Answer
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "STABILITY",
    "ItemModule",
    "ItemModulesResult",
    "Member",
    "ModuleMembersResult",
    "member_texts",
]

_WEIGHT = (
    "weight: how strongly the item belongs to the module, once its other modules are accounted for"
)
#: What stability means, for the explanation of an answer.
STABILITY = (
    "stability: how well runs from other random seeds find the module again; 1: always, with the "
    "same members; near 0: not at all, it may be chance"
)


class Member(NamedTuple):
    """One member of a module, by name, and how strongly it belongs to it."""

    item: str
    weight: float


class ItemModule(NamedTuple):
    """One module of an item: its number, the item's weight in it, and the rest as in `Module`."""

    module: int
    weight: float
    size: int
    stability: float
    members: tuple[str, ...]


@dataclass(frozen=True, repr=False, eq=False)
class ModuleMembersResult(Answer):
    """The members of one module, by weight.

    Attributes
    ----------
    module
        Its number.
    size
        How many members it has.
    stability
        As in `ModulesResult`.
    items
        The k main members.
    rows
        int64 of shape (k,): their rows in the embedding.
    weights
        float64 of shape (k,): above 0.
    notes
        As in `ModulesResult`.
    """

    question: ClassVar[str] = "modules"
    rows_name: ClassVar[str] = "members"

    module: int
    size: int
    stability: float
    items: tuple[Item, ...]
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Member]:
        for item, weight in zip(self.items, self.weights.tolist(), strict=True):
            yield Member(item.name, weight)

    @property
    def query(self) -> str:
        """The module, such as ``module 7``."""
        return f"module {self.module}"

    @property
    def title(self) -> str:
        """The module, its size and its stability."""
        size = pluralise(self.size, "member")
        return f"module {self.module}: {size}, stability {self.stability:.4f}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """What weight and stability are."""
        return (_WEIGHT, STABILITY)

    @property
    def columns(self) -> tuple[Column, ...]:
        """``item`` and ``weight``."""
        return (Column("item", self.items, "item"), Column("weight", self.weights, "score"))

    @property
    def facts(self) -> dict[str, Any]:
        """The module, its size and its stability."""
        return {"module": self.module, "size": self.size, "stability": self.stability}


@dataclass(frozen=True, repr=False, eq=False)
class ItemModulesResult(Answer):
    """The modules of one item, by weight; none where no module is near enough.

    Attributes
    ----------
    item
        The item.
    modules
        int64 of shape (j,): their numbers.
    weights
        float64 of shape (j,): above 0.
    stability, sizes
        float64 and int64 of shape (j,), as in `ModulesResult`.
    members
        The main members of each.
    notes
        A rewriting of the name; what `ModulesResult` notes.
    """

    question: ClassVar[str] = "modules"
    rows_name: ClassVar[str] = "modules"

    item: Item
    modules: NDArray[np.int64]
    weights: NDArray[np.float64]
    stability: NDArray[np.float64]
    sizes: NDArray[np.int64]
    members: tuple[tuple[Item, ...], ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.modules)

    def __iter__(self) -> Iterator[ItemModule]:
        for module, weight, size, stability, members in zip(
            self.modules.tolist(),
            self.weights.tolist(),
            self.sizes.tolist(),
            self.stability.tolist(),
            self.members,
            strict=True,
        ):
            names = tuple(item.name for item in members)
            yield ItemModule(module, weight, size, stability, names)

    @property
    def query(self) -> str:
        """The item's symbol."""
        return self.item.symbol

    @property
    def title(self) -> str:
        """The question: ``modules of TP53``."""
        return f"modules of {self.query}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """The item's full name; what weight and stability are."""
        full_name = (self.item.full_name,) if self.item.full_name else ()
        return (*full_name, _WEIGHT, STABILITY)

    @property
    def columns(self) -> tuple[Column, ...]:
        """``module``, ``weight``, ``size``, ``stability`` and the main ``members``."""
        return (
            Column("module", self.modules, "count"),
            Column("weight", self.weights, "score"),
            Column("size", self.sizes, "count"),
            Column("stability", self.stability, "score"),
            Column("members", member_texts(self.members), "text"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The item."""
        return {"item": described(self.item)}


def member_texts(members: tuple[tuple[Item, ...], ...]) -> list[str]:
    """Return the symbols of some members of each module, as one text a module."""
    return [", ".join(item.symbol for item in some) for some in members]
