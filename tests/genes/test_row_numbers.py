"""Names that number rows are no Entrez numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gene_analogies import Embedding, Space
from gene_analogies.errors import UnknownNameError
from gene_analogies.genes.annotations import annotate
from gene_analogies.genes.row_numbers import ROW_NUMBERS, are_row_numbers, known_genes
from gene_analogies.genes.table import GeneTable


@given(
    st.integers(1, 60),
    st.sampled_from([0, 1]),
    st.sampled_from(["", "gene_", "Gene_"]),
    st.sampled_from(["", ".0"]),
    st.randoms(),
)
def test_from_0_or_1_in_any_order(n, first, start, ending, random):
    names = [f"{start}{number}{ending}" for number in range(first, first + n)]
    random.shuffle(names)
    assert are_row_numbers(names)
    assert not are_row_numbers([*names, names[0]])
    assert not are_row_numbers([*names, "EGFR"])


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["2", "3"],
        ["1", "2", "9"],
        ["12", "6", "3", "7"],  # so few may be any
        ["7", "200"],
        ["1950", "1956"],
        ["-1", "0"],
    ],
)
def test_others(names):
    assert not are_row_numbers(names)


@given(st.integers(0, 2**32 - 1), st.integers(1000, 5000), st.sampled_from([0.1, 0.3, 0.9]))
def test_rows_that_were_left_in_a_file(seed, n, share):
    kept = np.flatnonzero(np.random.default_rng(seed).random(n) < share)
    if len(kept) >= 400:  # so that hardly by chance nine of ten are genes
        assert are_row_numbers([str(row) for row in kept])
        # pandas' sample keeps no order
        shuffled = np.random.default_rng(seed).permutation(kept)
        assert are_row_numbers([str(row) for row in shuffled])


def test_entrez_numbers_in_order_are_no_row_numbers():
    table = GeneTable.packaged()
    known = [str(number) for number in range(5000) if table.find_number(str(number)) is not None]
    assert not are_row_numbers(known)
    assert not are_row_numbers(known[::-1])
    withdrawn = [str(number) for number in range(4, 5000, 25)]
    assert not are_row_numbers(sorted({*known, *withdrawn}, key=int))


def _space(names, provenance=None):
    vectors = np.random.default_rng(0).normal(size=(len(names), 4))
    return Space(Embedding(names, vectors, provenance))


@pytest.mark.parametrize("first", [0, 1])
def test_no_gene_is_named_after_a_row(first):
    names = [str(number) for number in range(first, first + 400)]
    space = _space(names)
    assert not any(space.item(row).gene for row in range(400))
    assert annotate(space.embedding) == {}
    assert "A1BG" not in str(space.pairs("9", "10"))
    for gene in ("A1BG", "ENSG00000121410", "A2M"):  # Entrez 1 and 2
        with pytest.raises(UnknownNameError):
            space.similar(gene)


def test_entrez_numbers_are_genes_still():
    space = _space(["1950", "1956", "3082", "4233"])
    assert [space.item(row).symbol for row in range(4)] == ["EGF", "EGFR", "HGF", "MET"]


def test_rows_that_are_left_of_row_numbers_are_no_genes():
    provenance = {ROW_NUMBERS: True}
    assert known_genes("packaged", provenance) is None
    assert known_genes("packaged", {}) is GeneTable.packaged()
    left = _space(["1950", "1956", "3082", "4233"], provenance)
    assert not any(left.item(row).gene for row in range(4))
    assert annotate(left.embedding) == {}
    with pytest.raises(UnknownNameError):
        left.similar("EGFR")
