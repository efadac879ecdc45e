"""From what a file holds to an embedding: which rows, in which order, and how transformed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError, ItemNameError
from gene_analogies.formats.contents import Contents
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable
from gene_analogies.util.folders import user_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Duplicates", "check_options", "prepare"]

logger = logging.getLogger(__name__)

Duplicates = Literal["first", "mean", "error"]

_WORD = re.compile(r"[a-z]+")
#: Numbers that are in float64 at a time.
_BLOCK = 2**20


def prepare(
    contents: Contents,
    *,
    source_label: str,
    duplicates: Duplicates = "first",
    clean_words: bool = False,
    among: Sequence[str] | None = None,
    order: Sequence[str] | str | Path | None = None,
    truncate: int | None = None,
    center: bool = False,
    remove_components: int = 0,
    unit: bool = False,
    genes: GeneTable | Literal["packaged"] | None = "packaged",
) -> Embedding:
    """Choose, order and transform the rows of a file, in the order of these options.

    Parameters
    ----------
    contents
        Names and vectors as read; they are not changed, and not copied where nothing is asked.
    source_label
        What the errors call the file.
    duplicates, clean_words, among, order, truncate, center, remove_components, unit, genes
        As in :func:`gene_analogies.loading.read.load_embedding`; words are cleaned first.

    Returns
    -------
    Embedding
        In the dtype of the vectors. ``provenance["source"]`` and ``provenance["steps"]``, a list
        of lines, say where it comes from.

    Raises
    ------
    FormatError
        If the vectors are not finite.
    GeneAnalogiesError
        If an option has no meaning, or no row is left.
    """
    check_options(duplicates, clean_words, truncate, remove_components)
    _check_dimension(contents, remove_components)
    rows = _Rows(contents, source_label)
    if clean_words:
        rows.clean()
    rows.merge(duplicates)
    known = GeneTable.packaged() if genes == "packaged" else genes
    if among is not None:
        rows.restrict(_as_list("among", among), known)
    if order is not None:
        rows.reorder(_order(order), order, known)
    if truncate is not None:
        rows.truncate(truncate)
    if not rows.names:
        raise GeneAnalogiesError("; ".join([f"{source_label}: no item is left", *rows.steps[-1:]]))
    vectors = rows.vectors()
    _check_finite(rows, vectors, source_label)
    if center or remove_components or unit:
        if not vectors.flags.writeable or np.may_share_memory(vectors, contents.vectors):
            vectors = vectors.copy()
        with np.errstate(over="ignore", invalid="ignore"):  # found out below
            rows.steps += _transform(vectors, center, remove_components, unit)
        if not _is_finite(vectors):
            raise GeneAnalogiesError(
                f"{source_label}: the vectors are too large for {vectors.dtype}; {rows.steps[-1]}"
            )
    if not np.may_share_memory(vectors, contents.vectors):
        vectors.flags.writeable = False  # so that it is not copied once more
    provenance = {**contents.details, "source": source_label, "steps": rows.steps}
    return Embedding(rows.names, vectors, provenance)


def check_options(
    duplicates: str, clean_words: bool, truncate: int | None, remove_components: int
) -> None:
    """Refuse options that have no meaning for any embedding, before a file is read.

    Parameters
    ----------
    duplicates, clean_words, truncate, remove_components
        As in :func:`prepare`.

    Raises
    ------
    GeneAnalogiesError
        If one is none of its choices, or two exclude each other.
    """
    if duplicates not in ("first", "mean", "error"):
        raise GeneAnalogiesError(
            f"duplicates must be one of first, mean, error, not {duplicates!r}"
        )
    if clean_words and duplicates != "first":
        raise GeneAnalogiesError(
            f"clean_words keeps the first of each word; duplicates={duplicates!r} contradicts it"
        )
    for name, value, least in (
        ("truncate", truncate, 1),
        ("remove_components", remove_components, 0),
    ):
        if value is None and name == "truncate":
            continue
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise GeneAnalogiesError(
                f"{name} must be a whole number of at least {least}, not {value!r}"
            )


def _check_dimension(contents: Contents, remove_components: int) -> None:
    dimension = contents.vectors.shape[1]
    if remove_components >= dimension and remove_components:
        raise GeneAnalogiesError(
            f"remove_components must be below the dimension, {dimension}, not {remove_components}"
        )


class _Rows:
    """Which rows are kept, under which names; every step that was taken, in words."""

    def __init__(self, contents: Contents, label: str) -> None:
        self.names: list[str] = list(contents.names)
        self.steps: list[str] = []
        self.index = np.arange(len(self.names))
        self._all = contents.vectors
        self._label = label
        #: The vectors of names that came several times, where their mean is taken.
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
        """Leave one row for every name."""
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

    def restrict(self, among: Sequence[str], genes: GeneTable | None) -> None:
        """Keep the rows of some names, in the order of the rows."""
        rows, missing = self._find(among, genes)
        if missing:
            logger.warning("among: %s", _lost(missing))
        self.steps.append(f"among: {len(rows):,} items kept; {len(missing):,} names not found")
        self._keep(sorted(rows))

    def reorder(
        self, wanted: Sequence[str], order: Sequence[str] | str | Path, genes: GeneTable | None
    ) -> None:
        """Put the rows of some names first; the others follow as they were."""
        rows, missing = self._find(wanted, genes)
        if not rows:
            raise GeneAnalogiesError(
                f"order: none of its {len(wanted):,} names is an item; {_lost(missing)}"
            )
        if missing:
            logger.warning("order: %s", _lost(missing))
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

    def _find(self, names: Sequence[str], genes: GeneTable | None) -> tuple[list[int], list[str]]:
        """Return the rows of names, each once, and the names that lead to none."""
        resolver = Resolver(self.names, genes)
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


def _order(order: Sequence[str] | str | Path) -> Sequence[str]:
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


def _lost(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5]) + (", …" if len(names) > 5 else "")
    return f"{len(names):,} names lead to no item: {shown}"


def _check_finite(rows: _Rows, vectors: NDArray[np.floating], label: str) -> None:
    if _is_finite(vectors):
        return
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    raise FormatError(
        label,
        f"expected numbers, found NaN or infinity, one of {bad.size:,} such rows",
        f"row {rows.index[bad[0]]} ({rows.names[bad[0]]!r})",
    )


def _is_finite(vectors: NDArray[np.floating]) -> bool:
    # Two passes without a temporary; either is NaN where a coordinate is.
    return bool(np.isfinite(vectors.min()) and np.isfinite(vectors.max()))


def _transform(
    vectors: NDArray[np.floating], center: bool, remove_components: int, unit: bool
) -> list[str]:
    """Transform the vectors in place, and say what was done."""
    steps = []
    if center or remove_components:
        mean = vectors.mean(axis=0, dtype=np.float64)
        _in_blocks(vectors, lambda block: block - mean)
        steps.append("centered: the mean vector was taken off")
    if remove_components:
        share = _remove_components(vectors, remove_components)
        steps.append(
            f"all-but-the-top: {remove_components} main components taken off,"
            f" {100 * share:.1f} % of the variance"
        )
    if unit:
        zero = int(np.count_nonzero(~vectors.any(axis=1)))
        _in_blocks(vectors, _unit)
        left = f"; {zero:,} zero vectors stay" if zero else ""
        steps.append(f"unit: vectors divided by their lengths{left}")
    return steps


def _remove_components(vectors: NDArray[np.floating], count: int) -> float:
    """Take off the main principal components of centred vectors, and return their share.

    All-but-the-top of Mu & Viswanath (2018), "All-but-the-Top: Simple and Effective
    Postprocessing for Word Representations", ICLR.
    """
    # Squares must not overflow.
    scale = max(float(vectors.max()), -float(vectors.min())) or 1.0
    covariance = np.zeros((vectors.shape[1], vectors.shape[1]))
    for block in _blocks(vectors):
        part = block.astype(np.float64) / scale
        covariance += part.T @ part
    if not np.isfinite(covariance).all():
        return 0.0  # so are the vectors
    variances, axes = np.linalg.eigh(covariance)
    top = axes[:, -count:]
    _in_blocks(vectors, lambda block: block - (block @ top) @ top.T)
    return float(variances[-count:].sum() / (variances.sum() or 1.0))


def _unit(block: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = np.abs(block).max(axis=1, keepdims=True)
    block /= np.where(largest > 0.0, largest, 1.0)
    norms = np.linalg.norm(block, axis=1, keepdims=True)
    return block / np.where(norms > 0.0, norms, 1.0)


def _in_blocks(
    vectors: NDArray[np.floating], change: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> None:
    """Change the vectors in place, computing in float64."""
    for block in _blocks(vectors):
        block[:] = change(block.astype(np.float64))


def _blocks(vectors: NDArray[np.floating]) -> Iterator[NDArray[np.floating]]:
    rows = max(1, _BLOCK // vectors.shape[1])
    for start in range(0, len(vectors), rows):
        yield vectors[start : start + rows]
