"""Files of other people, which lie beside some checkouts and are no part of this repository."""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["case_file", "real_file"]


def real_file(name):
    """Return the path of one, such as ``geneformer/config-V1-10M.json``; skip where it is not."""
    return _shared(Path("real") / name)


def case_file(name):
    """Return a small file that was once misread, ``blank_word.vec``; skip where it is not."""
    return _shared(Path("cases") / name)


def _shared(path):
    for folder in Path(__file__).resolve().parents:
        if (folder / "shared" / path).exists():
            return folder / "shared" / path
    pytest.skip(f"no {path}")
