"""Names as the published embeddings write them: every one leads to its gene, or passes through."""

import pytest

from gene_analogies.errors import AmbiguousNameError, NoVectorError, UnknownNameError
from gene_analogies.genes.forms import other_kind
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable
from gene_analogies.sources.builtin import load_builtin

TABLE = GeneTable.packaged()
CODING = [gene for gene in TABLE if gene.gene_type == "protein-coding" and gene.ensembl][:6000]
SNAP25, EGFR, TP53 = (TABLE.by_symbol(symbol)[0] for symbol in ("SNAP25", "EGFR", "TP53"))


def of(names, *, table=TABLE):
    return Resolver(names, table)


def symbols(resolver):
    genes = map(resolver.gene, range(len(resolver.vocabulary.names)))
    return [gene and gene.symbol for gene in genes]


def test_geneformer_holds_ensembl_ids():
    resolver = of(["<pad>", "<mask>", *(gene.ensembl[0] for gene in CODING)])
    found = resolver.resolve("SNAP25")
    assert found.name == "ENSG00000132639"
    gene = resolver.gene(found.row)
    assert (gene.symbol, gene.full_name) == ("SNAP25", SNAP25.full_name)
    assert resolver.resolve("p53").note == "p53 → ENSG00000141510 (TP53)"
    assert resolver.resolve("P60880").name == "ENSG00000132639"
    assert resolver.gene(0) is None


def test_scgpt_holds_symbols_dots_and_some_ensembl_ids():
    odd = ["<pad>", "<cls>", "bP-2171C21.3", "RP11-34P13.7", "AC093585.6", "ENSG00000215615"]
    resolver = of([*(gene.symbol for gene in CODING), *odd])
    assert resolver.resolve("ENSG00000132639").name == "SNAP25"
    assert resolver.resolve("ENSG00000132639.13").name == "SNAP25"
    assert resolver.resolve("rp11-34p13.7").name == "RP11-34P13.7"
    for name in odd:
        assert resolver.resolve(name).name == name
    assert resolver.gene(len(CODING) + 2) is None


def test_the_own_vocabulary_decides_where_it_holds_two_names_of_a_gene():
    resolver = of(["ENSG00000146648", "EGFR", "TP53"])
    assert [resolver.resolve(name).row for name in ("ENSG00000146648", "EGFR")] == [0, 1]
    # Any other name of the gene means the row of the symbol.
    assert [resolver.resolve(name).row for name in ("egfr", "1956", "ERBB1", "P00533")] == [1] * 4
    assert symbols(resolver) == ["EGFR", "EGFR", "TP53"]


def test_entrez_numbers_and_symbols():
    resolver = of([str(gene.entrez) for gene in CODING])
    assert resolver.resolve("EGFR").name == "1956"
    assert resolver.resolve("ENSG00000146648").name == "1956"
    assert resolver.resolve(1956).name == "1956"
    assert of(["EGFR", "TP53"]).resolve("1956").name == "EGFR"


def test_numbers_of_mouse_genes_are_no_human_genes():
    # NCBI's numbers of Egfr, Trp53, Snap25, Tnf, Il6, Sox2.
    resolver = of(["13649", "22059", "20614", "21926", "16193", "20674"])
    assert symbols(resolver) == [None] * 6


def test_uniprot_accessions():
    resolver = of(["P00533", "P04637", "A0A024RBG1", "Q9XXXX"])
    assert resolver.resolve("EGFR").name == "P00533"
    assert resolver.resolve("p53").name == "P04637"
    assert symbols(resolver)[:2] == ["EGFR", "TP53"]


@pytest.mark.parametrize("prefix", ["Gene_", "gene_"])
def test_bioconceptvec_writes_entrez_numbers_behind_gene(prefix):
    names = [f"{prefix}{number}" for number in (1956, 7157, 22059)]
    # The genes are of all species, and few among the concepts.
    resolver = of([*(f"Disease_MESH_D{n:06}" for n in range(97)), *names])
    found = resolver.resolve("EGFR")
    assert (found.name, found.note) == (f"{prefix}1956", f"EGFR → {prefix}1956")
    assert resolver.resolve("p53").note == f"p53 → {prefix}7157 (TP53)"
    assert resolver.resolve("ENSG00000146648.18").row == found.row
    assert resolver.resolve("GENE_1956").row == found.row
    assert resolver.gene(found.row) == EGFR
    assert symbols(resolver)[-1] is None
    assert resolver.resolve("Disease_MESH_D000001").row == 1
    assert resolver.gene(1) is None
    assert resolver.complete("egf") == ["EGFR"]
    with pytest.raises(UnknownNameError, match="did you mean EGFR"):
        resolver.resolve("EGRF")
    with pytest.raises(NoVectorError, match=r"TNF .* no vector"):
        resolver.resolve("TNF")


