"""Where files that can be made or downloaded again are kept."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

__all__ = ["cache_folder", "data_folder", "user_path"]


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
