"""Increasing whole numbers as the bytes of their differences, which compress well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["from_delta_bytes", "to_delta_bytes"]


def to_delta_bytes(values: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the differences of increasing numbers, lowest bytes first.

    Parameters
    ----------
    values
        Array of shape (n,), none negative, none below the one before it.

    Returns
    -------
    NDArray[np.uint8]
        Array of shape (bytes, n), with as many bytes as the largest difference needs; at least
        one. Bytes of one place lie together: the higher ones are nearly all zero.

    Examples
    --------
    >>> to_delta_bytes(np.array([3, 5, 300])).tolist()
    [[3, 2, 39], [0, 0, 1]]
    """
    differences = np.diff(values, prepend=0)
    if differences.size and differences.min() < 0:
        raise ValueError("the numbers must increase from 0 or more")
    largest = int(differences.max(initial=0))
    shifts = 8 * np.arange(max(1, -(-largest.bit_length() // 8)))
    return (differences[None, :] >> shifts[:, None]).astype(np.uint8)


def from_delta_bytes(packed: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the numbers that `to_delta_bytes` packed.

    Examples
    --------
    >>> from_delta_bytes(to_delta_bytes(np.array([3, 5, 300]))).tolist()
    [3, 5, 300]
    """
    differences = np.zeros(packed.shape[1], np.int64)
    for place, column in enumerate(packed):
        differences += column.astype(np.int64) << (8 * place)
    return differences.cumsum()
