"""Where the items of a space lie on its map: packaged, kept, or worked out."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.popularity import papers_naming, popularity_measure
from gene_analogies.search.layout.layout import NEAREST, Layout, share_kept
from gene_analogies.search.layout.nearest import nearest_rows
from gene_analogies.search.layout.principal import principal_plane
from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays
from gene_analogies.util.extras import require
from gene_analogies.util.folders import cache_folder, mark_used, remove_unused
from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding
    from gene_analogies.genes.resolve import Resolver
    from gene_analogies.search.prepared import PreparedVectors
    from gene_analogies.util.progress import Progress

__all__ = ["LARGEST", "METHODS", "Layouts", "MapMethod", "stored_maps"]

logger = logging.getLogger(__name__)

MapMethod = Literal["auto", "pca", "tsne"]
METHODS: Final = ("auto", "pca", "tsne")
#: Of more items, the best known are laid out, and those asked for.
LARGEST: Final = 20_000
#: Of so many items it is measured how many neighbours they keep, always the same ones.
_SAMPLE: Final = 500
_SEED: Final = 0
#: Items beyond a layout that are placed at a time.
_AT_ONCE: Final = 256
#: Changes whenever the way to the coordinates changes.
_VERSION: Final = "map 1"


class Layouts:
    """Lays out the items of a space; the last layout by each method is remembered.

    Parameters
    ----------
    prepared, embedding, resolver
        Of the space.
    cache
        Whether maps by t-SNE are read from and written to the cache folder.
    """

    def __init__(
        self, prepared: PreparedVectors, embedding: Embedding, resolver: Resolver, *, cache: bool
    ) -> None:
        self.prepared = prepared
        self.embedding = embedding
        self.resolver = resolver
        self.cache = cache
        self._found: dict[str, Layout] = {}
        self._lock = threading.Lock()

    def of(
        self,
        asked: Sequence[int] | NDArray[np.int64] = (),
        method: MapMethod = "auto",
        progress: Progress | None = None,
    ) -> Layout:
        """Return where items lie: all, or the 20,000 best known and those asked for.

        Parameters
        ----------
        asked
            Rows; those whose vector is zero have no place.
        method
            ``"auto"``: the packaged map where it is of this embedding, else principal components.
        progress
            Called with (steps done, steps) while t-SNE is at work.
        """
        with self._lock:
            layout = self._packaged() if method != "pca" else None
            if layout is None:
                name: Literal["pca", "tsne"] = "tsne" if method == "tsne" else "pca"
                if name not in self._found:
                    self._found[name] = self._laid_out(name, progress)
                layout = self._found[name]
        rows = np.asarray(asked, np.int64)
        missing = np.setdiff1d(rows[self.prepared.norms[rows] > 0.0], layout.rows)
        return self._with(layout, missing) if len(missing) else layout

    @property
    def order(self) -> str:
        """Which items come first where not all are laid out, in words."""
        by = popularity_measure(self.embedding, self.resolver)
        return "best known, by papers" if by == "papers" else f"first {LARGEST:,}"

    def _packaged(self) -> Layout | None:
        if "packaged" not in self._found:
            from gene_analogies.sources.human_map import packaged_map

            found = packaged_map(self.embedding)
            if found is None:
                return None
            self._found["packaged"] = found
        return self._found["packaged"]

    def _laid_out(self, method: Literal["pca", "tsne"], progress: Progress | None) -> Layout:
        rows = self._best_known()
        if len(rows) < 2:
            raise GeneAnalogiesError(
                f"a map needs two items with a vector that is not zero, not {len(rows)}"
            )
        units = self._units(rows)
        mean, axes = principal_plane(units)
        coordinates = np.asarray(units - mean, np.float64) @ axes
        if method == "tsne":
            coordinates = self._tsne(units, coordinates, progress)
        coordinates.flags.writeable = False
        count = min(_SAMPLE, len(rows))
        chosen = np.sort(np.random.default_rng(_SEED).permutation(len(rows))[:count])
        kept = share_kept(units, coordinates, chosen)
        return Layout(rows, coordinates, method, kept, count)

    def _best_known(self) -> NDArray[np.int64]:
        """Return the rows to lay out, increasing: by papers for genes, else the first ones."""
        rows = np.flatnonzero(self.prepared.norms > 0.0)
        if len(rows) <= LARGEST:
            return rows
        if popularity_measure(self.embedding, self.resolver) == "papers":
            # Of equally many papers, the first rows.
            papers = papers_naming(self.resolver, rows)
            rows = rows[np.argsort(-papers, kind="stable")]
        return np.sort(rows[:LARGEST])

    def _units(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        vectors, norms = self.prepared.vectors, self.prepared.norms
        units: NDArray[Any] = vectors[rows] / norms[rows, None].astype(vectors.dtype)
        return units

    def _tsne(
        self, units: NDArray[Any], start: NDArray[np.float64], progress: Progress | None
    ) -> NDArray[np.float64]:
        """Return places by t-SNE, from the cache folder where they are kept."""
        from gene_analogies.search.layout.tsne import SETTINGS, tsne

        release = require("openTSNE", "map", "a map by t-SNE").__version__
        kind = f"{_VERSION} {release} {SETTINGS} {units.shape} {units.dtype.str}"
        digest = hashlib.sha256(kind.encode())
        digest.update(units.data)
        key = digest.hexdigest()
        path = cache_folder() / f"map-{key[:32]}.npz"
        found = _read(path, key, len(units)) if self.cache else None
        if found is None:
            found = tsne(units, start, progress)
            if self.cache:
                _keep(path, key, found)
        return found

    def _with(self, layout: Layout, missing: NDArray[np.int64]) -> Layout:
        """Add rows: where the plane has them, or in the middle of their nearest items."""
        units = self._units(layout.rows)
        more = self._units(missing)
        if layout.method == "pca":
            mean, axes = principal_plane(units)
            added = np.asarray(more - mean, np.float64) @ axes
        else:
            added = np.concatenate(
                [
                    _among_nearest(layout.coordinates, units, more[some])
                    for some in row_blocks(len(more), _AT_ONCE)
                ]
            )
        rows = np.concatenate([layout.rows, missing])
        order = np.argsort(rows, kind="stable")
        coordinates = np.concatenate([layout.coordinates, added])[order]
        coordinates.flags.writeable = False
        return Layout(rows[order], coordinates, layout.method, layout.kept, layout.sampled)


def _among_nearest(
    coordinates: NDArray[np.float64], units: NDArray[Any], more: NDArray[Any]
) -> NDArray[np.float64]:
    """Return the middle of the nearest items that have a place, for each of some others."""
    both = np.concatenate([units, more])
    # As many of the nearest may be others as there are.
    near, _ = nearest_rows(both, NEAREST + len(more), np.arange(len(units), len(both)))
    return np.array([np.median(coordinates[row[row < len(units)][:NEAREST]], 0) for row in near])


def _read(path: Path, key: str, count: int) -> NDArray[np.float64] | None:
    try:
        coordinates = read_arrays(path, key)["coordinates"]
    except DamagedFileError as error:
        logger.warning("%s: the map is made again", error)
        return None
    except (OSError, KeyError):
        return None
    if coordinates.shape != (count, 2) or coordinates.dtype != np.float64:
        return None
    mark_used(path)
    return coordinates


def _keep(path: Path, key: str, coordinates: NDArray[np.float64]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_arrays(path, key, {"coordinates": coordinates})
        remove_unused(stored_maps())
    except OSError as error:
        logger.warning(
            "the map could not be kept in %s (%s); it is made again when it is next asked for",
            path.parent,
            error.strerror or error,
        )


def stored_maps() -> list[Path]:
    """Return the files of maps in the cache folder."""
    files = cache_folder().glob("map-*.npz")
    return sorted(path for path in files if re.fullmatch(r"map-[0-9a-f]{32}\.npz", path.name))
