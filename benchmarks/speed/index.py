"""Processor time of the neighbour index beside that of the plain product ``E @ E.T``.

Run ``python -m benchmarks.speed.index``; docs/benchmarks.md holds a run. Both run in this process,
one after the other, so that what else the machine does changes neither figure much.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import markdown_table
from gene_analogies.search.knn.index import build_index
from gene_analogies.util.row_blocks import row_blocks

#: Rows of the product at a time.
BLOCK = 512

DIMENSION = 512


def random_vectors(n: int) -> NDArray[np.float32]:
    """Return rows of a Gaussian cloud, float32 of shape (n, 512)."""
    return np.random.default_rng(0).standard_normal((n, DIMENSION), dtype=np.float32)


def along_a_line(n: int) -> NDArray[np.float32]:
    """Return rows that come ever nearer to the next ones, which costs the search most."""
    steps = np.linspace(9, 1, n, dtype=np.float32)[:, None]
    return steps * random_vectors(1) + np.float32(1e-3) * random_vectors(n)


def multiply(E: NDArray[np.float32]) -> None:
    """Make the product, block by block."""
    products = np.empty((BLOCK, len(E)), np.float32)
    for rows in row_blocks(len(E), BLOCK):
        np.matmul(E[rows], E.T, out=products[: rows.stop - rows.start])


def processor_seconds(call: Callable[[], Any]) -> float:
    """Return the processor time of a call, of all threads."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 60_694])
    asked = parser.parse_args()
    build_index(random_vectors(300))  # compiles
    lines = [["rows × 512", "E @ E.T, s", "index, s", "ratio"]]
    for name, make in (("Gaussian", random_vectors), ("along a line", along_a_line)):
        for n in asked.sizes:
            E = make(n)
            product = processor_seconds(partial(multiply, E))
            index = processor_seconds(partial(build_index, E))
            cells = [f"{product:.1f}", f"{index:.1f}", f"{index / product:.2f}"]
            lines.append([f"{n:,}, {name}", *cells])
    print(markdown_table(lines))


if __name__ == "__main__":
    main()
