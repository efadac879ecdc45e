"""What the sets of two genes share, for many pairs at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes import gene_sets
from gene_analogies.genes.gene_sets import GeneSets

WIDTH = 12
SETS = st.dictionaries(st.integers(1, 30), st.sets(st.integers(0, WIDTH - 1)), max_size=8)
PAIRS = st.lists(st.tuples(st.integers(0, 31), st.integers(0, 31)), max_size=20)


def make(sets):
    """Sets of genes in the order of the dictionary, which is any."""
    keys = [row * WIDTH + member for row, members in enumerate(sets.values()) for member in members]
    return GeneSets(np.array([*sets], np.int64), np.sort(np.array(keys, np.int64)), WIDTH)


@given(SETS, PAIRS, st.integers(1, 30))
def test_as_python_sets_say(sets, pairs, block):
    made = make(sets)
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    expected = [sorted(sets.get(a, set()) & sets.get(b, set())) for a, b in pairs]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gene_sets, "_BLOCK", block)
        places, members = made.shared(first, second)
        counts = made.count_shared(first, second)
    found = list(zip(places.tolist(), members.tolist(), strict=True))
    assert found == [(place, one) for place, shared in enumerate(expected) for one in shared]
    assert counts.tolist() == [len(shared) for shared in expected]
    assert places.dtype == members.dtype == counts.dtype == np.int64
    assert made.sizes(range(32)).tolist() == [len(sets.get(gene, ())) for gene in range(32)]
    for gene in range(32):
        assert made.members(gene).tolist() == sorted(sets.get(gene, set()))
        assert made.has_gene(gene) == (gene in sets)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([1], [1, 2], "first and second must have the same length, not 1 and 2"),
        ([1.0], [1], "first must be a list of Entrez numbers, not of shape"),
        ([1], ["EGF"], "second must be a list of Entrez numbers"),
        (1, 1, "first must be a list of Entrez numbers"),
    ],
)
def test_what_is_no_list_of_numbers_is_refused(first, second, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        make({1: {2}}).shared(first, second)


def test_numbers_that_no_gene_can_have():
    made = make({1956: {1}})
    huge = np.array([2**63], dtype=np.uint64)
    assert made.count_shared(huge, [1956]).tolist() == [0]
    assert made.count_shared([-5], [1956]).tolist() == [0]
    assert made.count_shared([], []).tolist() == []
