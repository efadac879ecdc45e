"""The offline gene table: look-ups, the packaged file, and how it is written."""

import gzip
import hashlib
import json
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.conventions import CONVENTIONS
from gene_analogies.genes.families import begun_with, families
from gene_analogies.genes.gene import Gene, to_line
from gene_analogies.genes.packaged import packaged_lines
from gene_analogies.genes.table import GeneTable, cut_version
from gene_analogies.sources.facts import GeneFacts
from gene_analogies.sources.gene_table import write_table

PACKAGED = GeneTable.packaged()
EGFR = Gene(
    1956, "EGFR", "epidermal growth factor receptor", ("ERBB1",), ("ENSG00000146648",), ("P00533",)
)
DOTTED = Gene(777, "bP-2171C21.3", "a clone")


def symbols(genes):
    return [gene.symbol for gene in genes]


def test_packaged_table_is_the_one_described():
    packed = (files("gene_analogies") / "data" / "genes.tsv.gz").read_bytes()
    about = json.loads((files("gene_analogies") / "data" / "genes.json").read_text())
    assert hashlib.sha256(packed).hexdigest() == about["sha256"]
    assert len(packed) < 4_000_000
    assert len(PACKAGED) == about["counts"]["genes"] > 60_000
    assert repr(PACKAGED) == f"GeneTable({len(PACKAGED):,} genes)"
    assert GeneTable.packaged() is PACKAGED


def test_best_known_genes_come_first():
    assert next(iter(PACKAGED)).symbol == "TP53"
    assert symbols(PACKAGED.by_alias("PD1"))[-1] == "SPATA2"


@pytest.mark.parametrize(
    "name",
    [
        "ENSG00000146648",
        "ENSG00000146648.18",
        "ensg00000146648",
        "1956",
        "P00533",
        "p00533",
        "HGNC:3236",
        "hgnc:3236",
    ],
)
def test_identifiers_of_egfr(name):
    assert symbols(PACKAGED.by_identifier(name)) == ["EGFR"]


@pytest.mark.parametrize("name", ["EGFR", "egfr", "Egfr"])
def test_symbol_in_any_case(name):
    (gene,) = PACKAGED.by_symbol(name)
    assert (gene.entrez, gene.gene_type, gene.chromosome) == (1956, "protein-coding", "7")
    assert gene.full_name == "epidermal growth factor receptor"


def test_symbols_that_are_not_upper_case():
    (gene,) = PACKAGED.by_symbol("c1ORF43")
    assert gene.symbol == "C1orf43"


@pytest.mark.parametrize(
    ("name", "expected"), [("p53", ["TP53"]), ("her2", ["ERBB2"]), ("OCT4", ["POU5F1"])]
)
def test_alias(name, expected):
    assert symbols(PACKAGED.by_alias(name))[:1] == expected


def test_alias_gives_every_gene_that_has_it():
    assert {"MAPK14", "MAPK1", "CRK"} < set(symbols(PACKAGED.by_alias("p38")))


def test_shared_symbol_gives_both_genes_and_finds_the_best_known():
    genes = (Gene(1, "HBD", "hemoglobin subunit delta"), Gene(2, "HBD", "a bone disease"))
    table = GeneTable(genes)
    assert table.by_symbol("HBD") == genes
    assert table.find("HBD") == genes[0]


def test_an_approved_symbol_is_of_one_gene():
    # NCBI has records of traits, and of genes under an old number, with a symbol of HGNC's.
    (gene,) = PACKAGED.by_symbol("HBD")
    assert gene.full_name == "hemoglobin subunit delta"
    approved = [gene.symbol for gene in PACKAGED if gene.hgnc]
    assert len(set(approved)) == len(approved)
    assert not set(approved) & {gene.symbol for gene in PACKAGED if not gene.hgnc}


@pytest.mark.parametrize(
    ("old", "new"),
    [("IL8", "CXCL8"), ("A2MR", "LRP1"), ("MARCH1", "MARCHF1")],
)
def test_previous_and_withdrawn_symbols(old, new):
    (gene,) = PACKAGED.by_previous(old)
    assert gene.symbol == new
    assert old in gene.previous
    assert old not in gene.aliases


