"""Settings shared by all tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import settings

# Kernels are compiled once, whatever cache folders the tests use; set before numba is imported.
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".pytest_cache" / "kernels")
)

# Modules of helpers beside the tests.
for helpers in ("search", "formats"):
    sys.path.insert(0, str(Path(__file__).parent / helpers))

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
