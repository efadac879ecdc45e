"""word2vec's binary format: gensim's files, those of the tool itself, and broken ones."""

from __future__ import annotations

import gzip
import re

import numpy as np
import pytest
from examples_words import NAMES, VECTORS, keyed_vectors

from gene_analogies import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import word2vec_binary
from gene_analogies.formats.registry import find_format, write_embedding
from gene_analogies.formats.source import Source

MANY = np.random.default_rng(0).standard_normal((200, 4)).astype("<f4")


def content(vectors=MANY, header=None, end=b"\n", start=b"", dtype="<f4"):
    """The bytes that word2vec.c writes: a newline behind each row."""
    first = "{} {}".format(*(header or vectors.shape)).encode() + b"\n"
    rows = (
        start + f"gene{row}".encode() + b" " + vector.astype(dtype).tobytes() + end
        for row, vector in enumerate(vectors)
    )
    return first + b"".join(rows)


@pytest.fixture
def read(tmp_path):
    """Write some bytes to a file and read them."""

    def call(data, **options):
        path = tmp_path / "words.bin"
        path.write_bytes(data)
        return word2vec_binary.read(Source(path), ReadOptions(**options))

    return call


@pytest.mark.parametrize("name", ["words.bin", "words.bin.gz"])
def test_gensim(tmp_path, name):
    path = tmp_path / name
    keyed_vectors().save_word2vec_format(str(path), binary=True)
    found = word2vec_binary.read(Source(path), ReadOptions())
    assert found.names == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert not found.vectors.flags.writeable


@pytest.mark.parametrize("block", [10, 64, 2**22])
@pytest.mark.parametrize("options", [{}, {"end": b""}, {"end": b"", "start": b"\n"}])
def test_rows(read, monkeypatch, block, options):
    monkeypatch.setattr(word2vec_binary, "_BLOCK", block)
    found = read(content(**options))
    assert found.names == [f"gene{row}" for row in range(200)]
    assert np.array_equal(found.vectors, MANY)
    assert np.array_equal(read(gzip.compress(content(**options))).vectors, MANY)


@pytest.mark.parametrize("block", [10, 2**22])
def test_limit(read, monkeypatch, block):
    monkeypatch.setattr(word2vec_binary, "_BLOCK", block)
    found = read(content()[:-1000], limit=12)
    assert found.names == [f"gene{row}" for row in range(12)]
    assert np.array_equal(found.vectors, MANY[:12])
    assert len(read(content(), limit=1000).names) == 200


def test_not_finite(read):
    vectors = MANY.copy()
    vectors[1:9] = np.nan, np.inf, -np.inf, 0
    assert np.array_equal(read(content(vectors)).vectors, vectors, equal_nan=True)


def test_names(read):
    """A name may hold anything but a space; a duplicate stays."""
    rows = ["", "a\tb", "ü", "a\u3000b", "ü"]
    data = b"5 1\n" + b"".join(row.encode() + b" \0\0\x80\x3f\n" for row in rows)
    found = read(data)
    assert found.names == rows
    assert (found.vectors == 1).all()


@pytest.mark.parametrize("block", [64, 2**22])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (content()[:-2], "row 200: expected a name and 4 float32 (200 rows), found the end of the"),
        (content()[: 8 + 26], "row 2: expected a name and 4 float32 (200 rows), found the end"),
        (content(header=(201, 4)), "row 201: expected a name and 4 float32 (201 rows), found the"),
        (content(header=(199, 4)), "expected 199 rows as line 1 says, found more bytes"),
        (content() + b"x", "expected 200 rows as line 1 says, found more bytes"),
        (content()[:8], "row 1: expected a name and 4 float32 (200 rows), found the end of the"),
        (
            content(dtype=">f4"),
            "expected little-endian float32 of an embedding, found numbers such",
        ),
        (content(dtype="<f8"), "row"),
        (content(header=(10**15, 300)), "numbers claimed by"),
        (content(header=(2, 16_000_000)), "numbers claimed by"),
        (content(header=(1, 11_000_000)), "line 1: expected vectors, found 11000000 numbers a row"),
        (content(header=(200, 0)), "expected vectors, found a matrix of shape (200, 0)"),
        (b"", "line 1: expected the numbers of rows and of coordinates, found b''"),
        (b"hello world\n", "line 1: expected the numbers of rows and of coordinates, found b'hel"),
        (b"1" * 200, "line 1: expected the numbers of rows and of coordinates, found b'1111"),
        (b"5 -3\n", "line 1: expected the numbers of rows and of coordinates, found b'5 -3"),
        (b"1 1\n\xff\xfe \0\0\0\0", "row 1: expected a name in UTF-8, found b'\\xff\\xfe'"),
        (b"1 1\n" + b"a" * 10**5, "row 1: expected a name and 1 float32 (1 rows), found"),
        (gzip.compress(content())[:-20], "expected word2vec's binary format (Compressed file"),
    ],
)
def test_broken(read, monkeypatch, data, message, block):
    monkeypatch.setattr(word2vec_binary, "_BLOCK", block)
    with pytest.raises(FormatError, match=re.escape(message)):
        read(data)


