"""Modules: sparse non-negative factors of the unit vectors, and which of them other runs find.

A module is a direction, and an item belongs to it by a weight of at least zero: with the unit
vectors as rows of U, U ≈ W A, where each row of W solves

    minimise ½ ‖u − w A‖² + sparsity · Σ w   over w ≥ 0 .

The directions A are learned from small batches (online dictionary learning, Mairal et al. 2009,
"Online dictionary learning for sparse coding"), beginning with items that lie far from each other
(Arthur & Vassilvitskii 2007, "k-means++"). U itself is never held in memory. The steps are those of
scikit-learn's MiniBatchDictionaryLearning, which spends most of its time on the overhead of a
solver called for each item: here six times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.learned._codes import descend
from gene_analogies.search.learned.scikit import deterministic
from gene_analogies.util.extras import require
from gene_analogies.util.progress import Progress
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["Modules", "find_modules"]

#: Items in a batch, and the least number of batches; every item is in one batch at least. With
#: twice as many batches the approximation of the built-in embedding is 0.1 % better.
_BATCH: Final = 256
_BATCHES: Final = 300
#: Of so many items, or of some times the number of modules, the first directions are chosen.
_SAMPLE: Final = 4096
_SAMPLE_RATE: Final = 4
#: Mean squared code below which a direction counts as unused.
_UNUSED: Final = 1e-6
#: Numbers in a block of unit vectors: 16 MB.
_BLOCK_NUMBERS: Final = 1 << 21


@dataclass(frozen=True)
class Modules:
    """What `find_modules` finds, the most stable module first.

    Attributes
    ----------
    weights
        float32 of shape (n, m): at least 0, and 0 for most items.
    atoms
        float64 of shape (m, d): the unit directions of the modules.
    stability
        float64 of shape (m,): in [0, 1], the mean over the other runs of the cosine between the
        module's weights and those of the module that stands for it there.
    explained
        The share of the unit vectors' squared length that the modules account for.
    """

    weights: NDArray[np.float32]
    atoms: NDArray[np.float64]
    stability: NDArray[np.float64]
    explained: float


@retry_on_corrupt_cache
def find_modules(
    vectors: NDArray[Any],
    *,
    count: int,
    sparsity: float,
    seed: int,
    seeds: int,
    progress: Progress | None = None,
) -> Modules:
    """Find the modules with one seed, and compare them with those of the seeds that follow.

    Parameters
    ----------
    vectors
        Shape (n, d), of a size whose squares are finite. Zero vectors belong to no module.
    count
        How many modules; at most the number of vectors that are not zero.
    sparsity
        In (0, 1): an item has no weight in modules whose direction has a smaller cosine with what
        the others leave of it.
    seed, seeds
        The first seed, and how many there are, at least 2.
    progress
        Called with (steps done, all steps).

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    """
    rows = np.flatnonzero(row_norms(vectors))
    batches = max(_BATCHES, -(-len(rows) // _BATCH))
    blocks = len(list(_blocks(vectors)))
    steps = _Steps(seeds * (batches + blocks), progress)
    with deterministic("modules"):
        atoms = _learn(vectors, rows, count, sparsity, seed, batches, steps.step)
        weights, explained = _weigh(vectors, atoms, sparsity, steps.step)
        stability = np.zeros(count)
        for other in range(seed + 1, seed + seeds):
            others = _learn(vectors, rows, count, sparsity, other, batches, steps.step)
            stability += _agreement(vectors, weights, others, sparsity, steps.step)
    stability /= seeds - 1
    # Most stable first; sizes decide between those that are equal but for rounding.
    sizes = np.count_nonzero(weights, axis=0)
    order = np.lexsort((np.arange(count), -sizes, -np.round(stability, 6)))
    return Modules(
        np.ascontiguousarray(weights[:, order]), atoms[order], stability[order], explained
    )


class _Steps:
    """Counts steps for a progress bar."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def _learn(
    vectors: NDArray[Any],
    rows: NDArray[np.int64],
    count: int,
    sparsity: float,
    seed: int,
    batches: int,
    step: Callable[[], None],
) -> NDArray[np.float64]:
    """Return ``count`` unit directions, float64 of shape (count, d), learned from some rows."""
    cluster = require("sklearn.cluster", "learn", "modules")
    rng = np.random.default_rng(seed)
    some = rng.permutation(rows)[: max(_SAMPLE, _SAMPLE_RATE * count)]
    with np.errstate(divide="ignore", invalid="ignore"):  # where fewer than count are distinct
        start, _ = cluster.kmeans_plusplus(_units(vectors, some), count, random_state=seed)
    atoms: NDArray[np.float64] = np.array(start, np.float64)
    # Of the codes with each other, and with the unit vectors: means that forget.
    inner, outer = np.zeros((count, count)), np.zeros(atoms.shape)
    shuffled = _batches(rows, rng)
    for number in range(batches):
        units = _units(vectors, next(shuffled))
        codes = _codes(units, atoms, sparsity)
        kept = _kept(number, len(units))
        inner = kept * inner + codes.T @ codes / len(units)
        outer = kept * outer + codes.T @ units / len(units)
        _improve(atoms, inner, outer, units, rng)
        step()
    # Those that hardly any item uses may have shrunk.
    return _scaled_to_one(atoms)


