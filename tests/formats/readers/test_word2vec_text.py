"""word2vec text: what gensim writes, the variants in use, and every way it can be broken."""

from __future__ import annotations

import gzip
import re

import numpy as np
import pytest
from examples_words import NAMES, VECTORS, keyed_vectors
from hypothesis import given
from hypothesis import strategies as st

from gene_analogies import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats import source as source_module
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.parts import precision
from gene_analogies.formats.readers import word2vec_text
from gene_analogies.formats.registry import find_format, write_embedding
from gene_analogies.formats.source import Source

ROW = " 0.5 -1 2e-3"
VALUES = np.array([0.5, -1, 2e-3], np.float32)


@pytest.fixture
def read(tmp_path):
    """Write some bytes to a file and read them."""

    def call(content, name="words.txt", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return word2vec_text.read(Source(path), ReadOptions(**options))

    return call


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(word2vec_text, "_BLOCK", 64)


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("name", ["words.txt", "words.vec", "words.txt.gz"])
def test_gensim(tmp_path, name, header):
    path = tmp_path / name
    keyed_vectors().save_word2vec_format(str(path), write_header=header)
    assert path.read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    found = word2vec_text.read(Source(path), ReadOptions())
    assert found.names == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert not found.vectors.flags.writeable


@pytest.mark.parametrize(
    "content",
    [
        f"A{ROW}\nB{ROW}\n",
        f"A{ROW}\nB{ROW}",
        f"2 3\nA{ROW}\nB{ROW}\n",
        f"2 3 \nA{ROW} \nB{ROW} \n",
        f"2 3\r\nA{ROW}\r\nB{ROW}\r\n",
        f"\ufeffA{ROW}\nB{ROW}\n",
        f"\ufeff2\t3\nA{ROW}\nB{ROW}\n",
        f"A\t{ROW[1:]}\nB\t{ROW[1:]}\n",
        f"A{ROW}\nB{ROW}\n".replace(" ", "\t"),
        f"A{ROW}\nB{ROW}\t\n".replace(" ", "  \t"),
        f" A{ROW}\n B{ROW}\n".replace(" ", "   "),
        f"A{ROW}\n\nB{ROW}\n\n\r\n",
    ],
)
def test_layouts(read, content):
    found = read(content)
    assert found.names == ["A", "B"]
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, [VALUES, VALUES])


def test_names_with_spaces(read):
    """Of GloVe's 840B file."""
    names = [",", ". . .", "at name@domain.com", "2019", "na\xa0me", "。", ", ."]
    found = read("".join(f"{name}{ROW}\n" for name in names))
    assert found.names == names
    assert np.array_equal(found.vectors, np.tile(VALUES, (len(names), 1)))


def test_names_with_a_number(read):
    names = [f"miR {at}" for at in range(20, 30)]
    rows = "".join(f"{name} 0.5 -1 2e-3 1\n" for name in names)
    found = read(f"10 4\n{rows}")
    assert found.names == names
    assert np.array_equal(found.vectors, np.tile([*VALUES, 1], (10, 1)))
    with pytest.raises(FormatError, match=r"found 'miR' in each of the first 10 rows; .* 'n d'"):
        read(rows)
    tabs = rows.replace(" ", "\t", 1).replace("\nmiR ", "\nmiR\t")
    assert read(f"10 5\n{tabs}").names == ["miR"] * 10
    assert read(tabs.replace("\t2", "\t.2")).names == ["miR"] * 10


def test_names_before_a_tab(read):
    names = ["NKX2-5", "T cell receptor 2", "5 6"]
    found = read("".join(f"{name}\t{ROW[1:]}\n" for name in names))
    assert found.names == names
    assert found.vectors.shape == (3, 3)


def test_names_come_twice(read):
    assert read(f"A{ROW}\nA{ROW}\n").names == ["A", "A"]


def test_not_finite(read):
    found = read("A nan -inf Infinity\nB 1e400 -1e400 NaN\n")
    assert found.vectors.dtype == np.float32
    assert np.array_equal(
        found.vectors, [[np.nan, -np.inf, np.inf], [np.inf, -np.inf, np.nan]], equal_nan=True
    )


@pytest.mark.usefixtures("small_blocks")
def test_blocks(read):
    """Rows of several blocks, some of which NumPy's own parser leaves to ours."""
    rows = np.random.default_rng(0).standard_normal((200, 7)).astype(np.float32)
    names = [f"{'very ' * (i % 50 == 3)}ü{i}" for i in range(200)]
    lines = [f"{name} {' '.join(map(str, row))}" for name, row in zip(names, rows, strict=True)]
    for header in ("", "200 7\n"):
        found = read(header + "\n".join(lines))
        assert found.names == names
        assert np.array_equal(found.vectors, rows)


