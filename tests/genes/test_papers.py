"""The papers that name two genes."""

import time

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.genes.papers import Paper, PaperLinks, count_papers, newest_papers, papers
from gene_analogies.genes.table import GeneTable


@pytest.fixture(scope="module")
def links():
    return PaperLinks.packaged()


def test_newest_papers_come_first():
    found = ga.papers("EGF", "EGFR")
    ids = [paper.pubmed_id for paper in found]
    assert len(found) == len(ids) > 100
    assert ids == sorted(set(ids), reverse=True)
    assert found.papers[0].url == f"https://pubmed.ncbi.nlm.nih.gov/{ids[0]}/"
    assert all(2 <= paper.genes <= 100 for paper in found)
    assert found.notes == ()
    assert ga.papers("EGFR", "EGF").papers == found.papers


def test_toy_links():
    # Genes 7 and 5; papers 10 (both), 20 (gene 5) and 30 (both).
    made = PaperLinks(np.array([7, 5]), np.array([10, 20, 30]), np.array([0, 2, 3, 4, 5]))
    assert made.naming_both(5, 7) == (Paper(30, 2), Paper(10, 2))
    assert made.naming_both(5, 5) == (Paper(30, 2), Paper(20, 1), Paper(10, 2))
    assert made.naming_both(5, 6) == ()


def test_every_form_of_a_name_finds_the_same(links):
    expected = links.naming_both(7157, 4193)
    for first, second in (("p53", "MDM2"), (7157, "ENSG00000135679"), ("Trp53", "Q00987")):
        assert papers(first, second).papers == expected


def test_the_links_are_those_of_the_embedding(links):
    space = ga.load("pubmed")
    genes = [space.item(row).gene for row in range(0, len(space), 97)]
    assert all(links.genes.has_gene(gene.entrez) for gene in genes)
    # Rows are ordered by papers, most first.
    sizes = [links.genes.members(gene.entrez).size for gene in genes]
    assert sizes == sorted(sizes, reverse=True)


def test_a_gene_without_papers_is_named():
    found = papers("MALAT1", "EZH2")
    assert found.papers == ()
    assert found.notes == ("no papers of MALAT1 are known here: they are those of the embedding"
                           " pubmed",)  # fmt: skip


def test_counts_of_many_pairs_equal_those_of_single_ones(links):
    numbers = [1950, 1956, 7157, 4193, 378938, 0]
    first, second = map(np.ravel, np.meshgrid(numbers, numbers))
    singly = [len(links.naming_both(a, b)) for a, b in zip(first, second, strict=True)]
    assert count_papers(first, second).tolist() == singly
    assert max(singly) > 1000


@pytest.mark.slow
def test_many_pairs_take_little_time(links):
    rng = np.random.default_rng(0)
    numbers = np.array([gene.entrez for gene in GeneTable.packaged()][:20_000])
    first, second = rng.choice(numbers, (2, 100_000))
    start = time.perf_counter()
    counts = count_papers(first, second)
    assert time.perf_counter() - start < 10
    assert counts.sum() > 0


def test_newest_papers_of_many_pairs_are_those_of_each():
    pairs = [("EGF", "EGFR"), ("TP53", "MDM2"), ("INS", "INSR"), ("A1BG", "ZZZ3")]
    of = [[ga.papers(*pair).first.entrez, ga.papers(*pair).second.entrez] for pair in pairs]
    first, second = np.array([*of, [0, 1956]]).T
    for count in (1, 3, 10_000):
        wanted = [[p.pubmed_id for p in ga.papers(*pair).papers[:count]] for pair in pairs]
        assert newest_papers(first, second, count) == [*wanted, []]