def test_an_identifier_of_two_genes_stands_for_neither():
    genes = [Gene(1, "A", ensembl=("ENSG00000000001",)), Gene(2, "B", ensembl=("ENSG00000000001",))]
    table = GeneTable(genes)
    assert table.find("ENSG00000000001") is None
    assert table.by_identifier("ENSG00000000001") == tuple(genes)


def test_reference_id_comes_first():
    (gene,) = PACKAGED.by_symbol("TNF")
    assert gene.ensembl[0] == "ENSG00000232810"
    assert len(gene.ensembl) > 1
    assert all(PACKAGED.by_identifier(name) == (gene,) for name in gene.ensembl)


def test_versions_are_cut_and_dots_in_symbols_are_not():
    assert cut_version("ENSG00000146648.18") == "ENSG00000146648"
    assert cut_version("ENSMUSG00000020122.9") == "ENSMUSG00000020122"
    assert cut_version("ENSG00000182378.15_PAR_Y") == "ENSG00000182378.15_PAR_Y"
    assert cut_version("bP-2171C21.3") == "bP-2171C21.3"
    assert symbols(GeneTable([DOTTED]).by_symbol("bp-2171c21.3")) == ["bP-2171C21.3"]
    assert symbols(PACKAGED.by_symbol("HGC6.3")) == ["HGC6.3"]
    assert PACKAGED.by_symbol("HGC6") == ()


def test_genes_of_two_species_make_no_table():
    with pytest.raises(GeneAnalogiesError, match="genes of one species, not of human and mouse"):
        GeneTable([EGFR, Gene(0, "Egfr", mgi="MGI:95294")])


def test_unknown_names_find_nothing():
    assert PACKAGED.by_symbol("xyzzy") == ()
    assert PACKAGED.by_alias("xyzzy") == ()
    assert PACKAGED.by_identifier("xyzzy") == ()
    assert PACKAGED.by_identifier("ENSG99999999999") == ()
    assert PACKAGED.find("egfr") is None
    assert PACKAGED.find_number("xyzzy") is None
    assert PACKAGED.described_by("--") == ()


def test_find_takes_symbols_and_identifiers():
    assert {PACKAGED.find_number(n) for n in ("EGFR", "ENSG00000146648.1", "1956", "P00533")} == {
        1956
    }


def test_described_by_words():
    assert symbols(PACKAGED.described_by("insulin"))[0] == "INS"
    assert symbols(PACKAGED.described_by("beta-catenin"))[0] == "CTNNB1"


def test_conventions_choose_among_real_candidates():
    for name, convention in CONVENTIONS.items():
        assert symbols(PACKAGED.by_symbol(convention.symbol)) == [convention.symbol]
        assert PACKAGED.by_symbol(name) == ()
        assert name not in families()
        (meant,) = PACKAGED.by_symbol(convention.symbol)
        # Papers write α, the table A.
        names = (name, name.replace("-", "").replace("α", "a"))
        tables = (PACKAGED.by_symbol, PACKAGED.by_alias, PACKAGED.by_previous)
        named = [gene for one in names for of in tables for gene in of(one)]
        candidates = set(symbols((*named, *begun_with(name, meant, PACKAGED))))
        # Nobody lists it, or several do; a hyphen tells cyclooxygenases from cytochrome c oxidase.
        several = len(candidates | {convention.symbol}) > 1
        assert not candidates or several or name in ("cox-1", "cox-2")


def test_an_alias_in_two_cases_counts_once():
    table = GeneTable([Gene(1, "A", aliases=("p53", "P53"))])
    assert symbols(table.by_alias("p53")) == ["A"]
    assert list(table.spellings()) == [("A", 1), ("p53", 1), ("P53", 1)]


_word = st.text("ABCabc123-", min_size=1, max_size=4)
_gene = st.builds(
    Gene,
    st.integers(1, 10**9),
    _word,
    st.text("abc ,()", max_size=9),
    *[st.lists(values, max_size=3, unique=True).map(tuple) for values in (
        _word,
        st.integers(0, 9).map(lambda n: f"ENSG{n:011}"),
        st.integers(0, 9).map(lambda n: f"P0000{n}"),
    )],
    st.sampled_from(["protein-coding", "pseudo"]),
    st.sampled_from(["", "1", "X|Y"]),
    st.lists(_word, max_size=3, unique=True).map(tuple),
    st.sampled_from(["", "HGNC:1", "HGNC:2"]),
)  # fmt: skip


