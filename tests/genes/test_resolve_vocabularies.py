"""Names as the published embeddings write them: every one leads to its gene, or passes through."""

import pytest

from gene_analogies.errors import NoVectorError, UnknownNameError
from gene_analogies.genes.forms import other_kind
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import Gene, GeneTable

TABLE = GeneTable.packaged()
CODING = [gene for gene in TABLE if gene.gene_type == "protein-coding" and gene.ensembl][:6000]
SNAP25, EGFR, TP53 = (TABLE.by_symbol(symbol)[0] for symbol in ("SNAP25", "EGFR", "TP53"))
MITOCHONDRIAL = [gene for gene in TABLE if gene.chromosome == "MT"]


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


@pytest.mark.parametrize("gene", MITOCHONDRIAL, ids=lambda gene: gene.symbol)
def test_mitochondrial_symbols_of_hgnc(gene):
    from gene_analogies.genes.forms import hgnc_symbol

    hgnc = hgnc_symbol(gene)
    by_hgnc = of(["EGFR", "TP53", hgnc])
    assert by_hgnc.gene(2) == gene
    assert by_hgnc.resolve(str(gene.entrez)).row == 2
    if len(TABLE.by_symbol(gene.symbol)) == 1:
        assert by_hgnc.resolve(gene.symbol).note == f"{gene.symbol} → {hgnc}"
        assert of(["EGFR", gene.symbol]).resolve(hgnc.lower()).row == 1
    for identifier in gene.ensembl:
        assert of(["EGFR", identifier]).resolve(hgnc).row == 1


def test_a_symbol_of_two_genes_is_not_the_mitochondrial_one():
    resolver = of(["EGFR", "RNR2", "TP53"])
    assert resolver.gene(1).chromosome == "14"
    with pytest.raises(NoVectorError, match="'MT-RNR2' means RNR2"):
        resolver.resolve("MT-RNR2")


def test_mitochondrial_genes_of_mouse_are_no_human_ones():
    resolver = of(["EGFR", "TP53", "mt-Co1"])
    assert resolver.gene(2) is None
    assert resolver.resolve("MT-CO1").note == "MT-CO1 → mt-Co1"


MOUSE = [
    "Egfr",
    "Trp53",
    "Snap25",
    "Tnf",
    "Il6",
    "Sox2",
    "Myc",
    "Kras",
    "H19",
    "C3",
    "F3",
    "Gm1992",
]


def test_mouse_symbols_are_shown_as_they_are():
    resolver = of(MOUSE)
    # H19, C3 and F3 are human symbols, too.
    assert symbols(resolver) == [None] * len(MOUSE)
    found = resolver.resolve("SNAP25")
    assert (found.name, found.note) == ("Snap25", "SNAP25 → Snap25")
    with pytest.raises(UnknownNameError, match="did you mean Egfr"):
        resolver.resolve("EGFRR")


def test_mouse_symbols_beside_human_ones_are_no_human_genes():
    human = [gene.symbol for gene in CODING[:100]]
    resolver = of([*human, "Snap25", "ENSMUSG00000027273"])
    assert symbols(resolver)[-2:] == [None, None]
    assert resolver.resolve("Snap25").note is None


def test_ensembl_ids_of_mouse_pass_through():
    resolver = of([f"ENSMUSG{number:011}.{number}" for number in range(9)])
    assert resolver.resolve("ENSMUSG00000000003").row == 3
    assert symbols(resolver) == [None] * 9


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
        ("ENSMUSG00000020122", "a mouse gene"),
        ("ENSRNOG00000004332", "a gene of another species"),
        ("HGNC:3236", "an HGNC id"),
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


def test_a_table_without_chromosomes_has_no_mitochondrial_genes():
    table = GeneTable([Gene(4512, "COX1"), Gene(1956, "EGFR")])
    resolver = of(["EGFR", "MT-CO1"], table=table)
    assert resolver.gene(1) is None
    with pytest.raises(NoVectorError):
        resolver.resolve("COX1")


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
