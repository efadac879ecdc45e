"""Blocks cover every row once, in order."""

import numpy as np
import pytest

from gene_analogies.util.row_blocks import row_blocks


@pytest.mark.parametrize("count", [0, 1, 5, 12])
@pytest.mark.parametrize("size", [-1, 0, 1, 4, 5, 100])
def test_blocks_cover_every_row_once(count, size):
    blocks = list(row_blocks(count, size))
    rows = np.arange(count)
    np.testing.assert_array_equal(np.concatenate([rows[:0], *(rows[b] for b in blocks)]), rows)
    assert all(0 < block.stop - block.start <= max(1, size) for block in blocks)
