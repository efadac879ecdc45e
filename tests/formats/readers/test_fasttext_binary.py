"""fastText's models: the vectors that fastText and gensim give, and broken files."""

from __future__ import annotations

import gzip
import re
import struct

import numpy as np
import pytest
from examples_words import fasttext_model

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.parts.subwords import NGrams, add_ngrams
from gene_analogies.formats.readers import fasttext_binary
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source

models = pytest.importorskip("gensim.models")
fasttext = pytest.importorskip("gensim.models.fasttext")
datapath = pytest.importorskip("gensim.test.utils").datapath

# Offsets of fastText's int32 and int64 numbers.
VERSION, DIMENSION, MODEL, BUCKETS, LONGEST = 4, 8, 36, 40, 48
SIZE, WORDS, LABELS, PRUNED, ENTRIES = 64, 68, 72, 84, 92


@pytest.fixture
def read(tmp_path):
    """Write some bytes to a file and read them."""

    def call(content, **options):
        path = tmp_path / "model.bin"
        path.write_bytes(content)
        return fasttext_binary.read(Source(path), ReadOptions(**options))

    return call


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The path of a model with Greek letters, written by gensim."""
    path = tmp_path_factory.mktemp("fasttext") / "model.bin"
    fasttext.save_facebook_model(fasttext_model(), str(path))
    return path


def patched(content, at, number, form="<i"):
    size = struct.calcsize(form)
    return content[:at] + struct.pack(form, number) + content[at + size :]


@pytest.mark.parametrize("name", ["crime-and-punishment", "toy-model"])
def test_as_fasttext_says(name):
    """The .vec beside a model is fastText's own output, of five or so digits."""
    found = fasttext_binary.read(Source(datapath(f"{name}.bin")), ReadOptions())
    printed = models.KeyedVectors.load_word2vec_format(datapath(f"{name}.vec"))
    assert found.names == printed.index_to_key
    assert ("</s>" in found.names) == (name != "toy-model")
    assert found.vectors.dtype == np.float32
    assert not found.vectors.flags.writeable
    np.testing.assert_allclose(found.vectors, printed.vectors, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "version"),
    [("crime-and-punishment", 12), ("lee_fasttext_new", 11), ("toy-model-pretrained", 12)],
)
def test_as_gensim_says(name, version):
    path = datapath(f"{name}.bin")
    found = fasttext_binary.read(Source(path), ReadOptions())
    with open(path, "rb") as file:  # noqa: PTH123
        assert struct.unpack("<2i", file.read(8)) == (793712314, version)
    theirs = fasttext.load_facebook_vectors(path)
    assert found.names == theirs.index_to_key
    # gensim gives the mark of a sentence's end n-grams, fastText does not.
    rows = [row for row, word in enumerate(found.names) if word != "</s>"]
    np.testing.assert_allclose(found.vectors[rows], theirs.vectors[rows], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"min_n": 1, "max_n": 1},
        {"min_n": 1, "max_n": 3},
        {"min_n": 2, "max_n": 30},
        {"min_n": 9, "max_n": 3},
        {"min_n": 3, "max_n": 0},
        {"bucket": 1},
        {"bucket": 0},
    ],
)
def test_ngrams(tmp_path, options):
    path = tmp_path / "model.bin"
    fasttext.save_facebook_model(fasttext_model(**options), str(path))
    found = fasttext_binary.read(Source(path), ReadOptions())
    theirs = fasttext.load_facebook_vectors(str(path))
    assert found.names == theirs.index_to_key
    assert "β-actin" in found.names
    rows = [row for row, word in enumerate(found.names) if word != "</s>"]
    np.testing.assert_allclose(found.vectors[rows], theirs.vectors[rows], rtol=1e-5, atol=1e-7)


def test_ngrams_in_parts(monkeypatch):
    """Words that are worked on together or apart have the same vectors."""
    words = [b"a", "λόγος".encode(), b"", b"</s>", b"x" * 100, b"\xff\x80\x80", b"b"] * 3
    matrix = np.random.default_rng(0).standard_normal((len(words) + 50, 4)).astype(np.float32)
    whole, parts = matrix.copy(), matrix.copy()
    add_ngrams(whole, words, NGrams(2, 4, 50))
    monkeypatch.setattr("gene_analogies.formats.parts.subwords._BLOCK", 1)
    add_ngrams(parts, words, NGrams(2, 4, 50))
    assert np.array_equal(whole, parts)
    assert np.array_equal(whole[3], matrix[3])
    assert np.array_equal(whole[len(words) :], matrix[len(words) :])
    assert not np.isclose(whole[[0, 1, 4]], matrix[[0, 1, 4]]).any()


def test_gzip_and_limit(read, model):
    whole = fasttext_binary.read(Source(model), ReadOptions())
    found = read(gzip.compress(model.read_bytes()), limit=2)
    assert found.names == whole.names[:2]
    assert np.array_equal(found.vectors, whole.vectors[:2])