@pytest.mark.usefixtures("small_blocks")
def test_limit(read):
    content = b"900 3\n" + f"A{ROW}\n".encode() * 20 + b"\xff broken"
    found = read(content, limit=12)
    assert found.names == ["A"] * 12
    assert found.vectors.shape == (12, 3)
    assert read(f"A{ROW}\n", limit=12).names == ["A"]


@pytest.mark.parametrize("rows", [1, 3])
def test_header_disagrees(read, rows):
    with pytest.raises(
        FormatError, match=f"words.txt: expected 2 rows as line 1 says, found {rows}$"
    ):
        read("2 3\n" + f"A{ROW}\n" * rows)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("A 1 2", "expected 4 fields (a name, 3 numbers), found 3"),
        ("A", "expected 4 fields (a name, 3 numbers), found 1"),
        ("A 1.5 2 3 4", "expected 4 fields (a name, 3 numbers), found 5"),
        ("A 1e0 2 3 x", "expected 4 fields (a name, 3 numbers), found 5"),
        ("A 1 2 x", "expected a number, found 'x'"),
        ("A 1 1_000 2", "expected a number, found '1_000'"),
        ("A 1 １２ 2", "expected a number, found '１２'"),
        ("A 1 2\xa03 2", "expected a number, found '2\\xa03'"),
        ("A 1 0x1p3 2", "expected a number, found '0x1p3'"),
        ("A 1 1,5 2", "expected a number, found '1,5'"),
        (b"\xc3( 1 2 3", "expected UTF-8, found the byte 0xc3"),
        (b"A 1 2 \xff", "expected UTF-8, found the byte 0xff"),
    ],
)
@pytest.mark.parametrize("block", [30, 2**20])
@pytest.mark.parametrize("header", [b"", b"20 3\n"])
def test_broken_line(read, monkeypatch, line, message, block, header):
    monkeypatch.setattr(word2vec_text, "_BLOCK", block)
    good = f"A{ROW}\n".encode()
    line = line if isinstance(line, bytes) else line.encode()
    content = header + good * (10 if header else 11) + line + b"\n" + good * 8
    with pytest.raises(FormatError, match=re.escape(f"words.txt: line 12: {message}")) as caught:
        read(content)
    assert caught.value.place == "line 12"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("A\t1 2", "line 2: expected 4 fields (a name, 3 numbers), found 3"),
        ("A", "line 2: expected 4 fields (a name, 3 numbers), found 1"),
        ("A b\t1 2 3 4", "line 2: expected 4 fields (a name, 3 numbers), found 5"),
    ],
)
def test_broken_line_with_tab(read, line, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        read(f"A\t1 2 3\n{line}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: expected a name and numbers, found ''"),
        ("A\nB\n", "line 1: expected a name and numbers, found 'A'"),
        ("A\t1 x\n", "line 1: expected a name and numbers"),
        ("5 0\nA\n", "line 1: expected a name and numbers"),
        ("999999999999 300\nA 1\n", "numbers claimed by 21 bytes"),
        ("1 99999999999\nA 1\n", "numbers claimed by"),
        (gzip.compress(b"A 1 2\n" * 999)[:-20], "expected text (Compressed file ended"),
        (gzip.compress(b"A 1 2\n" * 999)[:-8] + bytes(8), "expected text (CRC check failed"),
    ],
)
def test_broken_file(read, content, message):
    with pytest.raises(FormatError, match=re.escape(message)):
        read(content)


def test_bomb(read, monkeypatch):
    monkeypatch.setattr(source_module, "ALWAYS_ALLOWED", 2**16)
    row = b"A" + b" 0" * 1000 + b"\n"
    with pytest.raises(FormatError, match="numbers claimed by"):
        read(gzip.compress(row * 2000))


def test_endless_line(read, monkeypatch):
    monkeypatch.setattr(word2vec_text, "_BLOCK", 64)
    monkeypatch.setattr(word2vec_text, "LONGEST_LINE", 1024)
    with pytest.raises(FormatError, match="line 2: expected lines of at most"):
        read(b"A 1 2\n" + b"B" * 10_000)


