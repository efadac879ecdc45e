"""The neighbour index on disk: keyed by the vectors, checked when read, replaced when damaged."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import KERNELS
from gene_analogies.search.knn import index as index_module
from gene_analogies.search.knn.index import AXES, NEIGHBOURS, NeighbourIndex
from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays
from gene_analogies.util.folders import cache_folder, mark_used, remove_unused
from gene_analogies.util.whole_files import PARTIAL

__all__ = ["index_key", "load_index", "store_index", "stored_indexes"]

logger = logging.getLogger(__name__)

#: Changes whenever the file or the meaning of its arrays changes.
_FORMAT = b"gene-analogies index 2\n"
#: An index is found again only by the code that built it.
_BUILDER = hashlib.sha256(Path(index_module.__file__).read_bytes()).digest()

_DTYPES = {
    "start": np.int64,
    "edge_d": np.int32,
    "edge_r": np.float32,
    "knn_radius": np.float32,
    "axes": np.float64,
    "coordinates": np.float32,
    "nearest": np.float32,
    "group": np.int32,
    "partner": np.int32,
}


def index_key(vectors: NDArray[Any], sign: int) -> str:
    """Return a name for the index of these vectors: 64 hexadecimal digits.

    Parameters
    ----------
    vectors
        C-contiguous array of shape (n, d).
    sign
        −1 for differences, +1 for sums.
    """
    kind = f"{vectors.shape} {vectors.dtype.str} {sign} {NEIGHBOURS} {AXES}"
    digest = hashlib.sha256(_FORMAT + KERNELS.encode() + _BUILDER + kind.encode())
    digest.update(np.ascontiguousarray(vectors).data)
    return digest.hexdigest()


def load_index(key: str, shape: tuple[int, int], sign: int) -> NeighbourIndex | None:
    """Return the stored index, or None where there is none that can be trusted.

    Parameters
    ----------
    key
        From :func:`index_key`.
    shape
        (n, d) of the vectors.
    sign
        −1 for differences, +1 for sums.
    """
    path = _path(key)
    try:
        arrays = read_arrays(path, key)
    except DamagedFileError as error:
        logger.warning("%s: the index is built again", error)
        return None
    except OSError:
        return None
    try:
        index = _index_of(arrays)
    except (KeyError, ValueError, TypeError):
        index = None
    if index is None or not _fits(index, shape, sign):
        logger.warning("%s does not hold an index of these vectors: it is built again", path)
        return None
    mark_used(path)
    return index


def store_index(index: NeighbourIndex, key: str) -> None:
    """Keep an index for the next process; where that fails, a warning says why.

    Indexes that were not used for 30 days are removed. Processes that build the same index at the
    same time do no harm.
    """
    folder = cache_folder()
    arrays = {field.name: np.asarray(getattr(index, field.name)) for field in fields(index)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_arrays(_path(key), key, arrays)
        remove_unused([*stored_indexes(), *folder.glob(f"{PARTIAL}*")])
    except OSError as error:
        logger.warning(
            "the neighbour index could not be kept in %s (%s); the next run builds it again. "
            "GENE_ANALOGIES_CACHE names another folder",
            folder,
            error.strerror or error,
        )


def stored_indexes() -> list[Path]:
    """Return the files of indexes in the cache folder."""
    files = cache_folder().glob("index-*.npz")
    return sorted(path for path in files if re.fullmatch(r"index-[0-9a-f]{32}\.npz", path.name))


def _path(key: str) -> Path:
    return cache_folder() / f"index-{key[:32]}.npz"


def _index_of(arrays: dict[str, NDArray[Any]]) -> NeighbourIndex:
    return NeighbourIndex(
        sign=int(arrays["sign"]),
        spread=float(arrays["spread"]),
        longest=float(arrays["longest"]),
        **{name: arrays[name].astype(dtype, copy=False) for name, dtype in _DTYPES.items()},
    )


def _fits(index: NeighbourIndex, shape: tuple[int, int], sign: int) -> bool:
    """Whether the arrays agree with the vectors and with each other (kernels check nothing)."""
    n, d = shape
    edges = len(index.edge_d)
    width = index.axes.shape[1] if index.axes.ndim == 2 else 0
    return (
        index.sign == sign
        and index.start.shape == (n + 1,)
        and index.start[0] == 0
        and index.start[-1] == edges
        and bool((np.diff(index.start) >= 0).all())
        and index.edge_r.shape == (edges,)
        and (edges == 0 or (index.edge_d.min() >= 0 and index.edge_d.max() < n))
        and all(
            array.shape == (n,)
            for array in (index.knn_radius, index.nearest, index.group, index.partner)
        )
        and index.axes.shape == (d, width)
        and index.coordinates.ndim == 2
        and len(index.coordinates) == n
        and index.coordinates.shape[1] % 16 == 0
        and index.coordinates.shape[1] >= width
        and index.group.min() >= 0
        and index.partner.min() >= -1
        and bool((index.edge_r >= 0).all() and (index.knn_radius >= 0).all())
        and min(index.spread, index.longest) >= 0
        and index.partner.max() <= index.group.max()
    )
