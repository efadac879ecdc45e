from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import Gene
from gene_analogies.sources.facts import read_ncbi, read_sqlite
from gene_analogies.sources.pubmed import PubmedParameters, build_embedding

SMALL = PubmedParameters(min_papers=2, dimension=4)
CLUSTERS = (range(1, 9), range(101, 109))


def genes_of(numbers, gene_type="protein-coding"):
    return tuple(Gene(number, f"G{number}", gene_type=gene_type) for number in numbers)


def cluster_papers(seed=0, papers=60):
    """Papers of three genes, all of one cluster; a few name one gene of each."""
    rng = np.random.default_rng(seed)
    identifiers = count(1000)
    links = []
    for _ in range(papers):
        for cluster in CLUSTERS:
            paper = next(identifiers)
            links += [(gene, paper) for gene in rng.choice(cluster, size=3, replace=False)]
    for first, second in zip(*CLUSTERS, strict=True):
        paper = next(identifiers)
        links += [(first, paper), (second, paper)]
    return np.array(sorted(links), dtype=np.int64)


def cosines(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


@pytest.fixture
def clustered():
    return build_embedding(cluster_papers(), genes_of((*CLUSTERS[0], *CLUSTERS[1])), SMALL)


def test_clusters_come_apart(clustered):
    side = np.array([int(name[1:]) > 100 for name in clustered.names])
    similar = cosines(clustered.vectors)
    same = side[:, None] == side[None, :]
    off_diagonal = ~np.eye(len(side), dtype=bool)
    assert similar[~same].max() < 0 < similar[same & off_diagonal].mean() - 0.3


def test_rows_fall_by_papers(clustered):
    links = cluster_papers()
    papers = [np.sum(links[:, 0] == int(name[1:])) for name in clustered.names]
    assert papers == sorted(papers, reverse=True)


def test_equal_papers_fall_back_on_the_number():
    links = np.array([(gene, paper) for gene in (9, 5, 7, 3) for paper in range(3)])
    embedding = build_embedding(links, genes_of((3, 5, 7, 9)), replace(SMALL, dimension=2))
    assert embedding.names == ("G3", "G5", "G7", "G9")


def test_repeatable_whatever_the_order_of_the_links(clustered):
    links = np.random.default_rng(1).permutation(cluster_papers())
    genes = genes_of((*CLUSTERS[1], *CLUSTERS[0]))
    again = build_embedding(np.concatenate([links, links[:50]]), genes, SMALL)
    assert again.names == clustered.names
    assert np.array_equal(again.vectors, clustered.vectors)


def test_vectors_have_length_one_and_counts_are_kept(clustered):
    assert clustered.vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(clustered.vectors, axis=1), 1, atol=1e-6)
    counts = clustered.provenance["counts"]
    assert counts["genes"] == 16
    assert counts["papers"] == 128
    assert counts["links"] == 2 * 60 * 3 + 16
    assert clustered.provenance["parameters"]["dimension"] == 4


def test_axes_are_ordered_and_their_signs_fixed(clustered):
    largest = np.abs(clustered.vectors).argmax(axis=0)
    assert (clustered.vectors[largest, np.arange(4)] > 0).all()
    spread = (clustered.vectors.astype(np.float64) ** 2).sum(axis=0)
    assert spread.argmax() == 0


def test_propagation_draws_company_together():
    genes = genes_of((*CLUSTERS[0], *CLUSTERS[1]))
    alone, steadied = (
        build_embedding(cluster_papers(), genes, replace(SMALL, propagation=weight))
        for weight in (0.0, 2.0)
    )
    side = np.array([int(name[1:]) > 100 for name in alone.names])
    same = side[:, None] == side[None, :]
    assert cosines(steadied.vectors)[same].mean() > cosines(alone.vectors)[same].mean()


def test_filters():
    links = cluster_papers()
    wanted = genes_of((*CLUSTERS[0], *CLUSTERS[1]))
    # 201 is a pseudogene, 202 is alone in its papers, 203 has one paper, 204 no record.
    more = [(201, paper) for paper in (1000, 1001, 1002)]
    more += [(202, paper) for paper in (1, 2, 3)]
    more += [(203, 1000), *((204, paper) for paper in (1000, 1001, 1002))]
    long_paper = [(int(gene), 5000) for gene in np.unique(links[:, 0])]
    rest = (*genes_of([201], "pseudo"), *genes_of([202, 203]))
    everything = np.array([*links.tolist(), *more, *long_paper])
    embedding = build_embedding(
        everything, (*wanted, *rest), replace(SMALL, largest_paper=len(long_paper) - 1)
    )
    assert set(embedding.names) == {gene.symbol for gene in wanted}
    assert embedding.provenance["counts"]["papers"] == 128


def test_of_two_genes_with_one_symbol_the_older_stays():
    links = np.array([(gene, paper) for gene in (3, 5, 7, 9) for paper in range(3)])
    genes = (*genes_of((3, 5, 7)), Gene(9, "G5", gene_type="protein-coding"))
    embedding = build_embedding(links, genes, replace(SMALL, dimension=2))
    assert embedding.names == ("G3", "G5", "G7")


def test_too_few_genes():
    links = np.array([(1, 10), (2, 10), (1, 11), (2, 11)])
    with pytest.raises(GeneAnalogiesError, match="only 2 genes of type 'protein-coding'"):
        build_embedding(links, genes_of((1, 2)), SMALL)


def test_no_links():
    with pytest.raises(GeneAnalogiesError, match="only 0 genes"):
        build_embedding(np.empty((0, 2), dtype=np.int64), genes_of((1, 2)), SMALL)


def test_missing_scipy_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "scipy.sparse", None)
    with pytest.raises(GeneAnalogiesError, match=r"pip install 'gene-analogies\[build\]'"):
        build_embedding(cluster_papers(), genes_of(CLUSTERS[0]), SMALL)


def test_both_forms_of_the_facts_give_one_matrix(write_sqlite, write_ncbi):
    genes, papers = genes_of((*CLUSTERS[0], *CLUSTERS[1])), cluster_papers()
    from_sqlite = read_sqlite(write_sqlite(genes, papers))
    from_ncbi = read_ncbi(**write_ncbi(genes, papers))
    first = build_embedding(from_sqlite.papers, from_sqlite.genes, SMALL)
    second = build_embedding(from_ncbi.papers, from_ncbi.genes, SMALL)
    assert first.names == second.names
    assert np.array_equal(first.vectors, second.vectors)
