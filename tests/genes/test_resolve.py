"""From what a user types to a row: the rule, step by step, and its errors."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.errors import (
    AmbiguousNameError,
    GeneAnalogiesError,
    NoVectorError,
    UnknownNameError,
)
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.resolve import Resolution, Resolver
from gene_analogies.genes.table import GeneTable

TABLE = GeneTable.packaged()
CODING = [gene for gene in TABLE if gene.gene_type == "protein-coding"]
SYMBOLS = [gene.symbol for gene in CODING]


@pytest.fixture(scope="module")
def by_symbol():
    return Resolver(SYMBOLS, TABLE)


@pytest.fixture(scope="module")
def by_ensembl():
    return Resolver([gene.ensembl[0] for gene in CODING[:15_000] if gene.ensembl], TABLE)


@pytest.mark.parametrize(
    ("asked", "symbol"),
    [
        ("EGFR", "EGFR"),
        ("egfr", "EGFR"),
        ("ENSG00000146648", "EGFR"),
        ("ENSG00000146648.18", "EGFR"),
        ("1956", "EGFR"),
        ("P00533", "EGFR"),
        ("HER2", "ERBB2"),
        ("her2", "ERBB2"),
        ("p53", "TP53"),
        ("PD-L1", "CD274"),
        ("PDL1", "CD274"),
        ("beta-catenin", "CTNNB1"),
        # pseudogenes list these too, and p16 in just this case
        ("OCT4", "POU5F1"),
        ("p16", "CDKN2A"),
        # a readthrough transcript lists it too
        ("IL8", "CXCL8"),
        ("c1ORF43", "C1orf43"),
    ],
)
def test_real_names(by_symbol, asked, symbol):
    expected = Resolution(
        row=SYMBOLS.index(symbol),
        asked=asked,
        name=symbol,
        note=None if asked == symbol else f"{asked} → {symbol}",
    )
    assert by_symbol.resolve(asked) == expected


@pytest.mark.parametrize(
    ("asked", "symbol", "reason"),
    [
        ("PD-1", "PDCD1", "programmed cell death 1"),
        ("CD20", "MS4A1", "the antigen's number in the HLDA workshops"),
        ("enos", "NOS3", "endothelial nitric oxide synthase"),
        ("aSMA", "ACTA2", "alpha smooth muscle actin"),
        ("p21", "CDKN1A", "p21/Cip1/Waf1"),
        ("p27", "CDKN1B", "p27/Kip1"),
        ("fibronectin", "FN1", "the protein's name"),
        ("VE-cadherin", "CDH5", "vascular endothelial cadherin"),
        ("COX-1", "PTGS1", "with a hyphen, cyclooxygenase 1"),
        ("YAP", "YAP1", "the Yes-associated protein"),
        ("SF-1", "NR5A1", "steroidogenic factor 1"),
        # HGNC's previous symbols of other genes
        ("RAGE", "AGER", "receptor for advanced glycation end products"),
    ],
)
def test_names_with_one_accepted_meaning(by_symbol, asked, symbol, reason):
    found = by_symbol.resolve(asked)
    assert (found.name, found.note) == (symbol, f"{asked} → {symbol}: {reason}")


@pytest.mark.parametrize(
    ("asked", "members"),
    [
        ("MEK", ("MAP2K1", "MAP2K2")),
        ("mek", ("MAP2K1", "MAP2K2")),
        ("JNK", ("MAPK8", "MAPK9", "MAPK10")),
        ("Notch", ("NOTCH1", "NOTCH3", "NOTCH2", "NOTCH4")),
        ("PIK3", ("PIK3CA", "PIK3CG", "PIK3CB", "PIK3CD")),
        ("PI3K", ("PIK3CA", "PIK3R1", "PIK3CG", "PIK3CB")),
        ("VEGF", ("VEGFA", "VEGFC", "PGF", "VEGFD", "VEGFB")),
        # an alias of GSTM2 alone
        ("GSTM", ("GSTM1", "GSTM3", "GSTM2", "GSTM4", "GSTM5")),
        # of SMN1, STMN1 and SNRPN
        ("SMN", ("SMN1", "SMN2", "STMN1", "SNRPN")),
        # of TRIM63 alone
        ("IRF", ("IRF3", "IRF1", "IRF5", "IRF4", "IRF6")),
        ("COX1", ("PTGS1", "MT-CO1")),
        ("COX2", ("PTGS2", "MT-CO2")),
        # IL1R1 had it before, and IL1RN is meant
        ("IL1RA", ("IL1RN", "IL1R1")),
        # aliases, and never symbols of the genes that are spelled like them
        ("MCT1", ("SLC16A1", "CMA1", "MCTS1", "MCAT")),
        ("REX1", ("ZFP42", "REXO1")),
        ("HK", ("KNG1", "HK1", "ATP12A")),
        ("B29", ("CD79B", "BCAP29", "MRO")),
        # aliases of NR5A1, MINDY4, SUCLA2 and ALG1, and spellings of the others
        ("HSF-1", ("HSF1", "NR5A1")),
        ("AQP-1", ("AQP1", "MINDY4")),
        ("A-beta", ("APP", "SUCLA2")),
        ("MT-1", ("MTNR1A", "MT1A", "MT1G", "ALG1")),
    ],
)
def test_a_name_of_several_genes_asks_back(by_symbol, asked, members):
    with pytest.raises(AmbiguousNameError, match="give one of") as caught:
        by_symbol.resolve(asked)
    assert caught.value.candidates[: len(members)] == members


def test_a_family_is_called_one(by_symbol):
    with pytest.raises(AmbiguousNameError, match=r"^'MEK' names a family of genes; give one of"):
        by_symbol.resolve("MEK")


@pytest.mark.parametrize(
    ("asked", "symbol"),
    [("COX-2", "PTGS2"), ("RB", "RB1"), ("FAM46A", "TENT5A"), ("MLL", "KMT2A"), ("QARS", "QARS1")],
)
def test_previous_and_alias_symbols_of_one_gene(by_symbol, asked, symbol):
    assert by_symbol.resolve(asked).name == symbol


@pytest.mark.parametrize("asked", ["RN7SL639P", "a12m1"])
def test_withdrawn_symbols(by_symbol, asked):
    with pytest.raises(UnknownNameError, match="HGNC withdrew this symbol, and no gene has it"):
        by_symbol.resolve(asked)


def test_a_letter_is_no_alias(by_symbol):
    assert by_symbol.resolve("T").name == "TBXT"  # its previous symbol
    with pytest.raises(UnknownNameError, match="no item is named 'B'"):
        by_symbol.resolve("B")


@pytest.mark.parametrize(
    "asked",
    ["NA", "n/a", "nan", "NaN", "None", "null", "<NA>", "#N/A", "Inf", "-inf", "#REF!", "#NAME?"],
)
def test_missing_values_are_no_genes(by_symbol, asked):
    message = f"'{re.escape(asked)}' is a missing value, and no item is"
    with pytest.raises(UnknownNameError, match=message):
        by_symbol.resolve(asked)
    assert Resolver([*SYMBOLS[:9], asked], TABLE).resolve(asked).row == 9


def test_a_float_that_is_no_number_is_no_gene(by_symbol):
    with pytest.raises(UnknownNameError, match="a name must be text, not nan"):
        by_symbol.resolve(float("nan"))


@pytest.mark.parametrize(
    "asked", ["\u00a0EGFR", "'EGFR'", '"EGFR"', "“EGFR”", "EGFR\u200b", "\ufeffEGFR"]
)
def test_blanks_and_quotes_do_not_count(by_symbol, asked):
    assert by_symbol.resolve(asked) == Resolution(SYMBOLS.index("EGFR"), "EGFR", "EGFR", None)


@pytest.mark.parametrize("item", ["EGFR ", "\u00a0EGFR", "'EGFR'"])
def test_blanks_and_quotes_around_an_item_do_not_count(item):
    resolver = Resolver([item, "TP53", "KRAS"], TABLE)
    assert resolver.resolve("EGFR").row == 0
    assert resolver.gene(0).symbol == "EGFR"
    assert resolver.resolve("HER1").row == 0


def test_unicode_forms_are_one():
    for item, asked in (("caf\u00e9", "cafe\u0301"), ("cafe\u0301", "caf\u00e9")):
        assert Resolver([item, "the"], None).resolve(asked).row == 0


def test_every_item_is_found_under_its_own_name(by_symbol):
    found = [by_symbol.resolve(name) for name in SYMBOLS]
    assert [one.row for one in found] == [by_symbol.vocabulary.rows[name] for name in SYMBOLS]
    assert all(one.note is None for one in found)


def test_white_space_is_no_rewriting(by_symbol):
    assert by_symbol.resolve(" EGFR\n") == Resolution(SYMBOLS.index("EGFR"), "EGFR", "EGFR", None)


@pytest.mark.parametrize("asked", ["", "  "])
def test_empty_name(by_symbol, asked):
    with pytest.raises(UnknownNameError, match="a name is empty"):
        by_symbol.resolve(asked)


def test_ambiguous_alias_lists_its_genes(by_symbol):
    with pytest.raises(AmbiguousNameError, match=r"'p38' names a family of genes; .*MAPK14 ") as e:
        by_symbol.resolve("p38")
    assert e.value.name == "p38"
    assert e.value.candidates[:2] == ("MAPK14", "MAPK11")
    assert "\n" not in str(e.value)
    assert all(by_symbol.resolve(name) for name in e.value.candidates)


def test_long_lists_of_candidates_are_cut(by_symbol):
    with pytest.raises(AmbiguousNameError, match=r"give one of PGR \(progesterone.* and \d more$"):
        by_symbol.resolve("PR")


def test_identifier_of_several_genes_is_ambiguous(by_symbol):
    shared = next(
        name
        for gene in CODING
        for name in gene.uniprot
        if sum(other.symbol in SYMBOLS for other in TABLE.by_identifier(name)) > 1
    )
    with pytest.raises(AmbiguousNameError, match="names"):
        by_symbol.resolve(shared)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("EGRF", "EGFR"),
        ("BRAC1", "BRCA1"),
        ("SDF-11", "CXCL12"),
        ("catenin beta", "CTNNB1"),
        # full names, in part and with slips
        ("alpha smooth muscle actin", "ACTA2"),
        ("collagen II", "COL2A1"),
        ("tumour necrosis factr", "TNF"),
        ("caspas 3", "CASP3"),
    ],
)
def test_unknown_name_suggests(by_symbol, asked, first):
    with pytest.raises(UnknownNameError, match=f"did you mean {first}") as caught:
        by_symbol.resolve(asked)
    assert caught.value.candidates[0] == first
    assert len(caught.value.candidates) <= 5
    assert all(by_symbol.resolve(name) for name in caught.value.candidates)


@pytest.mark.parametrize("asked", ["xqzzyw", "ENSG99999999999", "99999999999", "P62158", "-"])
def test_unknown_name_without_neighbours(by_symbol, asked):
    with pytest.raises(UnknownNameError, match="nothing is spelled like it") as caught:
        by_symbol.resolve(asked)
    assert caught.value.candidates == ()


def test_suggested_alias_shows_its_gene(by_symbol):
    with pytest.raises(UnknownNameError, match=r"CXCL12 \(alias SDF-1a\)\?$"):
        by_symbol.resolve("SDF-11")


def test_known_gene_without_a_vector(by_symbol):
    with pytest.raises(NoVectorError, match=r"^XIST \(X inactive.*; ncRNA\) is a known gene"):
        by_symbol.resolve("XIST")
    with pytest.raises(NoVectorError, match=r"^'xist' means XIST \(.*; it is a known gene"):
        by_symbol.resolve("xist")


def test_ambiguous_name_of_genes_without_vectors():
    with pytest.raises(NoVectorError, match="'COX2' names 2 genes, none with a vector"):
        Resolver(["EGFR", "TP53"], TABLE).resolve("COX2")


@pytest.mark.parametrize(
    ("asked", "symbol"),
    [("SNAP25", "SNAP25"), ("HER2", "ERBB2"), ("TNF", "TNF"), ("ENSG00000146648.18", "EGFR")],
)
def test_embedding_of_ensembl_ids(by_ensembl, asked, symbol):
    found = by_ensembl.resolve(asked)
    assert found.name == TABLE.by_symbol(symbol)[0].ensembl[0]
    assert by_ensembl.gene(found.row).symbol == symbol
    hint = "" if asked == symbol else f" ({symbol})"
    assert found.note == f"{asked} → {found.name}{hint}"


def test_any_ensembl_id_of_a_gene_leads_to_it(by_ensembl):
    (gene,) = TABLE.by_symbol("TNF")
    assert {by_ensembl.resolve(name).name for name in gene.ensembl} == {gene.ensembl[0]}


EGFR = Gene(
    1956,
    "EGFR",
    aliases=("HER1", "ERBB", "old1"),
    ensembl=("ENSG00000146648", "ENSG00000000099"),
    uniprot=("P00533",),
    gene_type="protein-coding",
)
TNF = Gene(
    7124, "TNF", ensembl=("ENSG00000232810",), uniprot=("P01375",), gene_type="protein-coding"
)
ECHO = Gene(55, "EGFRP1", "EGFR pseudogene 1", aliases=("HER1",), gene_type="pseudo")
THROUGH = Gene(
    56, "EGFR-TNF", "EGFR-TNF readthrough", aliases=("ERBB",), gene_type="protein-coding"
)
SILENT = Gene(57, "OLD1", "without a vector", gene_type="ncRNA")
TOY = GeneTable([EGFR, TNF, ECHO, THROUGH, SILENT])


@pytest.mark.parametrize(
    "names",
    [
        ["EGFR", "TNF"],
        ["ENSG00000146648", "ENSG00000232810"],
        ["ENSG00000000099", "ENSG00000232810"],
        ["ENSG00000146648.3", "ENSG00000232810.1"],
        ["1956", "7124"],
        ["P00533", "P01375"],
    ],
    ids=["symbol", "ensembl", "second-ensembl", "version", "entrez", "uniprot"],
)
def test_every_kind_of_name(names):
    resolver = Resolver(names, TOY)
    asked = ["EGFR", "egfr", "HER1", "her1", "ERBB", "1956", "P00533", *EGFR.ensembl]
    asked += [f"{name}.77" for name in EGFR.ensembl]
    assert {resolver.resolve(name).row for name in asked} == {0}
    assert resolver.resolve("TNF").row == 1
    assert [resolver.gene(row) for row in range(2)] == [EGFR, TNF]
    with pytest.raises(GeneAnalogiesError, match=r"row must lie in 0\.\.1"):
        resolver.gene(2)


def test_symbols_beside_identifiers():
    resolver = Resolver(["TNF", "ENSG00000146648", "P00533"], TOY)
    assert resolver.resolve("EGFR").name == "ENSG00000146648"
    assert [resolver.gene(row).symbol for row in range(3)] == ["TNF", "EGFR", "EGFR"]


def test_a_symbol_is_never_taken_for_an_alias_of_another_gene():
    resolver = Resolver(["EGFR", "TNF"], TOY)
    with pytest.raises(NoVectorError, match=r"OLD1 \(.*; it is also an alias of EGFR") as caught:
        resolver.resolve("OLD1")
    assert caught.value.candidates == ("EGFR",)


def test_genes_without_a_vector_are_suggested_last():
    silent = Gene(60, "MALAT1", aliases=("NEAT2",))
    resolver = Resolver(["EGFR", "NEAT1"], GeneTable([EGFR, silent]))
    with pytest.raises(UnknownNameError, match=r"mean MALAT1 \(no vector in this embedding\)\?"):
        resolver.resolve("MALTA1")
    with pytest.raises(UnknownNameError, match=r"mean NEAT1\?"):
        resolver.resolve("NEAT3")


def test_an_approved_symbol_is_not_suggested_as_an_alias():
    genes = [Gene(1, "AAAA1", aliases=("BBBBBB1",)), Gene(2, "BBBBBB1")]
    with pytest.raises(UnknownNameError, match=r"mean BBBBBB1 \(no vector"):
        Resolver(["AAAA1"], GeneTable(genes)).resolve("BBBBBB2")


def test_whether_a_gene_has_a_vector_never_decides():
    twin = Gene(58, "TWIN", aliases=("her-1",), gene_type="protein-coding")
    other = Gene(59, "OTHER", aliases=("HER-1",), gene_type="protein-coding")
    with pytest.raises(AmbiguousNameError, match=r"give one of TWIN, OTHER \(no vector\)"):
        Resolver(["TWIN"], GeneTable([other, twin])).resolve("HER-1")


def test_genes_of_one_symbol_are_told_apart_by_number():
    genes = [Gene(n, "RNR1", ensembl=(f"ENSG{n:011}",), gene_type="rRNA") for n in (1, 2)]
    resolver = Resolver([f"ENSG{n:011}" for n in (1, 2)], GeneTable(genes))
    with pytest.raises(AmbiguousNameError) as caught:
        resolver.resolve("RNR1")
    assert caught.value.candidates == ("1", "2")
    assert [resolver.resolve(name).row for name in caught.value.candidates] == [0, 1]


def test_an_item_of_a_shared_symbol_is_the_best_known_gene():
    genes = [
        Gene(1, "HBD", gene_type="protein-coding"),
        Gene(2, "HBD", aliases=("HPBD",), gene_type="protein-coding"),
    ]
    resolver = Resolver(["HBD"], GeneTable(genes))
    assert resolver.resolve("1").row == 0
    with pytest.raises(NoVectorError, match="'HPBD' means HBD"):
        resolver.resolve("HPBD")


WORDS = ["the", "king", "Queen", "1956", "cat", "met", "US", "us"]


@pytest.mark.parametrize("table", [TABLE, None], ids=["table", "no table"])
def test_words_pass_through(table):
    resolver = Resolver(WORDS, table)
    assert [resolver.resolve(name).row for name in WORDS] == list(range(8))
    assert resolver.resolve("queen").note == "queen → Queen"
    assert resolver.resolve("MET").name == "met"
    # 1956 is a year here, and EGFR elsewhere.
    assert {resolver.gene(row) for row in range(8)} == {None}
    with pytest.raises(UnknownNameError, match="did you mean US or us") as caught:
        resolver.resolve("Us")
    assert caught.value.candidates == ("US", "us")
    with pytest.raises(UnknownNameError, match="did you mean Queen"):
        resolver.resolve("quen")
    with pytest.raises(UnknownNameError, match="no item is named 'HER2'"):
        resolver.resolve("HER2")
    assert resolver.complete("U", 5) == ["US", "us"]


def test_other_species_pass_through():
    names = ["Tp53", "Egfr", "Erbb2", "Mt-co1", "ENSRNOG00000004332"]
    for own in (names, names[1:]):
        resolver = Resolver(own, TABLE)
        assert [resolver.gene(row) for row in range(len(own))] == [None] * len(own)
        assert resolver.resolve("EGFR").note == "EGFR → Egfr"


def test_years_among_symbols_are_no_genes():
    resolver = Resolver(["EGFR", "TNF", "1956"], TABLE)
    assert resolver.gene(2) is None
    assert resolver.resolve("1956").row == 2


def test_an_item_may_hold_white_space():
    assert Resolver([" the", "the"], None).resolve(" the").row == 0


def test_an_empty_embedding_knows_nothing():
    resolver = Resolver([], TABLE)
    with pytest.raises(UnknownNameError):
        resolver.resolve("EGFR")
    assert resolver.complete("E") == []


def test_completion_gives_items_first_then_what_leads_to_one(by_symbol):
    assert by_symbol.complete("egf", 3) == ["EGFR", "EGF", "EGFL7"]
    assert by_symbol.complete("", 2) == SYMBOLS[:2]
    assert by_symbol.complete("HER2") == ["HER2"]
    assert by_symbol.complete("xist") == []
    assert by_symbol.complete("p3", 0) == []


def test_completion_leaves_out_ambiguous_aliases(by_symbol):
    assert "p38" not in {name.casefold() for name in by_symbol.complete("p38", 100)}
    assert "p53" in {name.casefold() for name in by_symbol.complete("p53", 100)}


def test_completion_of_ensembl_items_offers_symbols(by_ensembl):
    assert by_ensembl.complete("SNAP2", 2) == ["SNAP25", "SNAP23"]
    assert by_ensembl.complete("ENSG00000141510", 2) == ["ENSG00000141510"]


@settings(deadline=None)
@given(st.text(max_size=3), st.integers(0, 5))
def test_completions_resolve(prefix, limit):
    resolver = Resolver(["EGFR", "TNF", "other thing"], TOY)
    found = resolver.complete(prefix, limit)
    assert len(found) == len(set(found)) <= limit
    for name in found:
        assert name.casefold().startswith(prefix.strip().casefold())
        resolver.resolve(name)


def test_packaged_identifiers_lead_back_or_are_ambiguous(by_symbol):
    rows = {gene.entrez: row for row, gene in enumerate(CODING)}
    for gene in CODING[:: len(CODING) // 400]:
        for asked in (str(gene.entrez), *gene.ensembl, *gene.uniprot):
            try:
                assert by_symbol.resolve(asked).row == rows[gene.entrez]
            except AmbiguousNameError:
                assert len(TABLE.by_identifier(asked)) > 1