def test_words_beside_concepts_are_no_genes():
    resolver = of([*(f"word{n}" for n in range(50)), "MET", "1956", "Gene_4233"])
    assert symbols(resolver)[-3:] == [None, None, "MET"]
    assert resolver.resolve("MET").name == "MET"
    assert resolver.resolve("HGFR").name == "Gene_4233"
    assert resolver.resolve("1956").name == "1956"


def test_a_concept_may_be_asked_for_anywhere():
    assert of(["EGFR", "TP53"]).resolve("Gene_1956").note == "Gene_1956 → EGFR"


@pytest.mark.parametrize(
    ("old", "approved"),
    [("COX1", "MT-CO1"), ("CYTB", "MT-CYB"), ("ND4L", "MT-ND4L"), ("ATP8", "MT-ATP8")],
)
def test_mitochondrial_symbols_of_ncbi(old, approved):
    resolver = of(["EGFR", "PTGS1", old])
    assert resolver.gene(2).symbol == approved
    assert resolver.resolve(approved).row == 2
    assert of(["EGFR", "TP53", approved]).gene(2).chromosome == "MT"


def test_an_old_symbol_that_others_use_asks_back():
    resolver = of(["EGFR", "PTGS2", "COX2"])
    assert resolver.gene(2).symbol == "MT-CO2"
    with pytest.raises(AmbiguousNameError, match="'COX2' names 2 genes") as caught:
        resolver.resolve("COX2")
    assert caught.value.candidates == ("PTGS2", "MT-CO2")
    assert [resolver.resolve(name).row for name in caught.value.candidates] == [1, 2]
    assert "COX2" not in resolver.complete("COX")


def test_a_previous_symbol_says_who_else_is_called_so():
    resolver = of(["EGFR", "AGER", "RAGE"])
    assert resolver.gene(2).symbol == "MOK"
    found = resolver.resolve("RAGE")
    assert found.row == 2
    assert found.note == "RAGE → MOK: its previous symbol; also a name of AGER"


@pytest.mark.parametrize(
    ("item", "symbol"),
    [
        ("RGS5_ENSG00000143248", "RGS5"),
        ("TBCE_ENSG00000284770", "TBCE"),
        ("ENSG00000143248_RGS5", "RGS5"),
        ("ENSG00000143248.15|RGS5", "RGS5"),
        ("GRCh38_EGFR", "EGFR"),
        ("hg19_EGFR", "EGFR"),
        ("GRCh38___ENSG00000146648", "EGFR"),
        ("EGFR|1956", "EGFR"),
        ("erbb|1956", "EGFR"),
        ("?|1956", "EGFR"),
        ("MT-CO1__chrM", "MT-CO1"),
        ("sp|P00533|EGFR_HUMAN", "EGFR"),
        ("GeneID:1956", "EGFR"),
        ("HLA.DRB1", "HLA-DRB1"),
        ("EGFR (1956)", "EGFR"),
        ("ENSG00000182378.12_PAR_Y", "PLCXD1"),
        ("ENSGR0000182378.10", "PLCXD1"),
    ],
)
def test_names_that_hold_a_name(item, symbol):
    resolver = of(["TP53", "KRAS", item])
    assert symbols(resolver) == ["TP53", "KRAS", symbol]
    found = resolver.resolve(symbol)
    assert (found.row, found.note) == (2, f"{symbol} → {item}")
    assert of(["TP53", symbol]).resolve(item).note == f"{item} → {symbol}"
    assert resolver.resolve(TABLE.by_symbol(symbol)[0].ensembl[0]).row == 2


@pytest.mark.parametrize("kind", ["chr7", "topic", "TP53", "MIR21"])
def test_other_numbers_behind_a_bar_are_no_entrez_numbers(kind):
    resolver = of(["TP53", "KRAS", f"{kind}|1956"])
    assert resolver.gene(2) is None
    with pytest.raises(NoVectorError):
        resolver.resolve("EGFR")


