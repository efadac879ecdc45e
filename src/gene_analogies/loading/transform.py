"""Center vectors, remove main principal components, scale to unit length: in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["transform"]

#: Numbers that are in float64 at a time.
_BLOCK = 2**20


def transform(
    vectors: NDArray[np.floating], *, center: bool, remove_components: int, unit: bool
) -> list[str]:
    """Transform vectors in place.

    Parameters
    ----------
    vectors
        Array of shape (n, d), finite; computed in float64, a block of rows at a time.
    center, remove_components, unit
        As in `LoadOptions`.

    Returns
    -------
    list of str
        A line for each step.
    """
    steps = []
    if center or remove_components:
        mean = vectors.mean(axis=0, dtype=np.float64)
        _in_blocks(vectors, lambda block: block - mean)
        steps.append("centered: the mean vector was subtracted")
    if remove_components:
        share = _remove_components(vectors, remove_components)
        steps.append(
            f"all-but-the-top: {remove_components} main components removed,"
            f" {100 * share:.1f} % of the variance"
        )
    if unit:
        zero = int(np.count_nonzero(~vectors.any(axis=1)))
        _in_blocks(vectors, _unit)
        left = f"; {zero:,} zero vectors stay" if zero else ""
        steps.append(f"unit: vectors divided by their lengths{left}")
    return steps


def _remove_components(vectors: NDArray[np.floating], count: int) -> float:
    """Remove the main principal components of centred vectors; return their share of the variance.

    All-but-the-top of Mu & Viswanath (2018), "All-but-the-Top: Simple and Effective
    Postprocessing for Word Representations", ICLR.
    """
    # Squares must not overflow.
    scale = max(float(vectors.max()), -float(vectors.min())) or 1.0
    covariance = np.zeros((vectors.shape[1], vectors.shape[1]))
    for rows in row_blocks(len(vectors), _BLOCK // vectors.shape[1]):
        part = vectors[rows].astype(np.float64) / scale
        covariance += part.T @ part
    if not np.isfinite(covariance).all():
        return 0.0  # so are the vectors
    variances, axes = np.linalg.eigh(covariance)
    top = axes[:, -count:]
    _in_blocks(vectors, lambda block: block - (block @ top) @ top.T)
    return float(variances[-count:].sum() / (variances.sum() or 1.0))


def _unit(block: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = np.abs(block).max(axis=1, keepdims=True)
    block /= np.where(largest > 0.0, largest, 1.0)
    norms = np.linalg.norm(block, axis=1, keepdims=True)
    return block / np.where(norms > 0.0, norms, 1.0)


def _in_blocks(
    vectors: NDArray[np.floating], change: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> None:
    """Change the vectors in place, computing in float64."""
    for rows in row_blocks(len(vectors), _BLOCK // vectors.shape[1]):
        vectors[rows] = change(vectors[rows].astype(np.float64))
