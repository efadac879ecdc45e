"""JSON: the layouts in use, and where it breaks off."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import json_map
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source

NAMES = ["EGFR", "NA", "1956", "HLA-A"]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3) / 7
ROWS = VECTORS.tolist()


@pytest.fixture
def read(tmp_path):
    """Write some JSON to a file and read it."""

    def call(value, name="map.json", **options):
        path = tmp_path / name
        text = value if isinstance(value, (str, bytes)) else json.dumps(value)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        source = Source(path)
        assert find_format(source).name == "json"
        return json_map.read(source, ReadOptions(**options))

    return call


@pytest.mark.parametrize("name", ["map.json", "map.txt", "map.json.gz"])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "value",
    [
        dict(zip(NAMES, ROWS, strict=True)),
        {name: {"embeddings": row} for name, row in zip(NAMES, ROWS, strict=True)},
        {name: {"n": 3, "embedding": row} for name, row in zip(NAMES, ROWS, strict=True)},
        {"genes": NAMES, "embeddings": ROWS},
        [{"gene": name, "embedding": row} for name, row in zip(NAMES, ROWS, strict=True)],
        [{"v": row, "n": 1, "symbol": name} for name, row in zip(NAMES, ROWS, strict=True)],
    ],
    ids=["lists", "embeddings", "embedding", "columns", "records", "other-records"],
)
def test_layouts(read, value, indent, name):
    content = json.dumps(value, indent=indent).encode()
    found = read(gzip.compress(content) if name.endswith("gz") else content, name)
    assert list(found.names) == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert not found.vectors.flags.writeable


def test_records_of_pandas(read):
    frame = pd.DataFrame({"gene": NAMES, "embedding": list(VECTORS.astype(np.float64))})
    found = read(frame.to_json(orient="records", double_precision=15))
    assert list(found.names) == NAMES
    assert np.array_equal(found.vectors, VECTORS)
    assert found.details == {"names": "gene", "vectors": "embedding"}


def test_a_name_that_comes_twice_has_both_rows(read):
    found = read('{"A": [1, 2], "B": [3, 4], "A": [5, 6], "A": [7, 8], "A (entry 2)": [9, 9]}')
    assert list(found.names) == ["A", "B", "A", "A", "A (entry 2)"]
    assert np.array_equal(found.vectors, [[1, 2], [3, 4], [5, 6], [7, 8], [9, 9]])


def test_two_genes_in_columns(read):
    # as many as there are entries
    found = read({"genes": ["A", "B"], "embeddings": [[1, 2], [3, 4]]})
    assert list(found.names) == ["A", "B"]


def test_nan_as_python_writes_it(read):
    found = read({"A": [float("nan"), 1.0], "B": [float("inf"), 2.0]})
    assert np.isnan(found.vectors[0, 0])
    assert np.isinf(found.vectors[1, 0])


def test_mark_of_windows(read):
    assert list(read(b'\xef\xbb\xbf {"A": [1, 2]}').names) == ["A"]


def test_key(read):
    records = [{"a": "x", "b": "y", "vector": [1, 2]}, {"a": "z", "b": "w", "vector": [3, 4]}]
    assert list(read(records, key="b").names) == ["y", "w"]
    with pytest.raises(
        FormatError, match="record 0: expected a name in 'c' and a vector, found a,"
    ):
        read(records, key="c")
    columns = {"genes": ["A", "B"], "entrez": [1, 2], "vectors": [[1, 2], [3, 4]]}
    assert list(read(columns, key="entrez").names) == ["1", "2"]


def test_names_from_a_file(read, tmp_path):
    (tmp_path / "n.txt").write_text("x\ny\n")
    found = read({"A": [1, 2], "B": [3, 4]}, names=tmp_path / "n.txt")
    assert list(found.names) == ["x", "y"]


def test_words_are_no_json(tmp_path):
    (tmp_path / "a.txt").write_text("{ 0.1 0.2\n[ 0.3 0.4\n")
    assert not json_map.recognises(Source(tmp_path / "a.txt"))
    (tmp_path / "a.txt").write_text("[{ 0.3 0.4\n")
    assert not json_map.recognises(Source(tmp_path / "a.txt"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"A": [1, 2],\n "B": [3, 4', "line 2 column 12: expected JSON"),
        ('{"A": [1, 2],\n "B": [3, 4]', "line 2 column 13: expected JSON .Expecting ','"),
        ('{"A": [1, 2],\n "B', "line 2 column 2: expected JSON .Unterminated string"),
        ('{"A": [1, 2]}\n{"B": [3, 4]}', "line 2 column 1: expected JSON .Extra data"),
        ('{"A": [1, 2],}', "column 14: expected JSON .Expecting a name in double quotes"),
        ('{"A" [1, 2]}', "column 6: expected JSON .Expecting ':'"),
        ('{"A": [1, 2] "B": [3, 4]}', "column 14: expected JSON .Expecting ','"),
        ('{"A": }', "column 7: expected JSON .Expecting value"),
        (b'{"A": [1, 2],\n "B\xff": [3, 4]}', "line 2: expected UTF-8 text, found the byte 0xff"),
        ('{"A": ' + "[" * 100_000, "expected JSON, found values nested too deep"),
        ('{"A": [' + "1" * 5000 + "]}", "expected JSON .Exceeds the limit"),
        ('{"A": [' + "1" * 400 + "]}", "A.*expected numbers, found one too large"),
        ('{"A": [1, 2], "B": [3]}', "B.*expected 2 numbers .* found 1"),
        ('{"A": [1, 2], "B": ["3", "4"]}', "B.*expected numbers"),
        ('{"A": [1, 2], "B": [true, false]}', "B.*expected numbers"),
        ('{"A": [1, 2], "B": [null, 4]}', "B.*expected numbers"),
        ('{"A": [1, 2], "B": {"x": 1}}', "B.*expected a vector"),
        ('{"A": "x"}', "expected a vector"),
        ("{}", "expected names and vectors, found an empty"),
        ("[]", "expected names and vectors, found an empty"),
        ('[{"gene": "A", "n": 1}]', "record 0: expected a name and a vector, found gene, n"),
        ('[{"gene": "A", "v": [1, 2]}, {"gene": "B"}]', "record 1: expected a name in 'gene'"),
        ('[{"gene": "A", "v": [1, 2]}, 3]', "record 1: expected a record"),
        ('[[1, 2], [3, 4]]', "record 0: expected a record with a name and a vector"),
        ('{"genes": ["A"], "embeddings": [[1], [2]]}', "1 names in 'genes' and 2 vectors"),
        ('{"\\ud800": [1, 2]}', "expected names in UTF-8"),
    ],
)  # fmt: skip
def test_broken(read, content, message):
    with pytest.raises(FormatError, match=message) as caught:
        read(content)
    assert "\n" not in str(caught.value)


def test_bomb(read):
    with pytest.raises(FormatError, match="expected data in proportion to the file"):
        read(gzip.compress(b'{"A": [' + b" " * 80_000_000), "map.json.gz")


def test_bomb_of_objects(read):
    text = b"[" + b"[]," * 1_000_000 + b"[]]"
    with pytest.raises(FormatError, match=r"found JSON that takes 1\d\d,\d+,\d+ bytes"):
        read(gzip.compress(text), "map.json.gz")
    # Not compressed, it is no bomb but no embedding.
    with pytest.raises(FormatError, match="record 0"):
        read(text)


def test_long_keys_are_cut(read):
    records = [{"gene": "A", "v" * 700: [1, 2]}, {"gene": "B"}]
    with pytest.raises(FormatError, match="record 1") as caught:
        read(records)
    assert "v" * 70 not in str(caught.value)
