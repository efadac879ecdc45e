"""Mouse genes: what is known of them, what is recognised as such, and what leads across."""

import csv
import gzip
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files

import pytest
from real_files import real_file

from gene_analogies.errors import (
    AmbiguousNameError,
    GeneAnalogiesError,
    NoVectorError,
    UnknownNameError,
)
from gene_analogies.genes.gene import to_line
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable

HUMAN = GeneTable.packaged()
MOUSE = GeneTable.packaged_mouse()
DATA = files("gene_analogies") / "data"

#: As a data set has them: mitochondrial genes, predicted ones, old symbols.
SYMBOLS = [
    "Egfr", "Trp53", "Snap25", "Tnf", "Sox2", "Kras", "Erbb2", "mt-Co1", "Ptgs2", "Cdkn1a",
    "Crisp1", "Crisp4", "Map2k1", "Map2k2", "Abcb1a", "Abcb1b", "Ccl21a", "Cd274", "Gm1992",
    "H19", "C3", "1700030C10Rik", "Sept2", "Cxcl15", "Il1rl1", "Cxcr1",
]  # fmt: skip


def of(names, table=HUMAN):
    return Resolver(names, table)


def symbols(resolver):
    genes = map(resolver.gene, range(len(resolver.vocabulary.names)))
    return [gene and gene.symbol for gene in genes]


@pytest.fixture(scope="module")
def by_symbol():
    return of(SYMBOLS)


@pytest.fixture(scope="module")
def human():
    return of([gene.symbol for gene in HUMAN if gene.gene_type == "protein-coding"])


def test_packaged_table_is_the_one_described():
    packed = (DATA / "mouse.tsv.gz").read_bytes()
    about = json.loads((DATA / "mouse.json").read_text())
    assert hashlib.sha256(packed).hexdigest() == about["sha256"]
    assert about["sources"]["genes"]["licence"] == "CC BY 4.0"
    assert about["sources"]["genes"]["dates"] == "not in the file"
    assert len(MOUSE) == about["counts"]["genes"] > 70_000
    assert gzip.decompress(packed).startswith(b"symbol\tmgi\tfull_name\tortholog\trelated\t")
    assert sum(len(one.read_bytes()) for one in DATA.iterdir() if one.is_file()) < 15_000_000


def test_what_is_known_of_a_gene():
    (gene,) = MOUSE.by_symbol("Trp53")
    assert (gene.mgi, gene.ensembl, gene.ortholog) == ("MGI:98834", ("ENSMUSG00000059552",), "TP53")
    assert gene.full_name == "tumor protein p53 (human ortholog TP53)"
    assert (gene.entrez, gene.number, gene.species) == (0, 98834, "mouse")
    assert gene.aliases == ("p53", "p44")


def test_genes_are_written_as_they_are_read():
    genes = list(MOUSE)[::100]
    assert list(GeneTable(genes)) == genes
    broken = replace(genes[0], ortholog="TP\t53")
    with pytest.raises(GeneAnalogiesError, match="gene MGI:98834: a tab, line end or bar"):
        to_line(broken)


def test_orthologs_are_one_to_one_and_named_as_in_the_human_table():
    orthologs = [gene for gene in MOUSE if gene.ortholog]
    assert len(orthologs) == 16_983
    assert len({gene.ortholog for gene in orthologs}) == len(orthologs)
    related = {symbol for gene in MOUSE for symbol in gene.related}
    assert not related & {gene.ortholog for gene in orthologs}
    for gene in orthologs:
        (human,) = HUMAN.by_symbol(gene.ortholog)
        assert gene.full_name == f"{human.full_name} (human ortholog {human.symbol})"
        assert MOUSE.by_human(human.symbol) == (gene,)


def test_orthologs_are_those_of_a_list_made_elsewhere():
    with real_file("relations/human_mouse_one2one.tsv").open() as file:
        listed = {(row[0], row[1]) for row in csv.reader(file, delimiter="\t")}
    own = {(gene.ortholog, gene.symbol) for gene in MOUSE if gene.ortholog}
    assert own < listed
    # It also has 132 mouse genes that other human genes are related to: CCL2 to Ccl2 and Ccl12.
    assert len(listed - own) == 132
    assert ("CCL13", "Ccl2") in listed - own
    assert all(MOUSE.by_symbol(symbol)[0].related for _, symbol in listed - own)


def test_symbols_are_recognised(by_symbol):
    assert symbols(by_symbol) == ["Septin2" if name == "Sept2" else name for name in SYMBOLS]
    assert by_symbol.vocabulary.species == "mouse"