DIGITS = st.text("0123456789", min_size=1, max_size=30)
TOKENS = (
    st.floats().map(repr)
    | st.floats(width=32).map(lambda value: str(np.float32(value)))
    | st.floats(width=16).map("{:.9e}".format)
    | st.floats(-1e9, 1e9).map("{:.40f}".format)
    | st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "+", "-"]),
        DIGITS | DIGITS.map(".{}".format) | st.builds("{}.{}".format, DIGITS, DIGITS | st.just("")),
        st.just("") | st.builds("{}{}".format, st.sampled_from("eE"), st.integers(-400, 400)),
    )
    | st.sampled_from(["nan", "NaN", "-nan", "inf", "-Inf", "+infinity", "1e400", "-1e-400"])
    # Halfway between two float32, and next to it.
    | st.sampled_from(["16777217", "16777217.0000000000000001", "1.00000005960464477539062500001"])
)


@pytest.mark.parametrize("first", ["a", "a b"], ids=["numpy", "line by line"])
def test_numbers(tmp_path_factory, first):
    """Each number is the nearest float64, rounded to what the file is read as."""
    path = tmp_path_factory.mktemp("numbers") / "words.txt"

    @given(st.lists(TOKENS, min_size=2, max_size=20))
    def check(tokens):
        lines = [f"{first if row == 0 else row} {token} 1" for row, token in enumerate(tokens)]
        path.write_text("\n".join(lines))
        found = word2vec_text.read(Source(path), ReadOptions()).vectors
        with np.errstate(over="ignore"):
            expected = np.array([float(token) for token in tokens]).astype(found.dtype)
        bits = np.uint64 if found.dtype == np.float64 else np.uint32
        assert found[:, 0].copy().view(bits).tolist() == expected.view(bits).tolist()

    check()


@pytest.mark.parametrize(
    ("token", "dtype"),
    [
        ("0.12345", np.float32),
        ("-0.038194001", np.float32),
        ("0.0381940007209777832", np.float32),  # float32, printed as float64
        ("9.999999747378752e-05", np.float32),
        ("0.03819400072", np.float64),
        ("8388608.500", np.float64),
        ("8388609.000", np.float32),
        ("0.038194000123", np.float64),
        ("1.0000000000000000e-01", np.float64),
        ("0.10000000000000001", np.float64),
        ("1e-300", np.float64),
        ("1e39", np.float64),
        ("1e-38", np.float32),
        ("3e38", np.float32),
        ("1.2345678901e+300", np.float64),
        ("12345678901.5.6", None),
    ],
)
def test_precision(read, token, dtype):
    if dtype is None:
        with pytest.raises(FormatError, match="line 2"):
            read(f"A 1 2\nB 1 {token}\n")
    else:
        assert read(f"A 1 2\nB 1 {token}\n").vectors.dtype == dtype


LATE = np.zeros((300, 8))
LATE[:, 0] = np.arange(300)


@pytest.mark.parametrize(
    "value", [1 / 3, 0.1, 16777217, 1e22, 8388608.5, 1e300, 1e-300, 1.2345e-42]
)
@pytest.mark.parametrize("name", ["w.txt", "w.vec.gz"])
@pytest.mark.usefixtures("small_blocks")
def test_late_double(tmp_path, value, name):
    """Behind rows that float32 holds comes a number that it does not."""
    vectors = LATE.copy()
    vectors[-1, 5] = value
    names = [f"g{at}" for at in range(300)]
    write_embedding(Embedding(names, vectors), tmp_path / name)
    found = word2vec_text.read(Source(tmp_path / name), ReadOptions())
    assert found.names == names
    assert found.vectors.dtype == np.float64
    assert np.array_equal(found.vectors, vectors)
    peek = word2vec_text.read(Source(tmp_path / name), ReadOptions(limit=9))
    assert peek.vectors.dtype == np.float32


def test_late_double_of_any_writer(tmp_path):
    """Below the head, in the middle and at the end."""
    lines = [f"g{at} {at / 8} 0.0123456789 1" for at in range(20_000)]
    for row in (15_000, 19_999):
        text = "\n".join([*lines[:row], "late 0.12345678901 1 1", *lines[row + 1 :]])
        (tmp_path / "w.txt").write_text(text)
        found = word2vec_text.read(Source(tmp_path / "w.txt"), ReadOptions())
        assert found.vectors.dtype == np.float64
        assert found.vectors[row, 0] == 0.12345678901
        assert found.vectors[0, 1] == 0.0123456789
        (tmp_path / "w.txt").write_text("\n".join(lines))
        found = word2vec_text.read(Source(tmp_path / "w.txt"), ReadOptions())
        assert found.vectors.dtype == np.float32


