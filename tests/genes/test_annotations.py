import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.genes.annotations import annotate
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.table import GeneTable


def embedding(*names):
    return Embedding(names, np.ones((len(names), 2)))


def test_columns():
    columns = annotate(embedding("EGFR", "ENSG00000141510.18", "MT-CO1", "<pad>", "Gene_4233"))
    assert columns["approved_symbol"] == ["EGFR", "TP53", "MT-CO1", "", "MET"]
    assert columns["entrez"] == ["1956", "7157", "4512", "", "4233"]
    assert columns["ensembl"][:2] == ["ENSG00000146648", "ENSG00000141510"]
    assert columns["hgnc"][:2] == ["HGNC:3236", "HGNC:11998"]
    assert columns["full_name"][0] == "epidermal growth factor receptor"
    assert columns["gene_type"][3] == columns["chromosome"][3] == ""
    assert {len(column) for column in columns.values()} == {5}


def test_columns_of_mouse_genes():
    columns = annotate(embedding("Egfr", "ENSMUSG00000059552.14", "Gm1992", "MGI:1349183", "<pad>"))
    assert columns == {
        "approved_symbol": ["Egfr", "Trp53", "Gm1992", "Ccl21a", ""],
        "full_name": [
            "epidermal growth factor receptor (human ortholog EGFR)",
            "tumor protein p53 (human ortholog TP53)",
            "",
            "",
            "",
        ],
        "ensembl": [
            "ENSMUSG00000020122", "ENSMUSG00000059552", "ENSMUSG00000089699",
            "ENSMUSG00000094686", "",
        ],
        "mgi": ["MGI:95294", "MGI:98834", "MGI:3780162", "MGI:1349183", ""],
        "human_ortholog": ["EGFR", "TP53", "", "", ""],
    }  # fmt: skip


def test_no_columns_where_no_name_is_a_gene():
    assert annotate(embedding("king", "queen")) == {}
    assert annotate(embedding("EGFR"), None) == {}


def test_given_genes():
    table = GeneTable([Gene(1, "AAA")])
    assert annotate(embedding("AAA", "BBB"), table) == {
        "approved_symbol": ["AAA", ""],
        "full_name": ["", ""],
        "entrez": ["1", ""],
        "ensembl": ["", ""],
        "hgnc": ["", ""],
        "gene_type": ["unknown", ""],
        "chromosome": ["", ""],
    }
