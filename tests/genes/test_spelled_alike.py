"""Names in another spelling lead to the one gene that has them, or ask back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.errors import AmbiguousNameError, NoVectorError
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.other_symbols import meant_by
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.spelled_alike import SpelledAlike, spelled_alike
from gene_analogies.genes.spelling import latin, numbered, plain, turned
from gene_analogies.genes.table import GeneTable
from gene_analogies.util.names import clean_name

TABLE = GeneTable.packaged()
CODING = [gene for gene in TABLE if gene.gene_type == "protein-coding"]


@pytest.fixture(scope="module")
def resolver():
    return Resolver([gene.symbol for gene in CODING], TABLE)


@pytest.mark.parametrize(
    ("asked", "symbol"),
    [
        # Greek letters
        ("TNF-α", "TNF"),
        ("β-catenin", "CTNNB1"),
        ("IL-1β", "IL1B"),
        ("IL-1 beta", "IL1B"),
        ("IFN-gamma", "IFNG"),
        ("IFN-γ", "IFNG"),
        ("IFNγ", "IFNG"),
        ("TGF-β1", "TGFB1"),
        ("TGF\u2011β1", "TGFB1"),
        ("TGF-ß1", "TGFB1"),
        ("ß-actin", "ACTB"),
        ("HIF-1α", "HIF1A"),
        ("PPARγ", "PPARG"),
        ("GSK-3β", "GSK3B"),
        ("ERα", "ESR1"),
        ("ERβ", "ESR2"),
        ("β2-microglobulin", "B2M"),
        ("β-actin", "ACTB"),
        ("α-synuclein", "SNCA"),
        ("α-SMA", "ACTA2"),
        ("β1-integrin", "ITGB1"),
        # the micro sign
        ("PKC-\u00b5", "PRKD1"),
        # hyphens, blanks and full names
        ("caspase 3", "CASP3"),
        ("caspase-3", "CASP3"),
        ("Caspase 3", "CASP3"),
        ("CASP-3", "CASP3"),
        ("cyclin D1", "CCND1"),
        ("cyclin-D1", "CCND1"),
        ("Ki-67", "MKI67"),
        ("Ki67", "MKI67"),
        ("LAG-3", "LAG3"),
        ("TIM-3", "HAVCR2"),
        ("CTLA-4", "CTLA4"),
        ("Bcl-2", "BCL2"),
        ("Bcl XL", "BCL2L1"),
        ("E-cadherin", "CDH1"),
        ("N-cadherin", "CDH2"),
        ("P-selectin", "SELP"),
        ("VEGF-A", "VEGFA"),
        ("c-Myc", "MYC"),
        ("c-Jun", "JUN"),
        ("H-Ras", "HRAS"),
        ("SDF-1", "CXCL12"),
        ("p-53", "TP53"),
        ("HLA A", "HLA-A"),
        ("HLAA", "HLA-A"),
        ("MT CO1", "MT-CO1"),
        ("Nkx 2.1", "NKX2-1"),
        ("insulin", "INS"),
        ("tumor necrosis factor", "TNF"),
        ("interleukin-2 receptor α", "IL2RA"),
        ("collagen I alpha 2", "COL1A2"),
        # Roman and Arabic numbers
        ("caspase III", "CASP3"),
        ("factor VIII", "F8"),
        ("Factor IX", "F9"),
        ("factor Ⅷ", "F8"),
        ("factor 8", "F8"),
        ("factor H", "CFH"),
        ("coagulation factor 8", "F8"),
        ("apolipoprotein A-I", "APOA1"),
        ("apoC-III", "APOC3"),
    ],
)
def test_spellings_that_people_use(resolver, asked, symbol):
    found = resolver.resolve(asked)
    assert found.name == symbol
    assert found.note.startswith(f"{clean_name(asked)} → {symbol}")


def test_the_rewriting_is_shown(resolver):
    assert resolver.resolve("caspase 3").note == "caspase 3 → CASP3"


@pytest.mark.parametrize(
    ("asked", "candidates"),
    [
        ("NFkB", ("NFKB1", "RELA", "NFKB2", "RELB", "REL")),
        ("NF-κB", ("NFKB1", "RELA", "NFKB2", "RELB", "REL")),
        ("M.E.K.", ("MAP2K1", "MAP2K2")),
        ("COX 2", ("PTGS2", "MT-CO2")),
        # an alias of EIF3J is eIF3-alpha
        ("EIF3α", ("EIF3J", "EIF3A")),
        # an alias of MT2A is MT-II
        ("MT II", ("MTNR1B", "MT2A")),
        ("ERVK31", ("ERVK3-1", "ERVK-31")),
    ],
)
def test_a_spelling_of_several_genes_asks_back(resolver, asked, candidates):
    with pytest.raises(AmbiguousNameError, match="give one of") as caught:
        resolver.resolve(asked)
    assert set(candidates) <= set(caught.value.candidates)


def test_a_family_in_another_spelling_is_called_one(resolver):
    with pytest.raises(AmbiguousNameError, match=r"^'NFkB' names a family of genes; "):
        resolver.resolve("NFkB")


@pytest.mark.parametrize(
    "asked",
    [
        # vitronectin is the S-protein, and protein S is PROS1
        "S-protein",
        # POMC is the precursor of α-MSH; AMSH is STAMBP
        "α-MSH",
        # m-calpain is CAPN2, μ-calpain CAPN1
        "μ-calpain",
        "factor 15",
        # KLK3; NPSA is the novel one
        "prostate specific antigen",
        # the letter would make TNF of the stem TN
        "F-tenascin",
        "A-1",
        "12-3",
        # two names, though there is a readthrough INS-IGF2
        "INS:IGF2",
        "INS IGF2",
        "c:Myc",
    ],
)
def test_spellings_that_fit_no_gene(asked):
    assert meant_by(asked, TABLE).genes == ()
    assert len(spelled_alike(TABLE).meant_by(asked).genes) != 1


def test_a_gene_without_a_vector_is_found_all_the_same():
    with pytest.raises(NoVectorError, match=r"^'caspase 3' means CASP3 \(caspase 3; protein-cod"):
        Resolver(["EGFR", "TP53"], TABLE).resolve("caspase 3")


def test_words_are_compared_by_nobody():
    assert Resolver(["king", "caspase-3"], None).resolve("Caspase-3").row == 1


MARKED = [
    Gene(1, "AB-12", "word of twelve"),
    Gene(2, "AB12", "word of thirteen"),
    Gene(3, "AB1-2"),
    Gene(4, "CDX", aliases=("ABX-alpha",)),
    Gene(5, "ABXA"),
    Gene(6, "OLD", "something else", gene_type="protein-coding"),
]


def test_symbols_that_differ_by_a_hyphen_stay_apart():
    resolver = Resolver([gene.symbol for gene in MARKED], GeneTable(MARKED))
    for gene in MARKED:
        assert resolver.resolve(gene.symbol).name == gene.symbol
    for asked, several in (
        ("A B12", ("AB-12", "AB12", "AB1-2")),
        ("A-B1-2", ("AB1-2",)),
        ("ABX-α", ("CDX", "ABXA")),
        ("ABX_α", ("CDX", "ABXA")),
    ):
        if len(several) == 1:
            assert resolver.resolve(asked).name == several[0]
            continue
        with pytest.raises(AmbiguousNameError) as caught:
            resolver.resolve(asked)
        assert caught.value.candidates == several


@settings(deadline=None)
@given(st.text("aB12-_ ~\n:αςİß\u2011²①Ⅷ'IVX", max_size=8))
def test_any_name_is_compared(name):
    for gene in spelled_alike(TABLE).meant_by(name).genes:
        assert TABLE.find(gene.symbol) is not None


def test_spellings_are_gathered_once():
    assert spelled_alike(TABLE) is spelled_alike(TABLE)


def test_a_table_without_genes():
    assert SpelledAlike(GeneTable([])).meant_by("caspase 3").genes == ()


GREEK = {"A": "α", "B": "β", "G": "γ", "D": "δ"}
SPELLED_OUT = {"A": "alpha", "B": "beta", "G": "gamma", "D": "delta"}
ROMAN = {"2": "II", "3": "III", "4": "IV", "8": "VIII"}


def mangled(name):
    """Write a name as others may."""
    last = name[-1].upper()
    spellings = {
        name.replace("-", ""),
        name.replace("-", " "),
        name.replace("-", "."),
        re.sub(r"(?<=[A-Za-z])(?=[0-9])", "-", name),
        re.sub(r"(?<=[A-Za-z])(?=[0-9])", " ", name, count=1),
        re.sub(r"(?<=.)([ABGD])(?![a-z])", lambda letter: GREEK[letter[0]], name),
        name[:-1] + GREEK.get(last, name[-1]),
        f"{name[:-1]}-{SPELLED_OUT[last]}" if last in GREEK else name,
        re.sub(r"(?<=[A-Za-z])-?([2348])$", lambda number: f" {ROMAN[number[1]]}", name),
    }
    return sorted(spellings - {name})


def test_no_mangled_name_leads_to_another_gene():
    names = [name for gene in CODING for name in (gene.symbol, *gene.other_symbols)]
    alike = spelled_alike(TABLE)
    found, several, nothing = 0, 0, 0
    for name in names[::23]:
        meant = set(TABLE.by_symbol(name)) or set(meant_by(name, TABLE).genes)
        for spelling in mangled(name):
            if TABLE.by_symbol(spelling) or meant_by(spelling, TABLE).genes:
                continue  # It is a name of its own.
            genes = alike.meant_by(spelling).genes
            assert len(genes) != 1 or set(genes) == meant, (name, spelling, genes)
            if len(meant) == 1:
                found, several = found + (len(genes) == 1), several + (len(genes) > 1)
                nothing += not genes
    assert found > 20 * several
    assert found > 20 * nothing


def test_rewritings():
    assert plain("Il-1 β") == "il1beta"
    assert plain("a\u2013b") == "ab"
    assert plain("NKX2-1\nHLA-DRB1") == "nkx2~1\nhladrb1"
    assert latin("alphamsh\nalpha2m\ntnfalpha") == "alphamsh\na2m\ntnfa"
    assert numbered("apolipoprotein C-III\nvi\nfactor X") == "apolipoprotein C-3\nvi\nfactor 10"
    assert turned("VE-cadherin") == "cadherin VE"
    assert turned("c-Myc") is None