def _kept(number: int, size: int) -> float:
    """Return the weight of all batches before this one (Mairal et al. 2009, as in scikit-learn)."""
    theta = (number + 1) * size if number < size - 1 else size**2 + number + 1 - size
    return (theta + 1 - size) / (theta + 1)


def _improve(
    atoms: NDArray[np.float64],
    inner: NDArray[np.float64],
    outer: NDArray[np.float64],
    units: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:
    """Move each direction to where it is best, the others being what they are; none is above 1.

    One that no item uses begins anew beside an item of the batch.
    """
    for k, atom in enumerate(atoms):
        if inner[k, k] > _UNUSED:
            atom += (outer[k] - inner[k] @ atoms) / inner[k, k]
        else:
            item = units[rng.integers(len(units))]
            atom[:] = item + rng.normal(0.0, 0.01 * (float(item.std()) or 1.0), len(item))
        atom /= max(float(np.linalg.norm(atom)), 1.0)


def _batches(rows: NDArray[np.int64], rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield batches of rows for ever; every row once before any comes again."""
    while True:
        order = rng.permutation(rows)
        for first in range(0, len(order), _BATCH):
            yield order[first : first + _BATCH]


def _weigh(
    vectors: NDArray[Any], atoms: NDArray[np.float64], sparsity: float, step: Callable[[], None]
) -> tuple[NDArray[np.float32], float]:
    """Return the weights of all items, and the share of the unit vectors that they explain."""
    weights = np.zeros((len(vectors), len(atoms)), np.float32)
    left = total = 0.0
    for block in _blocks(vectors):
        units = _units(vectors, block)
        found = _codes(units, atoms, sparsity)
        weights[block] = found
        total += float(np.einsum("ij,ij->", units, units))
        units -= found @ atoms
        left += float(np.einsum("ij,ij->", units, units))
        step()
    return weights, 1.0 - left / total


def _agreement(
    vectors: NDArray[Any],
    weights: NDArray[np.float32],
    atoms: NDArray[np.float64],
    sparsity: float,
    step: Callable[[], None],
) -> NDArray[np.float64]:
    """Return, for every module, the cosine of its weights with those of its match, shape (m,).

    The match is that of the pairs, one to one, whose cosines have the greatest sum (the Hungarian
    method). 0 for a module without members.
    """
    products = np.zeros((weights.shape[1], len(atoms)))
    squares = np.zeros((2, len(atoms)))
    for block in _blocks(vectors):
        ours = weights[block].astype(np.float64)
        # Rounded as ours are: the same run again agrees exactly.
        found = _codes(_units(vectors, block), atoms, sparsity)
        theirs = found.astype(np.float32).astype(np.float64)
        products += ours.T @ theirs
        squares += [np.einsum("ij,ij->j", one, one) for one in (ours, theirs)]
        step()
    sizes = np.sqrt(squares)
    sizes[sizes == 0.0] = 1.0
    cosines = products / sizes[0][:, None] / sizes[1]
    optimize = require("scipy.optimize", "learn", "modules")
    ours_matched, matches = optimize.linear_sum_assignment(cosines, maximize=True)
    agreement = np.zeros(len(cosines))
    agreement[ours_matched] = cosines[ours_matched, matches]
    return np.minimum(agreement, 1.0)


def _codes(
    units: NDArray[np.float64], atoms: NDArray[np.float64], sparsity: float
) -> NDArray[np.float64]:
    """Return the sparse non-negative weights of unit vectors, float64 of shape (rows, m)."""
    codes = np.empty((len(units), len(atoms)))
    descend(units @ atoms.T, np.ascontiguousarray(atoms @ atoms.T), sparsity, codes)
    return codes


def _blocks(vectors: NDArray[Any]) -> Iterator[slice]:
    """Yield slices that cover all rows, small enough to be made float64."""
    return row_blocks(len(vectors), _BLOCK_NUMBERS // vectors.shape[1])


def _units(vectors: NDArray[Any], rows: NDArray[np.int64] | slice) -> NDArray[np.float64]:
    """Return rows divided by their lengths, float64; zero vectors stay."""
    return _scaled_to_one(vectors[rows].astype(np.float64))


def _scaled_to_one(part: NDArray[np.float64]) -> NDArray[np.float64]:
    norms = row_norms(part)
    return part / np.where(norms > 0.0, norms, 1.0)[:, None]
