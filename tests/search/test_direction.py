"""Which rows are too similar to examples: the same as by comparing every cosine."""

import numpy as np
import pytest
from spaces import SPACES

from gene_analogies.search.direction import apart, cosines
from gene_analogies.search.prepared import PreparedVectors


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda t: t.__name__)
@pytest.mark.parametrize("name", SPACES)
def test_apart_is_a_comparison_of_cosines(name, dtype):
    given = SPACES[name](120, 9, dtype)
    prepared = PreparedVectors(given, float(np.abs(given).max()), cache=False)
    vectors = prepared.vectors
    allowed = np.arange(120) % 11 != 0
    for a, b in ((0, 1), (5, 40), (119, 7)):
        of_a, of_b = cosines(vectors, a), cosines(vectors, b)
        # Limits that some cosines equal, too.
        for limit in (-1.0, 0.0, 0.3, 1.0, of_a[2], of_b[60]):
            limit = float(np.clip(limit, -1.0, 1.0))
            found = apart(vectors, prepared.norms, [(a, b)], allowed, limit, -1)
            assert (found[0] == (allowed & (of_a <= limit))).all()
            assert (found[1] == (allowed & (of_b <= limit))).all()
            both = allowed & (of_a <= limit) & (of_b <= limit)
            assert (apart(vectors, prepared.norms, [(a, b)], allowed, limit, 1)[1] == both).all()