def test_small_pieces(monkeypatch, model):
    whole = fasttext_binary.read(Source(model), ReadOptions())
    monkeypatch.setattr(fasttext_binary, "_BLOCK", 64)
    monkeypatch.setattr(fasttext_binary, "_LONGEST_NAME", 8)
    found = fasttext_binary.read(Source(model), ReadOptions())
    assert found.names == whole.names
    assert np.array_equal(found.vectors, whole.vectors)
    monkeypatch.setattr(fasttext_binary, "_LONGEST_NAME", 7)
    with pytest.raises(FormatError, match=r"row \d: expected a word of at most 7 bytes, found"):
        fasttext_binary.read(Source(model), ReadOptions())


def test_classifier(read, model):
    """Labels are no words; classifiers of version 11 used no n-grams."""
    content = model.read_bytes()
    words = struct.unpack_from("<i", content, WORDS)[0]
    whole = read(content)
    content = patched(patched(content, SIZE, words + 1), LABELS, 1)
    label = b"__label__gene\0" + struct.pack("<qb", 9, 1)
    end = ENTRIES
    for _ in range(words):
        end = content.index(b"\0", end) + 10
    content = content[:end] + label + content[end:]
    found = read(content)
    assert found.names == whole.names
    assert np.array_equal(found.vectors, whole.vectors)
    plain = read(patched(patched(content, MODEL, 3), VERSION, 11))
    start = end + len(label) + 17
    rows = np.frombuffer(content[start:][: plain.vectors.nbytes], "<f4")
    assert np.array_equal(plain.vectors.ravel(), rows)


def test_not_utf_8():
    """A real model of words in another encoding."""
    with pytest.raises(FormatError, match=r"row 149: expected a word in UTF-8, found b'\\x97'"):
        fasttext_binary.read(Source(datapath("pang_lee_polarity_fasttext.bin")), ReadOptions())


def test_quantised(read, model):
    content = model.read_bytes()
    words = struct.unpack_from("<i", content, WORDS)[0]
    end = ENTRIES
    for _ in range(words):
        end = content.index(b"\0", end) + 10
    with pytest.raises(FormatError, match="expected a whole model, found a quantised one"):
        read(patched(content, end, 1, "<b"))
    with pytest.raises(FormatError, match="expected a whole model, found a quantised one"):
        read(patched(content, PRUNED, 5, "<q"))


@pytest.mark.parametrize(
    ("at", "number", "message"),
    [
        (0, 5, "expected fastText's magic number 793712314 and version 11 or 12, found 5 and 12"),
        (VERSION, 13, "expected fastText's magic number 793712314 and version 11 or 12, found"),
        (DIMENSION, 0, "arguments: expected a dimension and n-grams of at most 64 characters"),
        (DIMENSION, 2**31 - 1, "numbers claimed by"),
        (DIMENSION, 4, "input matrix: expected 7 + 20 rows of 4 numbers, found a matrix of shape"),
        (BUCKETS, -1, "arguments: expected a dimension and n-grams of at most 64 characters"),
        (BUCKETS, 21, "input matrix: expected 7 + 21 rows of 3 numbers, found a matrix of shape"),
        (LONGEST, 65, "arguments: expected a dimension and n-grams of at most 64 characters"),
        (SIZE, 8, "dictionary: expected words and labels, found 7 + 0 = 8"),
        (WORDS, -1, "dictionary: expected words and labels, found -1 + 0 = 7"),
    ],
)
def test_broken_number(read, model, at, number, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        read(patched(model.read_bytes(), at, number))


def test_words_and_labels_mixed(read, model):
    content = model.read_bytes()
    kind = content.index(b"\0", ENTRIES) + 9
    with pytest.raises(FormatError, match="row 1: expected 7 words, then labels"):
        read(patched(content, kind, 1, "<b"))


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (0, "magic number: expected more bytes, found the end of the file"),
        (30, "arguments: expected more bytes, found the end of the file"),
        (70, "dictionary: expected more bytes, found the end of the file"),
        (ENTRIES + 1, "row 1: expected a word of at most"),
        (ENTRIES + 8, "row 1: expected more bytes, found the end of the file"),
    ],
)
def test_cut(read, model, size, message):
    with pytest.raises(FormatError, match=message):
        read(model.read_bytes()[:size])


def test_cut_matrix(read, model):
    content = model.read_bytes()
    # The output matrix: a flag, two int64, then as many rows as there are words.
    end = len(content) - 17 - 7 * 3 * 4
    assert read(content[:end]).names
    with pytest.raises(FormatError, match=r"input matrix, row 27: expected 27 rows, found the end"):
        read(content[: end - 1])
    with pytest.raises(FormatError, match=r"input matrix, row 26: expected 27 rows, found the end"):
        read(content[: end - 13])
    with pytest.raises(FormatError, match="a fastText model"):
        read(gzip.compress(content)[:-50])


def test_huge_claim(read):
    """A header alone that claims two billion words."""
    arguments = struct.pack("<2i12id", 793712314, 12, 300, *[1] * 11, 1e-4)
    for words in (2**31 - 1, 10**6):
        dictionary = struct.pack("<3i2q", words, words, 0, 5, -1)
        with pytest.raises(FormatError, match="numbers claimed by 92 bytes"):
            read(arguments + dictionary)


def test_recognised(tmp_path, model):
    assert find_format(Source(model)).name == "fasttext"
    (tmp_path / "words.bin").write_bytes(b"5 3\n")
    assert not fasttext_binary.recognises(Source(tmp_path / "words.bin"))
    assert not fasttext_binary.recognises(Source(tmp_path))
