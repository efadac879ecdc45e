"""CSV and TSV: names stay as written, the right columns are chosen, and faults have a place."""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import delimited
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source

# What pandas, R and spreadsheets take for something else.
NAMES = ["NA", "NaN", "nan", "NULL", "TRUE", "MARCH1", "SEPT2", "1e5", "1956", "007", "None", "-"]
VECTORS = np.random.default_rng(0).normal(size=(len(NAMES), 4)).astype(np.float32)


@pytest.fixture
def read(tmp_path):
    """Write some text to a file and read it."""

    def call(content, name="table.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return delimited.read(Source(path), ReadOptions(**options))

    return call


def _frame(vectors=VECTORS):
    frame = pd.DataFrame(vectors, columns=[f"dim_{at}" for at in range(vectors.shape[1])])
    frame.insert(0, "gene", NAMES)
    return frame


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["csv", "txt", "csv.gz"])
def test_pandas(tmp_path, ending, separator, header):
    path = tmp_path / f"table.{ending}"
    _frame().to_csv(path, sep=separator, header=header, index=False)
    source = Source(path)
    found = delimited.read(source, ReadOptions())
    assert found.names == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert not found.vectors.flags.writeable
    assert found.vectors.flags.c_contiguous
    assert found.details == {"names": "gene" if header else "column 1"}
    assert delimited.recognises(source)
    if header or separator != "\t":  # else it is word2vec's text as well
        assert find_format(source).name == "table"


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_index_of_pandas(tmp_path, separator, named):
    frame = _frame().set_index("gene")
    if not named:
        frame.index.name = None
    frame.to_csv(tmp_path / "table.csv", sep=separator)
    found = delimited.read(Source(tmp_path / "table.csv"), ReadOptions())
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)


def test_columns_that_pandas_only_numbered(tmp_path):
    path = tmp_path / "table.tsv"
    pd.DataFrame(VECTORS, index=NAMES).to_csv(path, sep="\t")
    assert find_format(Source(path)).name == "table"
    assert delimited.read(Source(path), ReadOptions()).names == NAMES


def test_index_beside_the_names_is_left_out(tmp_path):
    _frame().to_csv(tmp_path / "table.csv")
    found = delimited.read(Source(tmp_path / "table.csv"), ReadOptions())
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)
    assert found.details == {"names": "gene", "left_out": [""]}


def test_float64_is_kept_where_the_digits_need_it(tmp_path):
    vectors = np.random.default_rng(1).normal(size=(len(NAMES), 3))
    _frame(vectors).to_csv(tmp_path / "table.csv", index=False)
    found = delimited.read(Source(tmp_path / "table.csv"), ReadOptions())
    assert found.vectors.dtype == np.float64
    assert np.array_equal(found.vectors, vectors)


def test_float32_written_as_float64_stays_float32(tmp_path):
    _frame(VECTORS.astype(np.float64)).to_csv(tmp_path / "table.csv", index=False)
    found = delimited.read(Source(tmp_path / "table.csv"), ReadOptions())
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)


def test_number_out_of_float32s_range(read):
    assert read("gene,a,b\nA,1e300,1\nB,1,2\n").vectors[0, 0] == 1e300


def test_table_of_r(read):
    # write.table(m), whose header has no cell for the names
    text = '"V1" "V2"\n"EGFR" 0.5 -1\n"HLA-A" NA 2e-3\n"a b" Inf 1\n'
    found = read(text, "table.txt")
    assert found.names == ["EGFR", "HLA-A", "a b"]
    assert np.array_equal(
        found.vectors, np.array([[0.5, -1], [np.nan, 2e-3], [np.inf, 1]], np.float32), True
    )


def test_space_separated_prose_is_no_table(tmp_path):
    (tmp_path / "a.txt").write_text("hello world\nthis is no\n")
    assert not delimited.recognises(Source(tmp_path / "a.txt"))


def test_decimal_commas(tmp_path):
    _frame().to_csv(tmp_path / "table.csv", sep=";", decimal=",", index=False)
    found = delimited.read(Source(tmp_path / "table.csv"), ReadOptions())
    assert np.array_equal(found.vectors, VECTORS)


@pytest.mark.parametrize("missing", ["", "NA", "NaN", "nan", "NULL", " "])
def test_missing_numbers(read, missing):
    found = read(f"gene,a,b\nNA,1,{missing}\nB,{missing},2\nC,3,4\n")
    assert found.names == ["NA", "B", "C"]
    expected = np.array([[1, np.nan], [np.nan, 2], [3, 4]])
    assert np.array_equal(found.vectors, expected, equal_nan=True)


