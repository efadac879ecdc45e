import numpy as np
import pandas as pd
import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.runs import table
from gene_analogies.runs.table import write_table

pytest.importorskip("pyarrow")
NAMES = ["EGF", "EGFR", "HGF", "β-catenin"]
COLUMNS = {
    "a": np.array([0, 0, 3, 2, 1]),
    "b": np.array([1, 3, 0, 0, 2]),
    "similarity": np.array([0.9, 0.8, -0.5, 1.0, 0.25]),
    "place": np.arange(5),
}


@pytest.mark.parametrize("piece", [2, 100])
def test_rows_are_written_as_names(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(table, "_PIECE", piece)
    write_table(tmp_path / "all.parquet", COLUMNS, items=("a", "b"), names=NAMES)
    found = pd.read_parquet(tmp_path / "all.parquet")
    assert found.columns.tolist() == list(COLUMNS)
    assert found["a"].tolist() == ["EGF", "EGF", "β-catenin", "HGF", "EGFR"]
    assert found["b"].tolist() == ["EGFR", "β-catenin", "EGF", "EGF", "HGF"]
    assert found["similarity"].tolist() == COLUMNS["similarity"].tolist()
    assert found["place"].dtype == np.int64
    assert [one.name for one in tmp_path.iterdir()] == ["all.parquet"]


def test_a_table_may_be_empty(tmp_path):
    nothing = {name: values[:0] for name, values in COLUMNS.items()}
    write_table(tmp_path / "all.parquet", nothing, items=("a", "b"), names=NAMES)
    assert pd.read_parquet(tmp_path / "all.parquet").shape == (0, 4)


def test_a_table_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "all.parquet"
    write_table(path, COLUMNS, items=("a", "b"), names=NAMES)
    before = path.read_bytes()
    with pytest.raises(Exception, match="out of bounds"):
        write_table(path, {**COLUMNS, "a": COLUMNS["a"] + 9}, items=("a", "b"), names=NAMES)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(GeneAnalogiesError, match="could not be written: No such file"):
        write_table(tmp_path / "no" / "all.parquet", COLUMNS, items=("a",), names=NAMES)