def test_endless_name(read, monkeypatch):
    monkeypatch.setattr(word2vec_binary, "_LONGEST_NAME", 100)
    monkeypatch.setattr(word2vec_binary, "_BLOCK", 64)
    with pytest.raises(FormatError, match="row 3: expected a name and 1 float32"):
        read(b"9 1\n" + b"a \0\0\x80\x3f" * 2 + b"b" * 1000 + b" \0\0\x80\x3f")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (content(), "word2vec-binary"),
        (content(np.array([[10, 0.5]]).view("<f4")), "word2vec-binary"),
        # Numbers that begin with a newline's byte.
        (b"1 4\nA \n\n\n\n" + bytes(12), "word2vec-binary"),
        (b"3 4\nA", "word2vec-binary"),
        # A text, whatever it is called.
        (b"2 3\nA 1 0 1\nB 0 1 0\n", "word2vec-text"),
        (b"2 3\nA 0.25 0.5 1\nB 0 1 0\n", "word2vec-text"),
        (b"2 300\nA 0.25 0.5 x\n", "word2vec-text"),
        (b"2 3\nA 1\n\xff 0 1 0\n", "word2vec-binary"),
    ],
)
def test_found(tmp_path, data, name):
    path = tmp_path / "words.bin"
    path.write_bytes(data)
    assert find_format(Source(path)).name == name


def test_not_recognised(tmp_path):
    path = tmp_path / "words.bin"
    for data in (b"", b"PK\x03\x04", b"\x80\x04\x95", b"A 1 2\n", b"5 3"):
        path.write_bytes(data)
        recognised = word2vec_binary.recognises(Source(path))
        assert recognised == (data == b"5 3")
    assert not word2vec_binary.recognises(Source(tmp_path))


def test_text_read_as_binary(read):
    with pytest.raises(FormatError, match=r"row \d: expected a name and 3 float32"):
        read(b"2 3\nA 0.25 0.5 1\nB 0 1 0\n")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["words.bin", "words.bin.gz"])
def test_write(tmp_path, name, dtype):
    path = tmp_path / name
    embedding = Embedding(NAMES, VECTORS.astype(dtype))
    write_embedding(embedding, path, format="word2vec-binary")
    assert path.read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    KeyedVectors = pytest.importorskip("gensim.models").KeyedVectors
    theirs = KeyedVectors.load_word2vec_format(str(path), binary=True)
    assert theirs.index_to_key == NAMES
    assert np.array_equal(theirs.vectors, VECTORS)
    ours = word2vec_binary.read(Source(path), ReadOptions())
    assert ours.names == NAMES
    assert np.array_equal(ours.vectors, VECTORS)


def test_write_as_gensim(tmp_path):
    write_embedding(Embedding(NAMES, VECTORS), tmp_path / "ours.bin")
    keyed_vectors().save_word2vec_format(str(tmp_path / "theirs.bin"), binary=True)
    assert (tmp_path / "ours.bin").read_bytes() == (tmp_path / "theirs.bin").read_bytes()


def test_write_too_large(tmp_path):
    with pytest.raises(GeneAnalogiesError, match=r"1e\+300 is too large for the float32"):
        write_embedding(Embedding(["A"], [[1e300]]), tmp_path / "words.bin")
