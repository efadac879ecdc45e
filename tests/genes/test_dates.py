"""Dates that spreadsheets made of gene names are refused, and name the genes that they were."""

import pytest

from gene_analogies.errors import AmbiguousNameError, UnknownNameError
from gene_analogies.genes.dates import origins
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable

TABLE = GeneTable.packaged()
CODING = [gene.symbol for gene in TABLE if gene.gene_type == "protein-coding"]


@pytest.fixture(scope="module")
def resolver():
    return Resolver(CODING, TABLE)


MARCH_1 = ("MARCHF1", "MTARC1", "SETMAR", "RTL1")


@pytest.mark.parametrize(
    ("asked", "candidates"),
    [
        ("1-Mar", MARCH_1),
        ("1-MAR", MARCH_1),
        ("01-Mar", MARCH_1),
        ("Mar-01", MARCH_1),
        ("1-Mar-20", MARCH_1),
        ("1 March", MARCH_1),
        ("1. Mar. 2020", MARCH_1),
        ("2-Sept", ("SEPTIN2", "SEPTIN6", "SEPTIN8")),
        ("2020-03-01", MARCH_1),
        ("2020-03-01 00:00:00", MARCH_1),
        ("3/1/2020", MARCH_1),
        # 1 March 2020
        ("43891", MARCH_1),
        ("2-Sep", ("SEPTIN2", "SEPTIN6", "SEPTIN8")),
        ("Sep-02", ("SEPTIN2", "SEPTIN6", "SEPTIN8")),
        # The first of a month may have been the month of a year.
        ("2002-09-01", ("SEPTIN1", "SEPTIN2", "XRN1", "SEPTIN6", "SEPTIN8")),
        ("1-Dec", ("DELEC1", "BHLHE40")),
        ("4-Oct", ("POU5F1",)),
        ("10-Mar", ("MARCHF10",)),
        ("15-Sep", ("SELENOF",)),
    ],
)
def test_dates_name_the_genes_that_they_were(resolver, asked, candidates):
    with pytest.raises(UnknownNameError, match="a date, which spreadsheets make of") as caught:
        resolver.resolve(asked)
    assert caught.value.candidates == candidates
    assert "\n" not in str(caught.value)
    # Also where the file itself holds the date.
    if not asked.isdecimal():
        with pytest.raises(UnknownNameError, match="a date, which spreadsheets make of"):
            Resolver([asked, *CODING[:9]], TABLE).resolve(asked)


def test_the_message_says_what_happened(resolver):
    with pytest.raises(UnknownNameError) as caught:
        Resolver(["TP53", "MARCHF1"], TABLE).resolve("1-Mar")
    assert str(caught.value) == (
        "'1-Mar' is a date, which spreadsheets make of gene names; give MARCHF1 (previous symbol "
        "MARCH1), MTARC1 (previous symbol MARC1; no vector), SETMAR (alias MAR1; no vector) or "
        "RTL1 (alias MAR1; no vector)"
    )
    with pytest.raises(
        UnknownNameError, match=r"^'43892' is no Entrez id but the number of a date"
    ):
        resolver.resolve("43892")


@pytest.mark.parametrize(
    ("asked", "symbol"),
    # The day of 43849 is 19 January 2020; KLK12 has the number.
    [
        ("43849", "KLK12"),
        ("Oct-4", "POU5F1"),
        ("MARCH1", "MARCHF1"),
        ("MARCH-10", "MARCHF10"),
        ("SEPT-11", "SEPTIN11"),
        ("MARK-04", None),
        ("NOVA-01", None),
    ],
)
def test_names_that_are_no_dates(resolver, asked, symbol):
    assert origins(asked, TABLE) == ()
    if symbol is not None:
        assert resolver.resolve(asked).name == symbol


@pytest.mark.parametrize("asked", ["17-May", "32-Sep", "1-Foo", "1956", "2020-13-01", "13/13/2020"])
def test_dates_of_no_gene(asked):
    assert origins(asked, TABLE) == ()


def test_dates_among_words_and_numbers_pass_through():
    assert Resolver(["1-Mar", "king", "queen"], TABLE).resolve("1-Mar").row == 0
    # Numbers of genes of another species
    assert Resolver(["43891", "1956", "7157"], TABLE).resolve("43891").row == 0


def test_an_alias_that_looks_like_a_date_is_one():
    genes = [Gene(1, "AAA", aliases=("Sep-15",)), Gene(2, "BBB", aliases=("SEP15",))]
    resolver = Resolver(["AAA", "BBB"], GeneTable(genes))
    alone = Resolver(["AAA"], GeneTable(genes[:1]))
    assert alone.resolve("Sep-15").name == "AAA"
    with pytest.raises(AmbiguousNameError, match=r"^'Sep-15' names 2 genes; give one of AAA, BBB"):
        resolver.resolve("Sep-15")
    with pytest.raises(UnknownNameError, match=r"BBB \(alias SEP15\) or AAA \(alias SEP-15\)$"):
        resolver.resolve("15-Sep")


def test_pseudogenes_step_back():
    assert [origin.gene.symbol for origin in origins("4-Oct", TABLE)] == ["POU5F1"]
    assert len(TABLE.by_alias("OCT4")) > 1


def test_no_name_of_the_table_is_refused():
    assert [name for name, _ in TABLE.spellings() if origins(name, TABLE)] == []
