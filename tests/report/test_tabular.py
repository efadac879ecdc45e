import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_answers import Made, count_column, item_column

from gene_analogies.report.registry import content, render
from gene_analogies.report.table import Item
from gene_analogies.report.tabular import (
    answer_csv,
    answer_json,
    answer_spreadsheet,
    answer_tsv,
    flat_columns,
)

COLUMNS = ("c", "d", "similarity", "c_symbol", "d_symbol", "c_name", "d_name")
ALL = ["result", "words", "several", "odd", "distances", "sums", "twins"]


#: The escape of these fixtures, as the formats for programs write it.
ESCAPE = r"\x1b"


def written(frame):
    """Return a frame of texts as CSV and TSV hold them."""
    texts = frame.select_dtypes(object)
    return frame.assign(**{key: texts[key].str.replace("\x1b", ESCAPE) for key in texts})


def test_csv_as_text(result):
    assert answer_csv(result) == (
        "c,d,similarity,c_symbol,d_symbol,c_name,d_name\n"
        "HGF,MET,0.123456789012345,HGF,MET,hepatocyte growth factor,"
        '"MET proto-oncogene, receptor tyrosine kinase"\n'
        'MET,HGF,-1e-05,MET,HGF,"MET proto-oncogene, receptor tyrosine kinase",'
        "hepatocyte growth factor\n"
    )


@pytest.mark.parametrize(("write", "separator"), [(answer_csv, ","), (answer_tsv, "\t")])
@pytest.mark.parametrize("name", ALL)
def test_reads_back_as_the_frame(name, write, separator, request):
    result = request.getfixturevalue(name)
    frame = pd.read_csv(
        io.StringIO(write(result)),
        sep=separator,
        keep_default_na=False,
        lineterminator="\n",
    )
    pd.testing.assert_frame_equal(frame, written(result.to_frame()))


def test_nothing_found_is_a_header_alone(empty):
    assert answer_csv(empty) == ",".join(COLUMNS) + "\n"
    assert json.loads(answer_json(empty))["pairs"] == []


def test_columns_are_those_of_the_frame(result):
    assert tuple(result.to_frame().columns) == COLUMNS


def test_json(result):
    content = json.loads(answer_json(result))
    assert content["pairs"] == result.to_frame().to_dict("records")
    del content["pairs"]
    assert content == {
        "query": "EGF : EGFR",
        "examples": [
            [
                {"item": "EGF", "symbol": "EGF", "name": "epidermal growth factor"},
                {
                    "item": "ENSG00000146648",
                    "symbol": "EGFR",
                    "name": "epidermal growth factor receptor",
                },
            ]
        ],
        "metric": "cosine",
        "operation": "difference",
        "notes": ["ErbB1 → EGFR"],
        "without_direction": 3,
    }


GENERIC = ["one_item", "three_items", "four_items", "nothing"]


@pytest.mark.parametrize(("write", "separator"), [(answer_csv, ","), (answer_tsv, "\t")])
@pytest.mark.parametrize("name", GENERIC)
def test_every_shape_reads_back(name, write, separator, request):
    answer = request.getfixturevalue(name)
    expected = answer.to_frame()
    numbers = [column.key for column in answer.columns if column.kind not in ("item", "text")]
    frame = pd.read_csv(
        io.StringIO(write(answer)),
        sep=separator,
        keep_default_na=False,
        na_values={key: [""] for key in numbers},
        dtype=expected.dtypes.to_dict(),
        lineterminator="\n",
    )
    pd.testing.assert_frame_equal(frame, written(expected))


@pytest.mark.parametrize("name", GENERIC)
def test_every_shape_as_json(name, request):
    answer = request.getfixturevalue(name)
    rows = json.loads(answer_json(answer))["things"]
    expected = answer.to_frame().astype(object)
    assert rows == expected.where(expected.notna(), None).to_dict("records")


