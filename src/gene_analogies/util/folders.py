"""Where files that can be made or downloaded again are kept."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

__all__ = ["cache_folder", "data_folder", "mark_used", "remove_unused", "user_path"]

#: What has not been used for so long is in nobody's way: other versions may run beside this one.
_DAYS_KEPT = 30


def cache_folder() -> Path:
    """Return the folder for indexes and compiled kernels; ``GENE_ANALOGIES_CACHE`` moves it."""
    moved = os.environ.get("GENE_ANALOGIES_CACHE")
    return Path(moved) if moved else user_cache_path("gene-analogies", appauthor=False)


def data_folder() -> Path:
    """Return the folder for downloaded embeddings; ``GENE_ANALOGIES_DATA`` moves it."""
    moved = os.environ.get("GENE_ANALOGIES_DATA")
    return Path(moved) if moved else user_data_path("gene-analogies", appauthor=False)


def user_path(path: str | Path) -> Path:
    """Return a path with ``~`` as the user's home, where there is one."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # ~nobody
        return Path(path)


def mark_used(path: Path) -> None:
    """Let the time of a cached file or folder say that it was used just now."""
    with suppress(OSError):
        os.utime(path)


def remove_unused(paths: Iterable[Path]) -> None:
    """Remove those of some cached files and folders that were not used for 30 days."""
    limit = time.time() - _DAYS_KEPT * 86_400
    for path in paths:
        with suppress(OSError):
            if path.stat().st_mtime < limit:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
