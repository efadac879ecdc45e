import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from spaces import elements

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.receipt import receipt

fours = st.integers(1, 6).flatmap(lambda d: hnp.arrays(np.float64, (4, d), elements=elements))


def similarity(a, b, c, d, sign):
    first, second = a + sign * b, c + sign * d
    return first @ second / (np.linalg.norm(first) * np.linalg.norm(second))


@given(fours, st.sampled_from([-1, 1]), st.booleans(), st.sampled_from([0.0, 100.0]))
def test_shares_sum_to_the_similarity(vectors, sign, unit, away):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = vectors / np.where(lengths, lengths, 1.0) if unit else vectors + away
    first, second = vectors[0] + sign * vectors[1], vectors[2] + sign * vectors[3]
    if not first.any() or not second.any():
        with pytest.raises(GeneAnalogiesError, match="zero"):
            receipt(*vectors, sign)
        return
    found = receipt(*vectors, sign)
    assert found.total == pytest.approx(similarity(*vectors, sign), abs=1e-12)
    shares = [term.share for term in found.terms]
    largest = max(1.0, *map(abs, shares))  # float64 keeps 16 digits of the largest share
    assert math.fsum(shares) == pytest.approx(found.total, rel=0, abs=1e-12 * largest)


def test_unit_vectors_have_cosines():
    E = np.random.default_rng(3).normal(size=(4, 50))
    E /= np.linalg.norm(E, axis=1, keepdims=True)
    found = receipt(*E.astype(np.float32))
    assert found.kind == "cosine"
    assert [(term.first, term.second) for term in found.terms] == [
        ("a", "c"), ("b", "d"), ("a", "d"), ("b", "c"),
    ]  # fmt: skip
    assert [term.value for term in found.terms] == pytest.approx(
        [E[0] @ E[2], E[1] @ E[3], E[0] @ E[3], E[1] @ E[2]], abs=1e-6
    )
    assert [math.copysign(1, term.share * term.value) for term in found.terms] == [1, 1, -1, -1]
    assert math.fsum(term.share for term in found.terms) == pytest.approx(found.total, abs=1e-12)


def test_others_have_squared_distances_wherever_the_origin_is():
    E = np.random.default_rng(4).normal(size=(4, 8))
    near, far = receipt(*E), receipt(*(E + 1e6))
    assert near.kind == far.kind == "squared distance"
    assert [t.share for t in far.terms] == pytest.approx([t.share for t in near.terms], abs=1e-8)
    assert math.fsum(term.share for term in far.terms) == pytest.approx(far.total, abs=1e-12)
    assert near.terms[0].share < 0 < near.terms[2].share
    assert near.terms[2].value == pytest.approx(np.sum((E[0] - E[3]) ** 2))


def test_sums_have_products():
    E = np.random.default_rng(5).normal(size=(4, 8))
    found = receipt(*E, 1)
    assert found.kind == "product"
    assert [term.share * found.divisor for term in found.terms] == pytest.approx(
        [E[0] @ E[2], E[1] @ E[3], E[0] @ E[3], E[1] @ E[2]]
    )
