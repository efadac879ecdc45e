"""The interface of long work in blocks, and of what does it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Arrays", "Estimate", "Job", "Solved", "Solver"]

#: The answer of a block, of several, or of all: arrays by name, none of Python objects.
Arrays = dict[str, NDArray[Any]]


class Job(Protocol):
    """Work that is divided into blocks. The object can be pickled, and is small but for its arrays.

    Attributes
    ----------
    name
        What its progress bar and the name of its folder begin with.
    """

    name: str

    def key(self) -> str:
        """Return a hexadecimal digest of the data, the options and the version of the method."""

    def costs(self) -> NDArray[np.float64]:
        """Return the relative cost of every block, shape (blocks,), in the order of the work."""

    def solve(self, block: int, threshold: float) -> Arrays:
        """Return the answer of one block.

        Whatever scores below ``threshold`` may be left out; what equals it may not.
        """

    def merge(self, parts: Sequence[Arrays]) -> Arrays:
        """Return the answer of several blocks from their answers.

        Associative, and the same in any order; and it may be given merged parts again.
        """

    def threshold(self, merged: Arrays) -> float:
        """Return the k-th best score so far, below which later blocks need not look; or −inf."""


@dataclass(frozen=True)
class Estimate:
    """How long a run that has just begun, or resumed, is expected to take.

    Attributes
    ----------
    seconds
        For all blocks that are left.
    workers
        Processes that share them; 1 for this process alone.
    done
        The share that is finished, in [0, 1].
    folder
        Where finished blocks are kept; None where they cannot be.
    """

    seconds: float
    workers: int
    done: float
    folder: Path | None


class Solved(NamedTuple):
    """One finished block.

    Attributes
    ----------
    block
        Its index.
    part
        Its answer.
    seconds
        How long it took where it was done.
    """

    block: int
    part: Arrays
    seconds: float


class Solver(Protocol):
    """Does the blocks: in this process, or on a Dask cluster."""

    def workers(self) -> int:
        """Return how many blocks are worked on at the same time."""

    def solve(
        self, blocks: Iterable[int], threshold: Callable[[], float]
    ) -> Generator[Solved, None, None]:
        """Yield the answers of blocks as they come.

        Parameters
        ----------
        blocks
            Which, in the order in which they are started.
        threshold
            Called for each block when it is started.
        """
