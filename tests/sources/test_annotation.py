"""Genes placed by their annotations."""

from dataclasses import replace

import numpy as np
import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import Gene
from gene_analogies.sources.annotation import AnnotationParameters, build_annotation
from gene_analogies.sources.annotations import GeneAnnotations

SMALL = AnnotationParameters(fewest_genes=2, dimension=3)
KINDS = ("function", "function", "component", "domain", "process", "function")
#: Terms of genes 1–4 (the first kind of gene), 5–8 (the second) and 9, which has none that counts.
TERMS = {
    1: (0, 2, 5), 2: (0, 2, 5), 3: (0, 5), 4: (0, 2, 5),
    5: (1, 3, 5), 6: (1, 3, 5), 7: (1, 5), 8: (1, 3, 5),
    9: (4, 5), 10: (4, 0, 5),
}  # fmt: skip


def annotations_of(terms=TERMS, kinds=KINDS):
    rows = [(gene, term, 0) for gene, its in terms.items() for term in its]
    # The same link again, on other evidence: it must count once.
    rows += [(1, 0, 1), (5, 1, 1)]
    links = np.array(sorted(rows), dtype=np.int64)
    names = tuple(f"T{number}" for number in range(len(kinds)))
    return GeneAnnotations(names, kinds, ("IDA", "IEA"), links, links, {})


def genes_of(numbers, gene_type="protein-coding"):
    return [Gene(number, f"G{number}", gene_type=gene_type) for number in numbers]


@pytest.fixture
def built():
    return build_annotation(annotations_of(), genes_of(range(1, 10)), replace(SMALL, most_genes=8))


def test_kinds_of_genes_come_apart(built):
    first = [built.rows[f"G{number}"] for number in (1, 2, 3, 4)]
    second = [built.rows[f"G{number}"] for number in (5, 6, 7, 8)]
    cosines = built.vectors.astype(np.float64) @ built.vectors.T
    assert cosines[np.ix_(first, second)].max() < -0.5
    assert cosines[np.ix_(first, first)].min() > 0.5


def test_rows_are_those_of_the_genes_that_have_a_term(built):
    assert built.names == tuple(f"G{number}" for number in range(1, 9))
    assert built.vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(built.vectors, axis=1), 1, atol=1e-6)
    assert built.provenance["counts"] == {
        "genes": 8,
        # Term 5 has more than eight genes, term 4 is a process, which has no weight.
        "terms": {"function": 2, "component": 1, "domain": 1},
        "annotations": 14,
    }
    assert built.provenance["parameters"]["component"] == 0.5


def test_genes_of_equal_terms_have_equal_vectors(built):
    assert np.array_equal(built.vectors[built.rows["G1"]], built.vectors[built.rows["G4"]])
    assert not np.array_equal(built.vectors[built.rows["G1"]], built.vectors[built.rows["G3"]])


def test_order_of_genes_is_kept_and_changes_nothing_else(built):
    genes = genes_of((8, 3, 1, 5, 2, 9, 4, 7, 6))
    again = build_annotation(annotations_of(), genes, replace(SMALL, most_genes=8))
    assert again.names == ("G8", "G3", "G1", "G5", "G2", "G4", "G7", "G6")
    rows = [again.rows[name] for name in built.names]
    cosines = built.vectors @ built.vectors.T
    np.testing.assert_allclose(again.vectors[rows] @ again.vectors[rows].T, cosines, atol=1e-5)


def test_repeatable(built):
    again = build_annotation(annotations_of(), genes_of(range(1, 10)), replace(SMALL, most_genes=8))
    assert np.array_equal(again.vectors, built.vectors)


def test_weights_of_a_kind_count(built):
    parameters = replace(SMALL, most_genes=8, component=0.0, process=1.0)
    other = build_annotation(annotations_of(), genes_of(range(1, 11)), parameters)
    assert other.provenance["counts"]["terms"] == {"function": 2, "process": 1, "domain": 1}
    assert {"G9", "G10"} <= set(other.names)
    # Without their component G1 and G3 have the same terms.
    assert np.array_equal(other.vectors[other.rows["G1"]], other.vectors[other.rows["G3"]])


def test_other_types_and_a_second_gene_of_a_symbol_are_left_out():
    genes = [*genes_of(range(1, 9)), Gene(10, "G1", gene_type="protein-coding")]
    genes += genes_of([9], "pseudo")
    built = build_annotation(annotations_of(), genes, SMALL)
    assert built.names == tuple(f"G{number}" for number in range(1, 9))


@pytest.mark.parametrize("genes", [[], genes_of((1, 2)), genes_of((9,))])
def test_too_few_genes(genes):
    with pytest.raises(GeneAnalogiesError, match=r"only \d genes of type 'protein-coding' have a"):
        build_annotation(annotations_of(), genes, SMALL)
