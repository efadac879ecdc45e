"""The package as a whole: what it exports, what importing it costs, what it may weigh."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

import gene_analogies as ga


def test_public_names_exist_and_are_documented():
    for name in ga.__all__:
        value = getattr(ga, name)
        assert name == "__version__" or value.__doc__, f"{name} has no docstring"


@pytest.mark.parametrize(
    "heavy",
    ["numpy", "numba", "pandas", "scipy", "rich", "rapidfuzz", "prompt_toolkit", "yaml", "h5py"],
)
def test_import_is_light(heavy):
    code = f"import sys, gene_analogies; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_package_data_weighs_at_most_15_mb():
    data = files("gene_analogies") / "data"
    assert sum(len(entry.read_bytes()) for entry in data.iterdir() if entry.is_file()) <= 15e6
