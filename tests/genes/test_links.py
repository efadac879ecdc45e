"""Links from genes to public pages."""

from gene_analogies.genes.gene import Gene
from gene_analogies.genes.links import gene_url, registry_url


def test_first_ensembl_id_makes_the_link():
    gene = Gene(1956, "EGFR", ensembl=("ENSG00000146648", "ENSG00000000001"))
    assert gene_url(gene) == "https://www.proteinatlas.org/ENSG00000146648-EGFR"


def test_no_ensembl_id_no_link():
    assert gene_url(Gene(1956, "EGFR")) is None


def test_mouse_genes_link_to_mgi():
    gene = Gene(0, "Egfr", ensembl=("ENSMUSG00000020122",), mgi="MGI:95294")
    page = "https://www.informatics.jax.org/marker/MGI:95294"
    assert gene_url(gene) == registry_url(gene) == page
    assert registry_url(Gene(1956, "EGFR")) is None


def test_odd_symbols_are_escaped():
    gene = Gene(1, "A/B C", ensembl=("ENSG00000000001",))
    assert gene_url(gene) == "https://www.proteinatlas.org/ENSG00000000001-A%2FB%20C"