@given(st.lists(_gene, max_size=8, unique_by=lambda gene: gene.entrez))
def test_every_name_leads_back_to_its_gene(genes):
    table = GeneTable(genes)
    assert list(table) == genes
    for gene in genes:
        assert table.by_identifier(str(gene.entrez)) == (gene,)
        assert gene in table.by_symbol(gene.symbol)
        for name in (*gene.ensembl, *gene.uniprot):
            assert gene in table.by_identifier(name)
            assert gene in table.by_identifier(name.lower())
        for name in gene.aliases:
            assert gene in table.by_alias(name.swapcase())
        for name in gene.previous:
            assert gene in table.by_previous(name.swapcase())
        if gene.hgnc:
            assert gene in table.by_identifier(gene.hgnc)
    assert table.best_known_first(reversed(genes)) == tuple(genes)
    for prefix in ("A", "a", "ab", ""):
        starting = [gene for gene in genes if gene.symbol.startswith(prefix)]
        assert list(table.starting_with(prefix)) == starting


@pytest.mark.parametrize("value", ["a\tb", "a\nb", "a\rb"])
def test_values_that_would_break_a_line(value):
    with pytest.raises(GeneAnalogiesError, match="gene 1: a tab, line end or bar"):
        to_line(Gene(1, "A", value))
    with pytest.raises(GeneAnalogiesError, match="gene 1: a tab, line end or bar"):
        to_line(Gene(1, "A", aliases=("a|b",)))


@pytest.fixture
def facts():
    genes = (EGFR, DOTTED, Gene(9, "LOC9", gene_type="biological-region"))
    papers = np.array([(777, 1), (777, 2), (1956, 1)], dtype=np.int64)
    return GeneFacts(genes, papers, {"name": "toy"})


def test_table_is_written_the_same_every_time(tmp_path, facts):
    counts = write_table(facts, tmp_path / "genes.tsv.gz")
    assert counts == {
        "genes": 2, "hgnc": 0, "previous": 0, "aliases": 1, "ensembl": 1, "uniprot": 1,
    }  # fmt: skip

    first = (tmp_path / "genes.tsv.gz").read_bytes()
    write_table(facts, tmp_path / "genes.tsv.gz")
    assert (tmp_path / "genes.tsv.gz").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["genes.json", "genes.tsv.gz"]
    about = json.loads((tmp_path / "genes.json").read_text())
    assert about["sources"] == {"name": "toy"}
    assert about["counts"] == counts


def test_written_table_puts_more_papers_first(tmp_path, facts):
    write_table(facts, tmp_path / "genes.tsv.gz")
    lines = gzip.decompress((tmp_path / "genes.tsv.gz").read_bytes()).decode().splitlines()
    assert lines[0].startswith("symbol\tentrez\tfull_name")
    assert [line.split("\t")[0] for line in lines[1:]] == ["bP-2171C21.3", "EGFR"]


@pytest.fixture
def packaged_in(tmp_path, facts, monkeypatch):
    """Make the package read its table from a folder of the test."""
    (tmp_path / "data").mkdir()
    write_table(facts, tmp_path / "data" / "genes.tsv.gz")
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    return tmp_path / "data"


def test_written_table_is_read_back(packaged_in):
    lines = packaged_lines("genes")
    assert lines == [to_line(DOTTED), to_line(EGFR)]


def test_packaged_table_must_fit_its_checksum(packaged_in):
    (packaged_in / "genes.tsv.gz").write_bytes(b"something else")
    with pytest.raises(GeneAnalogiesError, match=r"genes\.tsv\.gz differs from its checksum"):
        packaged_lines("genes")


def test_packaged_table_must_be_there(packaged_in):
    (packaged_in / "genes.json").write_text("{}")
    with pytest.raises(GeneAnalogiesError, match="install gene-analogies again"):
        packaged_lines("genes")


def test_reading_the_table_needs_no_heavy_import():
    code = (
        "import sys, gene_analogies; before = set(sys.modules);"
        "from gene_analogies.genes.table import GeneTable; GeneTable.packaged().find('EGFR');"
        "sys.exit(bool({'pandas', 'numpy', 'rapidfuzz'} & (set(sys.modules) - before)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
