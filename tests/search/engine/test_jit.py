"""Compiled kernels on disk: damage costs a warning and a compilation, not the answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from numba.core.caching import IndexDataCacheFile

from gene_analogies.search.engine import jit
from gene_analogies.search.engine.jit import KERNELS, kernel_folders

SCRIPT = """
import numpy as np, gene_analogies as ga
vectors = np.random.default_rng(0).normal(size=(9, 3))
space = ga.Space(ga.Embedding("abcdefghi", vectors), genes=None)
print(list(space.complete("a", "b", "c")))
"""


def run(folder):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """What is said in an empty folder, and the folder, which is then full of kernels."""
    folder = tmp_path_factory.mktemp("first")
    return run(folder), folder


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="file sizes are limited with ulimit")
def test_a_full_folder_costs_a_warning(first, tmp_path):
    command = f"ulimit -f 4; exec {sys.executable} -c '{SCRIPT}'"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "full")}
    full = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    assert full.returncode == 0, full.stderr
    assert full.stdout == first[0].stdout
    assert "cannot be written" in full.stderr


@pytest.mark.slow
def test_damaged_kernels_are_compiled_again(first, tmp_path):
    said, folder = first
    assert said.stderr == ""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    for ending, content in (("nbi", b"\x80\x04damaged"), ("nbc", b"")):
        files = list(tmp_path.rglob(f"*.{ending}"))
        assert files, "kernels are not kept"
        for file in files:
            file.write_bytes(content)
        again = run(tmp_path)
        assert again.stdout == said.stdout
        assert "compiled again" in again.stderr
    assert run(tmp_path).stderr == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_among_the_kernels_are_removed(tmp_path):
    folder = tmp_path / "kernels" / "pairs_1"
    folder.mkdir(parents=True)
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(folder / "a.nbi")
    (folder / "b.nbi").symlink_to(tmp_path / "pipe")
    (folder / "c.nbi").write_bytes(b"kernel")
    jit._tidy.__wrapped__(tmp_path / "kernels")
    assert [path.name for path in folder.iterdir()] == ["c.nbi"]
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("new", [True, False], ids=["new kernels", "known kernels"])
def test_kernels_that_nobody_uses_are_removed_beside_new_ones(tmp_path, new):
    month, week = tmp_path / ("0" * 16), tmp_path / ("a" * 16)
    foreign, mine = tmp_path / ("z" * 16), tmp_path / KERNELS
    for folder, days in ((month, 31), (week, 7), (foreign, 31), (mine, 31)):
        if folder != mine or not new:
            folder.mkdir()
            os.utime(folder, (time.time() - days * 86_400,) * 2)
    script = "import gene_analogies.search.engine.heap"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    assert month.exists() != new
    assert week.exists()
    assert foreign.exists()
    assert new or mine.stat().st_mtime > time.time() - 3_600


def test_processes_that_compile_a_kernel_at_once_write_different_files(tmp_path, monkeypatch):
    """Neither sees what the other is about to add to the index, here or there."""
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(IndexDataCacheFile, "_load_index", lambda _: {})

    def twice(x):
        return x + x

    assert jit.njit()(twice)(1) == 2
    assert jit.njit()(twice)(1.5) == 3.0
    assert len(list(tmp_path.rglob("*.nbc"))) == 2


def test_folders_of_kernels_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path))
    for name in ("0" * 16, "f" * 16, "g" * 16, "00"):
        (tmp_path / name).mkdir()
    assert kernel_folders() == [tmp_path / ("0" * 16), tmp_path / ("f" * 16)]


def test_a_closed_cache_folder_is_left_to_numba(monkeypatch, tmp_path):
    def closed(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", closed)
    jit._tidy.__wrapped__(tmp_path / "kernels")
