"""Tables whose columns may be no coordinates, or items: what is asked, warned of, and chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from real_files import case_file

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import delimited, parquet
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source

GENES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR"]
VECTORS = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)


def frame(**columns):
    """A table of genes with three coordinates, and further columns behind them."""
    table = pd.DataFrame(VECTORS, columns=list("abc"))
    table.insert(0, "gene", GENES)
    return table.assign(**columns)


@pytest.fixture(params=["csv", "tsv", "parquet"])
def read(request, tmp_path):
    """Write a data frame to a file, and read it with some options."""

    def call(table, **options):
        path = tmp_path / f"table.{request.param}"
        if request.param == "parquet":
            table.to_parquet(path, index=False)
            return parquet.read(Source(path), ReadOptions(**options))
        table.to_csv(path, sep="," if request.param == "csv" else "\t", index=False)
        return delimited.read(Source(path), ReadOptions(**options))

    return call


@pytest.fixture
def text(tmp_path):
    """Write some text to a file and read it."""

    def call(content, name="table.csv", **options):
        path = tmp_path / name
        path.write_text(content)
        return delimited.read(Source(path), ReadOptions(**options))

    return call


def warnings_of(caplog):
    found = [record.getMessage().partition(": ")[2] for record in caplog.records]
    caplog.clear()
    return found


@pytest.mark.parametrize(
    ("columns", "warned"),
    [
        ({"leiden": [0, 1, 2, 0, 1, 2]}, "columns of whole numbers among others: leiden;"),
        ({"n": [1.0, 2.0, 3.0, 4.0, np.nan, 9.0]}, "columns of whole numbers among others: n;"),
        ({"total": [900.5, 3000.25, 10.5, 4.5, 5.5, 6.5]}, "columns that dwarf the others: total;"),
        ({"x": [9e3, 8e3, 7e3, 5e3, 5e2, 1e3], "y": 1e4 * VECTORS[:, 0], "d": VECTORS[:, 0]},
         "columns of whole numbers among others: x;"),
    ],
)  # fmt: skip
def test_columns_that_may_be_no_coordinates_are_named(read, caplog, columns, warned):
    found = read(frame(**columns))
    assert found.vectors.shape == (6, 3 + len(columns))
    message, *others = warnings_of(caplog)
    assert message.startswith(warned)
    assert "--columns" in message
    if "y" in columns:
        assert others[0].startswith("columns that dwarf the others: y;")
    else:
        assert not others
        assert "(--columns a:c)" in message
    assert read(frame(**columns), columns=("a:c",)).vectors.shape == (6, 3)
    assert not caplog.records


@pytest.mark.parametrize(
    "columns",
    [
        {"dead": [0.0] * 6},
        {"constant": [1] * 6},
        {"large": 10 * VECTORS[:, 0]},
        {"empty": [np.nan] * 6},
    ],
)
def test_other_columns_are_not_warned_of(read, caplog, columns):
    assert read(frame(**columns)).vectors.shape == (6, 4)
    assert not caplog.records


def test_a_spectrum_that_decays_dwarfs_nothing(read, caplog):
    scales = 100.0 * 0.4 ** np.arange(12)
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(6, 12)) * scales).add_prefix("PC_")
    assert read(table.assign(gene=GENES)).vectors.shape == (6, 12)
    assert not caplog.records


def test_whole_numbers_alone_are_coordinates(read, caplog):
    table = frame().assign(a=range(6), b=range(5, 11), c=[3, 1, 4, 1, 5, 9])
    assert read(table).vectors.shape == (6, 3)
    assert not caplog.records


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("a", "c"), ["a", "c"]),
        (("c", "a", "a"), ["a", "c"]),
        (("b:UMAP_1",), ["b", "c", "UMAP_1"]),
        (("2-4",), ["a", "b", "c"]),
        (("3",), ["b"]),
        (("UMAP_",), ["UMAP_1", "UMAP_2"]),
        (("UMAP_", "b"), ["b", "UMAP_1", "UMAP_2"]),
        (("a:b", "6"), ["a", "b", "UMAP_2"]),
    ],
)
def test_columns_are_chosen(read, caplog, chosen, expected):
    table = frame(UMAP_1=VECTORS[:, 0] + 1, UMAP_2=[1, 2, 3, 4, 5, 7], note="x")
    found = read(table, columns=chosen)
    assert found.names == GENES
    assert np.array_equal(found.vectors, table[expected].to_numpy(np.float32))
    assert set(found.details["left_out"]) == set(table.columns) - {*expected, "gene"}
    assert not caplog.records


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ("d", "there is no column 'd'; choose from gene, a, b, c, note$"),
        ("A", "there is no column 'A'; choose from"),
        ("a:d", "there is no column 'a:d'; choose from"),
        ("c:a", "the range 'c:a' runs backwards"),
        ("2-9", "there is no column '2-9' among 5, counted from 1"),
        ("0", "there is no column '0' among 5, counted from 1"),
        ("note", "columns must hold numbers, but 'note', chosen by 'note', does not"),
        ("1-3", "columns must hold numbers, but 'gene', chosen by '1-3', does not"),
        ("no", "there is no column 'no'; choose from"),
        ("", "there is no column ''; choose from"),
    ],
)
def test_columns_that_are_not_there(read, chosen, message):
    with pytest.raises(FormatError, match=message):
        read(frame(note="x"), columns=(chosen,))


def test_columns_called_by_numbers_are_chosen_by_name(read):
    table = pd.DataFrame(VECTORS, columns=["1", "2", "3"]).assign(gene=GENES)
    assert np.array_equal(read(table, columns=("2-3",)).vectors, VECTORS[:, 1:])
    assert np.array_equal(read(table, columns=("1",)).vectors, VECTORS[:, :1])


def test_columns_of_a_list_column(tmp_path):
    table = frame(embedding=[[1.0, 2.0]] * 6)
    table.to_parquet(tmp_path / "t.parquet")
    source = Source(tmp_path / "t.parquet")
    assert np.array_equal(parquet.read(source, ReadOptions(columns=("a:c",))).vectors, VECTORS)


@pytest.mark.parametrize("separator", [",", "\t", " "])
def test_the_first_column_of_a_table_without_header_is_asked_about(text, separator):
    rows = [f"{gene},{3 * at % 5},0.5,{at}.25" for at, gene in enumerate(GENES)]
    content = "\n".join(rows).replace(",", separator)
    with pytest.raises(FormatError, match=r"whole numbers in column 2 \(0, 3, 1, …\)") as caught:
        text(content)
    assert "--columns 3-4 without it or --columns 2-4 with it" in str(caught.value)
    assert text(content, columns=("3-4",)).vectors.shape == (6, 2)
    assert text(content, columns=("2-4",)).vectors.shape == (6, 3)
    with pytest.raises(FormatError, match=r"no column 'a': the table has no header; .* as 2-4$"):
        text(content, columns=("a",))


def test_a_later_column_of_a_table_without_header_is_warned_of(text, caplog):
    rows = [f"{gene},0.5,{at}.25,{3 * at % 5}" for at, gene in enumerate(GENES)]
    assert text("\n".join(rows)).vectors.shape == (6, 3)
    (message,) = warnings_of(caplog)
    assert message.startswith("columns of whole numbers among others: 4;")
    assert "--columns 2:3" in message
    assert text("\n".join(rows), columns=("2:3",)).vectors.shape == (6, 2)


def test_a_header_of_integers(text):
    rows = "EGF,0.5,0.25,1.5\nEGFR,0.1,0.2,2.5\n"
    for first in ("gene,3,4,5", ",3,4,5", "3,4,5"):
        found = text(f"{first}\n{rows}")
        assert found.names == ["EGF", "EGFR"]
        assert found.vectors.shape == (2, 3)
    with pytest.raises(FormatError, match=r"line 1: .* whole numbers 3, 4, 5, … above decimal"):
        text(f"PC,3,4,5\n{rows}")
    assert text(f"gene,a,b,c\nPC,3,4,5\n{rows}").names == ["PC", "EGF", "EGFR"]
    assert text(f"PC,0,0,0\n{rows}").names == ["PC", "EGF", "EGFR"]


def test_a_matrix_without_names(text, tmp_path):
    (tmp_path / "n.txt").write_text("A\nB\n")
    rows = "0.5,0.25,1.5\n0.1,0.2,2.5\n"
    with pytest.raises(FormatError, match="whole numbers 3, 4, 5, … above decimal ones"):
        text(f"3,4,5\n{rows}", names=tmp_path / "n.txt")
    with pytest.raises(FormatError, match=r"a file may give the names \(names=, --names\)"):
        text(rows)
    for first in ("", "0,1,2\n", "a,b,c\n"):  # pandas' numbers of columns are a header
        found = text(first + rows, names=tmp_path / "n.txt")
        assert np.array_equal(found.vectors, np.array([[0.5, 0.25, 1.5], [0.1, 0.2, 2.5]], "f4"))


def test_genes_as_columns(read):
    table = pd.DataFrame(VECTORS.T, columns=GENES)
    labelled = table.assign(dim=["d0", "d1", "d2"])
    for one in (table, labelled):
        with pytest.raises(FormatError, match=r"in the columns \(EGF, EGFR, HGF, …\): transpose"):
            read(one)
        found = read(one, transpose=True)
        assert found.names == GENES
        assert np.array_equal(found.vectors, VECTORS)
        assert found.vectors.flags.c_contiguous
        assert not found.vectors.flags.writeable
        assert found.details["transposed"]
    found = read(labelled, columns=("EGF:INSR",))
    assert found.names == ["d0", "d1", "d2"]
    assert read(labelled, columns=("INS",), transpose=True).names == ["INS"]
    assert read(labelled, columns=("EGF:MET",), transpose=True, limit=1).vectors.shape == (4, 3)


def test_a_transposed_table_of_other_layouts(text, tmp_path):
    rows = ["0.5,1,2.5", "3,.5,4.5"]
    for first, labels in ((",", ["0,", "1,"]), ("gene,", ["d0,", "d1,"])):
        content = f"{first}x,y,z\n" + "\n".join(
            label + row for label, row in zip(labels, rows, strict=True)
        )
        found = text(content, transpose=True)
        assert found.names == ["x", "y", "z"]
        assert np.array_equal(found.vectors, [[0.5, 3], [1, 0.5], [2.5, 4.5]])
    bare = "\n".join(rows)
    with pytest.raises(FormatError, match="transpose takes the names from the header"):
        text(bare, transpose=True)
    (tmp_path / "n.txt").write_text("A\nB\nC\n")
    assert text(bare, transpose=True, names=tmp_path / "n.txt").names == ["A", "B", "C"]


def test_an_index_is_no_item(read):
    table = pd.DataFrame(VECTORS.T, columns=GENES)
    table.insert(0, "index", range(3))
    with pytest.raises(FormatError, match=r"in the columns \(EGF, .*--columns EGF:INSR\)"):
        read(table)
    assert read(table, transpose=True).names == GENES
    assert read(table, columns=("EGF:INSR",)).names == ["0", "1", "2"]


def test_genes_in_rows_and_columns_stay(read):
    assert read(pd.DataFrame(VECTORS, columns=GENES[:3]).assign(gene=GENES)).names == GENES
    few = pd.DataFrame(VECTORS[:, :2], columns=GENES[:2]).assign(drug=list("uvwxyz"))
    assert read(few).names == list("uvwxyz")


@pytest.mark.parametrize(
    ("name", "left_out", "chosen"),
    [
        ("cluster_column.csv", "leiden", "UMAP_"),
        ("count_column.csv", "n_cells", "a:d"),
        ("position_columns.tsv", "start, end", "a,b,c"),
    ],
)
def test_cases(name, left_out, chosen, caplog):
    source = Source(case_file(name))
    assert len(read_contents(source, ReadOptions()).names) == 12
    (message,) = warnings_of(caplog)
    assert message.startswith(f"columns of whole numbers among others: {left_out};")
    found = read_contents(source, ReadOptions(columns=tuple(chosen.split(","))))
    assert ", ".join(found.details["left_out"]) == left_out


def test_cases_that_are_asked_about():
    source = Source(case_file("matrix_with_header_of_integers.txt"))
    with pytest.raises(FormatError, match="above decimal ones are a header"):
        read_contents(source, ReadOptions())
    source = Source(case_file("genes_as_columns.csv"))
    with pytest.raises(FormatError, match="--transpose"):
        read_contents(source, ReadOptions())
    found = read_contents(source, ReadOptions(transpose=True))
    assert found.names[:3] == ["EGF", "EGFR", "HGF"]
    assert found.vectors.shape == (12, 3)
    assert found.vectors[1].tolist() == np.array([0.7469, -1.8473, 1.5665], "f4").tolist()
