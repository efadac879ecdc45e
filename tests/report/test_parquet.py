import io
from dataclasses import dataclass

import pandas as pd
import pytest
from made_answers import Made, item_column

from gene_analogies.report import parquet
from gene_analogies.report.registry import content
from gene_analogies.results import Item

pq = pytest.importorskip("pyarrow.parquet")
ALL = [
    "result", "words", "several", "distances", "sums", "twins", "empty", "odd", "one_item",
    "three_items", "four_items", "nothing", "completed",
]  # fmt: skip


def read(answer):
    return pd.read_parquet(io.BytesIO(content(answer, "parquet")))


@pytest.mark.parametrize("piece", [1, 1 << 18])
@pytest.mark.parametrize("name", ALL)
def test_reads_back_as_the_frame(name, piece, request, monkeypatch):
    monkeypatch.setattr(parquet, "_PIECE", piece)
    answer = request.getfixturevalue(name)
    wanted = answer.to_frame()
    pd.testing.assert_frame_equal(read(answer), wanted, check_dtype=len(wanted) > 0)


@pytest.mark.parametrize("name", ALL)
def test_types_do_not_depend_on_the_rows(name, request):
    schema = pq.read_schema(io.BytesIO(content(request.getfixturevalue(name), "parquet")))
    assert {str(one) for one in schema.types} <= {"string", "double", "int64"}
    for field in schema:
        assert (str(field.type) == "double") == (
            field.name in {"similarity", "score", "cos_ac", "cos_bd"}
        )


def test_the_question_is_in_the_metadata(result):
    metadata = pq.read_schema(io.BytesIO(content(result, "parquet"))).metadata
    assert metadata[b"query"] == b"EGF : EGFR"
    assert metadata[b"written_by"].startswith(b"gene-analogies ")


def test_half_a_letter_is_replaced():
    answer = Made((item_column("item", Item("a\ud800b"), Item("β")),), query="a\ud800b")
    assert read(answer)["item"].tolist() == ["a?b", "β"]


def test_columns_that_only_programs_see():
    @dataclass(frozen=True, repr=False)
    class More(Made):
        @property
        def all_columns(self):
            return (item_column("a", *map(Item, "xx")), *self.columns)

    answer = More((item_column("b", *map(Item, "yz")),))
    assert read(answer)["a"].tolist() == ["x", "x"]
    assert answer.to_frame().columns.tolist()[:2] == ["a", "b"]
    assert "a" not in str(answer).splitlines()[2].split()
