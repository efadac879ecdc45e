import io
import json

import pandas as pd
import pytest

from gene_analogies.report.tabular import COLUMNS, pairs_csv, pairs_json, pairs_tsv

ALL = ["result", "words", "several", "odd", "distances", "sums", "twins"]


def test_csv_as_text(result):
    assert pairs_csv(result) == (
        "c,d,similarity,c_symbol,d_symbol,c_name,d_name\n"
        "HGF,MET,0.123456789012345,HGF,MET,hepatocyte growth factor,"
        '"MET proto-oncogene, receptor tyrosine kinase"\n'
        'MET,HGF,-1e-05,MET,HGF,"MET proto-oncogene, receptor tyrosine kinase",'
        "hepatocyte growth factor\n"
    )


@pytest.mark.parametrize(("write", "separator"), [(pairs_csv, ","), (pairs_tsv, "\t")])
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
    assert pairs_csv(empty) == ",".join(COLUMNS) + "\n"
    assert json.loads(pairs_json(empty))["pairs"] == []


def test_columns_are_those_of_the_frame(result):
    assert tuple(result.to_frame().columns) == COLUMNS


def test_json(result):
    content = json.loads(pairs_json(result))
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