@pytest.mark.parametrize("before", [0, 2**16 - 12, 2**16 - 5, 2**16, 3 * 2**16 - 9])
def test_long_number_anywhere(before):
    text = b"x" * before + b"\t-0.0012345678901\t1"
    assert precision.holds_long_doubles(text)
    assert not precision.holds_long_doubles(text.replace(b"901", b"9"))


def test_single_printed_as_double(tmp_path):
    vectors = np.random.default_rng(0).standard_normal((50, 3)).astype(np.float32)
    np.savetxt(tmp_path / "n.txt", vectors)
    rows = (tmp_path / "n.txt").read_text().splitlines()
    (tmp_path / "w.txt").write_text("".join(f"g{at} {row}\n" for at, row in enumerate(rows)))
    found = word2vec_text.read(Source(tmp_path / "w.txt"), ReadOptions())
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, vectors)


def test_digits_of_names_are_not_numbers(read):
    assert read("ENSG12345678901 1 2\n12345678901 1 2\n").vectors.dtype == np.float32


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"gene,dim0,dim1\nA,1,2\n",
        b"A,1,2\nB,3,4\n",
        b"gene\tdim0\tdim1\nA\t1\t2\n",
        b"gene\t0\t1\t2\nA\t1\t2\t3\n",
        b"\t1\t2\nA\t1\t2\n",
        b"gene 1 2 3\nA 1 2 3\n",
        b"0.5 1.5 2.5\n0.1 0.2 0.3\n",
        b"ENSG1\tEGFR\t1\t2\n",
        b'{"A": [1, 2]}',
        b"[1, 2, 3]",
        b"A 1\nB 2\n",
        b"just a line of prose\n",
        b"\x80\x04\x95 1 2\x00\x00",
        b"\x89HDF\r\n\x1a\n\x00 1 2\n",
        "A 1 2\n".encode("utf-16"),
    ],
)
def test_not_recognised(tmp_path, content):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    assert not word2vec_text.recognises(Source(path))
    assert not word2vec_text.recognises(Source(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b"A 5 2\n",
        b"A 5 2",
        b"A\t0.1\t0.2\nB\t1\t2\n",
        b"2 2\nbroken",
        b"2 2",
        b"\xff 5 2\n",
        b"1956 0.5 1.5\n",
        b"A" + b" 0.123456" * 50_000,
        b"A" + b"\t0.123456" * 50_000,
        b"A\t0.123456" + b" 0.123456" * 50_000,
    ],
)
def test_recognised(tmp_path, content):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    assert find_format(Source(path)).name == "word2vec-text"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["w.txt", "w.vec", "w.txt.gz", "w.vec.gz"])
def test_write(tmp_path, name, dtype):
    path = tmp_path / name
    values = [[0.1, 1e-30, -7], [1 / 3, 1e30, 0], [0.5, 2, 3], [5e-324, 16777217, 1], [1, 2, 3]]
    embedding = Embedding(NAMES, np.array(values, dtype))
    write_embedding(embedding, path)
    assert path.read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    KeyedVectors = pytest.importorskip("gensim.models").KeyedVectors
    theirs = KeyedVectors.load_word2vec_format(str(path), datatype=dtype)
    assert theirs.index_to_key == NAMES
    assert np.array_equal(theirs.vectors, embedding.vectors)
    ours = word2vec_text.read(Source(path), ReadOptions())
    assert ours.names == NAMES
    assert ours.vectors.dtype == dtype
    assert np.array_equal(ours.vectors, embedding.vectors)


def test_write_as_gensim(tmp_path):
    embedding = Embedding(NAMES, VECTORS)
    write_embedding(embedding, tmp_path / "ours.txt")
    keyed_vectors().save_word2vec_format(str(tmp_path / "theirs.txt"))
    assert (tmp_path / "ours.txt").read_bytes() == (tmp_path / "theirs.txt").read_bytes()


@pytest.mark.parametrize("name", ["two words", "a\tb", "a\nb", ""])
@pytest.mark.parametrize("ending", [".txt", ".bin"])
def test_write_names(tmp_path, name, ending):
    embedding = Embedding(["A", name], np.eye(2))
    with pytest.raises(GeneAnalogiesError, match=re.escape(f"{name!r} cannot be written")):
        write_embedding(embedding, tmp_path / f"words{ending}")
    assert not list(tmp_path.iterdir())
