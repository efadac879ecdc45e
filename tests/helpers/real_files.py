"""Files of other people, which lie beside some checkouts and are no part of this repository."""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["real_file"]


def real_file(name):
    """Return the path of one, such as ``geneformer/config-V1-10M.json``; skip where it is not."""
    for folder in Path(__file__).resolve().parents:
        path = folder / "shared" / "real" / name
        if path.exists():
            return path
    pytest.skip(f"no {name}")
