"""Odd rows of word2vec text: blank names, bad bytes, comments, and numbers that may be none."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_files import case_file

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import word2vec_text
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source


@pytest.fixture
def read(tmp_path):
    """Write some text to a file and read it."""

    def call(content, **options):
        path = tmp_path / "words.vec"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return word2vec_text.read(Source(path), ReadOptions(**options))

    return call


def outcome(read, content):
    """What reading gives: names and numbers, or an error."""
    try:
        found = read(content)
    except FormatError as error:
        return str(error)
    return found.names, repr(found.vectors.tolist()), str(found.vectors.dtype)


ROWS = ["the 1 2", "\t 3 4", ". . . 5 6", "  7 8", "cat 9 10"]


@pytest.mark.parametrize("block", [1, 2**20])
@pytest.mark.parametrize("header", ["5 2\n", ""])
@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [0, 1, 3, 4, 2]])
def test_blank_names_are_left_out(read, monkeypatch, caplog, block, header, order):
    # The first block must show how many numbers there are.
    start = header + "".join(f"{ROWS[row]}\n" for row in order[:3])
    monkeypatch.setattr(word2vec_text, "_BLOCK", max(block, len(start)))
    found = read(header + "\n".join(ROWS[row] for row in order))
    kept = [(name, row) for name, row in (("the", 0), (". . .", 2), ("cat", 4))]
    kept.sort(key=lambda one: order.index(one[1]))
    assert found.names == [name for name, _ in kept]
    assert found.vectors.tolist() == [[2 * row + 1, 2 * row + 2] for _, row in kept]
    lines = sorted(order.index(row) + 1 + bool(header) for row in (1, 3))
    (record,) = caplog.records
    message = f"2 rows without a name left out: lines {lines[0]}, {lines[1]}"
    assert record.getMessage().endswith(message)


def test_blank_names_before_a_tab_and_of_other_spaces(read, caplog):
    assert read("A\t1 2 3\n\t4 5 6\n\xa0\t7 8 9\nB\t1 2 4\n").names == ["A", "B"]
    assert caplog.records[0].getMessage().endswith("2 rows without a name left out: lines 2, 3")
    assert read("2 3\n\u3000 4 5 6\nA 1 2 3\n").names == ["A"]


def test_a_row_with_a_number_too_few_is_no_blank_name(read):
    with pytest.raises(FormatError, match=r"line 3: expected 3 fields .* found 2"):
        read("2 2\nthe 1 2\n3 4\n")


def test_all_names_blank(read):
    with pytest.raises(FormatError, match="expected 2 rows as line 1 says, found 1"):
        read("2 2\n\t1 2\n")
    assert read("1 2\n\t1 2\n").names == []


def test_the_case_of_blank_words():
    path = case_file("blank_word.vec")
    assert word2vec_text.read(Source(path), ReadOptions()).names == ["the", ". . .", "cat"]


# What a line may be made of, so that both ways of reading it meet every turn.
NAMES = st.sampled_from(
    ["the", ". . .", "a\tb", "a  b", "", " ", "\t", "5", "miR 20", "\xa0", "x\x85", "é", "a\x0cb"]
)
GAPS = st.sampled_from([" ", "  ", "\t", " \t", "\x0b", "\x0c", "\r", "\x1c", "\xa0"])
NUMBERS = st.sampled_from(["1", "-2.5", "1e3", "nan", "inf", "x", "1_0", "1\x0c", "３"])


@st.composite
def lines(draw):
    gap = " " if draw(st.booleans()) else draw(GAPS)
    numbers = draw(st.lists(NUMBERS | st.just("0.5"), min_size=1, max_size=3))
    return (
        draw(NAMES) + gap + gap.join(numbers) + draw(st.sampled_from(["", " ", "\t", "\r", "\xa0"]))
    )


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("separator", [" ", "\t"])
def test_both_ways_read_the_same(tmp_path_factory, header, separator):
    """NumPy's parser on a block, and ours line by line."""
    path = tmp_path_factory.mktemp("rows") / "words.vec"

    def read(content):
        path.write_bytes(content.encode())
        return word2vec_text.read(Source(path), ReadOptions())

    def refuse(*_, **__):
        raise ValueError

    @given(st.lists(lines(), min_size=1, max_size=6), st.booleans())
    def check(rows, odd):
        rows = [f"A{separator}0.5 2", *(rows if odd else [f"B{separator}1.5 2", *rows[:1]])]
        content = (f"{len(rows)} 2\n" if header else "") + "\n".join(rows) + "\n"
        fast = outcome(read, content)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(word2vec_text.np, "loadtxt", refuse)
            assert fast == outcome(read, content)
        with pytest.MonkeyPatch.context() as patch:
            # The first block shows how the file is written.
            start = content.split(rows[0])[0] + rows[0] + "\n"
            patch.setattr(word2vec_text, "_BLOCK", len(start.encode()))
            assert fast == outcome(read, content)

    check()


BAD = b"4 2\nthe 1 2\nc\xc3\xa9 3 4\nb\xff d 5 6\n\xc3( 7 8\n"