def test_columns_and_what_is_missing(one_item):
    assert answer_csv(one_item).splitlines() == [
        "item,similarity,rows,item_symbol,item_name",
        "EGF,0.5,12345,EGF,epidermal growth factor",
        ",,0,,",
        "king,-0.25,7,king,",
    ]
    assert json.loads(answer_json(one_item))["things"][1] == {
        "item": "", "similarity": None, "rows": 0, "item_symbol": "", "item_name": "",
    }  # fmt: skip


def test_names_and_numbers_come_first(four_items):
    members = list("abcd")
    assert list(flat_columns(four_items)) == [
        *members, "similarity", "cos_ac", "cos_bd", "family",
        *(f"{one}_symbol" for one in members), *(f"{one}_name" for one in members),
    ]  # fmt: skip


def test_nothing_has_the_types_of_something(nothing):
    dtypes = nothing.to_frame().dtypes
    assert (dtypes["similarity"], dtypes["rows"]) == (np.float64, np.int64)


def test_the_order_of_json_and_values_of_all_kinds():
    made = Made(
        (count_column("size", 3),),
        notes=("note",),
        before=(("k", np.int64(10)), ("quality", {"mean": np.nan, "range": (0.0, np.inf)})),
        after=(("share", np.array([0.5, np.nan])),),
    )
    text = answer_json(made)
    assert json.loads(text) == {
        "query": "EGF",
        "k": 10,
        "quality": {"mean": None, "range": [0.0, None]},
        "notes": ["note"],
        "share": [0.5, None],
        "things": [{"size": 3}],
    }
    assert list(json.loads(text)) == ["query", "k", "quality", "notes", "share", "things"]


def of_names(*names):
    return Made((item_column("item", *map(Item, names)), count_column("n", *range(len(names)))))


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a\rb", "a\r\nb", 'a"b', "a,b", "a\tb", ""]


@pytest.mark.parametrize(("write", "separator"), [(answer_csv, ","), (answer_tsv, "\t")])
def test_hostile_names_keep_rows_whole(write, separator):
    text = write(of_names(*HOSTILE))
    for newline in ("", None):  # None takes a bare carriage return for a line end, too
        rows = list(csv.reader(io.StringIO(text, newline=newline), delimiter=separator))
        assert [row[1] for row in rows[1:]] == [str(n) for n in range(len(HOSTILE))]
        assert {len(row) for row in rows} == {4}
    frame = pd.read_csv(io.StringIO(text), sep=separator, keep_default_na=False)
    assert frame["item"].tolist() == HOSTILE


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1))
def test_whatever_the_names(names):
    for write, separator in ((answer_csv, ","), (answer_tsv, "\t"), (answer_spreadsheet, ",")):
        text = write(of_names(*names))
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        assert [len(row) for row in rows] == [4] * (len(names) + 1)
        assert not any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text)


def test_texts_like_formulas_are_quoted():
    assert answer_csv(of_names("=1+1", "-1", "A-1")).splitlines()[1:] == [
        '"=1+1",0,"=1+1",', '"-1",1,"-1",', "A-1,2,A-1,",
    ]  # fmt: skip


def test_a_spreadsheet_runs_nothing():
    text = answer_spreadsheet(of_names("=1+1", '@"x"', "\tx", "EGF"))
    assert text.splitlines()[1:] == [
        "\"'=1+1\",0,\"'=1+1\",", '"\'@""x""",1,"\'@""x""",', "\"'\tx\",2,\"'\tx\",",
        "EGF,3,EGF,",
    ]  # fmt: skip
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_numbers_are_no_formulas(result):
    assert answer_spreadsheet(result) == answer_csv(result)


@pytest.mark.parametrize("name", ["csv", "tsv", "spreadsheet", "json"])
def test_control_codes_are_escaped(name):
    controls = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x2028]))
    text = render(of_names(f"a{controls}b"), name)
    assert not set(text) & set(controls)
    assert content(of_names(f"a{controls}b"), name).decode() == text
    if name == "json":
        assert json.loads(text)["things"][0]["item"] == f"a{controls}b"
    else:
        assert r"a\x00\x01" in text
        assert r"\x7f\x80" in text
        assert r"\x9f\u2028b" in text
