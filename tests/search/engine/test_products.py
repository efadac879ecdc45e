"""Products of rows with a few vectors are those of one product of matrices."""

from __future__ import annotations

import numpy as np
import pytest

from gene_analogies.search.engine import products as module
from gene_analogies.search.engine.products import products_of


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("cached", [1, 1000, 10**9])
@pytest.mark.parametrize("m", [1, 2, 4, 7])
def test_equals_a_product_of_matrices(m, cached, dtype, monkeypatch):
    monkeypatch.setattr(module, "_CACHED", cached)
    rng = np.random.default_rng(0)
    vectors, forms = (rng.integers(-9, 9, (count, 11)).astype(dtype) for count in (83, m))
    found = products_of(vectors, forms)
    np.testing.assert_array_equal(found, forms @ vectors.T)
    assert found.dtype == dtype
    assert found.flags.c_contiguous
