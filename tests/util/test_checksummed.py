"""Arrays that come back as they were written, or not at all."""

import numpy as np
import pytest

from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays

ARRAYS = {
    "numbers": np.arange(6, dtype=np.float32).reshape(2, 3),
    "rows": np.array([3, 1], np.int32),
    "sign": np.array(-1),
    "none": np.zeros((0, 4), np.float64),
}


def test_arrays_come_back(tmp_path):
    write_arrays(tmp_path / "a.npz", "key", ARRAYS)
    found = read_arrays(tmp_path / "a.npz", "key")
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array, strict=True)
    assert [one.name for one in tmp_path.iterdir()] == ["a.npz"]
    with np.load(tmp_path / "a.npz") as plain:  # a usual .npz, too
        assert sorted(plain.files) == sorted(ARRAYS)


def test_of_another_label(tmp_path):
    write_arrays(tmp_path / "a.npz", "key", ARRAYS)
    with pytest.raises(DamagedFileError, match=r"a\.npz is damaged or not ours"):
        read_arrays(tmp_path / "a.npz", "other")


def test_any_damage_is_noticed(tmp_path):
    path = tmp_path / "a.npz"
    write_arrays(path, "key", {"a": np.arange(4, dtype=np.int8)})
    content = path.read_bytes()
    broken = [content[:end] for end in range(0, len(content), 7)]
    for at in range(0, len(content), 7):
        changed = bytearray(content)
        changed[at] ^= 1
        broken.append(bytes(changed))
    for one in broken:
        path.write_bytes(one)
        with pytest.raises(DamagedFileError):
            read_arrays(path, "key")


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_arrays(tmp_path / "none.npz", "key")
