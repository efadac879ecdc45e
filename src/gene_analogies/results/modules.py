"""The answer of `modules`: the modules of a space."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.report.table import Column, Item
from gene_analogies.results.answer import Answer
from gene_analogies.results.module_members import (
    STABILITY,
    ItemModulesResult,
    ModuleMembersResult,
    member_texts,
)
from gene_analogies.util.arguments import check_int
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from anndata import AnnData
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding
    from gene_analogies.genes.resolve import Resolver
    from gene_analogies.report.modules_h5ad import ModulesTable

__all__ = ["Module", "ModulesResult"]


class Named(Protocol):
    """What an answer needs of the space that was asked: its items, and how to find them."""

    embedding: Embedding

    @property
    def resolver(self) -> Resolver:
        """Finds the row that a name means."""

    def item(self, row: int) -> Item:
        """Return the name of a row and the gene behind it."""


class Module(NamedTuple):
    """One module: its number, how many members and how stable it is, and its main members."""

    module: int
    size: int
    stability: float
    members: tuple[str, ...]


@dataclass(frozen=True, repr=False, eq=False)
class ModulesResult(Answer):
    """The modules of a space, the most stable first; they are numbered from 1.

    Attributes
    ----------
    space
        The n items, each of d coordinates.
    weights
        float32 of shape (n, m): how much each item belongs to each module; at least 0, and 0 for
        most. The unit vectors of the items are approximately ``weights @ atoms``.
    atoms
        float64 of shape (m, d): the directions of the modules, of length 1.
    stability
        float64 of shape (m,), in [0, 1]: the mean, over runs from the other seeds, of the cosine
        between the module's weights and those of the module matched to it there (one to one, such
        that the sum of these cosines is greatest).
    explained
        The share of the unit vectors' squared length that the modules explain.
    sparsity, seed, seeds
        As they were asked for.
    k
        How many members of a module are shown.
    notes
        What a reader should know: zero vectors that were left out.
    """

    question: ClassVar[str] = "modules"
    rows_name: ClassVar[str] = "modules"
    ranked: ClassVar[bool] = False

    space: Named
    weights: NDArray[np.float32]
    atoms: NDArray[np.float64]
    stability: NDArray[np.float64]
    explained: float
    sparsity: float
    seed: int
    seeds: int
    k: int = 10
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.atoms)

    def __iter__(self) -> Iterator[Module]:
        for index, stability in enumerate(self.stability.tolist()):
            names = tuple(self.space.item(row).name for row in self._rows(index, self.k))
            yield Module(index + 1, int(self.sizes[index]), stability, names)

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many items have a weight in each module, int64 of shape (m,)."""
        sizes: NDArray[np.int64] = (self.weights > 0).sum(axis=0, dtype="int64")
        return sizes

    def members(self, module: int, k: int | None = None) -> ModuleMembersResult:
        """Return the members of a module, by weight.

        Parameters
        ----------
        module
            Its number, from 1.
        k
            How many members to return; as many as `modules` was asked for unless given.

        Raises
        ------
        GeneAnalogiesError
            If there is no such module.
        """
        if check_int("module", module) > len(self):
            raise GeneAnalogiesError(f"module must be a number in 1..{len(self)}, not {module}")
        index = module - 1
        rows = self._rows(index, self.k if k is None else check_int("k", k))
        return ModuleMembersResult(
            module=module,
            size=int(self.sizes[index]),
            stability=float(self.stability[index]),
            items=tuple(self.space.item(row) for row in rows.tolist()),
            rows=rows,
            weights=self.weights[rows, index].astype("float64"),
            notes=self.notes,
        )

    def of(self, name: str, k: int | None = None) -> ItemModulesResult:
        """Return the modules that an item belongs to, by weight.

        Parameters
        ----------
        name
            The item.
        k
            How many members of each module to show; as many as `modules` was asked for unless
            given.

        Raises
        ------
        ItemNameError
            If the name does not lead to one item.
        """
        k = self.k if k is None else check_int("k", k)
        found = self.space.resolver.resolve(name)
        weights = self.weights[found.row].astype("float64")
        indices = (-weights).argsort(kind="stable")[: (weights > 0).sum()]
        return ItemModulesResult(
            item=self.space.item(found.row),
            modules=indices + 1,
            weights=weights[indices],
            stability=self.stability[indices],
            sizes=self.sizes[indices],
            members=tuple(self._main(index, k) for index in indices.tolist()),
            notes=(*((found.note,) if found.note else ()), *self.notes),
        )

    def to_anndata(self, adata: AnnData | None = None) -> AnnData:
        """Return the modules as AnnData keeps such things, beside the embedding.

        Parameters
        ----------
        adata
            An object whose obs or var holds the items, by their names in the embedding: the
            weights go into its ``obsm["X_modules"]`` or ``varm["modules"]``, with zeros for names
            that are no items. A new one unless given: the items as obs, the vectors in X.

        Returns
        -------
        AnnData
            ``uns["modules"]`` holds ``atoms``, ``stability``, ``explained``, ``sparsity``,
            ``seed`` and ``seeds``.

        Raises
        ------
        GeneAnalogiesError
            If neither obs nor var holds any of the items.
        MissingExtraError
            If AnnData is not installed.
        """
        from gene_analogies.report.modules_h5ad import modules_anndata

        return modules_anndata(self._stored(), adata)

    def save(self, path: str | Path) -> None:
        """Write the embedding and its modules as ``.h5ad``, whole or not at all.

        Parameters
        ----------
        path
            The file; one that exists is replaced. `gene_analogies.load` reads the embedding in it.

        Raises
        ------
        GeneAnalogiesError
            If the ending is another, or the file cannot be written.
        MissingExtraError
            If AnnData is not installed.
        """
        from gene_analogies.report.modules_h5ad import write_modules

        write_modules(self._stored(), path)

    def _stored(self) -> ModulesTable:
        from gene_analogies.report.modules_h5ad import ModulesTable

        about = ("atoms", "stability", "explained", "sparsity", "seed", "seeds")
        return ModulesTable(
            self.space.embedding, self.weights, {name: getattr(self, name) for name in about}
        )

    def _rows(self, index: int, k: int) -> NDArray[np.int64]:
        """Rows of the ``k`` main members: by weight, then by row."""
        weights = self.weights[:, index]
        rows = weights.nonzero()[0]
        return rows[(-weights[rows]).argsort(kind="stable")[:k]]

    def _main(self, index: int, k: int) -> tuple[Item, ...]:
        return tuple(self.space.item(row) for row in self._rows(index, k).tolist())

    @cached_property
    def _shown(self) -> tuple[tuple[Item, ...], ...]:
        return tuple(self._main(index, self.k) for index in range(len(self)))

    @property
    def query(self) -> str:
        """How many modules of how many items."""
        return f"{pluralise(len(self), 'module')} of {pluralise(len(self.weights), 'item')}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """What a module and its stability are; how much the modules explain."""
        members = (self.weights > 0).sum(axis=1)
        none = int((members == 0).sum())
        return (
            "a module is a group of items whose vectors share a direction; size: how many members "
            "it has; members: the main ones, strongest first",
            f"{STABILITY} (seeds {self.seed} to {self.seed + self.seeds - 1})",
            f"together the modules explain {self.explained:.1%} of the embedding (of the squared "
            f"length of its unit vectors); an item is in {float(members.mean()):.1f} modules on "
            f"average, {none:,} {'item is' if none == 1 else 'items are'} in none",
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """``module``, ``size``, ``stability`` and the main ``members``."""
        import numpy as np

        return (
            Column("module", np.arange(1, len(self) + 1), "count"),
            Column("size", self.sizes, "count"),
            Column("stability", self.stability, "score"),
            Column("members", member_texts(self._shown), "text"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What was asked for, the share explained, and how many items are in no module."""
        return {
            "items": len(self.weights),
            "sparsity": self.sparsity,
            "seed": self.seed,
            "seeds": self.seeds,
            "explained": self.explained,
            "in_no_module": int((~self.weights.any(axis=1)).sum()),
        }
