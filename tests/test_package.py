"""The package as a whole: what it exports, what importing it costs, how its files are laid out."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gene_analogies as ga

PACKAGE = Path(ga.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

#: What may stand at the top level.
TOP_LEVEL_MODULES = {"__init__", "_version", "errors", "embedding", "space"}
SUBPACKAGES = {
    "util", "genes", "formats", "sources", "search", "runs", "plots", "report", "results",
    "questions", "describe", "loading", "cli", "web",
}  # fmt: skip

#: Each takes a good part of the time that `gene-analogies --help` may.
HEAVY = {
    "numpy", "numba", "pandas", "scipy", "rich", "rapidfuzz", "prompt_toolkit", "yaml", "h5py",
    "matplotlib", "jinja2",
}  # fmt: skip
HELP = """
import sys
from gene_analogies.cli.main import main
sys.argv = ["gene-analogies", "--help"]
try:
    main()
except SystemExit as ended:
    assert not ended.code
"""


def test_public_names_exist_and_are_documented():
    for name in ga.__all__:
        value = getattr(ga, name)
        assert name == "__version__" or value.__doc__, f"{name} has no docstring"


@pytest.mark.parametrize("code", ["import gene_analogies", HELP], ids=["import", "help"])
def test_a_start_is_light(code):
    code += "\nimport sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "gene_analogies" in loaded
    assert not HEAVY & loaded


def test_package_data_weighs_at_most_15_mb():
    data = PACKAGE / "data"
    assert sum(path.stat().st_size for path in data.rglob("*") if path.is_file()) <= 15e6


def test_top_level():
    assert {path.stem for path in PACKAGE.glob("*.py")} == TOP_LEVEL_MODULES
    folders = {path.parent for path in MODULES} - {PACKAGE}
    assert {path.relative_to(PACKAGE).parts[0] for path in folders} <= SUBPACKAGES
    for folder in folders:
        assert (folder / "__init__.py").exists(), f"{folder} is no package"


def test_no_module_is_named_like_one_of_the_standard_library():
    """A script that is run from its folder would import it instead."""
    names = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    assert not names & sys.stdlib_module_names


def test_no_subpackage_is_named_like_a_public_name():
    """Importing it would put it in the place of the function."""
    assert not SUBPACKAGES & {*ga.__all__}


def test_modules_are_short():
    long = {path for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 400}
    assert not long


def private_imports(path):
    """Yield what a module imports of the private names of folders that it is not in."""
    folder = path.relative_to(PACKAGE.parent).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(PACKAGE.name):
            continue
        for name in node.names:
            parts = f"{node.module}.{name.name}".split(".")
            private = [place for place, part in enumerate(parts) if re.match(r"_(?!_)", part)]
            if private:
                owner = parts[: private[0]]
                if not PACKAGE.parent.joinpath(*owner).is_dir():
                    owner.pop()  # a module, whose names belong to its folder
                if folder[: len(owner)] != tuple(owner):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}: {'.'.join(parts)}"


def test_private_names_are_not_imported_elsewhere():
    """Ruff's SLF001 finds those that are taken from an object."""
    assert not [found for path in MODULES for found in private_imports(path)]


def test_private_imports_are_seen(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path / "gene_analogies")
    folder = tmp_path / "gene_analogies" / "search" / "pairs"
    for made in (folder / "more", folder.parent / "knn"):
        made.mkdir(parents=True)
    for name, line, count in (
        ("own", "from gene_analogies.search.pairs.find import _one", 0),
        ("kernels", "from gene_analogies.search.pairs import _kernels", 0),
        ("above", "from gene_analogies._version import __version__", 0),
        ("below", "from gene_analogies.search.pairs.more._deep import name", 1),
        ("beside", "from gene_analogies.search.knn import _kernels", 1),
        ("late", "def f():\n    from gene_analogies.cli.main import _COMMANDS, cli", 1),
    ):
        path = folder / f"{name}.py"
        path.write_text(line)
        assert len(list(private_imports(path))) == count, name
