"""A built wheel, in an environment of its own, answers a question."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXE = sysconfig.get_config_var("EXE") or ""


@pytest.mark.slow
def test_wheel_answers(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths("venv", vars={"base": str(home), "platbase": str(home)})
    scripts, site = Path(paths["scripts"]), Path(paths["purelib"])
    python = scripts / f"python{EXE}"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    # Dependencies come from here, without this environment's own editable install of the package.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    # The cache folder of all tests may hold the neighbour index; kernels are compiled here anew.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    where = subprocess.run(
        [python, "-c", "import gene_analogies; print(gene_analogies.__file__)"],
        cwd=tmp_path, env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(site))
    answer = subprocess.run(
        [scripts / f"gene-analogies{EXE}", "pairs", "EGF", "EGFR", "-k", "3", "--format", "csv"],
        cwd=tmp_path, env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    header, *rows = answer.splitlines()
    assert header.startswith("c,d,similarity")
    assert len(rows) == 3
    assert "HGF,MET" in answer
    # Templates, style and script of pages are in it.
    page = subprocess.run(
        [scripts / f"gene-analogies{EXE}", "known", "EGF", "EGFR", "--format", "html"],
        cwd=tmp_path, env=environment, check=True, capture_output=True,
    ).stdout.decode("utf-8")  # fmt: skip
    assert page.startswith("<!doctype html>")
    assert "EGFR" in page
