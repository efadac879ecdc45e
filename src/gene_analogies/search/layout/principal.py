"""The plane of the first two principal components."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["principal_plane"]

#: Directions that are iterated at a time: more than two, so that two are found fast.
_BLOCK = 16
_ROUNDS = 300
#: The iteration ends when no coordinate of an axis changes by more.
_CHANGE = {4: 1e-5, 8: 1e-9}
_SEED = 0


def principal_plane(vectors: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean of vectors, and the two axes along which they vary most.

    Found by subspace iteration, which takes seconds where an eigendecomposition of thousands of
    coordinates takes a minute.

    Parameters
    ----------
    vectors
        Array of shape (n, d), d at least 1.

    Returns
    -------
    mean
        float64 of shape (d,).
    axes
        float64 of shape (d, 2), each with its largest coordinate positive; zero where the vectors
        do not vary, as the second is where d is 1 or n is 2.
    """
    d = vectors.shape[1]
    mean = vectors.mean(axis=0, dtype=np.float64)
    kind = vectors.dtype.type
    width = min(d, _BLOCK)
    basis = np.linalg.qr(np.random.default_rng(_SEED).normal(size=(d, width)))[0]
    shown = min(d, 2)
    axes = np.zeros((d, shown))
    for _ in range(_ROUNDS):
        places = vectors @ basis.astype(kind) - (mean @ basis).astype(kind)
        # Rayleigh–Ritz: the best axes within the subspace.
        values, turn = np.linalg.eigh((places.T @ places).astype(np.float64))
        ritz = basis @ turn[:, ::-1]
        before, axes = axes, _signed(ritz[:, :shown])
        if np.abs(axes - before).max() <= _CHANGE[vectors.dtype.itemsize] or not values[-1]:
            break
        spread = vectors.T @ places - np.outer(mean, places.sum(axis=0, dtype=np.float64))
        basis = np.linalg.qr(spread @ turn[:, ::-1])[0]
    found = np.zeros((d, 2))
    # What varies by rounding alone does not vary.
    squares = float(np.einsum("ij,ij->", vectors, vectors, dtype=np.float64))
    noise = 100.0 * np.finfo(kind).eps ** 2 * squares
    found[:, :shown] = np.where(values[::-1][:shown] > noise, axes, 0.0)
    return mean, found


def _signed(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = np.abs(axes).argmax(axis=0)
    return axes * np.where(axes[largest, np.arange(axes.shape[1])] < 0.0, -1.0, 1.0)