@pytest.mark.parametrize(
    "form",
    ["{0.symbol}", "{1}", "{1}.7", "{0.mgi}", "mm10___{0.symbol}", "GRCm39_{1}", "{0.symbol}_{1}"],
)
def test_forms_of_names(form):
    genes = [MOUSE.by_symbol(symbol)[0] for symbol in ("Egfr", "Trp53", "mt-Co1", "Gm1992")]
    names = [form.format(gene, gene.ensembl[0]) for gene in genes]
    resolver = of(["<pad>", *names])
    assert symbols(resolver) == [None, "Egfr", "Trp53", "mt-Co1", "Gm1992"]
    for asked in ("Trp53", "TP53", "p53", "ENSMUSG00000059552.3", "MGI:98834", "ENSG00000141510"):
        assert resolver.resolve(asked).row == 2
    for asked in ("Egfr_ENSMUSG00000020122", "mm10___Egfr", "Gene_1956"):
        assert resolver.resolve(asked).row == 1


def test_a_tenth_of_the_names_is_enough():
    others = [f"x{number}" for number in range(18)]
    assert symbols(of([*others, "Egfr", "Trp53"]))[-2:] == ["Egfr", "Trp53"]
    assert symbols(of([*others, "y1", "y2", "Egfr", "Trp53"]))[-2:] == [None, None]


@pytest.mark.parametrize(
    "names",
    [
        # Words, capitals among them; rat; zebrafish; a table of other genes.
        ["the", "cat", "met", "was", "kit", "set", "rest", "mice", "king", "queen"],
        ["Tp53", "Egfr", "Erbb2", "Snap25", "Kras"],
        ["Egfr", "Erbb2", "Snap25", "Kras", "Mt-nd4l"],
        ["Egfr", "Erbb2", "Snap25", "RT1-A2"],
        ["egfra", "tp53", "erbb2", "snap25a", "kras"],
    ],
)
def test_what_are_no_mouse_genes(names):
    assert symbols(of(names)) == [None] * len(names)


def test_only_the_packaged_table_knows_another_species():
    assert GeneTable(()).counterpart is None
    assert HUMAN.counterpart is MOUSE
    assert MOUSE.counterpart is HUMAN
    table = GeneTable(HUMAN.by_symbol("EGFR"))
    assert symbols(of(["Egfr", "Trp53"], table)) == [None, None]
    with pytest.raises(UnknownNameError):
        of(["EGFR"], table).resolve("ENSMUSG00000020122")
    assert symbols(of(["Egfr", "Trp53"], None)) == [None, None]


def test_a_mouse_gene_beside_human_ones_is_none():
    resolver = of(["EGFR", "TP53", "Snap25", "ENSMUSG00000027273"])
    assert symbols(resolver) == ["EGFR", "TP53", None, None]


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ("TP53", "TP53 → Trp53 (human ortholog)"),
        ("tp53", "tp53 → Trp53 (human ortholog TP53)"),
        ("p53", "p53 → Trp53"),
        ("HER2", "HER2 → Erbb2"),
        ("ENSG00000141510", "ENSG00000141510 → Trp53 (human ortholog TP53)"),
        ("P04637", "P04637 → Trp53 (human ortholog TP53)"),
        ("1956", "1956 → Egfr (human ortholog EGFR)"),
        ("HGNC:3236", "HGNC:3236 → Egfr (human ortholog EGFR)"),
        ("MT-CO1", "MT-CO1 → mt-Co1"),
        ("PDL1", "PDL1 → Cd274 (human ortholog CD274)"),
        ("p21", "p21 → Cdkn1a: p21/Cip1/Waf1"),
        ("SEPTIN2", "SEPTIN2 → Sept2 (Septin2)"),
        ("EGFR", "EGFR → Egfr"),
        ("TNF-alpha", "TNF-alpha → Tnf"),
        # Other spellings, and full names, which are those of the ortholog.
        ("Trp-53", "Trp-53 → Trp53"),
        ("TNF-α", "TNF-α → Tnf"),
        ("tumor protein p53", "tumor protein p53 → Trp53"),
        # Human genes of these names have no gene of mouse.
        ("St2", "St2 → Il1rl1"),
        ("IL8", "IL8 → Cxcl15"),
    ],
)
def test_human_names_and_synonyms_find_mouse_genes(by_symbol, asked, note):
    assert by_symbol.resolve(asked).note == note


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            "CCL21",
            "'CCL21' is a human gene without a one-to-one mouse ortholog;"
            " related genes: Ccl21b, Ccl21a, Ccl21f, Ccl21e, Ccl21d",
        ),
        (
            "MDR1",
            "'MDR1' names the human gene ABCB1, which has no one-to-one mouse ortholog;"
            " related genes: Abcb1b, Abcb1a",
        ),
        ("CXCL8", "'CXCL8' is a human gene without a one-to-one mouse ortholog"),
        (
            "ERBB4",
            "'ERBB4' means Erbb4 (erb-b2 receptor tyrosine kinase 4 (human orthol…);"
            " it is a known gene, but has no vector in this embedding",
        ),
        ("Ccl21b", "Ccl21b is a known gene, but has no vector in this embedding"),
    ],
)
def test_what_has_no_ortholog_or_no_vector_says_so(by_symbol, asked, message):
    with pytest.raises(NoVectorError) as caught:
        by_symbol.resolve(asked)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("asked", "candidates"),
    [
        ("MEK", ("Map2k1", "Map2k2")),
        # A synonym of MGI's, and an alias of a human gene.
        ("COX2", ("Ptgs2", "mt-Co2")),
        # A human alias of a gene with an ortholog and of another without.
        ("CKR-1", ("Cxcr1", "Ccr1l1", "Ccr1")),
        # CRISP1's ortholog is Crisp4, and Crisp1's CRISP3.
        ("CRISP1", ("Crisp1", "Crisp4")),
    ],
)
def test_a_name_of_several_mouse_genes_asks_back(by_symbol, asked, candidates):
    with pytest.raises(AmbiguousNameError) as caught:
        by_symbol.resolve(asked)
    assert caught.value.candidates[: len(candidates)] == candidates


