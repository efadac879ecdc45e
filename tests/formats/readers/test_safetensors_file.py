"""Tensors by safetensors and PyTorch, and headers that lie."""

from __future__ import annotations

import json

import numpy as np
import pytest
import safetensors.torch
import torch
from safetensors.numpy import save_file

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import safetensors_file
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source

NAMES = ["EGFR", "NA", "1956", "HLA-A"]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3) / 7


@pytest.fixture
def path(tmp_path):
    (tmp_path / "names.txt").write_text("\n".join(NAMES))
    return tmp_path / "weights.safetensors"


def _read(path, **options):
    source = Source(path)
    assert find_format(source).name == "safetensors"
    return safetensors_file.read(source, ReadOptions(**options))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numpy(path, dtype):
    save_file({"emb": VECTORS.astype(dtype), "bias": VECTORS[0], "ids": np.ones((4, 3), int)}, path)
    found = _read(path)
    assert found.names == NAMES
    assert found.vectors.dtype == dtype
    assert np.array_equal(found.vectors, VECTORS.astype(dtype))
    assert not found.vectors.flags.writeable
    assert found.vectors.flags.c_contiguous
    assert found.details == {"vectors": "emb", "names": "names.txt"}


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_torch(path, dtype):
    tensor = torch.from_numpy(VECTORS).to(dtype)
    safetensors.torch.save_file({"odd": torch.zeros(1, dtype=torch.uint8), "emb": tensor}, path)
    found = _read(path)
    assert found.vectors.dtype == (np.float64 if dtype == torch.float64 else np.float32)
    assert np.array_equal(found.vectors, tensor.to(torch.float64).numpy())


@pytest.mark.parametrize("value", [json.dumps(NAMES), "\n".join(NAMES)])
def test_names_in_the_metadata(path, value):
    save_file({"emb": VECTORS}, path, {"format": "np", "name": "a model", "genes": value})
    (path.parent / "names.txt").write_text("other")
    found = _read(path)
    assert found.names == NAMES
    assert found.details["names"] == "genes"


def test_names_given(path):
    save_file({"emb": VECTORS}, path, {"genes": json.dumps(NAMES)})
    (path.parent / "other.txt").write_text("a\nb\nc\nd")
    assert _read(path, names=path.parent / "other.txt").names == ["a", "b", "c", "d"]


def test_key(path):
    save_file({"a": VECTORS, "b": VECTORS + 1, "codes": np.ones((4, 3), np.int8)}, path)
    assert np.array_equal(_read(path, key="b").vectors, VECTORS + 1)
    assert np.array_equal(_read(path, key="codes").vectors, np.ones((4, 3)))
    with pytest.raises(
        FormatError, match=r"expected one matrix .* a \(F32 4 × 3\), b \(F32 4 × 3\)$"
    ):
        _read(path)
    with pytest.raises(FormatError, match=r"no matrix 'c'; choose from .*codes \(I8 4 × 3\)"):
        _read(path, key="c")


def test_any_name(path):
    save_file({"emb": VECTORS}, path)
    path.rename(path.with_suffix(".bin"))
    assert _read(path.with_suffix(".bin")).names == NAMES


@pytest.mark.parametrize(
    ("tensors", "metadata", "message"),
    [
        ({"a": VECTORS[0]}, None, r"expected one matrix of floats .* found a \(F32 3\)$"),
        ({"a": np.ones((4, 3), int)}, None, r"expected one matrix of floats"),
        ({"a": VECTORS[:3]}, None, "expected 3 names for as many rows, found 4 in"),
        ({"a": VECTORS}, {"genes": '["A", "B"]'}, "genes: expected 4 names, found 2"),
        ({"a": VECTORS}, {"genes": '["A", 0.5]'}, "genes row 1: expected a name, found 0.5"),
        ({"a": VECTORS}, {"genes": '["A"'}, "genes: expected JSON"),
        ({"a": VECTORS[:, :0]}, None, r"matrix of shape \(4, 0\)"),
    ],
)
def test_what_is_no_embedding(path, tensors, metadata, message):
    save_file(tensors, path, metadata)
    with pytest.raises(FormatError, match=message) as caught:
        _read(path)
    assert "\n" not in str(caught.value)


def test_no_names(path):
    save_file({"a": VECTORS}, path)
    (path.parent / "names.txt").unlink()
    with pytest.raises(
        FormatError, match=r"names of 4 rows .* weights_names.npy|weights_names.npy"
    ):
        _read(path)


def _file(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def _entry(shape, end, dtype="F32", start=0):
    return {"a": {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (_file(_entry([4, 3], 48), bytes(48), 2**63), "found one of 9,223,372,036,854,775,808 by"),
        (_file(_entry([4, 3], 48), bytes(48), 10**6), "found one of 1,000,000 bytes in a file of"),
        (_file(_entry([4, 3], 48), bytes(40)), "a: expected 48 bytes, found 40"),
        (_file(_entry([10**12, 3], 48), bytes(48)), "a: expected F32 of shape"),
        (_file(_entry([10**12, 3], 12 * 10**12), bytes(48)), "a: expected dtype, shape and"),
        (_file(_entry([-4, -3], 48), bytes(48)), "a: expected dtype, shape and data_offsets"),
        (_file(_entry([4, 3], 48, start=-1), bytes(48)), "a: expected dtype, shape and"),
        (_file(_entry("43", 48), bytes(48)), "a: expected dtype, shape and data_offsets"),
        (_file(_entry([[4], 3], 48), bytes(48)), "a: expected dtype, shape and data_offsets"),
        (_file(_entry([4, 3], 48, [1]), bytes(48)), "a: expected dtype, shape and data_offsets"),
        (_file(_entry([4, 3], 12, "F8_E4M3"), bytes(12)), r"quantised ones \(F8_E4M3 4 × 3\);"),
        (_file({"a": 3}), "a: expected dtype, shape and data_offsets"),
        (_file({"a\nb": 3}), r"a\\nb: expected dtype"),
        (_file({}), "expected one matrix of floats .* found nothing"),
        (_file([]), "header: expected the tensors by name"),
        (_file(b'{"a": '), "header: expected JSON"),
        (_file(b'{"a": ' + b"[" * 100_000), "header: expected JSON, found values nested too deep"),
        (_file(b"{\xff}"), "expected UTF-8"),
        (b"\x10", "expected a header, found one of 16 bytes"),
    ],
)  # fmt: skip
def test_broken(path, content, message):
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message) as caught:
        _read(path)
    assert "\n" not in str(caught.value)
