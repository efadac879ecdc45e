"""Where files that can be made again are kept."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """Return the folder for indexes and compiled kernels; ``GENE_ANALOGIES_CACHE`` moves it."""
    moved = os.environ.get("GENE_ANALOGIES_CACHE")
    return Path(moved) if moved else user_cache_path("gene-analogies", appauthor=False)
