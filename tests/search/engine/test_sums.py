"""Sums equal, to the bit, four interleaved partial sums."""

from __future__ import annotations

import numpy as np
import pytest
from oracle import lane_sum

from gene_analogies.search.engine.sums import row_cosine, square_length


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 6, 7, 8, 131])
def test_equal_interleaved_partial_sums(d, dtype):
    E = np.random.default_rng(d).normal(size=(2, d)).astype(dtype)
    a, c = E.astype(np.float64)
    for sign in (-1.0, 1.0):
        assert square_length(E, 0, 1, sign) == lane_sum((a + sign * c) ** 2)
    cosine = lane_sum(a * c) / (np.sqrt(lane_sum(a * a)) * np.sqrt(lane_sum(c * c)))
    assert row_cosine(E, 0, 1) == np.rint(cosine * 2.0**40) / 2.0**40


def test_cosine_with_zero_is_zero():
    assert row_cosine(np.array([[0.0, 0.0], [1.0, 2.0]]), 0, 1) == 0.0