def test_an_item_without_a_name_is_no_gene():
    # NA is an alias of XK.
    resolver = of(["EGFR", "TP53", "NA", "nan"])
    assert symbols(resolver) == ["EGFR", "TP53", None, None]
    assert resolver.resolve("NA").row == 2
    with pytest.raises(NoVectorError, match=r"^XK "):
        resolver.resolve("XK")


def test_hyphens_of_word_processors_are_hyphens():
    for item, asked in (("HLA-A", "HLA\u2010A"), ("HLA\u2011A", "HLA-A")):
        assert of(["TP53", "KRAS", item]).resolve(asked).row == 2


def test_numbered_genes_are_rows():
    resolver = of([f"Gene_{number}" for number in range(2000)])
    assert symbols(resolver) == [None] * 2000
    with pytest.raises(UnknownNameError):
        resolver.resolve("EGFR")


def test_the_copy_on_y_goes_after_the_gene_itself():
    names = ["ENSG00000182378.12_PAR_Y", "ENSG00000182378.12", "TP53"]
    assert of(names).resolve("PLCXD1").row == 1
    assert of(names).resolve("ENSG00000182378.12_PAR_Y").row == 0


def test_the_identifier_decides_in_a_longer_name():
    assert of(["TP53", "EGFR"]).resolve("TP53_ENSG00000146648").name == "EGFR"


@pytest.mark.parametrize(
    ("shared", "owner", "other"),
    [("ENSG00000172062", "SMN1", "SMN2"), ("ENSG00000205571", "SMN2", "SMN1")],
)
def test_an_ensembl_id_belongs_to_the_gene_that_hgnc_names(shared, owner, other):
    resolver = of(["TP53", shared])
    assert resolver.gene(1).symbol == owner
    assert resolver.resolve(owner).row == 1
    with pytest.raises(NoVectorError, match=f"^{other} .* has no vector in this embedding$"):
        resolver.resolve(other)


@pytest.mark.parametrize(
    ("symbol", "ensembl"),
    [
        ("CCL4L2", "ENSG00000276070"),
        ("DEFB4B", "ENSG00000177257"),
        ("LGALS7B", "ENSG00000178934"),
        ("BOLA2B", "ENSG00000169627"),
        ("HLA-DQA2", "ENSG00000237541"),
        ("PRR4", "ENSG00000111215"),
    ],
)
def test_owners_of_shared_ids(symbol, ensembl):
    assert TABLE.find(ensembl).symbol == symbol
    (gene,) = TABLE.by_symbol(symbol)
    assert gene.ensembl[0] == ensembl


def test_an_ensembl_id_that_two_genes_have_is_ambiguous():
    ids = ("ENSG00000000001",)
    table = GeneTable([Gene(1, "AAA", ensembl=ids), Gene(2, "BBB", ensembl=ids), Gene(3, "CCC")])
    resolver = of(["CCC", "ENSG00000000001"], table=table)
    assert resolver.gene(1) is None
    assert resolver.resolve("ENSG00000000001").row == 1
    with pytest.raises(NoVectorError, match="no vector in this embedding of its own: ENSG00000"):
        resolver.resolve("AAA")
    by_symbol = of(["CCC", "AAA"], table=table)
    with pytest.raises(AmbiguousNameError, match="names 2 genes"):
        by_symbol.resolve("ENSG00000000001")
    # The model's own dictionary knows.
    told = Resolver(["CCC", "ENSG00000000001"], table, {"ENSG00000000001": "BBB"})
    assert told.gene(1).symbol == "BBB"
    assert told.resolve("BBB").row == 1
    with pytest.raises(NoVectorError):
        told.resolve("AAA")


def test_symbols_of_the_model():
    names = ["ENSG00000146648", "ENSG00000291237", "ENSG00000999999"]
    resolver = Resolver(names, TABLE, {names[1]: "SOD2", names[2]: "AC008770.9"})
    assert symbols(resolver) == ["EGFR", "SOD2", None]
    assert resolver.resolve("SOD2").row == 1
    assert resolver.resolve("MNSOD").row == 1
    assert resolver.resolve("AC008770.9").note == "AC008770.9 → ENSG00000999999"


def test_mitochondrial_genes_of_mouse_are_no_human_ones():
    resolver = of(["EGFR", "TP53", "mt-Co1"])
    assert resolver.gene(2) is None
    assert resolver.resolve("MT-CO1").note == "MT-CO1 → mt-Co1"


