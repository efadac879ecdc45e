"""What is known of the genes of any embedding."""

from itertools import pairwise

import numpy as np
import pytest
from real_files import real_file

import gene_analogies as ga
from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source
from gene_analogies.genes.papers import PaperLinks, count_papers
from gene_analogies.genes.terms import GeneTerms, terms_of_pairs


def test_both_parts_are_those_of_the_single_calls():
    found = ga.known("p53", "MDM2", k=3)
    assert found.papers == ga.papers("p53", "MDM2")
    assert found.terms == ga.shared_terms("p53", "MDM2")
    assert len(found) == 6
    assert [note.split(" (")[0] for note in found.notes] == ["p53 → TP53"]


@pytest.mark.parametrize("k", [0, -1, 1.5, "3"])
def test_k_is_checked(k):
    with pytest.raises(ga.GeneAnalogiesError, match="k must be a whole number of at least 1"):
        ga.known("EGF", "EGFR", k=k)


def test_items_of_an_embedding():
    """Its names are Ensembl ids, as Geneformer's are; their genes go into either form."""
    names = ["ENSG00000138798", "ENSG00000146648", "ENSG00000141510", "ENSG00000135679"]
    space = ga.Space(ga.Embedding(names, np.eye(4)))
    genes = [space.item(row).gene for row in range(4)]
    counts = count_papers([gene.entrez for gene in genes[:3]], [gene.entrez for gene in genes[1:]])
    expected = [len(ga.papers(a, b)) for a, b in pairwise(names)]
    assert counts.tolist() == expected
    assert expected[0] == len(ga.papers(genes[0], genes[1])) == len(ga.papers("EGF", "EGFR")) > 100


def test_mouse_genes_stand_for_their_orthologs():
    space = ga.Space(ga.Embedding(["Egf", "Egfr", "Trp53", "Mdm2", "Erbb2"], np.eye(5)))
    egf, egfr = space.item(0).gene, space.item(1).gene
    assert egf.species == "mouse"
    assert ga.papers(egf, egfr).papers == ga.papers("EGF", "EGFR").papers
    # In the form for many pairs a mouse gene has the number 0, and no papers.
    assert count_papers([egf.entrez], [egfr.entrez]).tolist() == [0]


def test_most_genes_of_geneformer_have_papers_and_terms():
    path = real_file("geneformer/token_dictionary_gc104M.pkl")
    with path.open("rb") as stream:
        names = [name for name in safe_load(stream, Source(path)) if name.startswith("ENSG")]
    space = ga.Space(ga.Embedding(names, np.ones((len(names), 1))))
    genes = [space.item(row).gene for row in range(0, len(names), 20)]
    coding = [gene.entrez for gene in genes if gene and gene.gene_type == "protein-coding"]
    links, terms = PaperLinks.packaged().genes, GeneTerms.packaged().own
    assert np.mean([links.has_gene(gene) for gene in coding]) > 0.7
    assert np.mean([terms.has_gene(gene) for gene in coding]) > 0.95
    assert count_papers(coding[:-1], coding[1:]).size == len(coding) - 1
    assert terms_of_pairs(coding[:-1], coding[1:]).pairs.size > 0