@pytest.mark.parametrize("block", [1, 2**20])
def test_bad_bytes_cost_their_names(read, monkeypatch, caplog, block):
    monkeypatch.setattr(word2vec_text, "_BLOCK", block)
    with pytest.raises(FormatError, match=r"line 4: expected UTF-8, .* 0xff; .*--bad-bytes skip"):
        read(BAD)
    found = read(BAD, bad_bytes="skip")
    assert found.names == ["the", "cé"]
    assert found.vectors.tolist() == [[1, 2], [3, 4]]
    (record,) = caplog.records
    assert record.getMessage().endswith("2 rows whose names are no UTF-8 left out: lines 4, 5")


def test_bad_bytes_in_numbers_are_an_error(read):
    with pytest.raises(FormatError, match=r"line 2: expected a number, found '2\\udcff'"):
        read(b"1 2\nA 1 2\xff\n", bad_bytes="skip")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("# made by us\n# in 2024 12\nA 5 2 7\nB 4 5 6\n", ["A", "B"]),
        ("# made by us\n2 3\nA 5 2 7\nB 4 5 6\n", ["A", "B"]),
        ("#\n#\n2 3\n# 5 2 7\nB 4 5 6\n", ["#", "B"]),
        ("# 5 2 7\n#hash 5 2 7\nB 4 5 6\n", ["#", "#hash", "B"]),
        ("# made 2024\n# 5 2 7\nB 4 5 6\n", ["#", "B"]),
        ("# 5 2 7\n## 4 5 6\n", ["#", "##"]),
        ("\ufeff# 12345678901 in a comment\nA\t5 2 7\n", ["A"]),
    ],
)
def test_comments_before_the_rows(tmp_path, read, content, names):
    found = read(content)
    assert found.names == names
    assert found.vectors.shape == (len(names), 3)
    assert found.vectors.dtype == np.float32
    assert find_format(Source(tmp_path / "words.vec")).name == "word2vec-text"
    bad = f"Z{content[content.rindex('5') - 1] if len(names) < 2 else ' '}1 2 x\n"
    with pytest.raises(FormatError, match=f"line {len(content.splitlines()) + 1}: expected a n"):
        read(content.replace("2 3\n", "3 3\n", 1) + bad)


@pytest.mark.parametrize(
    "rows",
    [
        ["miR 20 0.5 1.5", "miR 21 0.1 -1", "let 7 0.2 2.5"],
        ["EGF 3 0.5 1.5", "EGFR 1 0.1 -1", "MET 2 0.2 2.5"],
        ["EGF\t3\t0.5\t1.5", "EGFR\t1\t0.1\t-1", "MET\t2\t0.2\t2.5"],
        ["EGF\t1000 1400 1.5", "EGFR\t3000 3400 1", "MET\t2 5 2.5"],
    ],
)
def test_a_whole_first_number_is_asked_about(read, rows):
    message = "first number of every row is whole (" + ", ".join(
        re.split("[ \t]", row)[1] for row in rows
    )
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read("\n".join(rows))
    assert "a first line 'n d'" in str(caught.value)
    columns = "--read-as table --columns 3-4" in str(caught.value)
    assert columns == (" " not in rows[0] or "\t" not in rows[0])
    assert read("3 3\n" + "\n".join(rows)).vectors.shape == (3, 3)
    if "\t" not in rows[0]:
        assert read("3 2\n" + "\n".join(rows)).names == [row.rsplit(" ", 2)[0] for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        ["A 1 2 3", "B 2 2 3", "C 3 5 6"],  # all are whole
        ["A 0 .2 .3", "B 0 .2 .4", "C 0 .5 .6"],  # a dimension that is never used
        ["A 1 .2 .3", "B 2 .2 .4"],  # too few rows to tell
        ["A 1 .2 .3", "B 2.5 .2 .4", "C 3 .5 .6"],
        ["A 33554432 .2 .3", "B 134217728 .2 .4", "C 67108864 .5 .6"],  # as all large float32 are
    ],
)
def test_other_first_numbers_are_coordinates(read, rows):
    assert read("\n".join(rows)).vectors.shape == (len(rows), 3)


def test_a_header_of_integers_is_asked_about(read, tmp_path):
    rows = "EGF 0.5 0.25 1.5\nEGFR 0.1 0.2 2.5\n"
    with pytest.raises(FormatError, match=r"whether 'PC 3 4 5' is a header.* here '3 3'"):
        read(f"PC 3 4 5\n{rows}")
    assert read(f"3 3\nPC 3 4 5\n{rows}").names == ["PC", "EGF", "EGFR"]
    assert read(f"PC 3 4 3\n{rows}").names == ["PC", "EGF", "EGFR"]
    (tmp_path / "table.txt").write_text(f"gene 3 4 5\n{rows}")
    assert find_format(Source(tmp_path / "table.txt")).name == "table"


def test_numbers_are_no_names(read, tmp_path):
    matrix = "3 4 5 6\n0.5 0.25 0.75 1.5\n0.1 0.2 0.3 2.5\n"
    with pytest.raises(
        FormatError, match=r"expected names, found numbers such as 0\.5: .* --names"
    ):
        read(matrix)
    (tmp_path / "matrix.txt").write_text(matrix)
    assert find_format(Source(tmp_path / "matrix.txt")).name == "table"
    assert read("1956 0.5 0.25\n7157 0.1 0.2\n").names == ["1956", "7157"]
    assert read("the 0.5 0.25\n3.14 0.1 0.2\n").names == ["the", "3.14"]