def test_annotations_are_left_out(tmp_path):
    frame = _frame()
    frame.insert(1, "full_name", [f"a, b; {row}" for row in range(len(frame))])
    frame.insert(2, "entrez", range(1, len(frame) + 1))
    frame["chromosome"] = "X"
    frame.to_csv(tmp_path / "table.csv", index=False)
    found = delimited.read(Source(tmp_path / "table.csv"), ReadOptions())
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)
    assert found.details["left_out"] == ["full_name", "entrez", "chromosome"]
    by_key = delimited.read(Source(tmp_path / "table.csv"), ReadOptions(key="entrez"))
    assert by_key.names[:2] == ["1", "2"]
    assert np.array_equal(by_key.vectors, VECTORS)


def test_number_columns_of_any_name_are_coordinates(read):
    found = read("gene,liver,brain,heart1\nA,1,2,3\nB,4,5,6\n")
    assert np.array_equal(found.vectors, [[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize("start", [0, 1])
def test_statistics_beside_running_columns_are_left_out(tmp_path, caplog, start):
    frame = _frame().rename(columns={f"dim_{at}": f"dim_{at + start}" for at in range(4)})
    for at, key in enumerate(["pvalue", "log2fc", "padj", "stat", "mean"], 1):
        frame.insert(at, key, VECTORS[:, 0] / 2)
    frame.to_csv(tmp_path / "table.csv", index=False)
    found = delimited.read(Source(tmp_path / "table.csv"), ReadOptions())
    assert np.array_equal(found.vectors, VECTORS)
    assert found.details["left_out"] == ["pvalue", "log2fc", "padj", "stat", "mean"]
    (record,) = caplog.records
    assert record.getMessage().endswith("as coordinates: 5 (pvalue, log2fc, padj, …)")


def test_columns_that_do_not_run_are_all_coordinates(read, caplog):
    for header in (
        "gene,pvalue,dim_0,dim_2",
        "gene,pvalue,dim_2,dim_3",
        "gene,pvalue,dim_1,dim_01",
    ):
        assert read(f"{header}\nA,1,2,3\nB,4,5,6\n").vectors.shape == (2, 3)
    assert read("gene,pvalue,0,1\nA,.1,2.5,3.5\nB,4,5,6\n").vectors.shape == (2, 3)
    assert not caplog.records


@pytest.mark.parametrize("texts", [["X", "Y"] * 2, ["X"]], ids=["at-once", "late"])
def test_chromosomes_beside_running_columns_are_text(read, texts):
    for prefix, before in (("dim_", 0), ("dim_", 90), ("", 0), ("", 90)):
        header = ",".join(["gene", "chrom", *(f"{prefix}{at}" for at in range(3))])
        chromosomes = [*"12345" * (1 + before // 5), *texts, "3"]
        rows = "".join(f"G{row},{one},.5,1,2\n" for row, one in enumerate(chromosomes))
        found = read(f"{header}\n{rows}")
        assert found.vectors.shape == (len(chromosomes), 3)
        assert found.details["left_out"] == ["chrom"]


def test_chromosomes_beside_other_columns(read):
    rows = "".join(f"G{row},{row},.5,1\n" for row in range(90))
    message = r"line 92, column 2 \('chrom'\): .* found 'X'; the column is taken for a coordinate"
    with pytest.raises(
        FormatError, match=f"{message}: if it is an annotation, choose the others .--columns.$"
    ):
        read(f"gene,chrom,liver,brain\n{rows}last,X,.5,1\n")


@pytest.mark.parametrize("columns", ["embedding", "n,embedding", "n,pca"])
def test_lists_as_text(read, columns):
    n = "7," * ("n," in columns)
    key = columns.split(",")[-1]
    with pytest.raises(FormatError, match=f"'{key}' holds lists as text; save .* Parquet or JSON"):
        read(f'gene,{columns}\nA,{n}"[0.1, 0.2]"\nB,{n}"[0.3, 0.4]"\n')
    found = read('gene,exons,dim_0,dim_1\nA,"[1, 2]",1,2\nB,"[3]",3,4\n')
    assert found.details["left_out"] == ["exons"]


def test_long_keys_are_cut(read):
    key, cell = "k" * 700, "c" * 700
    for text, options in [
        (f"gene,{key},b\nA,1,2\nB,{cell},3\nC,1,2\n", {}),
        (f"gene,{key}\nA,x\n", {}),
        (f'gene,{key}\nA,"[1, 2]"\n', {}),
        ("gene,a,b\nA,1,2\n", {"key": key}),
    ]:
        with pytest.raises(FormatError) as caught:
            read(text, **options)
        assert "k" * 70 not in str(caught.value)
        assert "c" * 70 not in str(caught.value)


def test_names_by_what_the_column_is_called(read):
    text = "chromosome,symbol,d0,d1\nX,A,1,2\nY,B,3,4\n"
    assert read(text).names == ["A", "B"]
    assert read("chrom,strand,d0,d1,d2\nX,+,1,2,3\nY,-,3,4,5\n").names == ["X", "Y"]


def test_entrez_numbers(read):
    assert read("entrez,liver,brain\n1956,1,2\n7157,3,4\n").names == ["1956", "7157"]
    assert read("1956,0.1,0.2\n7157,0.3,4\n").names == ["1956", "7157"]


def test_quotes(read):
    found = read('gene,a,b\n"A, ""the"" gene",1,2\n"B\nb","3",4\nit\'s,5,6\n5",7,8\n')
    assert found.names == ['A, "the" gene', "B\nb", "it's", '5"']
    assert np.array_equal(found.vectors, [[1, 2], [3, 4], [5, 6], [7, 8]])


def test_mark_and_line_ends_of_windows(read):
    found = read(b"\xef\xbb\xbfgene,a,b\r\n\r\nA,1,2\r\nB,3,4\r\n")
    assert found.names == ["A", "B"]
    assert found.details == {"names": "gene"}


def test_names_from_a_file(read, tmp_path):
    (tmp_path / "n.txt").write_text("A\nB\n")
    found = read("x,y\n0.5,1\n2,3\n", names=tmp_path / "n.txt", limit=1)
    assert found.names == ["A", "B"]
    assert np.array_equal(found.vectors, [[0.5, 1], [2, 3]])
    assert found.details == {"names": "n.txt"}


def test_limit(read):
    found = read("gene,a,b\nA,1,2\nB,3,4\nC,5\n", limit=2)
    assert found.names == ["A", "B"]
    assert found.vectors.shape == (2, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gene,a,b\nA,1,2\nB,2\n", "line 3: expected 3 cells, found 2"),
        ("gene,a,b\nA,1,2\nB,2,3,4\n", "line 3: expected 3 cells, found 4"),
        ("gene,a,b\nA,1\nB,2,3\n", "line 2: expected 3 cells as in the header, found 2"),
        ("gene,a,b\n\nA,1,2\n\nB,x,3\n", r"line 5, column 2 \('a'\): expected a number, found 'x'"),
        ("A,1,2\nB,3,0x1\n", "line 2, column 3: expected a number, found '0x1'"),
        ("A,1,2\nB,3,1_0\n", "line 2, column 3: expected a number, found '1_0'"),
        ("gene,a,b\nA,1,2\nB,2,TRUE\n", r"column 3 \('b'\): expected a number, found 'TRUE'"),
        ('gene,a,b\nA,1,2\n"B,3,4\nC,5,6\n', "line 3: expected a table .a quote opens that"),
        ('gene,a,b\nA,1,2\nB,3,"4', "line 3: expected a table .a quote opens that"),
        (b"gene,a,b\nA,1,2\nB\xff,3,4\n", "line 3: expected UTF-8 text, found the byte 0xff"),
        ("gene,a,b\n", "expected rows of names and numbers below the header"),
        ("\n\n", "line 1: expected cells separated by tab, comma or ;"),
        ("gene\nA\n", "line 1: expected cells separated by tab, comma or ;"),
        (
            "gene,full_name,type\nA,b,c\nB,d,e\n",
            r"found gene \(text\), full_name \(text\), type \(text\)$",
        ),
        (
            "a,b\n0.5,1\n2,3\n",
            r"found a \(numbers\), b \(numbers\); a file may give the names \(names=, --names\)$",
        ),
        (
            ",".join(f"t{at}" for at in range(20)) + "\n" + ",".join("x" * 20) + "\n",
            r"t7 \(text\) and 12 more$",
        ),
    ],
)
def test_broken(read, text, message):
    with pytest.raises(FormatError, match=message) as caught:
        read(text)
    assert "\n" not in str(caught.value)


def test_unknown_key(read):
    with pytest.raises(FormatError, match=r"there is no column 'x'; choose from gene, a, b$"):
        read("gene,a,b\nA,1,2\nB,2,3\n", key="x")
    with pytest.raises(FormatError, match="no column 'x': the table has no header"):
        read("A,0.1,2\nB,2,3\n", key="x")


def test_damaged_gzip(tmp_path):
    path = tmp_path / "table.csv.gz"
    _frame().to_csv(path, index=False)
    path.write_bytes(path.read_bytes()[:-20])
    assert find_format(Source(path)).name == "table"
    with pytest.raises(FormatError, match="expected a whole gzip file"):
        delimited.read(Source(path), ReadOptions())


def test_bomb(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"gene,a\n" + (b"A," + b"0" * 4000 + b"\n") * 20_000))
    with pytest.raises(FormatError, match="expected data in proportion to the file"):
        delimited.read(Source(path), ReadOptions())


def test_fault_in_the_last_of_many_rows(read):
    rows = "".join(f"G{row},{row}.5,1\n" for row in range(5000))
    with pytest.raises(FormatError, match="line 5002, column 3"):
        read(f"gene,a,b\n{rows}last,1,?\n")


def test_line_without_end(read):
    with pytest.raises(FormatError, match="line 2: expected lines of less than 16 MiB"):
        read(b"gene,a\n" + b"1," * 2**23)


def test_bomb_of_names(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"gene,a\n" + b"A,1\n" * 1_200_000))
    with pytest.raises(FormatError, match="names claimed by"):
        delimited.read(Source(path), ReadOptions())
