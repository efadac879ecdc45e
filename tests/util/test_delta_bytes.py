"""Increasing numbers as bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gene_analogies.util.delta_bytes import from_delta_bytes, to_delta_bytes


@given(st.lists(st.integers(0, 2**48)).map(sorted))
def test_round_trip(values):
    packed = to_delta_bytes(np.array(values, dtype=np.int64))
    assert packed.dtype == np.uint8
    found = from_delta_bytes(packed)
    assert found.dtype == np.int64
    assert found.tolist() == values


@pytest.mark.parametrize(("largest", "n_bytes"), [(0, 1), (255, 1), (256, 2), (65_536, 3)])
def test_as_many_bytes_as_the_largest_difference_needs(largest, n_bytes):
    assert to_delta_bytes(np.array([largest, largest])).shape == (n_bytes, 2)


@pytest.mark.parametrize("values", [[3, 2], [-1, 5]])
def test_falling_and_negative_numbers_are_refused(values):
    with pytest.raises(ValueError, match="must increase from 0"):
        to_delta_bytes(np.array(values))
