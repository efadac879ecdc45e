import json
import os
import re
import shutil
from pathlib import Path

import pytest
from fake_jobs import BestNumbers

from gene_analogies.cli import cache_contents
from gene_analogies.runs import run
from gene_analogies.search.engine.jit import KERNELS

TABLE = """\
{folder}

contents                count    size  last used
compiled kernels   2 versions  3.0 MB  2001-09-09
neighbour indexes      1 file  1.5 MB  2001-09-09
random pairs           1 file  0.3 MB  2001-09-09
maps                   1 file  0.4 MB  2001-09-09
modules                1 file  0.2 MB  2001-09-09
runs                    1 run  0.0 MB  2001-09-09
unfinished files       1 file  0.1 MB  2001-09-09
total                          5.5 MB
"""
#: What others put there, or what cannot be made again.
FOREIGN = (
    "history", "index-of-mine.npz", "pool-1.npz", "modules-notes.txt", "map-1.npz",
    "thesis/index-1.txt", "kernels/README", "kernels/thesis/a.nbi", "runs/thesis/answer.npz",
    "runs/numbers/notes.txt",
)  # fmt: skip


def write(path, size=10):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))


@pytest.fixture(autouse=True)
def kernels(monkeypatch):
    """Keep kernels in the cache folder, away from those of all tests."""
    monkeypatch.setattr("numba.config.CACHE_DIR", "")


@pytest.fixture
def folder(own_cache):
    """A cache folder with something of every kind in it, and files of others."""
    write(own_cache / "kernels" / KERNELS / "module_0123" / "a.nbi", 1_000_000)
    write(own_cache / "kernels" / ("0" * 16) / "module_0123" / "a.nbc", 2_000_000)
    (own_cache / "kernels" / ("1" * 16) / "module_0123").mkdir(parents=True)
    write(own_cache / "compiled-pairs-0123-numba0.61-python3.12-0123", 0)
    write(own_cache / f"index-{'0' * 32}.npz", 1_500_000)
    write(own_cache / f"pool-{'0' * 32}.npz", 300_000)
    write(own_cache / f"map-{'0' * 32}.npz", 400_000)
    write(own_cache / f"modules-{'0' * 32}.npz", 200_000)
    write(own_cache / ".part-0123" / f"modules-{'0' * 32}.npz", 100_000)
    run(BestNumbers())
    (own_cache / "runs").rename(own_cache / "made")
    (made,) = (own_cache / "made").iterdir()
    (own_cache / "runs").mkdir()
    made.rename(own_cache / "runs" / "numbers")
    (own_cache / "made").rmdir()
    for name in FOREIGN:
        write(own_cache / name)
    for path in own_cache.rglob("*"):
        os.utime(path, (1e9, 1e9))
    return own_cache


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_table(folder, invoke):
    assert invoke("cache") == (0, TABLE.format(folder=folder), "")


def test_json(folder, invoke):
    code, out, _ = invoke("cache", "--json")
    content = json.loads(out)
    assert (code, content["folders"], content["cleared"]) == (0, [str(folder)], False)
    assert content["contents"][1] == {
        "name": "neighbour indexes", "count": 1, "bytes": 1_500_000, "last_used": "2001-09-09",
    }  # fmt: skip
    assert content["bytes"] == sum(kind["bytes"] for kind in content["contents"])
    assert [kind["count"] for kind in content["contents"]] == [2, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_clear_removes_what_is_ours_and_nothing_else(folder, invoke, words):
    before = json.loads(invoke("cache", "--json")[1])
    code, out, err = invoke("cache", "--clear", *words)
    assert (code, err) == (0, "")
    if words:
        assert json.loads(out) == {**before, "cleared": True}
    else:
        assert out == f"removed from {TABLE.format(folder=folder)}"
    assert files(folder) == sorted(FOREIGN)
    after = json.loads(invoke("cache", "--json")[1])
    assert after["bytes"] == sum(kind["count"] for kind in after["contents"]) == 0


def test_an_empty_cache(own_cache, invoke):
    code, out, _ = invoke("cache", "--clear")
    assert code == 0
    assert re.fullmatch(r"total +0\.0 MB", out.splitlines()[-1])
    assert "compiled kernels   0 versions  0.0 MB  —" in out


def test_kernels_of_numba_in_another_folder(folder, invoke, tmp_path, monkeypatch):
    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path / "numba"))
    write(tmp_path / "numba" / KERNELS / "module_0123" / "a.nbi")
    write(tmp_path / "numba" / "another_0123" / "a.nbi")
    code, out, _ = invoke("cache", "--clear")
    assert (code, out.splitlines()[0]) == (0, f"removed from {folder} and {tmp_path / 'numba'}")
    assert files(tmp_path / "numba") == [str(Path("another_0123", "a.nbi"))]


def test_what_cannot_be_removed_is_an_error(folder, invoke, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(cache_contents.shutil, "rmtree", refuse)
    code, out, err = invoke("cache", "--clear")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"Error: .*kernels.*: Permission denied\n", err)


def test_what_the_program_keeps_is_found(own_cache, process):
    compiled = Path(os.environ["NUMBA_CACHE_DIR"], KERNELS)
    if compiled.exists():  # which saves time
        shutil.copytree(
            compiled,
            own_cache / "kernels" / KERNELS,
            ignore=shutil.ignore_patterns("*.tmp.*"),  # that others are writing
        )

    def ask(*words):
        code, out, _ = process(*words, NUMBA_CACHE_DIR="")
        assert code == 0
        return out

    ask("pairs", "EGF", "EGFR", "-k", "1")
    content = json.loads(ask("cache", "--json"))
    assert content["folders"] == [str(own_cache)]
    counts = {kind["name"]: kind["count"] for kind in content["contents"]}
    assert counts["compiled kernels"] == counts["neighbour indexes"] == 1
    ask("cache", "--clear")
    assert files(own_cache) == []
