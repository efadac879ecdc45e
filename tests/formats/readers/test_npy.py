"""One NumPy array with names beside it."""

from __future__ import annotations

import gzip
import io

import numpy as np
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import npy
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source

NAMES = ["king", "queen", "man", "woman"]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3) / 7


def _header(shape, descr="<f4"):
    stream = io.BytesIO()
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue()


def _read(path, **options):
    source = Source(path)
    assert find_format(source).name == "npy"
    return npy.read(source, ReadOptions(**options))


def test_layout_of_the_older_scripts(tmp_path):
    np.save(tmp_path / "google_news_embeddings_30k.npy", VECTORS)
    np.save(tmp_path / "google_news_words_30k.npy", np.array(NAMES))
    found = _read(tmp_path / "google_news_embeddings_30k.npy")
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)
    assert found.vectors.dtype == np.float32
    assert not found.vectors.flags.writeable
    assert found.details == {"names": "google_news_words_30k.npy"}


@pytest.mark.parametrize("dtype", ["<f2", ">f4", ">f8", "<i4", "i1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_types(tmp_path, dtype, order):
    vectors = np.array(VECTORS * 7, dtype, order=order)
    np.save(tmp_path / "X.npy", vectors)
    (tmp_path / "names.txt").write_text("\n".join(NAMES))
    found = _read(tmp_path / "X.npy")
    assert found.vectors.dtype in (np.float32, np.float64)
    assert found.vectors.flags.c_contiguous
    assert np.array_equal(found.vectors, vectors)


def test_names_given(tmp_path):
    np.save(tmp_path / "X.npy", VECTORS)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "list.json").write_text('["a", "b", "c", "d"]')
    (tmp_path / "names.txt").write_text("\n".join(NAMES))
    found = _read(tmp_path / "X.npy", names=tmp_path / "elsewhere" / "list.json")
    assert found.names == ["a", "b", "c", "d"]


def test_dictionary_that_numpy_pickled(tmp_path):
    np.save(tmp_path / "X.npy", dict(zip(NAMES, VECTORS, strict=True)), allow_pickle=True)
    found = _read(tmp_path / "X.npy")
    assert list(found.names) == NAMES
    assert np.array_equal(found.vectors, VECTORS)


def test_compressed(tmp_path):
    np.save(tmp_path / "X.npy", VECTORS)
    path = tmp_path / "X.npy.gz"
    path.write_bytes(gzip.compress((tmp_path / "X.npy").read_bytes()))
    (tmp_path / "X_names.txt").write_text("\n".join(NAMES))
    assert np.array_equal(_read(path).vectors, VECTORS)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FormatError, match="gzip"):
        npy.read(Source(path), ReadOptions())


def test_no_names(tmp_path):
    np.save(tmp_path / "X.npy", VECTORS)
    with pytest.raises(FormatError, match=r"names of 4 rows .*X_names.npy,.*names=, --names\)$"):
        _read(tmp_path / "X.npy")


def test_other_number_of_names(tmp_path):
    np.save(tmp_path / "X.npy", VECTORS)
    (tmp_path / "X.txt").write_text("a\nb\nc\n")
    with pytest.raises(FormatError, match=r"expected 4 names for as many rows, found 3 in .*X.txt"):
        _read(tmp_path / "X.npy")


def _objects():
    return np.array([VECTORS[0], VECTORS[1, :2], None], object)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array(NAMES), "found text 4; are these the names of another file"),
        (np.zeros(4), "expected vectors, found float64 4$"),
        (np.zeros((4, 3, 2)), "expected vectors, found float64 4 × 3 × 2$"),
        (np.zeros((4, 0)), r"matrix of shape \(4, 0\)"),
        (np.zeros((4, 3), complex), "expected vectors, found complex128 4 × 3"),
        (np.zeros(4, [("a", "<f4")]), "expected vectors, found a structured array 4"),
        (_objects(), "expected vectors, found objects 3"),
        (np.array(None, object), "expected vectors, found a pickled NoneType"),
    ],
)
def test_no_matrix(tmp_path, array, message):
    np.save(tmp_path / "X.npy", array, allow_pickle=True)
    (tmp_path / "X.txt").write_text("\n".join(NAMES))
    with pytest.raises(FormatError, match=message):
        _read(tmp_path / "X.npy")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (_header((10**12, 300)), "numbers claimed by"),
        (_header((4, 3)) + bytes(40), "expected 48 bytes of float32 4 × 3, found 40"),
        (_header((-4, 3)) + bytes(48), r"found the shape \(-4, 3\)"),
        (_header((4, 2**63)) + bytes(48), "numbers claimed by"),
        (_header((4, 3))[:40], "expected a NumPy array"),
        (b"\x93NUMPY\x03\x00" + bytes(60), "expected vectors, found a structured array"),
        (b"\x93NUMPY\x01\x00\x40\x00" + b"(" * 64, "expected a NumPy array"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\x7f{", "expected a NumPy array"),
    ],
)
def test_broken(tmp_path, content, message):
    (tmp_path / "X.npy").write_bytes(content)
    (tmp_path / "X.txt").write_text("\n".join(NAMES))
    with pytest.raises(FormatError, match=message) as caught:
        _read(tmp_path / "X.npy")
    assert "\n" not in str(caught.value)


def test_header_of_python_2(tmp_path):
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (4L, 3L), }"
    header += b" " * (118 - len(header) - 1) + b"\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    (tmp_path / "X.npy").write_bytes(content + VECTORS.tobytes())
    (tmp_path / "X.txt").write_text("\n".join(NAMES))
    assert np.array_equal(_read(tmp_path / "X.npy").vectors, VECTORS)
