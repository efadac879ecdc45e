"""Files of names: how they are read, and how they are found beside an array."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd
import pytest

from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.parts.names import names_beside, read_names
from gene_analogies.formats.source import Source

NAMES = ["EGFR", "NA", "1956", "HLA-A", "naïve B"]


def _text(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n"])
def test_a_name_a_line(tmp_path, end):
    assert read_names(_text(tmp_path / "a.txt", "\n".join(NAMES) + end)) == NAMES


def test_windows_ends_a_line_otherwise_and_marks_its_text(tmp_path):
    path = _text(tmp_path / "a.txt", "\r\n".join(NAMES), "utf-8-sig")
    assert read_names(path) == NAMES


def test_a_name_may_hold_what_splits_lines_elsewhere(tmp_path):
    names = ["a\u2028b", "c\x0bd", "e\x85f"]
    assert read_names(_text(tmp_path / "a.txt", "\n".join(names))) == names


def test_compressed_text(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress("\n".join(NAMES).encode()))
    assert read_names(path) == NAMES


def test_empty_file_has_no_names(tmp_path):
    assert read_names(_text(tmp_path / "a.txt", "")) == []


@pytest.mark.parametrize(
    "value",
    [
        NAMES,
        {name: row for row, name in enumerate(NAMES)},
        {name: row for row, name in reversed(list(enumerate(NAMES)))},
        {str(row): name for row, name in enumerate(NAMES)},
    ],
    ids=["list", "vocabulary", "any-order", "id2label"],
)
def test_json(tmp_path, value):
    assert read_names(_text(tmp_path / "a.json", json.dumps(value))) == NAMES


def test_entrez_numbers_are_names(tmp_path):
    assert read_names(_text(tmp_path / "a.json", "[1956, 7157]")) == ["1956", "7157"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"A": 0, "B": 2}', "each from 0 on and once; found 2 keys"),
        ('{"A": 0, "B": 0}', "each from 0 on and once"),
        ('{"A": 0, "B": true}', "each from 0 on and once"),
        ('{"A": [1.0]}', "each from 0 on and once"),
        ("{}", "each from 0 on and once; found 0 keys"),
        ("3", "expected a list of names, found 3"),
        ('["A", null]', "row 1: expected a name, found None"),
        ('["A", 0.5]', "row 1: expected a name, found 0.5"),
        ('["A", "\\ud800"]', r"row 1: expected a name, found '\\ud800'"),
        ('["A", "B"', "line 1 column 10: expected JSON"),
        ("[" * 100_000, "nested too deep"),
        ("[" + "1" * 5000 + "]", "expected JSON .Exceeds the limit"),
    ],
)
def test_json_that_holds_no_names(tmp_path, text, message):
    with pytest.raises(FormatError, match=message) as caught:
        read_names(_text(tmp_path / "a.json", text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "array",
    [
        np.array(NAMES),
        np.array(NAMES).astype(">U7"),
        np.array(NAMES, object),
        np.array(NAMES)[:, None],
        np.char.encode(np.array(NAMES), "utf-8"),
    ],
    ids=["text", "big-endian", "objects", "column", "bytes"],
)
def test_array(tmp_path, array):
    np.save(tmp_path / "a.npy", array, allow_pickle=True)
    assert read_names(tmp_path / "a.npy") == NAMES


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros(3), "expected names, found float64 3"),
        (np.array([["a", "b"], ["c", "d"]]), "expected names, found text 2 × 2"),
        (np.array(["a", np.nan], object), "row 1: expected a name, found nan"),
        (np.array([b"\xff"]), "row 0: expected a name in UTF-8"),
    ],
)
def test_array_that_holds_no_names(tmp_path, array, message):
    np.save(tmp_path / "a.npy", array, allow_pickle=True)
    with pytest.raises(FormatError, match=message):
        read_names(tmp_path / "a.npy")


def test_pickle_in_an_array_does_not_run(tmp_path):
    class Attack:
        def __reduce__(self):
            return (tmp_path.joinpath("hit").touch, ())

    np.save(tmp_path / "a.npy", np.array([Attack()], object), allow_pickle=True)
    with pytest.raises(FormatError):
        read_names(tmp_path / "a.npy")
    assert not (tmp_path / "hit").exists()


def _series(path):
    pd.Series(NAMES).to_csv(path)


def _column(path):
    pd.DataFrame({"count": range(5), "symbol": NAMES}).to_csv(path, index=False)


def _bare(path):
    pd.Series(NAMES).to_csv(path, index=False, header=False)


@pytest.mark.parametrize("write", [_series, _column, _bare])
@pytest.mark.parametrize("count", [None, 5])
def test_table(tmp_path, write, count):
    write(tmp_path / "a.csv")
    assert read_names(tmp_path / "a.csv", count) == NAMES


def test_header_by_count(tmp_path):
    path = _text(tmp_path / "a.tsv", "word\nbetter\nbest\n")
    assert read_names(path) == ["better", "best"]
    assert read_names(path, 2) == ["better", "best"]
    assert read_names(path, 3) == ["word", "better", "best"]
    assert read_names(_text(tmp_path / "b.csv", "mystery\nbetter\nbest\n"), 2) == ["better", "best"]


def test_text_with_tabs_is_a_table(tmp_path):
    assert read_names(_text(tmp_path / "a.txt", "EGFR\t12\nMET\t7\n")) == ["EGFR", "MET"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"A\nB\xff\n", "line 2: expected UTF-8 text, found the byte 0xff"),
        ("a.txt", b"A\0B", "expected a file of names"),
        ("a.csv", b"gene,n\nA,1\nB\n", "line 3: expected 2 cells, found 1"),
        ("a.csv", b'gene,n\n"A,1\n', "line 2: expected a table"),
        ("a.txt.gz", gzip.compress(b"A\nB\n" * 99)[:-9], "expected a whole gzip file"),
        ("a.npy", b"\x93NUMPY\x01\x00", "expected a NumPy array"),
    ],
)
def test_broken(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=message) as caught:
        read_names(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_bomb(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"A" * 80_000_000))
    with pytest.raises(FormatError, match="expected data in proportion to the file"):
        read_names(tmp_path / "a.txt.gz")


@pytest.mark.parametrize("ending", ["txt", "csv"])
def test_bomb_of_names(tmp_path, ending):
    (tmp_path / f"a.{ending}.gz").write_bytes(gzip.compress(b"A\n" * 1_200_000))
    with pytest.raises(FormatError, match="1,200,000 names claimed by"):
        read_names(tmp_path / f"a.{ending}.gz")


def test_bomb_of_json(tmp_path):
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b"[" + b"[]," * 1_000_000 + b"[]]"))
    with pytest.raises(FormatError, match="found JSON that takes"):
        read_names(tmp_path / "a.json.gz")


def test_folder_and_missing_file(tmp_path):
    with pytest.raises(FormatError, match="found a folder"):
        read_names(tmp_path)
    with pytest.raises(GeneAnalogiesError, match="does not exist"):
        read_names(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("array", "beside", "found"),
    [
        ("X.npy", ["X_names.npy", "X.txt"], "X_names.npy"),
        ("X.npy", ["X_genes.txt"], "X_genes.txt"),
        ("X.npy", ["X.txt", "Y.txt"], "X.txt"),
        ("X.npy", ["X.json"], "X.json"),
        ("X.npy", ["X_Words.TXT"], "X_Words.TXT"),
        (
            "google_news_embeddings_30k.npy",
            ["google_news_words_30k.npy", "words.txt"],
            "google_news_words_30k.npy",
        ),
        ("embeddings.npy", ["genes.npy"], "genes.npy"),
        ("gene_vectors.npy", ["gene_names.csv"], "gene_names.csv"),
        ("X.npy", ["vocab.json", "config.json"], "vocab.json"),
        ("X.npy", ["vocab.json", "names.txt"], None),
        ("X.npy", ["Y.txt", "Y_names.txt"], None),
        ("genes.npy", [], None),
    ],
)
def test_names_beside(tmp_path, array, beside, found):
    for name in (array, *beside):
        (tmp_path / name).write_bytes(b"x")
    path = names_beside(Source(tmp_path / array))
    assert (path.name if path else None) == found