def test_mouse_symbols_beside_human_ones_are_no_human_genes():
    human = [gene.symbol for gene in CODING[:100]]
    resolver = of([*human, "Snap25", "ENSMUSG00000027273"])
    assert symbols(resolver)[-2:] == [None, None]
    assert resolver.resolve("Snap25").note is None


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ("ENST00000275493", "an Ensembl transcript"),
        ("enst00000275493.7", "an Ensembl transcript"),
        ("ENSMUST00000020329", "an Ensembl transcript"),
        ("ENSP00000275493", "an Ensembl protein"),
        ("NM_005228.5", "a RefSeq transcript"),
        ("XR_001744.2", "a RefSeq transcript"),
        ("NP_005219", "a RefSeq protein"),
        ("ENSMUSG99999999999", "a mouse gene"),
        ("MGI:9999999", "a mouse gene"),
        ("ENSRNOG00000004332", "a gene of another species"),
    ],
)
def test_other_identifiers_are_told_for_what_they_are(asked, what):
    with pytest.raises(UnknownNameError) as caught:
        of(["EGFR", "TP53"]).resolve(asked)
    hint = "give a gene symbol or an Ensembl gene id"
    assert str(caught.value) == f"no item is named {asked!r}: it is {what}; {hint}"
    assert caught.value.candidates == ()


def test_no_gene_is_asked_for_where_the_items_are_none():
    with pytest.raises(UnknownNameError, match="nothing is spelled like it"):
        of(["king", "queen"]).resolve("NM_005228")


@pytest.mark.parametrize("name", ["ENSG00000146648", "EGFR", "NP1", "HGNC", "NM_x", "ENSAP"])
def test_names_of_no_other_kind(name):
    assert other_kind(name) is None


def test_old_symbols_stand_for_their_genes():
    names = ["FAM46A", "EGFR", "TP53", "SNAP25", "KRAS"]
    resolver = Resolver(names, GeneTable.packaged())
    assert resolver.resolve("TENT5A").row == 0
    assert resolver.resolve("ENSG00000112773").row == 0
    assert resolver.gene(0).symbol == "TENT5A"


def test_an_old_symbol_beside_the_new_one_stands_for_nothing():
    names = ["FAM46A", "TENT5A", "EGFR", "TP53", "SNAP25"]
    resolver = Resolver(names, GeneTable.packaged())
    assert resolver.gene(0) is None
    assert resolver.resolve("TENT5A").row == 1
    assert resolver.resolve("FAM46A").row == 0


def test_of_two_old_symbols_one_stands_for_the_gene():
    resolver = Resolver(["FAM46A", "C6orf37", "EGFR", "TP53", "KRAS"], GeneTable.packaged())
    genes = [resolver.gene(row) for row in (0, 1)]
    assert [gene is None for gene in genes].count(False) == 1
    assert genes[resolver.resolve("TENT5A").row].symbol == "TENT5A"


def test_an_alias_of_several_genes_stands_for_none():
    resolver = Resolver(["p40", "EGFR", "TP53", "SNAP25", "KRAS"], GeneTable.packaged())
    assert len(GeneTable.packaged().by_alias("p40")) > 1
    assert resolver.gene(0) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("QARS", "QARS1"), ("SARS", "SARS1"), ("SEPT2", "SEPTIN2"), ("TAZ", "TAFAZZIN")],
)
def test_symbols_that_were_shared_with_a_neighbour(old, new):
    names = ["EGFR", "TP53", "KRAS", "EPRS", "SEPT6", "SARS2", "WWTR1", old]
    resolver = Resolver(names, GeneTable.packaged())
    assert resolver.resolve(new).row == len(names) - 1
    assert resolver.gene(len(names) - 1).symbol == new


def test_rows_of_the_built_in_embedding_keep_their_old_symbols_and_lead_to_todays():
    resolver = of(load_builtin("pubmed").names)
    own = [resolver.gene(row) for row in range(len(resolver.vocabulary.names))]
    assert all(own)
    assert len({gene.entrez for gene in own}) == len(own)
    renewed = {
        name: gene.symbol
        for name, gene in zip(resolver.vocabulary.names, own, strict=True)
        if name != gene.symbol
    }
    assert renewed["SLC9A3R1"] == "NHERF1"
    for old, new in renewed.items():
        row = resolver.vocabulary.rows[old]
        found = resolver.resolve(new)
        assert (found.row, found.note) == (row, f"{new} → {old} (its symbol in this embedding)")
        assert old in own[row].other_symbols
