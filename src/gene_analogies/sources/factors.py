"""Linear algebra that the recipes of the built-in embeddings share; nothing in it is random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["left_factors", "principal_axes", "require_scipy", "right_axes", "unit_rows"]


def require_scipy() -> None:
    """Raise a GeneAnalogiesError that names the extra, where SciPy is missing."""
    try:
        import scipy.sparse  # noqa: F401
    except ImportError:
        raise GeneAnalogiesError(
            "building the embedding needs SciPy: pip install 'gene-analogies[build]'"
        ) from None


def left_factors(matrix: csr_array, rank: int, singular_exponent: float) -> NDArray[np.float64]:
    """Return ``U · S ** singular_exponent`` of a truncated singular value decomposition.

    Parameters
    ----------
    matrix
        Sparse, of shape (n, m).
    rank
        Singular values to keep, the largest; at most min(n, m) − 1 of them are.
    singular_exponent
        0 gives every axis the same weight, 1 keeps the products of rows.

    Returns
    -------
    NDArray[np.float64]
        Array of shape (n, rank).
    """
    left, singular, _ = _truncated(matrix, rank)
    return np.asarray(left * singular**singular_exponent)


def right_axes(matrix: csr_array, rank: int) -> NDArray[np.float64]:
    """Return ``V`` of a truncated singular value decomposition, shape (m, rank).

    ``matrix @ V`` is ``U · S``; other rows times ``V`` lie in the same axes (folding in).
    """
    _, _, right = _truncated(matrix, rank)
    return np.asarray(right.T)


def _truncated(
    matrix: csr_array, rank: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    from scipy.sparse.linalg import svds

    smaller = min(matrix.shape)
    # A fixed start makes ARPACK repeatable.
    start = np.full(smaller, smaller**-0.5)
    left, singular, right = svds(matrix, k=min(rank, smaller - 1), v0=start, solver="arpack")
    return left, np.asarray(singular, dtype=np.float64), right


def principal_axes(vectors: NDArray[np.float64], dimension: int) -> NDArray[np.float64]:
    """Keep the largest principal axes, largest first, and give each row the length 1."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    rotated = vectors @ axes[:, ::-1][:, :dimension]
    # The sign of an axis is arbitrary: make its largest coordinate positive.
    largest = rotated[np.abs(rotated).argmax(axis=0), np.arange(rotated.shape[1])]
    return unit_rows(rotated * np.where(largest < 0, -1.0, 1.0))


def unit_rows(vectors: NDArray[Any]) -> NDArray[Any]:
    """Give every row the length 1, in its own precision; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, lengths.dtype.type(1)))
