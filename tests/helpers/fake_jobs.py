"""Jobs without kernels; workers import them from here."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import numpy as np


class BestNumbers:
    """The best k of many numbers with ties; equal ones are ordered by row.

    Parameters
    ----------
    pause
        Seconds that every block takes.
    diary
        A file to which every block that is begun adds a line: block, threshold, process.
    broken
        A block that cannot be done.
    """

    name = "numbers"

    def __init__(
        self, seed=0, blocks=12, size=200, k=10, values=40, pause=0.0, diary=None, broken=None
    ):
        random = np.random.default_rng(seed)
        self.sizes = random.integers(0, size, blocks)
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)])
        self.scores = random.integers(0, values, self.starts[-1]) / 8
        self.k, self.pause, self.diary, self.broken = k, pause, diary, broken
        self.label = f"{seed} {blocks} {size} {k} {values}"

    def key(self):
        return hashlib.sha256(self.label.encode()).hexdigest()

    def costs(self):
        return self.sizes.astype(np.float64)

    def solve(self, block, threshold):
        if self.diary is not None:
            with Path(self.diary).open("a") as file:
                file.write(f"{block} {threshold} {os.getpid()}\n")
        time.sleep(self.pause)
        if block == self.broken:
            raise ArithmeticError(f"block {block} is broken")
        rows = np.arange(self.starts[block], self.starts[block + 1])
        return self._best(rows[self.scores[rows] >= threshold])

    def merge(self, parts):
        rows = [np.zeros(0, np.int64), *(part["row"] for part in parts)]
        return self._best(np.concatenate(rows))

    def threshold(self, merged):
        return float(merged["score"][-1]) if len(merged["score"]) == self.k else -np.inf

    def _best(self, rows):
        best = rows[np.lexsort((rows, -self.scores[rows]))[: self.k]]
        return {"row": best, "score": self.scores[best]}

    def truth(self):
        return self._best(np.arange(len(self.scores)))


class Everything(BestNumbers):
    """All numbers of all blocks: an answer that grows with every block."""

    name = "everything"

    def __init__(self, **options):
        super().__init__(k=1 << 40, **options)
        self.merges = 0

    def merge(self, parts):
        self.merges += 1
        return super().merge(parts)


def done(diary):
    """Return the blocks that were begun, in order."""
    return [int(line.split()[0]) for line in Path(diary).read_text().splitlines()]


def processes(diary):
    """Return the processes that began blocks."""
    return {int(line.split()[2]) for line in Path(diary).read_text().splitlines()}


def same(first, second):
    """Whether two answers are equal to the last bit."""
    return first.keys() == second.keys() and all(
        array.dtype == second[name].dtype and np.array_equal(array, second[name])
        for name, array in first.items()
    )


def threads_to_use():
    """Return how many threads a worker has been told to use; BLAS, too."""
    return os.environ.get("GENE_ANALOGIES_THREADS"), os.environ.get("OPENBLAS_NUM_THREADS")
