import io
import json

import numpy as np
import pandas as pd
import pytest
from made_answers import Made, count_column

from gene_analogies.report.tabular import answer_csv, answer_json, answer_tsv, flat_columns

COLUMNS = ("c", "d", "similarity", "c_symbol", "d_symbol", "c_name", "d_name")
ALL = ["result", "words", "several", "odd", "distances", "sums", "twins"]


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
    pd.testing.assert_frame_equal(frame, result.to_frame())


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
    pd.testing.assert_frame_equal(frame, expected)


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
