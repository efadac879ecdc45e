"""Links from genes to public pages."""

from gene_analogies.genes.links import protein_atlas_url
from gene_analogies.genes.table import Gene


def test_first_ensembl_id_makes_the_link():
    gene = Gene(1956, "EGFR", ensembl=("ENSG00000146648", "ENSG00000000001"))
    assert protein_atlas_url(gene) == "https://www.proteinatlas.org/ENSG00000146648-EGFR"


def test_no_ensembl_id_no_link():
    assert protein_atlas_url(Gene(1956, "EGFR")) is None


def test_odd_symbols_are_escaped():
    gene = Gene(1, "A/B C", ensembl=("ENSG00000000001",))
    assert protein_atlas_url(gene) == "https://www.proteinatlas.org/ENSG00000000001-A%2FB%20C"
