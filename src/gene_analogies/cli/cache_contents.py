"""What this package keeps in the cache folder, and how it is removed."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

__all__ = ["Stored", "cache_contents"]


@dataclass(frozen=True)
class Stored:
    """Everything of one kind in the cache folder.

    Attributes
    ----------
    name
        What it is, in the plural.
    unit
        What is counted, in the singular.
    count
        How many there are.
    paths
        Files, and folders that hold nothing else.
    """

    name: str
    unit: str
    count: int
    paths: tuple[Path, ...]

    @cached_property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(file.st_size for file in _states(self.paths))

    @cached_property
    def last_used(self) -> str | None:
        """Date of the last read or write of a file (ISO 8601, UTC); None where there is none.

        File systems may note reads once a day, or not at all.
        """
        files = _states(self.paths)
        seconds = max((max(file.st_atime, file.st_mtime) for file in files), default=None)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()

    def remove(self) -> None:
        """Remove the files and folders.

        Raises
        ------
        OSError
            If one of them cannot be removed.
        """
        for path in self.paths:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for folder in {path.parent for path in self.paths}:
            with suppress(OSError):  # it holds something else
                folder.rmdir()


def cache_contents() -> list[Stored]:
    """Return what is kept: compiled kernels, neighbour indexes, random pairs, maps, modules, runs.

    Unfinished files are those that a killed process has left.
    """
    from gene_analogies.cli.first_run import stamps
    from gene_analogies.questions.layouts import stored_maps
    from gene_analogies.questions.modules import stored_modules
    from gene_analogies.questions.query_pool import stored_pools
    from gene_analogies.runs.folder import run_files, stored_runs
    from gene_analogies.search.engine.jit import kernel_folders
    from gene_analogies.search.knn.cache import stored_indexes
    from gene_analogies.util.folders import cache_folder
    from gene_analogies.util.whole_files import PARTIAL

    # Numba makes a folder before there is anything to keep in it.
    kernels = [folder for folder in kernel_folders() if _files((folder,))]
    indexes, modules, runs = stored_indexes(), stored_modules(), stored_runs()
    pools, maps = stored_pools(), stored_maps()
    partial = sorted(cache_folder().glob(f"{PARTIAL}*"))
    of_runs = [path for run in runs for path in run_files(run)]
    return [
        Stored("compiled kernels", "version", len(kernels), (*kernels, *stamps())),
        Stored("neighbour indexes", "file", len(indexes), tuple(indexes)),
        Stored("random pairs", "file", len(pools), tuple(pools)),
        Stored("maps", "file", len(maps), tuple(maps)),
        Stored("modules", "file", len(modules), tuple(modules)),
        Stored("runs", "run", len(runs), tuple(of_runs)),
        Stored("unfinished files", "file", len(partial), tuple(partial)),
    ]


def _states(paths: tuple[Path, ...]) -> list[os.stat_result]:
    """Return size and times of the files among paths; another process may remove some meanwhile."""
    states = []
    for path in _files(paths):
        with suppress(FileNotFoundError):
            states.append(path.stat())
    return states


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Return the files among paths, and those in folders among them."""
    inside = [file for path in paths if path.is_dir() for file in path.rglob("*")]
    return [path for path in (*paths, *inside) if path.is_file()]
