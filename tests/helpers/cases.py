"""Small files that were once misread: they lie beside some checkouts, and are not part of them."""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["case_file"]


def case_file(name):
    """Return the path of one, such as ``blank_word.vec``; skip where it is not."""
    for folder in Path(__file__).resolve().parents:
        path = folder / "shared" / "cases" / name
        if path.exists():
            return path
    pytest.skip(f"no {name}")
