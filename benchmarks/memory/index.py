"""Print the peak memory of an index build beyond what was there before it, in bytes.

Run as a process of its own by :mod:`benchmarks.speed.pairs`, so that nothing else is counted.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.data_sets import DATA_SETS
from benchmarks.measure import memory, reset_peak
from gene_analogies.search.knn.index import build_index

__all__ = ["main"]


def main() -> None:
    """Build the index of the data set named on the command line."""
    vectors = DATA_SETS[sys.argv[1]]().vectors
    small = np.random.default_rng(0).standard_normal((600, vectors.shape[1]), np.float32)
    build_index(small.astype(vectors.dtype))  # compiles, and lets BLAS take its buffers
    before = reset_peak()
    build_index(vectors)
    print(memory("VmHWM") - before)


if __name__ == "__main__":
    main()
