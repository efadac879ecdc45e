"""The index on disk: found again, rebuilt when damaged or foreign, never a cause of failure."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.search.knn import cache
from gene_analogies.search.knn import index as index_module

ROWS = 2_100


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def embedding():
    vectors = np.random.default_rng(0).normal(size=(ROWS, 8)).astype(np.float32)
    return ga.Embedding([f"x{row}" for row in range(ROWS)], vectors)


@pytest.fixture
def builds(monkeypatch):
    """Count the indexes that are built."""
    built = []
    original = index_module.build_index

    def counted(*args, **options):
        built.append(1)
        return original(*args, **options)

    monkeypatch.setattr(index_module, "build_index", counted)
    return built


def ask(embedding):
    return list(ga.Space(embedding, genes=None).pairs("x0", "x1"))


def test_second_space_finds_it(folder, embedding, builds):
    first = ask(embedding)
    assert len(list(folder.iterdir())) == 1
    assert ask(embedding) == first
    assert len(builds) == 1


def test_key_follows_content(embedding):
    vectors = embedding.vectors
    changed = vectors.copy()
    changed[7, 3] += 1
    keys = {
        cache.index_key(vectors, -1),
        cache.index_key(vectors, 1),
        cache.index_key(changed, -1),
        cache.index_key(vectors.astype(np.float64), -1),
        cache.index_key(vectors.reshape(ROWS * 2, 4), -1),
    }
    assert len(keys) == 5
    assert cache.index_key(vectors.copy(), -1) == cache.index_key(vectors, -1)


def damage_truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def damage_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damage_empty(path):
    path.write_bytes(b"")


def damage_foreign(path):
    path.write_bytes(b"PK\x03\x04 not an index at all")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_not_opened_but_replaced(folder, embedding, builds, tmp_path, linked, caplog):
    first = ask(embedding)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    path.unlink()
    pipe = tmp_path / "pipe" if linked else path
    os.mkfifo(pipe)
    if linked:
        path.symlink_to(pipe)
    assert ask(embedding) == first
    assert len(builds) == 2
    assert "is a pipe, not a file: the index is built again" in caplog.text
    assert path.read_bytes() == whole
    # What a link leads to is somebody else's.
    assert pipe.is_fifo() == linked


@pytest.mark.parametrize(
    "damage", [damage_truncate, damage_bit, damage_empty, damage_foreign], ids=lambda f: f.__name__
)
def test_damaged_file_is_rebuilt(folder, embedding, builds, damage, caplog):
    first = ask(embedding)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    damage(path)
    assert ask(embedding) == first
    assert len(builds) == 2
    assert "built again" in caplog.text
    assert path.read_bytes() == whole


def test_index_of_other_vectors_is_not_trusted(folder, embedding, builds, caplog):
    ask(embedding)
    (path,) = folder.iterdir()
    other = ga.Embedding(embedding.names, embedding.vectors + np.float32(1) * embedding.vectors**2)
    first = ask(other)
    (theirs,) = set(folder.iterdir()) - {path}
    theirs.write_bytes(path.read_bytes())
    assert ask(other) == first
    assert len(builds) == 3


@pytest.mark.parametrize("field", ["start", "edge_d", "coordinates", "axes"])
def test_arrays_that_do_not_fit_are_not_trusted(folder, embedding, field, caplog):
    """Even with a right checksum: kernels check no bounds."""
    index = ga.Space(embedding, genes=None).index()
    wrong = {
        "start": index.start[:-1],
        "edge_d": index.edge_d + np.int32(ROWS),
        "coordinates": index.coordinates[:, :-1],
        "axes": index.axes[:-1],
    }[field]
    key = cache.index_key(embedding.vectors, -1)
    object.__setattr__(index, field, wrong)
    cache.store_index(index, key)
    assert cache.load_index(key, (ROWS, 8), -1) is None
    assert "built again" in caplog.text


def test_unwritable_folder_costs_a_warning(tmp_path, monkeypatch, embedding, caplog):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(blocker / "cache"))
    with caplog.at_level(logging.WARNING):
        assert len(ask(embedding)) == 10
    assert "could not be kept" in caplog.text


def test_full_disk_costs_a_warning(folder, monkeypatch, embedding, caplog):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    assert len(ask(embedding)) == 10
    assert "No space left" in caplog.text
    assert not list(folder.iterdir()), "the temporary file stays behind"


def test_small_spaces_write_nothing(folder):
    embedding = ga.Embedding(list("abcd"), np.eye(4))
    ga.Space(embedding, genes=None).pairs("a", "b")
    assert not folder.exists()


def test_what_is_not_used_for_long_is_removed(folder, embedding):
    ask(embedding)
    (first,) = cache.stored_indexes()
    other = ga.Embedding(embedding.names, embedding.vectors[::-1])
    ask(other)
    (second,) = set(cache.stored_indexes()) - {first}
    left, foreign = folder / ".part-x", folder / "mine.npz"
    left.mkdir()
    foreign.touch()
    for path in (first, second, left, foreign):
        os.utime(path, (0, 0))
    ask(embedding)  # is found, and marked as used
    ask(ga.Embedding(embedding.names, -embedding.vectors))
    assert first in cache.stored_indexes()
    assert not second.exists()
    assert not left.exists()
    assert foreign.exists()


SCRIPT = """
import numpy as np, gene_analogies as ga
vectors = np.random.default_rng(0).normal(size=(2100, 8)).astype(np.float32)
space = ga.Space(ga.Embedding([f"x{row}" for row in range(2100)], vectors), genes=None)
print(list(space.pairs("x0", "x1")))
"""


def test_processes_may_build_at_once(folder, embedding):
    running = [
        subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = {process.communicate(timeout=300)[0] for process in running}
    assert all(process.returncode == 0 for process in running)
    assert answers == {f"{ask(embedding)}\n"}
    assert len(list(folder.iterdir())) == 1
