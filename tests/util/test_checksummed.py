"""Arrays in a file: what is written is read, and nothing else is."""

from __future__ import annotations

import os

import numpy as np
import pytest

from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays

ARRAYS = {
    "vectors": np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32),
    "rows": np.arange(4),
    "nothing": np.empty((0, 2)),
    "number": np.float64(0.5),
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "arrays.npz"
    write_arrays(path, "a label", ARRAYS)
    return path


def test_what_is_written_is_read(path):
    found = read_arrays(path, "a label")
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype
    assert [one.name for one in path.parent.iterdir()] == ["arrays.npz"]


def test_numpy_reads_it_too(path):
    with np.load(path) as content:
        np.testing.assert_array_equal(content["rows"], ARRAYS["rows"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DamagedFileError, match=r"pipe is a pipe, not a file$"):
        read_arrays(tmp_path / "pipe", "a label")


def test_another_label_reads_nothing(path):
    with pytest.raises(DamagedFileError, match=r"arrays\.npz is damaged or not ours"):
        read_arrays(path, "another label")


def test_every_damage_is_noticed(path):
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(DamagedFileError):
            read_arrays(path, "a label")


@pytest.mark.parametrize("kept", [0, 1, 63, 64, 65, 500, -1])
def test_files_cut_short(path, kept):
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DamagedFileError):
        read_arrays(path, "a label")


def test_archives_without_a_digest(path):
    np.savez(path, **ARRAYS)
    with pytest.raises(DamagedFileError):
        read_arrays(path, "a label")


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_arrays(tmp_path / "none.npz", "a label")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(OSError, match="none"):
        write_arrays(tmp_path / "none" / "arrays.npz", "a label", ARRAYS)
