import numpy as np
import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.arguments import check_choice, check_cosine, check_int


def test_a_choice():
    check_choice("metric", "cosine", ["cosine", "euclidean"])
    message = "^metric must be one of cosine, euclidean, not 'Cosine'$"
    with pytest.raises(GeneAnalogiesError, match=message):
        check_choice("metric", "Cosine", ["cosine", "euclidean"])


@pytest.mark.parametrize("value", [1, 7, np.int32(7), np.uint64(2**63)])
def test_whole_numbers(value):
    found = check_int("k", value)
    assert (type(found), found) == (int, value)


@pytest.mark.parametrize("value", [0, -1, 1.0, np.float64(2), "2", None, True, np.inf])
def test_other_numbers_are_not_check_int(value):
    with pytest.raises(GeneAnalogiesError) as caught:
        check_int("k", value)
    assert str(caught.value) == f"k must be a whole number of at least 1, not {value!r}"


def test_the_least_whole_number():
    assert check_int("seed", 0, least=0) == 0
    with pytest.raises(GeneAnalogiesError, match=r"seed must be .* at least 0, not -1"):
        check_int("seed", -1, least=0)


@pytest.mark.parametrize("value", [-1, -1.0, 0, 0.8, 1, np.float32(0.5), np.int8(-1)])
def test_cosines(value):
    found = check_cosine("max_similarity", value)
    assert (type(found), found) == (float, value)


@pytest.mark.parametrize("value", [1.0001, -2, np.nan, np.inf, "0.5", None, True, 0.5j])
def test_what_is_no_cosine(value):
    with pytest.raises(GeneAnalogiesError) as caught:
        check_cosine("max_similarity", value)
    assert str(caught.value) == f"max_similarity must lie in −1..1, not {value!r}"