def test_near_spellings_dates_and_other_identifiers(by_symbol):
    with pytest.raises(UnknownNameError, match=r"'2-Sep' is a date.* Septin2"):
        by_symbol.resolve("2-Sep")
    with pytest.raises(UnknownNameError, match="did you mean Egfr"):
        by_symbol.resolve("EGFRR")
    with pytest.raises(UnknownNameError, match="nothing is spelled like it"):
        by_symbol.resolve("ENSMUSG99999999999")
    with pytest.raises(UnknownNameError, match="it is a human gene"):
        by_symbol.resolve("ENSG99999999999")


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ("ENSMUSG00000059552", "ENSMUSG00000059552 → TP53 (mouse ortholog Trp53)"),
        ("ENSMUSG00000059552.14", "ENSMUSG00000059552.14 → TP53 (mouse ortholog Trp53)"),
        ("MGI:95294", "MGI:95294 → EGFR (mouse ortholog Egfr)"),
        ("mm10___Trp53bp1", "mm10___Trp53bp1 → TP53BP1 (mouse ortholog Trp53bp1)"),
        ("Trp63", "Trp63 → TP63 (mouse ortholog)"),
        ("Car3", "Car3 → CA3"),
        # An alias of NCBI's goes first.
        ("Trp53", "Trp53 → TP53"),
        ("Egfr", "Egfr → EGFR"),
        # Human symbols in another case, though mouse genes of other human ones.
        ("Crisp1", "Crisp1 → CRISP1"),
        ("Gstm2", "Gstm2 → GSTM2"),
    ],
)
def test_mouse_names_find_human_genes(human, asked, note):
    assert human.resolve(asked).note == note


def test_where_items_are_ids():
    resolver = of(["ENSG00000073282", "ENSG00000146648"])
    assert resolver.resolve("Trp63").note == "Trp63 → ENSG00000073282 (TP63, mouse ortholog)"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("Gm1992", "'Gm1992' is a mouse gene without a one-to-one human ortholog"),
        (
            "Ccl21a",
            "'Ccl21a' is a mouse gene without a one-to-one human ortholog; related genes: CCL21",
        ),
        (
            "ENSMUSG00000094686",
            "'ENSMUSG00000094686' names the mouse gene Ccl21a, which has no one-to-one human"
            " ortholog; related genes: CCL21",
        ),
    ],
)
def test_mouse_genes_without_an_ortholog_say_so(human, asked, message):
    with pytest.raises(NoVectorError) as caught:
        human.resolve(asked)
    assert str(caught.value) == message


def test_one_letter_is_no_mouse_gene(human):
    with pytest.raises(UnknownNameError):
        human.resolve("a")


def test_every_human_name_goes_before_those_of_mouse(human):
    for gene in list(HUMAN)[:300]:
        for name in (gene.symbol, *gene.other_symbols):
            for asked in (name, name.lower(), name.capitalize()):
                try:
                    note = human.resolve(asked, suggest=False).note or ""
                except (AmbiguousNameError, NoVectorError) as error:
                    note = str(error)
                assert "mouse" not in note, asked


def test_every_ortholog_leads_there_and_back():
    genes = [gene for gene in MOUSE if gene.ortholog][::20]
    mouse = of([gene.symbol for gene in genes])
    human = of([HUMAN.by_symbol(gene.ortholog)[0].ensembl[0] for gene in genes if _has_id(gene)])
    for row, gene in enumerate(genes):
        (known,) = HUMAN.by_symbol(gene.ortholog)
        for name in (gene.mgi, *gene.ensembl):
            assert mouse.resolve(name).row == row
            if _has_id(gene):
                assert human.gene(human.resolve(name).row) == known
        for name in (known.hgnc, *known.ensembl):
            assert mouse.resolve(name).row == row


def _has_id(gene):
    return bool(HUMAN.by_symbol(gene.ortholog)[0].ensembl)


def test_human_genes_do_not_read_the_table_of_mouse():
    script = (
        "import gene_analogies as ga; from gene_analogies.genes.table import GeneTable;"
        "GeneTable.packaged_mouse = None;"
        "resolver = ga.load().resolver;"
        "print(*(resolver.resolve(name).name for name in ('EGF', 'her2', 'ENSG00000146648')))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["EGF", "ERBB2", "EGFR"]
