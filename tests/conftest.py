"""Settings shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import settings

# Kernels are compiled once, whatever cache folders the tests use; set before numba is imported.
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".pytest_cache" / "kernels")
)

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
