"""Row numbers, the column with the names, and rows with missing numbers, on the command line."""

import anndata
import numpy as np
import pandas as pd
import pytest

GENES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR"]
VECTORS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


@pytest.fixture
def numbered(tmp_path):
    obs = pd.DataFrame({"gene": GENES}, index=list(map(str, range(6))))
    anndata.AnnData(VECTORS, obs=obs).write_h5ad(tmp_path / "x.h5ad")
    return tmp_path / "x.h5ad"


def test_row_numbers_are_warned_of_once(numbered, invoke):
    code, out, err = invoke("pairs", 1, 2, "-e", numbered, "-k", 3, "--format", "csv")
    assert code == 0
    assert not {"A1BG", "A2M"} & set(out.replace("\n", ",").split(","))
    assert err.count("Warning: ") == 1
    assert f"Warning: {numbered}: the names number the rows (0, 1, 2, …)" in err
    assert "choose (names_column='gene', --names-column gene)" in err


def test_a_column_of_names_is_chosen(numbered, invoke):
    code, out, err = invoke(
        "pairs", "EGF", "EGFR", "-e", numbered, "-k", 3, "--format", "csv", "--names-column", "gene"
    )
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 4
    assert "HGF" in out


def test_a_column_that_is_not_there(numbered, invoke):
    code, out, err = invoke("info", numbered, "--names-column", "symbol")
    assert (code, out) == (2, "")
    assert err == f"Error: {numbered}: obs: there is no column 'symbol'; choose from 'gene'\n"


def test_convert_writes_no_genes_of_row_numbers(numbered, tmp_path, invoke):
    code, _, err = invoke("convert", numbered, tmp_path / "y.parquet")
    assert code == 0
    assert err.count("Warning: ") == 1
    assert pd.read_parquet(tmp_path / "y.parquet").columns.tolist() == ["name", "vector"]
    code, _, err = invoke("convert", numbered, tmp_path / "y.parquet", "--names-column", "gene")
    assert (code, err) == (0, "")
    assert pd.read_parquet(tmp_path / "y.parquet").approved_symbol.tolist() == GENES


def test_info_of_row_numbers(numbered, invoke):
    code, out, err = invoke("info", numbered)
    assert code == 0
    assert "human genes          0 of 6 names (0%)" in out
    assert err.count("Warning: ") == 1


def test_missing_numbers_are_left_out_if_asked(tmp_path, invoke):
    path = tmp_path / "x.csv"
    vectors = VECTORS.copy()
    vectors[2, 1] = np.nan
    pd.DataFrame(vectors, index=pd.Index(GENES, name="gene")).to_csv(path)
    code, _, err = invoke("pairs", "EGF", "EGFR", "-e", path)
    assert code == 2
    assert "one of 1 such rows; drop_missing=True (--drop-missing) leaves them out" in err
    code, out, err = invoke("info", path, "--drop-missing")
    assert code == 0
    assert "5 × 4" in out
    assert err == (
        f"Warning: {path}: 1 row of 6 with a missing or infinite number left out, the first row 2\n"
    )


def test_quotes_and_blanks_in_a_file_of_names(tmp_path, invoke):
    path = tmp_path / "x.csv"
    pd.DataFrame(VECTORS, index=pd.Index(GENES, name="gene")).to_csv(path)
    (tmp_path / "among.txt").write_text('"EGF"\n\xa0EGFR \n', encoding="utf-8")
    code, out, err = invoke("info", path, "--among", tmp_path / "among.txt")
    assert (code, err) == (0, "")
    assert "2 × 4" in out
