"""Print the peak memory of an index build beyond what was there before it, in bytes.

Run as a process of its own by :mod:`benchmarks.speed.pairs`, so that nothing else is counted.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.data_sets import DATA_SETS
from gene_analogies.search.knn.index import build_index

__all__ = ["main"]


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field} in /proc/self/status")


def main() -> None:
    """Build the index of the data set named on the command line."""
    vectors = DATA_SETS[sys.argv[1]]().vectors
    small = np.random.default_rng(0).standard_normal((600, vectors.shape[1]), np.float32)
    build_index(small.astype(vectors.dtype))  # compiles, and lets BLAS take its buffers
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    build_index(vectors)
    print(_status("VmHWM") - before)


if __name__ == "__main__":
    main()
