"""Facts about genes, from both public forms."""

import gzip
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.facts import read_ncbi, read_sqlite


def test_sqlite_gives_every_fact(write_sqlite, toy_genes, toy_papers):
    facts = read_sqlite(write_sqlite())
    assert facts.genes == toy_genes
    assert facts.papers.dtype == np.int64
    np.testing.assert_array_equal(facts.papers, toy_papers)
    assert facts.sources["dates"]["NCBI Gene"] == "2022-Sep12"
    assert facts.sources["licence"]["UniProt"] == "CC BY 4.0"


def test_ncbi_gives_the_same_genes_and_papers(write_ncbi, toy_genes, toy_papers, without_uniprot):
    facts = read_ncbi(**write_ncbi())
    assert facts.genes == tuple(map(without_uniprot, toy_genes))
    assert facts.papers.dtype == np.int64
    np.testing.assert_array_equal(facts.papers, toy_papers)
    assert facts.sources["dates"]["gene2pubmed.gz"] == "2023-11-14"


def test_no_papers_keep_their_shape(write_sqlite, write_ncbi):
    none = np.empty((0, 2), dtype=np.int64)
    for facts in (read_sqlite(write_sqlite(papers=none)), read_ncbi(**write_ncbi(papers=none))):
        assert facts.papers.shape == (0, 2)
        assert facts.papers.dtype == np.int64


def test_columns_are_found_by_name(write_ncbi, toy_papers):
    paths = write_ncbi()
    lines = gzip.decompress(paths["gene2pubmed"].read_bytes()).decode().splitlines()
    turned = "\n".join("\t".join(reversed(line.split("\t"))) for line in lines)
    paths["gene2pubmed"].write_bytes(gzip.compress(turned.encode()))
    np.testing.assert_array_equal(read_ncbi(**paths).papers, toy_papers)


def test_missing_file_is_named(tmp_path, write_ncbi):
    with pytest.raises(GeneAnalogiesError, match=r"nowhere\.sqlite: no such file"):
        read_sqlite(tmp_path / "nowhere.sqlite")
    with pytest.raises(GeneAnalogiesError, match=r"nowhere\.gz: no such file"):
        read_ncbi(**{**write_ncbi(), "gene_info": tmp_path / "nowhere.gz"})


def test_other_file_in_place_of_sqlite(tmp_path):
    path = tmp_path / "text.sqlite"
    path.write_text("no database, though long enough to be taken for one" * 100)
    with pytest.raises(GeneAnalogiesError, match=r"text\.sqlite: expected the SQLite file of org"):
        read_sqlite(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("DROP TABLE uniprot", "no such table: uniprot"),
        ("ALTER TABLE pubmed RENAME COLUMN pubmed_id TO paper", "no such column: pubmed_id"),
        ("DELETE FROM genes WHERE gene_id = '7124'", "a row belongs to no gene: 3"),
        ("UPDATE pubmed SET pubmed_id = 'x'", "invalid literal"),
    ],
)
def test_damaged_sqlite(write_sqlite, change, message):
    path = write_sqlite()
    with closing(sqlite3.connect(path)) as database:
        database.execute(change)
        database.commit()
    with pytest.raises(GeneAnalogiesError, match=message) as caught:
        read_sqlite(path)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)


def _cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _no_gzip(content: bytes) -> bytes:
    return gzip.decompress(content)


def _other_column(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).replace(b"GeneID", b"Gene", 1))


def _short_line(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content) + b"9606\n")


def _letters_for_a_number(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).replace(b"\t1956\t", b"\tEGFR\t"))


@pytest.mark.parametrize("name", ["gene2pubmed", "gene_info", "gene2ensembl"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_cut_in_half, "expected a whole gzip file"),
        (_no_gzip, "expected a whole gzip file"),
        (_other_column, "lacks the column GeneID"),
        (_short_line, r"line \d+ has too few columns"),
        (_letters_for_a_number, "expected a number in place of 'EGFR'"),
    ],
)
def test_damaged_ncbi(write_ncbi, name, damage, message):
    paths = write_ncbi()
    paths[name].write_bytes(damage(paths[name].read_bytes()))
    with pytest.raises(GeneAnalogiesError, match=message) as caught:
        read_ncbi(**paths)
    assert "\n" not in str(caught.value)
    assert f"{name}.gz" in str(caught.value)
