"""The embedding: names, vectors, and where they came from."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.sparse import dense

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

__all__ = ["Embedding"]


@dataclass(frozen=True, init=False, eq=False)
class Embedding:
    """Items (genes or words) and their vectors.

    Parameters
    ----------
    names
        The ``n`` item names, each once.
    vectors
        Array of shape (n, d), copied unless it is read-only; float32 and float64 are kept, other
        real numbers become float64. No NaN and no infinity. A sparse matrix of up to 2²⁷ numbers,
        zeros among them, is made an array.
    provenance
        Where the vectors came from: any JSON-like mapping, kept beside them.
    files
        The files it was read from, as absolute paths; none where it was made in memory.
    symbols
        The gene symbols that the model itself gives to some of the names, such as
        ``{"ENSG00000291237": "SOD2"}``; those of other names are left out.

    Raises
    ------
    GeneAnalogiesError
        If shapes disagree, a name is given twice, a vector is not finite, or a sparse matrix is
        larger.
    """

    names: tuple[str, ...]
    vectors: NDArray[np.floating]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)

    def __init__(
        self,
        names: Sequence[str],
        vectors: ArrayLike,
        provenance: Mapping[str, Any] | None = None,
        files: Iterable[Path] = (),
        symbols: Mapping[str, str] | None = None,
    ) -> None:
        matrix = _as_matrix(vectors)
        if not isinstance(names, Iterable):
            raise GeneAnalogiesError(f"names must be a list of names, not {names!r}")
        labels = tuple(str(name) for name in names)
        if len(labels) != len(matrix):
            raise GeneAnalogiesError(
                f"names and vectors disagree: {len(labels)} names, {len(matrix)} rows"
            )
        object.__setattr__(self, "names", labels)
        object.__setattr__(self, "vectors", matrix)
        object.__setattr__(self, "provenance", dict(provenance or {}))
        object.__setattr__(self, "files", tuple(files))
        object.__setattr__(self, "symbols", _symbols_of(labels, symbols or {}))
        if not math.isfinite(self.magnitude):
            bad = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
            raise GeneAnalogiesError(
                f"vectors must be finite: row {bad[0]} ({labels[bad[0]]!r}) holds NaN or infinity, "
                f"one of {bad.size} such rows"
            )
        if len(self.rows) != len(labels):
            # The last row of a name is the one kept, so an earlier one shows itself.
            twice = next(name for row, name in enumerate(labels) if self.rows[name] != row)
            raise GeneAnalogiesError(f"names holds {twice!r} twice; each item needs its own name")

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        n, d = self.vectors.shape
        return f"Embedding({n:,} items × {d}, {self.vectors.dtype})"

    @property
    def dimension(self) -> int:
        """The number of coordinates of a vector."""
        return int(self.vectors.shape[1])

    @property
    def label(self) -> str:
        """What it is called: a built-in or published name, or the name of a file."""
        source = str(self.provenance.get("source") or self.provenance.get("name") or "embedding")
        return source.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or source

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row number of every name."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def magnitude(self) -> float:
        """Largest absolute value of a coordinate; 0 where there are no rows."""
        if not len(self):
            return 0.0
        # Two passes without a temporary; either is NaN where a coordinate is.
        return max(-float(self.vectors.min()), float(self.vectors.max()))

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of names and vectors: the type, the shape, each name, the numbers by rows."""
        digest = hashlib.sha256(f"{self.vectors.dtype} {self.vectors.shape}".encode())
        for name in self.names:
            encoded = name.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(8, "little") + encoded)
        digest.update(self.vectors.astype(self.vectors.dtype.newbyteorder("<"), copy=False).data)
        return digest.hexdigest()

    def select(self, rows: Sequence[int] | NDArray[np.integer]) -> Embedding:
        """Return the embedding of some rows, in the order given.

        Parameters
        ----------
        rows
            Row numbers, each in [0, n).
        """
        index = np.asarray(rows, dtype=np.int64)
        if index.size and (index.min() < 0 or index.max() >= len(self)):
            raise GeneAnalogiesError(f"rows must lie in 0..{len(self) - 1}")
        names = [self.names[i] for i in index]
        return self._with(names, self.vectors[index])

    def truncate(self, count: int) -> Embedding:
        """Return the first ``count`` rows (all of them, where there are fewer)."""
        if not isinstance(count, (int, np.integer)) or count < 1:
            raise GeneAnalogiesError(
                f"truncate must be a whole number of at least 1, not {count!r}"
            )
        return self._with(self.names[:count], self.vectors[:count])

    def center(self) -> Embedding:
        """Return the embedding with the mean vector subtracted from every row."""
        mean = self.vectors.mean(axis=0, dtype=np.float64)
        centred = (self.vectors - mean).astype(self.vectors.dtype)
        return self._with(self.names, centred, centered=True)

    def _with(self, names: Sequence[str], vectors: ArrayLike, **provenance: Any) -> Embedding:  # noqa: ANN401
        """Return other rows, with what is known of all."""
        known = {**self.provenance, **provenance}
        return Embedding(names, vectors, known, self.files, self.symbols)


def _symbols_of(names: Sequence[str], symbols: Mapping[str, str]) -> dict[str, str]:
    """Return the symbols of these names, checked."""
    if not isinstance(symbols, Mapping):
        raise GeneAnalogiesError(f"symbols must map names to symbols, not {symbols!r}")
    found = {name: symbols[name] for name in names if name in symbols} if symbols else {}
    for name, symbol in found.items():
        if not isinstance(symbol, str):
            raise GeneAnalogiesError(f"symbols must be text, not {symbol!r} (of {name!r})")
    return found


def _as_matrix(vectors: ArrayLike) -> NDArray[np.floating]:
    """Check ``vectors`` and make them a read-only, C-contiguous (n, d) float matrix."""
    vectors = dense(vectors)
    try:
        matrix = np.asarray(vectors)
        if matrix.dtype.kind not in "fiub":
            raise TypeError(f"they are of type {matrix.dtype}")
        if matrix.dtype not in (np.float32, np.float64):
            matrix = matrix.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise GeneAnalogiesError(f"vectors must be an (n, d) array of numbers: {error}") from None
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise GeneAnalogiesError(f"vectors must have shape (n, d), not {matrix.shape}")
    if matrix.flags.writeable and np.may_share_memory(matrix, vectors):
        matrix = matrix.copy()  # what its owner does to it later must not reach us
    matrix = np.ascontiguousarray(matrix).view()
    matrix.flags.writeable = False
    return matrix
