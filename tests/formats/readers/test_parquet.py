"""Parquet tables of pandas and Arrow, and footers that lie."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gene_analogies import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError, MissingExtraError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import parquet
from gene_analogies.formats.registry import find_format, write_embedding
from gene_analogies.formats.source import Source
from gene_analogies.util import extras

NAMES = ["EGFR", "NA", "1956", "HLA-A"]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3) / 7
FIXED = pa.FixedSizeListArray.from_arrays(pa.array(VECTORS.ravel()), 3)


@pytest.fixture
def read(tmp_path):
    """Write a frame or a table to a file and read it."""

    def call(table, *, key=None, names=None, limit=None, **writing):
        path = tmp_path / "table.parquet"
        if isinstance(table, pd.DataFrame):
            table.to_parquet(path, **writing)
        else:
            pq.write_table(table, path, **writing)
        source = Source(path)
        assert find_format(source).name == "parquet"
        return parquet.read(source, ReadOptions(key=key, names=names, limit=limit))

    return call


def _wide(**columns):
    numbers = {f"dim_{at}": VECTORS[:, at] for at in range(3)}
    return pd.DataFrame({"gene": NAMES, **columns, **numbers})


@pytest.mark.parametrize("compression", [None, "snappy", "zstd", "gzip"])
def test_wide(read, compression):
    found = read(_wide(), compression=compression)
    assert found.names == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert not found.vectors.flags.writeable
    assert found.vectors.flags.c_contiguous
    assert found.details == {"names": "gene"}


@pytest.mark.parametrize("name", [None, "my_index"])
def test_index_of_pandas(read, name):
    frame = _wide(full_name=["a", "b", "c", "d"]).set_index("gene")
    frame.index.name = name
    found = read(frame)
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)
    assert found.details == {"names": name or "__index_level_0__", "left_out": ["full_name"]}


@pytest.mark.parametrize("levels", [["rank", "gene", "alias"], ["gene", "rank", "alias"]])
def test_multiindex_of_pandas(read, levels):
    frame = _wide(rank=[0.5, 1, 2, 3], alias=NAMES[::-1])
    found = read(frame.set_index(levels))
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)
    assert sorted(found.details["left_out"]) == ["alias", "rank"]
    frame = frame.rename(columns={f"dim_{at}": key for at, key in enumerate("abc")})
    found = read(frame.set_index(levels))
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)


def test_index_of_numbers(read):
    frame = _wide().drop(columns="gene").rename(columns=lambda key: key[:3] + "x" + key[-1])
    frame.index = pd.Index([4, 3, 2, 1], name="which")
    assert read(frame).names == ["4", "3", "2", "1"]


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int32(), pa.int64()])
@pytest.mark.parametrize("fixed", [True, False])
def test_lists_of_whole_numbers(read, kind, fixed):
    values = [[1, 2], [3, 4], [5, 6], [7, 8]]
    lists = pa.array(values, pa.list_(kind, 2) if fixed else pa.list_(kind))
    found = read(pa.table({"gene": NAMES, "v": lists}))
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, values)
    assert found.details["vectors"] == "v"


def test_large_whole_numbers_in_lists_are_float64(read, monkeypatch):
    monkeypatch.setattr(parquet, "_BATCH", 2)
    values = [[1, 2], [3, 4], [-(2**24) - 1, 6], [7, None]]
    found = read(pa.table({"gene": NAMES, "v": pa.array(values, pa.list_(pa.int64()))}))
    assert found.vectors.dtype == np.float64
    assert np.array_equal(found.vectors, np.array(values, float), equal_nan=True)


def test_lists_of_whole_numbers_beside_vectors_are_left_out(read):
    exons = pa.array([[1], [2, 3], [], [4]], pa.list_(pa.int64()))
    assert read(_wide(exons=exons.to_pylist())).details["left_out"] == ["exons"]
    found = read(pa.table({"gene": NAMES, "exons": exons, "e": FIXED}))
    assert found.details["vectors"] == "e"
    table = pa.table({"gene": NAMES, "p": [0.5] * 4, "embedding": [[1, 2]] * 4})
    assert read(table).details["vectors"] == "embedding"


@pytest.mark.parametrize(
    "lists",
    [
        pa.array(VECTORS.tolist(), pa.list_(pa.float32())),
        pa.array(VECTORS.tolist(), pa.large_list(pa.float32())),
        FIXED,
    ],
    ids=["list", "large-list", "fixed"],
)
def test_lists(read, lists):
    table = pa.table({"n": range(4), "symbol": NAMES, "title": NAMES[::-1], "embedding": lists})
    found = read(table)
    assert found.names == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert found.vectors.flags.c_contiguous
    assert found.details == {
        "names": "symbol",
        "left_out": ["n", "title"],
        "vectors": "embedding",
    }


def test_lists_of_pandas_are_float64(read):
    vectors = np.random.default_rng(0).normal(size=(4, 3))
    found = read(pd.DataFrame({"gene": NAMES, "embedding": list(vectors)}))
    assert found.vectors.dtype == np.float64
    assert np.array_equal(found.vectors, vectors)


@pytest.mark.parametrize("rows", [1, 3, 100])
@pytest.mark.parametrize("layout", ["wide", "lists"])
def test_row_groups_and_batches(read, monkeypatch, rows, layout):
    monkeypatch.setattr(parquet, "_BATCH", 30)
    monkeypatch.setattr(parquet, "_ROWS", 3)
    vectors = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    names = [f"G{row}" for row in range(50)]
    if layout == "wide":
        table = pa.table([names, *map(pa.array, vectors.T)], ["gene", *"abcd"])
    else:
        table = pa.table(
            {"gene": names, "v": pa.FixedSizeListArray.from_arrays(vectors.ravel(), 4)}
        )
    found = read(table, row_group_size=rows)
    assert found.names == names
    assert np.array_equal(found.vectors, vectors)
    found = read(table, row_group_size=rows, limit=17)
    assert found.names == names[:17]
    assert np.array_equal(found.vectors, vectors[:17])


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([pa.float16(), pa.float16()], np.float32),
        ([pa.int8(), pa.float32()], np.float32),
        ([pa.float32(), pa.float64()], np.float64),
        ([pa.int64(), pa.int64()], np.float64),
    ],
)
def test_types(read, types, expected):
    columns = [pa.array([1, 2, 3, 4]).cast(one) for one in types]
    found = read(pa.table([NAMES, *columns], ["gene", "a", "b"]))
    assert found.vectors.dtype == expected
    assert np.array_equal(found.vectors, [[1, 1], [2, 2], [3, 3], [4, 4]])


def test_missing_numbers_are_nan(read):
    table = pa.table({"gene": NAMES, "a": [1.0, None, 3, 4], "b": [1, 2, None, 4]})
    expected = np.array([[1, 1], [np.nan, 2], [3, np.nan], [4, 4]])
    assert np.array_equal(read(table).vectors, expected, equal_nan=True)
    table = pa.table({"gene": NAMES[:2], "v": [[1.0, None], [2.0, 3.0]]})
    assert np.array_equal(read(table).vectors, [[1, np.nan], [2, 3]], equal_nan=True)


@pytest.mark.parametrize(
    "names",
    [
        pa.array(NAMES).dictionary_encode(),
        pa.array(NAMES, pa.large_string()),
        pa.array([name.encode() for name in NAMES]),
    ],
    ids=["categories", "large", "bytes"],
)
def test_types_of_names(read, names):
    assert read(pa.table({"gene": names, "v": FIXED})).names == NAMES


def test_entrez_numbers(read):
    found = read(pa.table({"entrez": [4, 3, 2, 1], "v": FIXED}))
    assert found.names == ["4", "3", "2", "1"]
    frame = _wide(entrez=[4, 3, 2, 1])
    assert read(frame).details == {"names": "gene", "left_out": ["entrez"]}
    assert read(frame, key="entrez").names == ["4", "3", "2", "1"]


def test_names_from_a_file(read, tmp_path):
    (tmp_path / "n.txt").write_text("a\nb\nc\nd")
    frame = _wide().drop(columns="gene")
    assert read(frame, names=tmp_path / "n.txt", limit=2).names == ["a", "b", "c", "d"]
    with pytest.raises(FormatError, match=r"found dim_0 \(numbers\), dim_1 \(numbers\)"):
        read(frame)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"gene": NAMES[:2], "v": [[1.0, 2.0], [3.0]]}, "row 1: expected a list of 2, found one"),
        ({"gene": NAMES[:2], "v": [[1.0, 2.0], None]}, "row 1: expected a list of 2, found none"),
        ({"gene": NAMES[:2], "v": [None, [1.0]]}, "row 0: expected a list of numbers, found none"),
        ({"gene": NAMES[:1], "v": pa.array([[]], pa.list_(pa.float32()))}, r"of shape \(1, 0\)"),
        ({"gene": [b"A", b"\xff"], "a": [1.0, 2.0]}, "row 1: expected a name in UTF-8"),
        ({"gene": ["A"], "a": ["b"], "c": ["d"]}, r"found gene \(text\), a \(text\), c \(text\)$"),
        ({"gene": ["A"], "when": [True]}, r"found gene \(text\), when \(neither\)$"),
        ({"gene": ["A"], "v": [[1.0]], "w": [[1.0]]}, "expected one column of lists, found v, w"),
        ({"gene": pa.array([], pa.string()), "a": pa.array([], pa.float32())}, "found 0"),
    ],
)
def test_what_is_no_embedding(read, table, message):
    with pytest.raises(FormatError, match=message) as caught:
        read(pa.table(table))
    assert "\n" not in str(caught.value)


def test_two_columns_of_one_name(read):
    table = pa.table([NAMES, VECTORS[:, 0], VECTORS[:, 1]], ["gene", "a", "a"])
    assert np.array_equal(read(table).vectors, VECTORS[:, :2])
    table = pa.table([NAMES, VECTORS[:, 0], NAMES], ["gene", "a", "a"])
    with pytest.raises(FormatError, match="expected the columns a once, found them twice"):
        read(table)
    table = pa.table([NAMES, VECTORS[:, 0], VECTORS[:, 1]], ["gene", "a", "gene"])
    with pytest.raises(FormatError, match="expected one column 'gene', found 2"):
        read(table)


def test_unknown_key(read):
    with pytest.raises(FormatError, match=r"no column 'x'; choose from gene, dim_0, dim_1, dim_2$"):
        read(_wide(), key="x")


def test_claimed_size(read):
    # 10⁷ × 20 numbers in some kilobytes: all the same
    column = pa.chunked_array([pa.nulls(10**7, pa.float32())])
    names = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10**7, np.int8)), ["A"])
    table = pa.table([names, *[column] * 20], ["gene", *map(str, range(20))])
    with pytest.raises(FormatError, match="10,000,000 × 20 numbers claimed by"):
        read(table)


@pytest.mark.parametrize("cut", [1, 8, 100, 1000])
def test_cut_footer(read, tmp_path, cut):
    path = tmp_path / "cut.parquet"
    _wide().to_parquet(path)
    path.write_bytes(path.read_bytes()[:-cut])
    assert find_format(Source(path)).name == "parquet"
    with pytest.raises(FormatError, match="expected a Parquet table") as caught:
        parquet.read(Source(path), ReadOptions())
    assert "\n" not in str(caught.value)


def test_metadata_that_is_no_json(read):
    table = pa.table({"gene": NAMES, "v": FIXED}, metadata={"pandas": "{", "gene-analogies": "["})
    assert read(table).names == NAMES


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_write(tmp_path, dtype):
    embedding = Embedding(NAMES, VECTORS.astype(dtype), {"title": "ü", "steps": ["a"]})
    path = tmp_path / "a.parquet"
    write_embedding(embedding, path, annotations={"full_name": ["a", "b", "", "d"]})
    frame = pd.read_parquet(path)
    assert list(frame) == ["name", "full_name", "vector"]
    assert frame["name"].tolist() == NAMES
    assert frame["full_name"].tolist() == ["a", "b", "", "d"]
    assert np.stack(frame["vector"]).dtype == dtype
    assert np.array_equal(np.stack(frame["vector"]), embedding.vectors)
    metadata = pq.read_schema(path).metadata
    assert json.loads(metadata[b"gene-analogies"]) == embedding.provenance
    found = parquet.read(Source(path), ReadOptions())
    assert found.names == NAMES
    assert found.vectors.dtype == dtype
    assert np.array_equal(found.vectors, embedding.vectors)
    assert found.details == {
        "names": "name",
        "left_out": ["full_name"],
        "vectors": "vector",
        "provenance": embedding.provenance,
    }


def test_annotation_that_cannot_be_written(tmp_path):
    with pytest.raises(GeneAnalogiesError, match="no annotation can be called 'vector'"):
        write_embedding(
            Embedding(NAMES, VECTORS), tmp_path / "a.parquet", annotations={"vector": NAMES}
        )


def test_without_pyarrow(read, monkeypatch, tmp_path):
    _wide().to_parquet(tmp_path / "a.parquet")

    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(extras, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'gene-analogies\[parquet\]'"):
        parquet.read(Source(tmp_path / "a.parquet"), ReadOptions())


def test_bomb_of_names(read):
    names = pa.DictionaryArray.from_arrays(pa.array(np.zeros(2_000_000, np.int8)), ["A"])
    table = pa.table({"gene": names, "a": pa.nulls(2_000_000, pa.float32())})
    with pytest.raises(FormatError, match="2,000,000 names claimed by"):
        read(table)
    with pytest.raises(FormatError, match="2,000,000 names claimed by"):
        read(table, limit=5)
