"""What stands before a table, bytes that are no UTF-8, and quotes that nothing closes."""

from __future__ import annotations

import time

import numpy as np
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import delimited
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source

ROWS = "EGF,0.5,1\nEGFR,2,.25\n"


@pytest.fixture
def read(tmp_path):
    """Write some text to a file and read it."""

    def call(content, name="table.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        assert find_format(Source(path)).name == "table"
        return delimited.read(Source(path), ReadOptions(**options))

    return call


@pytest.mark.parametrize("ending", ["csv", "txt"])
@pytest.mark.parametrize(
    ("before", "names"),
    [
        ("# made by us\ngene,a,b\n", ["EGF", "EGFR"]),
        ("# made, by, us\n#\n# 1, 2, 3\ngene,a,b\n", ["EGF", "EGFR"]),
        ("# made by us\n#gene,a,b\n", ["EGF", "EGFR"]),
        ("# made by us\n", ["EGF", "EGFR"]),
        ("#gene,a,b\n", ["EGF", "EGFR"]),
        ("".join(f"# {at}\n" for at in range(300)) + "gene,a,b\n", ["EGF", "EGFR"]),
        ("\ufeff# made by us\r\ngene,a,b\r\n", ["EGF", "EGFR"]),
        ("\ufeffgene,a,b\n", ["EGF", "EGFR"]),
        ("sep=,\ngene,a,b\n", ["EGF", "EGFR"]),
        ('\ufeff"sep=,"\r\ngene,a,b\r\n', ["EGF", "EGFR"]),
        ("SEP=,\n# made by us\n#gene,a,b\n", ["EGF", "EGFR"]),
        ("#,1,2.5\n", ["#", "EGF", "EGFR"]),
        ("# a comment\n#,1,2.5\n#1,1,2\n", ["#", "#1", "EGF", "EGFR"]),
    ],
)
def test_what_stands_before(read, before, names, ending):
    found = read(before + ROWS, f"table.{ending}")
    assert found.names == names
    assert np.array_equal(found.vectors[-2:], [[0.5, 1], [2, 0.25]])
    with pytest.raises(FormatError, match=f"line {(before + ROWS).count(chr(10)) + 1}, column 3"):
        read(f"{before}{ROWS}MET,1,x\n", f"table.{ending}")


def test_the_delimiter_of_excel(read):
    found = read("sep=;\ngene;a;b\nEGF;0,5;1\nEGFR;2;,25\n".replace(",25", "0,25"))
    assert np.array_equal(found.vectors, [[0.5, 1], [2, 0.25]])
    assert read("sep=;\ngene,s;a\nA, B;0.5\nEGFR;2\n").names == ["A, B", "EGFR"]
    with pytest.raises(FormatError, match="expected rows of names and numbers, found none"):
        read("sep=;\n")


def test_comments_in_front_of_a_width_that_differs(read):
    with pytest.raises(FormatError, match="line 3: expected 3 cells as in the header, found 2"):
        read("# made by us\ngene,a,b\nEGF,1\nEGFR,2\n")


@pytest.mark.parametrize("late", [0, 200])
def test_bad_bytes_cost_their_names(read, caplog, late):
    good = "".join(f"G{at},{at}.5,1.5\n" for at in range(late)).encode()
    content = b"gene,a,n\xc3\xb6\n" + good + b"A\xff,1.5,2\n\nc\xc3\xa9,3,4\n\xc3,5.5,6\n"
    line = late + 2
    with pytest.raises(FormatError, match=f"line {line}: .* 0xff; bad_bytes='skip'"):
        read(content)
    found = read(content, bad_bytes="skip")
    assert found.names == [*(f"G{at}" for at in range(late)), "cé"]
    assert found.vectors[-1].tolist() == [3, 4]
    messages = [record.getMessage() for record in caplog.records]
    expected = f"2 rows whose names are no UTF-8 left out: lines {line}, {line + 3}"
    assert [one for one in messages if one.endswith(expected)]


def test_bad_bytes_elsewhere(read):
    content = b"gene,a,b,note\xff\nA,1.5,2.5,x\xff\nB,3.5,4.5,y\n"
    found = read(content, bad_bytes="skip")
    assert found.names == ["A", "B"]
    assert found.details["left_out"] == ["note\ufffd"]
    with pytest.raises(FormatError, match=r"line 3, column 2 \('a'\): expected a number, found '1"):
        read(b"gene,a,b\nA,1,2\nB,1\xff,2\nC,1,2\n", bad_bytes="skip")


LONG = "".join(f"G{at},{at}.5,1.5\n" for at in range(60_000))


@pytest.mark.parametrize("row", [0, 1, 30, 1000, 59_998])
@pytest.mark.parametrize("names", ["plain", "quoted"])
def test_a_quote_that_nothing_closes_is_found_at_once(read, row, names):
    lines = LONG.splitlines()
    if names == "quoted":
        lines = ['"' + line.replace(",", '",', 1) for line in lines]
        lines[row] = lines[row].replace('",', ",")
    else:
        lines[row] = '"' + lines[row]
    start = time.perf_counter()
    with pytest.raises(FormatError, match="a quote opens that nothing closes") as caught:
        read("gene,a,b\n" + "\n".join(lines))
    assert time.perf_counter() - start < 5  # a fraction of a second; it took minutes
    assert caught.value.place == f"line {row + 2}"


def test_the_lines_after_an_open_quote_are_not_read(read, monkeypatch):
    taken = []
    lines_of = delimited.lines_of

    def counted(*arguments):
        for line in lines_of(*arguments):
            taken.append(line)
            yield line

    monkeypatch.setattr("gene_analogies.formats.parts.cells.lines_of", counted)
    lines = LONG.splitlines()
    lines[100] = '"' + lines[100]
    with pytest.raises(FormatError, match=r"line 102: .*a quote opens"):
        read("gene,a,b\n" + "\n".join(lines))
    assert 1000 < len(taken) < 1200


def test_a_quote_in_the_header(read):
    with pytest.raises(FormatError, match=r"line 1: expected a table .a quote opens"):
        read(f'gene,"a,b\n{LONG}')


def test_cells_of_several_lines(read):
    """Closed within the rows that show how the table is written, and behind them."""
    lines = LONG.splitlines()[:200]
    lines[3] = '"G\n3",3.5,1.5'
    lines[49] = '"G\n\n\n""49""",49.5,1.5'
    lines[150] = '"G\n150",150.5,1.5'
    found = read("gene,a,b\n" + "\n".join(lines))
    assert [found.names[at] for at in (3, 49, 150)] == ["G\n3", 'G\n\n\n"49"', "G\n150"]
    assert np.array_equal(found.vectors[:, 0], np.arange(200) + 0.5)
